"""A fake producer: takes messages, and reports what became of them when it is polled."""

from collections import deque
from collections.abc import Callable
from random import Random
from typing import Protocol

from gatlingpy.clock import Clock
from gatlingpy.protocols.kafka.clients import Headers, OnDelivery
from gatlingpy.testing.truth import Conduct, Sending
from gatlingpy.testing.wire import (
    PURGED,
    TIMED_OUT,
    FakeError,
    FakeKafkaException,
    FakeMessage,
    Record,
)


class ProducerSide(Protocol):
    """What a producer needs of its cluster."""

    clock: Clock
    conduct: Conduct
    dice: Random
    sendings: list[Sending]
    header: str

    def wait_for(self, ready: Callable[[], bool], until_ns: int) -> None:
        """Return when ``ready`` says so, or at ``until_ns``."""

    def at(self, due_ns: int, happen: Callable[[], None]) -> None:
        """Let something happen at a moment."""

    def settle(self) -> None:
        """Let everything happen that is due."""

    def accept(self, sending: Sending) -> None:
        """Write a request to its topic, and let the system answer it."""


class InFlight:
    """A message between acceptance and report."""

    def __init__(self, sending: Sending, record: Record, on_delivery: OnDelivery) -> None:
        """It has just been accepted."""
        self.sending = sending
        self.record = record
        self.on_delivery = on_delivery
        self.reported = False


class FakeProducer:
    """A producer of a fake cluster (``clients.ProducerClient``)."""

    def __init__(self, cluster: ProducerSide) -> None:
        """Nothing is in flight."""
        self._cluster = cluster
        self.tell: Callable[[], None] = lambda: None
        """Tells of itself; called in each poll."""
        self.accepted = 0
        """How many messages it has taken."""
        self._in_flight: list[InFlight] = []
        self._reports: deque[tuple[InFlight, FakeError | None]] = deque()

    def __len__(self) -> int:
        return len(self._in_flight) + len(self._reports)

    def produce(
        self,
        topic: str,
        value: bytes | None,
        key: bytes | None,
        partition: int,  # noqa: ARG002 - any partition is as good
        on_delivery: OnDelivery,
        *,
        timestamp: int = 0,  # noqa: ARG002 - nobody reads it
        headers: Headers,
    ) -> None:
        """Take a message; raises BufferError when full, FakeKafkaException when it refuses."""
        self._cluster.settle()
        conduct, dice = self._cluster.conduct, self._cluster.dice
        if len(self) >= conduct.queue_size:
            raise BufferError("Local: Queue full")
        written = [(name, v.encode() if isinstance(v, str) else v) for name, v in headers]
        correlation_id = dict(written).get(self._cluster.header)
        now_ns = self._cluster.clock.now_ns()
        sending = Sending(topic, value, correlation_id, now_ns, key=key)
        self._cluster.sendings.append(sending)
        if dice.random() < conduct.refused:
            sending.error = "Broker: Message size too large"
            raise FakeKafkaException(FakeError(10, sending.error))
        flight = InFlight(sending, Record(topic, key, value, written), on_delivery)
        self._in_flight.append(flight)
        self.accepted += 1
        self._schedule(flight)

    def _schedule(self, flight: InFlight) -> None:
        cluster = self._cluster
        conduct, dice, now = cluster.conduct, cluster.dice, cluster.clock.now_ns()
        failed = dice.random() < conduct.failed
        took_ns = conduct.ack.draw(dice)
        if not failed or dice.random() < conduct.failed_but_written:
            # The message is in the log before its ack arrives, so a reply can overtake the ack.
            cluster.at(now + dice.randint(0, took_ns), lambda: cluster.accept(flight.sending))
        error = FakeError(TIMED_OUT, "Local: Message timed out") if failed else None
        cluster.at(now + took_ns, lambda: self._report(flight, error))

    def _report(self, flight: InFlight, error: FakeError | None) -> None:
        if not flight.reported:
            flight.reported = True
            self._in_flight.remove(flight)
            self._reports.append((flight, error))

    def _has_reports(self) -> bool:
        self._cluster.settle()
        return bool(self._reports)

    def poll(self, timeout: float) -> int:
        """Serve the delivery reports there are, or the first to come in so many seconds."""
        if not self._has_reports():
            until_ns = self._cluster.clock.now_ns() + round(timeout * 1e9)
            self._cluster.wait_for(self._has_reports, until_ns)
        self.tell()
        return self._serve()

    def _serve(self) -> int:
        self._cluster.settle()
        reports = list(self._reports)
        self._reports.clear()
        for flight, error in reports:
            self._note(flight, error)
            flight.on_delivery(error, FakeMessage(flight.record, 0, 0, error))
        return len(reports)

    def _note(self, flight: InFlight, error: FakeError | None) -> None:
        """Keep the truth: what a report says is what became of the message."""
        flight.sending.reported_ns = self._cluster.clock.now_ns()
        flight.sending.error = None if error is None else error.str()

    def flush(self, timeout: float) -> int:
        """Serve reports until none is missing, or for so many seconds."""
        until_ns = self._cluster.clock.now_ns() + round(timeout * 1e9)
        while len(self) and self._cluster.clock.now_ns() < until_ns:
            self._cluster.wait_for(self._has_reports, until_ns)
            if not self._serve():
                break
        return len(self)

    def purge(self) -> None:
        """Fail what has not been reported."""
        for flight in list(self._in_flight):
            self._report(flight, FakeError(PURGED, "Local: Purged in queue"))
