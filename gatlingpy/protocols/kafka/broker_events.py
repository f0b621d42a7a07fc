"""What happens to brokers and partitions, told by several clients and marked once.

Two sources: errors, which librdkafka tells at once, and the reports of each client, which tell what
has changed since the one before.  Each client learns of a change in its own time.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from gatlingpy.protocols.kafka.client_statistics import BrokerStatistics, ClientStatistics
from gatlingpy.protocols.kafka.leaders import Leaders
from gatlingpy.protocols.kafka.marks import Marks

TRANSPORT: Final = -195
RESOLVE: Final = -193
ALL_DOWN: Final = -187
TIMED_OUT: Final = -185
_LOST: Final = frozenset({TRANSPORT, RESOLVE, TIMED_OUT})
"""librdkafka's codes of an error that ends a connection."""

_OF_BROKER: Final = re.compile(
    r"(?:\w+: )?(?:\w+://)?([^\s/]+:\d+)(?:/(-?\d+|bootstrap))?: (.*)", re.DOTALL
)
"""A broker is called by its address and number, and once more as a coordinator."""
_AFTER: Final = re.compile(r" \(after \d+ms.*\)$", re.DOTALL)
_SURELY_ALIVE_NS: Final = 15_000_000_000
"""So long a cluster may go on naming a broker that is dead."""


@dataclass(slots=True)
class _Loss:
    """A broker that a client has lost its connection to."""

    at_ns: int
    has_been_missing: bool = False
    """Whether the cluster itself has been without it since."""
    clients: set[str] = field(default_factory=set)


class BrokerEvents:
    """Turns errors and reports into marks.  Thread: one."""

    def __init__(self, marks: Marks) -> None:
        """Nothing is known yet."""
        self._marks = marks
        self._numbers: dict[str, int] = {}
        self._before: dict[tuple[str, str], BrokerStatistics] = {}
        self._lost: dict[str, _Loss] = {}
        self._leaders = Leaders()

    @property
    def has_lost(self) -> bool:
        """Whether a broker is lost and has not been seen again."""
        return bool(self._lost)

    # --- errors ----------------------------------------------------------------------------------

    def error(self, text: str, code: int, at_ns: int, *, fatal: bool = False) -> None:
        """Take an error of a client; one about a broker that is lost already says nothing new."""
        match = _OF_BROKER.fullmatch(text)
        short = _AFTER.sub("", text)
        if fatal:
            self._marks.add("fatal errors", short, f"fatal error: {short}", at_ns)
        elif match is None or code not in _LOST:
            self._marks.add("errors", short, text, at_ns)
        else:
            name, number, what = match.groups()
            if number is not None and number.isdecimal():
                self._numbers[name] = int(number)
            self._lose(name, _AFTER.sub("", what), at_ns)

    def throttled(self, number: int, name: str, ms: int, at_ns: int) -> None:
        """Take note that a broker holds a client back."""
        self._numbers[name] = number
        text = f"{self._called(name)} throttles by {ms} ms"
        self._marks.add("throttling", f"throttle {name}", text, at_ns)

    # --- reports ---------------------------------------------------------------------------------

    def report(self, report: ClientStatistics, at_ns: int) -> None:
        """Take what a client tells, and mark what has changed since its report before."""
        present = set()
        for broker in report.brokers:
            present.add(broker.name)
            self._numbers[broker.name] = broker.id
            before = self._before.get((report.client, broker.name))
            self._before[report.client, broker.name] = broker
            if before is not None:
                self._compare(report.client, before, broker, at_ns)
            if broker.is_up:
                self._is_up(broker, at_ns)
        for client, name in list(self._before):
            if client == report.client and name not in present:
                del self._before[client, name]  # the cluster has told that there is no such one
        for text, key in self._leaders.changes(report):
            self._marks.add("leaders", key, text, at_ns)

    def _compare(
        self, client: str, before: BrokerStatistics, now: BrokerStatistics, at_ns: int
    ) -> None:
        broken = now.disconnects - before.disconnects
        if before.is_up and now.is_tried and broken > 0:
            self._lose(now.name, f"disconnected ({client})", at_ns)
        elif before.is_up and now.is_up and broken > 0 and now.name not in self._lost:
            text = f"{self._called(now.name)}: connection broken and made again ({client})"
            self._marks.add("connections", f"broken {now.name} {client}", text, at_ns)
        self._count("timed out", now.timeouts - before.timeouts, now.name, client, at_ns)
        self._count("sent again", now.retries - before.retries, now.name, client, at_ns)

    def _count(self, what: str, count: int, name: str, client: str, at_ns: int) -> None:
        if count > 0:
            requests = "request was" if count == 1 and what == "sent again" else "requests were"
            if what == "timed out":
                requests = "request" if count == 1 else "requests"
            text = f"{self._called(name)}: {count} {requests} {what} ({client})"
            self._marks.add(f"requests {what}", f"{what} {name} {client}", text, at_ns)

    # --- lost and back ---------------------------------------------------------------------------

    def _called(self, name: str) -> str:
        return f"broker {self._numbers.get(name, name)}"

    def _address(self, name: str) -> str:
        """Return what to put behind a text that calls the broker by its number."""
        return f" ({name})" if name in self._numbers else ""

    def _lose(self, name: str, why: str, at_ns: int) -> None:
        if name in self._lost:
            return
        self._lost[name] = _Loss(at_ns)
        led = self._leaders.led_by(self._numbers.get(name, -1))
        leader = f", leader of {led}" if led else ""
        text = f"{self._called(name)} lost{leader}: {why}{self._address(name)}"
        self._marks.add("lost brokers", f"lost {name}", text, at_ns)

    def _is_up(self, broker: BrokerStatistics, at_ns: int) -> None:
        """A connection that was made after the loss is none that has not noticed it yet."""
        loss = self._lost.get(broker.name)
        if loss is not None and at_ns - broker.state_age_us * 1_000 > loss.at_ns:
            self._find(broker.name, at_ns - broker.state_age_us * 1_000)

    def members(self, brokers: Mapping[int, str], at_ns: int) -> None:
        """Take which brokers the cluster says it has: clients do not go back to one unasked."""
        names = set(brokers.values())
        for name, loss in list(self._lost.items()):
            if name not in names:
                loss.has_been_missing = True
            elif loss.has_been_missing or at_ns > loss.at_ns + _SURELY_ALIVE_NS:
                self._find(name, at_ns)

    def _find(self, name: str, at_ns: int) -> None:
        away_s = (at_ns - self._lost.pop(name).at_ns) / 1e9
        text = f"{self._called(name)} is back after {away_s:.1f} s{self._address(name)}"
        self._marks.add("lost brokers", f"back {name}", text, at_ns)
