"""The ways in which replies are matched: which ids a message of a reply topic may hold."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from gatlingpy.errors import CheckFailed
from gatlingpy.plan.checks import (
    BodyExtract,
    FieldExtract,
    FunctionExtract,
    HeaderExtract,
    KeyExtract,
)
from gatlingpy.protocols.kafka.clients import WireMessage
from gatlingpy.protocols.kafka.consumer import OnRecords
from gatlingpy.protocols.kafka.correlation import Correlation, Source
from gatlingpy.protocols.kafka.encodings import Encodings
from gatlingpy.protocols.kafka.reply import Reply
from gatlingpy.protocols.kafka.requests import Encoding
from gatlingpy.spi import Message, Services
from gatlingpy.stats.events import MARK
from gatlingpy.tracking.extraction import compile_reader
from gatlingpy.tracking.ids import as_id, scope_of
from gatlingpy.tracking.tracker import Tracker

Read: TypeAlias = Callable[[WireMessage], bytes | None]
"""Finds an id in a message; raises CheckFailed, with the reason, where it cannot be looked for."""


class _Way(NamedTuple):
    """One way in which requests expect their ids; what two ways share makes them one."""

    source: Source
    scoped: bool
    encoding: Encoding
    """How the body is read; ``None`` where it is not."""


class _Channel(NamedTuple):
    read: Read
    scope: bytes


class ReplyChannels:
    """All ways in which the requests of a protocol expect their ids, by reply topic.

    Where requests of one topic differ, a reply is tried in each way, headers first.
    """

    def __init__(
        self, encodings: Encodings, services: Services, tracker: Tracker[WireMessage]
    ) -> None:
        """No request expects anything yet."""
        self._encodings = encodings
        self._services = services
        self._code = services.code
        self._tracker = tracker
        self._ways: dict[str | None, dict[_Way, None]] = {}
        self._reads: dict[tuple[Source, Encoding], Read] = {}
        self._places: list[tuple[Source, tuple[object, ...]]] = []
        """Places that user functions find, and what tells each from another."""

    def in_known_places(self, correlation: Correlation) -> Correlation:
        """Return the same with one name for places that are the same.

        A function that two requests name has two names in the plan, but ids that it finds in the
        replies to both are of one kind: the same id again displaces whoever waits for it.
        """
        return replace(correlation, reply=self._known_place(correlation.reply))

    def _known_place(self, source: Source) -> Source:
        match source:
            case FunctionExtract(ref):
                tells: tuple[object, ...] = (self._code[ref],)
            case FieldExtract(path, ref, kind):
                named = [None if r is None else self._code[r] for r in (ref, kind)]
                tells = (path, *named)
            case _:
                return source
        for place, known in self._places:
            if type(place) is type(source) and known == tells:
                return place
        self._places.append((source, tells))
        return source

    def add(self, topic: str | None, correlation: Correlation, encoding: Encoding) -> None:
        """Take note how replies on a topic are matched; ``None`` is for topics known later.

        ``encoding`` is how requests want their replies read.  Raises UsageError for a place that
        cannot be looked for in such a body.
        """
        for source in correlation.sources:
            of_body = not isinstance(source, HeaderExtract | KeyExtract | BodyExtract)
            way = _Way(source, correlation.scoped, encoding if of_body else None)
            self._ways.setdefault(topic, {})[way] = None
            self._read(way)

    def _read(self, way: _Way) -> Read:
        place = way.source, way.encoding
        if place not in self._reads:
            self._reads[place] = self._compiled(way)
        return self._reads[place]

    def _compiled(self, way: _Way) -> Read:
        match way.source:
            case HeaderExtract(name):
                return _of_header(name)
            case KeyExtract():
                return lambda message: message.key() or None
            case BodyExtract():
                return lambda message: message.value() or None
        form = self._encodings.replies(way.encoding)
        find = compile_reader(way.source, self._code, form, "reply")
        if isinstance(way.source, FunctionExtract):
            return self._watched(way.source, find)
        return lambda message: as_id(find(Reply(message)))

    def _watched(self, source: FunctionExtract, find: Callable[[Message], object]) -> Read:
        """Return what tells once, on every time line, that a user's function cannot find ids.

        Its reason stands beside each orphan, too; but the user sees timeouts first.
        """
        told = False

        def read(message: WireMessage) -> bytes | None:
            nonlocal told
            try:
                return as_id(find(Reply(message)))
            except CheckFailed as reason:
                if not told:
                    told = True
                    text = f"no id found in a reply by {source.code.where}: {reason}"
                    now = self._services.clock.now_ns()
                    self._services.record((MARK, "kafka", text, now))  # type: ignore[arg-type]
                raise

        return read

    def reader(self, topic: str) -> OnRecords:
        """Return who takes the batches of a reply topic."""
        ways = {**self._ways.get(topic, {}), **self._ways.get(None, {})}
        inorder = sorted(ways, key=lambda way: not isinstance(way.source, HeaderExtract))
        match inorder:
            case [_Way(source=HeaderExtract(name))]:
                return _by_header(name, self._tracker)
        channels = tuple(
            _Channel(self._read(way), scope_of(topic, way.source) if way.scoped else b"")
            for way in inorder
        )
        return _by_channels(channels, self._tracker)


def _of_header(wanted: str) -> Read:
    def read(message: WireMessage) -> bytes | None:
        found = None
        for name, value in message.headers() or ():
            if name == wanted:
                found = value or None
        return found

    return read


def _by_header(header: str, tracker: Tracker[WireMessage]) -> OnRecords:
    """Return the usual way: the id stands in one header."""
    answered = tracker.answered

    def on_replies(batch: list[WireMessage], received_ns: int) -> None:
        for message in batch:
            correlation_id = None
            for name, value in message.headers() or ():
                if name == header:
                    correlation_id = value or None  # the last one counts; an empty one is none
            answered(correlation_id, received_ns, message)

    return on_replies


def _by_channels(channels: tuple[_Channel, ...], tracker: Tracker[WireMessage]) -> OnRecords:
    """Return what looks for ids in one place after another, until one is asked for."""

    def on_replies(batch: list[WireMessage], received_ns: int) -> None:
        for message in batch:
            ids, why_none = [], ""
            for read, scope in channels:
                try:
                    found = read(message)
                except CheckFailed as reason:
                    why_none = str(reason)
                    continue
                if found is None:
                    continue
                correlation_id = scope + found
                if tracker.claims(correlation_id):
                    tracker.answered(correlation_id, received_ns, message)
                    break
                ids.append(correlation_id)
            else:
                tracker.unclaimed(ids, received_ns, message, why_none)

    return on_replies
