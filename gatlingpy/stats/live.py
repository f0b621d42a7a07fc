"""What has happened so far, in numbers, for whoever watches a run.

Requests only: legs are parts of requests.  The report is computed from the log, not from here.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from gatlingpy.stats.events import (
    ERROR,
    LEG,
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
        by_name: defaultdict[str, list[Any]] = defaultdict(list)
        started: defaultdict[str, int] = defaultdict(int)
        ended: defaultdict[str, int] = defaultdict(int)
        rest: list[Any] = []
        batch: Sequence[Any] = events
        for event in batch:
            kind = event[0]
            if kind == REQUEST:
                by_name[event[2]].append(event)
            elif kind == USER:
                if event[2] == USER_START:
                    started[event[1]] += 1
                else:
                    ended[event[1]] += 1
            elif kind != LEG:
                rest.append(event)
        for name, requests in by_name.items():
            self._add_named(name, requests)
        for scenario, users in started.items():
            self._scenario(scenario).started += users
        for scenario, users in ended.items():
            self._scenario(scenario).ended += users
        for event in rest:
            self._add_other(event)

    def _scenario(self, name: str) -> ScenarioRow:
        return self.scenarios.setdefault(name, ScenarioRow(None))

    def _add_named(self, name: str, requests: list[Any]) -> None:
        paths = {event[1] for event in requests}
        if len(paths) == 1:
            self._add_requests((*paths.pop(), name), requests)
            return
        by_path: defaultdict[tuple[str, ...], list[Any]] = defaultdict(list)
        for event in requests:
            by_path[(*event[1], name)].append(event)
        for path, some in by_path.items():
            self._add_requests(path, some)

    def _add_requests(self, path: tuple[str, ...], requests: list[Any]) -> None:
        row = self.requests.setdefault(" / ".join(path), RequestRow())
        failed = [event[7] for event in requests if event[6] != _OK]
        row.ko += len(failed)
        row.ok += len(requests) - len(failed)
        for message in failed:
            self._add_error(message)
        if self._timings:
            row.durations.add([event[4] - event[3] for event in requests])
            self.lag.add([event[3] - event[5] for event in requests])

    def _add_other(self, event: Any) -> None:  # noqa: ANN401
        if event[0] == ERROR:
            self._add_error(event[1])
        elif event[0] == REPLY:
            self.replies[event[5]] += 1

    def _add_error(self, message: str) -> None:
        message = message or NO_MESSAGE
        if message not in self.errors and len(self.errors) >= MOST_MESSAGES:
            message = OTHER_MESSAGES
        self.errors[message] += 1
