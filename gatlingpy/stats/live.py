"""What has happened so far, in numbers, for whoever watches a run.

Requests only: legs are parts of requests.  The report is computed from the log, not from here.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from gatlingpy.stats.events import (
    ERROR,
    REPLY,
    REQUEST,
    USER,
    USER_START,
    Ending,
    Event,
)
from gatlingpy.stats.histogram import Histogram

MOST_MESSAGES: Final = 1000
"""How many different error messages are told apart."""
OTHER_MESSAGES: Final = "(other messages)"
NO_MESSAGE: Final = "<no-message>"

_OK: Final = Ending.OK.value


class RequestRow:
    """One request path: how many have ended, and how long they took."""

    __slots__ = ("durations", "ko", "ok")

    def __init__(self) -> None:
        """Nothing has ended."""
        self.ok = 0
        self.ko = 0
        self.durations = Histogram()


class ScenarioRow:
    """The users of one scenario; ``total`` is ``None`` if nobody knows how many will come."""

    __slots__ = ("ended", "started", "total")

    def __init__(self, total: int | None) -> None:
        """Nobody has started."""
        self.total = total
        self.started = 0
        self.ended = 0

    @property
    def active(self) -> int:
        """How many are on their way."""
        return self.started - self.ended

    @property
    def waiting(self) -> int | None:
        """How many are still to start, if that is known."""
        return None if self.total is None else max(0, self.total - self.started)


class LiveCounts:
    """Adds up events as they come.  Thread: the stats thread."""

    def __init__(self, scenarios: Mapping[str, int | None], *, timings: bool) -> None:
        """``scenarios`` maps each name to its users; ``timings`` keeps durations as well."""
        self.scenarios = {name: ScenarioRow(total) for name, total in scenarios.items()}
        self.requests: dict[str, RequestRow] = {}
        """By path, groups and name joined by `` / ``, in the order of first ending."""
        self.errors: Counter[str] = Counter()
        """Messages of failed requests and of errors that are no request."""
        self.replies: Counter[str] = Counter()
        """Replies that ended nothing, by kind."""
        self.lag = Histogram()
        """How late requests began: start minus intended start."""
        self._timings = timings

    @property
    def ok(self) -> int:
        """How many requests ended well."""
        return sum(row.ok for row in self.requests.values())

    @property
    def ko(self) -> int:
        """How many requests failed."""
        return sum(row.ko for row in self.requests.values())

    def durations(self) -> Histogram:
        """Return how long all requests took."""
        together = Histogram()
        for row in self.requests.values():
            together.merge(row.durations)
        return together

    def add(self, events: Sequence[Event]) -> None:
        """Count a batch; the hot path of the stats thread beside the log."""
        kinds: defaultdict[str, list[Any]] = defaultdict(list)
        for event in events:
            kinds[event[0]].append(event)
        if kinds[USER]:
            self._add_users(kinds[USER])
        if kinds[REQUEST]:
            self._add_requests(kinds[REQUEST])
        for event in kinds[ERROR]:
            self._add_error(event[1], 1)
        for event in kinds[REPLY]:
            self.replies[event[5]] += 1

    def _add_users(self, users: list[Any]) -> None:
        # Whole lists and few Python steps: three quarters of the time of a loop with dicts.
        starts = [event[1] for event in users if event[2] == USER_START]
        names = {event[1] for event in users}
        if len(names) == 1:
            row = self._scenario(names.pop())
            row.started += len(starts)
            row.ended += len(users) - len(starts)
            return
        started = Counter(starts)
        for name, events in Counter([event[1] for event in users]).items():
            row = self._scenario(name)
            row.started += started[name]
            row.ended += events - started[name]

    def _scenario(self, name: str) -> ScenarioRow:
        row = self.scenarios.get(name)
        if row is None:
            row = self.scenarios[name] = ScenarioRow(None)
        return row

    def _add_requests(self, requests: list[Any]) -> None:
        names = {event[2] for event in requests}
        if len(names) == 1 and not [1 for event in requests if event[1]]:
            self._add_path(names.pop(), requests)
            return
        paths: defaultdict[tuple[tuple[str, ...], str], list[Any]] = defaultdict(list)
        for event in requests:
            paths[event[1], event[2]].append(event)
        for (groups, name), some in paths.items():
            self._add_path(" / ".join((*groups, name)), some)

    def _add_path(self, path: str, requests: list[Any]) -> None:
        row = self.requests.get(path)
        if row is None:
            row = self.requests[path] = RequestRow()
        failed = [event[7] for event in requests if event[6] != _OK]
        row.ko += len(failed)
        row.ok += len(requests) - len(failed)
        if failed:
            for message, times in Counter(failed).items():
                self._add_error(message, times)
        if self._timings:
            row.durations.add([event[4] - event[3] for event in requests])
            self.lag.add([event[3] - event[5] for event in requests])

    def _add_error(self, message: str, times: int) -> None:
        message = message or NO_MESSAGE
        if message not in self.errors and len(self.errors) >= MOST_MESSAGES:
            message = OTHER_MESSAGES
        self.errors[message] += times
