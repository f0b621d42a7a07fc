"""How replies are matched, while it is being written."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal, Self, TypeAlias

from gatlingpy.dsl.check_arguments import refused
from gatlingpy.dsl.check_builders import Extractor
from gatlingpy.dsl.check_extractors import header, key, message_function
from gatlingpy.plan.check_words import criterion
from gatlingpy.plan.checks import HeaderExtract
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.glimpse import brief
from gatlingpy.protocols.kafka import arguments
from gatlingpy.protocols.kafka.correlation import (
    SOURCES,
    SPRING_HEADER,
    SPRING_REPLY_TOPIC,
    Correlation,
    IdKind,
    Source,
)
from gatlingpy.spi import Message

Place: TypeAlias = Extractor | Callable[[Message], object]
"""Where in a message an id stands: an extractor as checks have them, or a function of it."""

_DEFAULT: Final = Correlation()


@dataclass(frozen=True, slots=True)
class CorrelationBuilder:
    """Collects how replies are matched; each method returns a new builder."""

    _header: str | None = None
    _request: Extractor | None = None
    _reply: Extractor | None = None
    _ids: IdKind | None = None
    _reply_topic_header: str | None = None

    def header_name(self, name: str) -> Self:
        """Carry the id in this header, both ways."""
        return replace(self, _header=arguments.text(name, "correlation_header_name(...)"))

    def by_key(self) -> Self:
        """Take the request's key as the id, and expect it as the key of the reply."""
        same = key()
        return replace(self, _request=same, _reply=same)

    def extractor(self, reply: Place) -> Self:
        """Send an id in the header, and look for it in this place of the reply as well."""
        return replace(self, _request=None, _reply=_place(reply, "correlation_extractor(...)"))

    def places(self, request: Place, reply: Place) -> Self:
        """Take the id from this place of the request, and expect it in that of the reply."""
        asked = _place(request, "correlate(request=...)")
        same = reply is request
        answered = asked if same else _place(reply, "correlate(reply=...)")
        return replace(self, _request=asked, _reply=answered)

    def id_kind(self, kind: Literal["counter", "uuid"]) -> Self:
        """Make ids of this kind."""
        if kind not in list(IdKind):
            raise refused(f'correlation_ids(...) takes "counter" or "uuid", got {kind!r}')
        return replace(self, _ids=IdKind(kind))

    def spring(self) -> Self:
        """Use the headers of Spring's request-reply."""
        return replace(
            self,
            _header=SPRING_HEADER,
            _request=None,
            _reply=header(SPRING_HEADER),
            _reply_topic_header=SPRING_REPLY_TOPIC,
        )

    def compile(self, path: str, code: CodeTable, base: Correlation = _DEFAULT) -> Correlation:
        """Return the plan; functions go into ``code`` under ``path``.

        What is not said is as in ``base``.  A header that is named without a place makes the
        header the place.
        """
        name = base.header if self._header is None else self._header
        request, reply = base.request, base.reply
        if self._reply is not None:
            request, reply = self._places(path, code)
        elif self._header is not None:
            request, reply = None, HeaderExtract(name)
        topic_header = self._reply_topic_header
        return Correlation(
            request=request,
            reply=reply,
            header=name,
            ids=self._ids or base.ids,
            reply_topic_header=base.reply_topic_header if topic_header is None else topic_header,
        )

    def _places(self, path: str, code: CodeTable) -> tuple[Source | None, Source]:
        asked, answered = self._request, self._reply
        if asked is None or answered is None:
            return None, _source(answered, f"{path}/reply", code)
        if asked is answered:
            same = _source(asked, f"{path}/both", code)
            return same, same
        return _source(asked, f"{path}/request", code), _source(answered, f"{path}/reply", code)


def _source(place: Extractor | None, path: str, code: CodeTable) -> Source:
    assert place is not None  # noqa: S101 - who asks has looked
    return place.extract_plan(path, code)  # type: ignore[return-value]  # held by _place


def _place(given: object, what: str) -> Extractor:
    """Return a place as an extractor; raises UsageError, with the user's line, for none."""
    if isinstance(given, Extractor):
        extract = given.extract_plan("", CodeTable())
        if isinstance(extract, SOURCES):
            return given
        raise refused(f"{what} cannot find an id by {criterion(extract)}")
    if callable(given):
        return message_function(given)
    raise refused(
        f'{what} takes an extractor such as json_path("$.id") or key(), or a function of the '
        f"message, got {brief(given)}"
    )
