"""From the reports of all clients of a protocol to one row of metrics.

A row covers all reports since the row before: rates are what counters grew by over the time between
reports, averages are weighted by what they average, a lag is the greatest that was told, and what
is a state is that of the last report.  A metric that nobody told anything of has no value: 0 would
be a claim.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from gatlingpy.protocols.kafka.client_statistics import (
    BrokerStatistics,
    ClientStatistics,
    PartitionStatistics,
    Window,
)
from gatlingpy.protocols.kafka.clients import Place
from gatlingpy.stats import client_metrics as names

Metric: TypeAlias = tuple[str, float]


_SILENT_US: Final = 100_000


def unheard(report: ClientStatistics) -> list[Place]:
    """Return the partitions whose end this client may not know: their leader is silent.

    A broker answers a fetch at once where something is new, and later where nothing is; one that
    throttles the client does not answer for seconds, in which its log may grow.
    """
    if report.is_producer:
        return []
    silent = {broker.id for broker in report.brokers if broker.silent_us > _SILENT_US}
    return [
        (partition.topic, partition.number)
        for partition in report.partitions
        if partition.is_read and partition.leader in silent
    ]


def lag_of(
    partition: PartitionStatistics,
    start: int | None,
    end: int | None = None,
    *,
    read_committed: bool,
) -> int | None:
    """Return how many records the application has not been given yet; ``None`` if not known.

    ``start`` is where reading began, which counts until a record was given; ``end`` is that of the
    log if somebody else knows it better than the client.  The difference of the
    offsets is too much where a log has gaps, such as the marks at the end of each transaction: no
    more can be missing than what is still to be fetched and what waits in the client.
    """
    if end is None:
        end = partition.stable_end if read_committed else partition.end
    position = partition.position if partition.position >= 0 else start
    if not partition.is_read or end < 0 or position is None:
        return None
    by_offset = max(0, end - position)
    if partition.next_fetch < position:
        return by_offset
    return min(by_offset, max(0, end - partition.next_fetch) + partition.fetched)


class MetricRows:
    """Gathers reports, and makes rows of them.  Thread: one."""

    def __init__(self, *, read_committed: bool = False) -> None:
        """``read_committed``: consumers do not see beyond the end of what is committed."""
        self._read_committed = read_committed
        self._starts: dict[Place, int] = {}
        self._base: dict[str, ClientStatistics] = {}
        self._reports: dict[str, list[ClientStatistics]] = {}
        self._lag: int | None = None

    def assigned(self, topic: str, positions: Mapping[int, int]) -> None:
        """Take note from where partitions are read."""
        self._starts.update({(topic, number): at for number, at in positions.items() if at >= 0})

    def reported(self, client: str) -> int:
        """Return how many reports of a client have come since the last row."""
        return len(self._reports.get(client, ()))

    @property
    def has_reports(self) -> bool:
        """Whether a report has come since the last row."""
        return bool(self._reports)

    def add(self, report: ClientStatistics, ends: Mapping[Place, int] | None = None) -> None:
        """Take a report into the row that is being made.

        ``ends`` are those of logs, where somebody else knows them better than the client.
        """
        self._reports.setdefault(report.client, []).append(report)
        lags = [
            lag
            for partition in report.partitions
            if not report.is_producer and (lag := self._lag_of(partition, ends or {})) is not None
        ]
        if lags:
            self._lag = max(lags) if self._lag is None else max(self._lag, *lags)

    def _lag_of(self, partition: PartitionStatistics, ends: Mapping[Place, int]) -> int | None:
        place = (partition.topic, partition.number)
        return lag_of(
            partition,
            self._starts.get(place),
            ends.get(place),
            read_committed=self._read_committed,
        )

    def row(self, errors: int, span_ns: int) -> list[Metric]:
        """Return the metrics since the last row, and begin the next.

        ``errors`` records were not delivered within ``span_ns``.
        """
        made = [*self._consumed(), *self._produced()]
        if span_ns > 0:
            made.append((names.ERROR_RATE, errors * 1e9 / span_ns))
        self._base |= {client: reports[-1] for client, reports in self._reports.items()}
        self._reports, self._lag = {}, None
        return made

    # --- consumers -------------------------------------------------------------------------------

    def _consumed(self) -> Iterator[Metric]:
        if self._lag is not None:
            yield names.LAG, float(self._lag)
        clients = self._clients(is_producer=False)
        if not clients:
            return
        reports = [report for of_one in clients.values() for report in of_one]
        last = [of_one[-1] for of_one in clients.values()]
        yield from _averages(names.FETCH_LATENCY, reports, lambda broker: broker.rtt_us)
        yield names.CONSUMED_RATE, self._rate(clients, lambda report: report.received)
        yield names.CONSUMED_BYTES, self._rate(clients, lambda report: report.received_bytes)
        yield names.FETCHED, float(sum(report.fetched for report in last))
        yield names.CONSUMER_THROTTLE, _throttle(reports)
        rebalances = [r.rebalances for r in last if r.rebalances is not None]
        if rebalances:
            yield names.REBALANCES, float(sum(rebalances))

    # --- producers -------------------------------------------------------------------------------

    def _produced(self) -> Iterator[Metric]:
        clients = self._clients(is_producer=True)
        if not clients:
            return
        reports = [report for of_one in clients.values() for report in of_one]
        last = [of_one[-1] for of_one in clients.values()]
        yield from _averages(names.REQUEST_LATENCY, reports, lambda broker: broker.rtt_us)
        yield from _averages(names.QUEUE_TIME, reports, lambda broker: broker.queue_us)
        yield from _averages(names.OUTBUF_LATENCY, reports, lambda broker: broker.outbuf_us)
        yield from _acknowledgement(reports)
        yield names.SEND_RATE, self._rate(clients, lambda report: report.sent)
        yield names.BYTE_RATE, self._rate(clients, lambda report: report.sent_bytes)
        yield names.RETRY_RATE, self._rate(clients, lambda r: sum(b.retries for b in r.brokers))
        yield names.TIMEOUT_RATE, self._rate(clients, lambda r: sum(b.timeouts for b in r.brokers))
        yield names.QUEUE_LENGTH, float(sum(report.queued for report in last))
        yield names.BUFFER_AVAILABLE, float(min(r.most_bytes - r.queued_bytes for r in reports))
        yield names.IN_FLIGHT, float(sum(b.in_flight for r in last for b in r.brokers))
        yield names.PRODUCER_THROTTLE, _throttle(reports)
        yield from self._batches(clients)
        ages = [r.transaction_age_ms for r in last if r.transaction_age_ms is not None]
        if ages:
            yield names.TRANSACTION_AGE, max(ages) / 1000

    def _batches(self, clients: Mapping[str, list[ClientStatistics]]) -> Iterator[Metric]:
        reports = [report for of_one in clients.values() for report in of_one]
        size, records = (
            _mean(r.batch_bytes for r in reports),
            _mean(r.batch_records for r in reports),
        )
        if size is None or records is None:
            return
        yield names.BATCH_SIZE, size
        yield names.BATCH_RECORDS, records
        sent = sum(
            of_one[-1].sent_bytes - (self._base[client].sent_bytes if client in self._base else 0)
            for client, of_one in clients.items()
        )
        if sent > 0:
            yield names.COMPRESSION, sum(report.batch_bytes.total for report in reports) / sent

    # --- all -------------------------------------------------------------------------------------

    def _clients(self, *, is_producer: bool) -> dict[str, list[ClientStatistics]]:
        return {
            client: reports
            for client, reports in self._reports.items()
            if reports[0].is_producer is is_producer
        }

    def _rate(
        self,
        clients: Mapping[str, list[ClientStatistics]],
        count: Callable[[ClientStatistics], int],
    ) -> float:
        """Return what a counter grew by in a second, over all clients.

        One may shrink where a broker has gone from a client's list; that is no negative rate.
        """
        whole = 0.0
        for client, reports in clients.items():
            base, last = self._base.get(client), reports[-1]
            grown = count(last) - (0 if base is None else count(base))
            span_us = last.age_us if base is None else last.at_us - base.at_us
            whole += max(0, grown) * 1e6 / span_us if span_us > 0 else 0.0
        return whole


def _mean(windows: Iterable[Window]) -> float | None:
    counts, totals = 0, 0
    for window in windows:
        counts += window.measured
        totals += window.total
    return totals / counts if counts else None


def _averages(
    name: str, reports: list[ClientStatistics], window: Callable[[BrokerStatistics], Window]
) -> Iterator[Metric]:
    """Yield an average in milliseconds over all brokers, and that of each."""
    of_each: dict[int, list[Window]] = {}
    for report in reports:
        for broker in report.brokers:
            of_each.setdefault(broker.id, []).append(window(broker))
    whole = _mean(w for windows in of_each.values() for w in windows)
    if whole is None:
        return
    yield name, whole / 1000
    for broker_id, windows in sorted(of_each.items()):
        mean = _mean(windows)
        if mean is not None:
            yield names.of_broker(name, broker_id), mean / 1000


def _acknowledgement(reports: list[ClientStatistics]) -> Iterator[Metric]:
    """Yield what a record waits for its acknowledgement by librdkafka's own clocks.

    The parts are averages of their own, over records and over requests: so is their sum, nearly.
    """
    brokers = [broker for report in reports for broker in report.brokers]
    queue = _mean(broker.queue_us for broker in brokers)
    round_trip = _mean(broker.rtt_us for broker in brokers)
    if queue is not None and round_trip is not None:
        outbuf = _mean(broker.outbuf_us for broker in brokers) or 0.0
        yield names.ACK_LATENCY, (queue + outbuf + round_trip) / 1000


def _throttle(reports: list[ClientStatistics]) -> float:
    """Return how long brokers held answers back, in milliseconds; 0 if none did."""
    return _mean(broker.throttle_ms for report in reports for broker in report.brokers) or 0.0
