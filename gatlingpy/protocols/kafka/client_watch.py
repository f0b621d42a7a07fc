"""Watches the clients of one protocol: their reports become metrics, what breaks becomes marks.

client threads ─statistics, errors, throttling─▶ mailbox ─▶ ``kafka-metrics`` ─▶ gauges and marks

Nothing of it is done on the user thread, and on the clients' own threads no more than to put what
they were told into a mailbox.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from gatlingpy.errors import ProtocolError
from gatlingpy.mailbox import Mailbox, Worker
from gatlingpy.plan.code import Env
from gatlingpy.protocols.kafka.broker_events import BrokerEvents
from gatlingpy.protocols.kafka.client_statistics import read_statistics
from gatlingpy.protocols.kafka.clients import Cluster, Place
from gatlingpy.protocols.kafka.marks import Marks
from gatlingpy.protocols.kafka.metric_rows import MetricRows, unheard
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.spi import Services
from gatlingpy.stats.client_metrics import source_of
from gatlingpy.stats.events import GAUGE

_SECOND_NS: Final = 1_000_000_000
_LOOK_NS: Final = 1_000_000_000
_NEAR_S: Final = 1.0
_GIVEN_UP_NS: Final = 5_000_000_000
_MOMENT_NS: Final = 20_000_000


def statistics_interval_ms(metric_interval_ns: int | None) -> tuple[int, int]:
    """Return how often clients report, in milliseconds, and how many reports make a row.

    They report at least once a second: marks are made of reports, and so is the first row.
    """
    interval_ns = metric_interval_ns or _SECOND_NS
    reports = -(-interval_ns // _SECOND_NS)
    return max(1, interval_ns // reports // 1_000_000), reports


def _reads_committed(plan: KafkaProtocol) -> bool:
    level = plan.consumer_properties.get("isolation.level")
    return (level.resolve() if isinstance(level, Env) else level) == "read_committed"


class ClientWatch:
    """Takes what clients tell, on any thread, and records it on a thread of its own."""

    def __init__(self, plan: KafkaProtocol, services: Services) -> None:
        """Nothing is recorded before ``start``; what is told before is kept for it."""
        self._services = services
        self.failures: Callable[[], int] = lambda: 0
        """Counts, ever growing, the records that were not delivered."""
        self._now_ns = services.clock.now_ns
        self.wants_metrics = plan.metric_injection_interval_ns is not None
        """Whether reports become metrics; they become marks in any case."""
        self.interval_ms, self._reports = statistics_interval_ms(plan.metric_injection_interval_ns)
        """How often clients are to report, in milliseconds."""
        self._source = source_of(plan.id)
        self._rows = MetricRows(read_committed=_reads_committed(plan))
        self._marks = Marks(plan.id, services.record)
        self._brokers = BrokerEvents(self._marks)
        self._mailbox: Mailbox[Callable[[], None]] = services.mailbox(0)
        self._cluster: Cluster | None = None
        self._next_look_ns = 0
        self._next_ends_ns = 0
        self._worker: Worker | None = None
        self._since_ns = self._now_ns()
        self._counted = 0
        self._last = (self._since_ns, 0)
        self._made = 0
        self._opened: set[str] = set()
        self._heard: set[str] = set()

    # --- what clients tell -----------------------------------------------------------------------

    def opened(self, client: str) -> None:
        """Expect reports of a client.  Thread: any."""
        self._opened.add(client)  # GIL: atomic

    def statistics(self, client: str, text: str) -> None:
        """Take a client's report, as JSON.  Thread: any."""
        at_ns, failures = self._now_ns(), self.failures()
        self._heard.add(client)  # GIL: atomic
        self._mailbox.put(lambda: self._report(client, text, at_ns, failures))

    def assigned(self, topic: str, positions: Mapping[int, int]) -> None:
        """Take from where partitions are read.  Thread: any."""
        self._mailbox.put(lambda: self._rows.assigned(topic, positions))

    def failed(self, text: str, code: int = 0, *, fatal: bool = False) -> None:
        """Take an error of a client, with librdkafka's code.  Thread: any."""
        at_ns = self._now_ns()
        self._mailbox.put(lambda: self._brokers.error(text, code, at_ns, fatal=fatal))

    def throttled(self, number: int, name: str, length_ms: int) -> None:
        """Take note that a broker holds a client back for so long.  Thread: any."""
        at_ns = self._now_ns()
        if length_ms > 0:
            self._mailbox.put(lambda: self._brokers.throttled(number, name, length_ms, at_ns))

    # --- the thread ------------------------------------------------------------------------------

    def start(self, cluster: Cluster) -> None:
        """Begin to record; ``cluster`` is asked while a broker is lost or silent."""
        self._cluster = cluster
        self._since_ns = self._now_ns()
        self._worker = self._services.spawn("kafka-metrics", self.step, self._mailbox.wake)

    def step(self) -> None:
        """Take what was told, or look for brokers that are lost.  Thread: the one of its own."""
        due_ns = self._next_look_ns if self._brokers.has_lost else None
        for handle in self._mailbox.take(due_ns):
            handle()
        if self._brokers.has_lost and self._now_ns() >= self._next_look_ns:
            self._look()

    def _look(self) -> None:
        if self._cluster is not None:
            try:
                members = self._cluster.brokers()
            except ProtocolError:
                members = {}  # nobody answers, so nobody is back
            if members:
                self._brokers.members(members, self._now_ns())
        self._next_look_ns = self._now_ns() + _LOOK_NS

    def _report(self, client: str, text: str, at_ns: int, failures: int) -> None:
        try:
            report = read_statistics(client, text)
        except ValueError as error:
            self._marks.add("errors", "statistics", f"statistics cannot be read: {error}", at_ns)
            return
        self._brokers.report(report, at_ns)
        if not self.wants_metrics:
            return
        # The first row comes with the first reports, however long the interval.
        needed = self._reports if self._made else 1
        if self._rows.reported(client) >= needed:
            self._make_row()
        self._rows.add(report, self._ends(unheard(report)))
        self._last = (at_ns, failures)

    def _ends(self, places: Sequence[Place]) -> Mapping[Place, int]:
        if not places or self._cluster is None or self._now_ns() < self._next_ends_ns:
            return {}
        try:
            return self._cluster.offsets(places, first=False, timeout_s=_NEAR_S)
        except ProtocolError:
            # What the client knew last is all there is to know, and asking has held us up.
            self._next_ends_ns = self._now_ns() + _GIVEN_UP_NS
            return {}

    def _make_row(self) -> None:
        at_ns, failures = self._last
        for name, value in self._rows.row(failures - self._counted, at_ns - self._since_ns):
            self._services.record((GAUGE, self._source, name, at_ns, value))  # type: ignore[arg-type]
        self._since_ns, self._counted = at_ns, failures
        self._made += 1

    # --- the end ---------------------------------------------------------------------------------

    def await_report(self) -> None:
        """Wait for the first reports of a run that was too short for any.  Thread: not its own."""
        if not self.wants_metrics or self._worker is None:
            return
        until_ns = self._now_ns() + (self.interval_ms + 500) * 1_000_000
        while not self._opened <= self._heard and self._now_ns() < until_ns:
            self._services.sleep(_MOMENT_NS)

    def close(self) -> None:
        """Record what is left, and how many marks were left out.  Idempotent."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None
        for handle in self._mailbox.take_now():
            handle()
        now = self._now_ns()
        if self._rows.has_reports:
            self._last = (now, self.failures())
            self._make_row()
        self._marks.close(now)
