"""A fake transactional producer: what it is given counts once it is committed, or never."""

from collections.abc import Callable
from typing import Final

from gatlingpy.protocols.kafka.clients import Headers, OnDelivery
from gatlingpy.testing.producer import FakeProducer, InFlight, ProducerSide
from gatlingpy.testing.wire import PURGED, FakeError, FakeKafkaException

STATE: Final = -172
FENCED: Final = -144
_FATAL: Final = -150
_TIMED_OUT: Final = -185
_INCONSISTENT: Final = -149
_INVALID_STATE: Final = 48
_OUT_OF_ORDER: Final = 45
_PURGED_TEXT: Final = "Local: Purged in queue"
NOT_COMMITTED: Final = "not committed"


class FakeTransactionalProducer(FakeProducer):
    """A producer with a transactional id (``clients.TransactionalClient``)."""

    def __init__(self, cluster: ProducerSide, transactional_id: str) -> None:
        """It has not taken its id yet."""
        super().__init__(cluster)
        self.transactional_id = transactional_id
        self.is_initialised = False
        self._transaction: list[InFlight] = []
        self._open = False
        self._failed = False
        self._fenced = False
        self._leaves_gap = False
        self._gap = False
        """Whether the open transaction is doomed by a message of the one before, as librdkafka's
        is: nothing of it is sent."""
        self._taken_ns: dict[bytes | None, int] = {}
        """When messages that were not sent were taken first, by their values."""
        self._due_ns: int | None = None
        """When the call that is under way is done."""

    def fence(self) -> None:
        """Let another producer take the id."""
        self._fenced = True

    # --- messages --------------------------------------------------------------------------------

    def produce(
        self,
        topic: str,
        value: bytes | None,
        key: bytes | None,
        partition: int,
        on_delivery: OnDelivery,
        *,
        timestamp: int = 0,
        headers: Headers,
    ) -> None:
        """Take a message into the transaction; raises FakeKafkaException outside of one."""
        if self._fenced:
            raise FakeKafkaException(FakeError(_FATAL, "Local: Fatal error", fatal=True))
        if not self._open or self._failed:
            raise FakeKafkaException(FakeError(STATE, "Local: Erroneous state"))
        sendings = self._cluster.sendings
        before = len(sendings)
        try:
            super().produce(
                topic, value, key, partition, on_delivery, timestamp=timestamp, headers=headers
            )
            if self._gap:
                self._taken_ns[value] = sendings.pop().produced_ns
        finally:
            if len(sendings) > before:
                sendings[-1].produced_ns = self._taken_ns.pop(value, sendings[-1].produced_ns)

    def _schedule(self, flight: InFlight) -> None:
        cluster, sending = self._cluster, flight.sending
        conduct, dice, now = cluster.conduct, cluster.dice, cluster.clock.now_ns()
        sending.error = NOT_COMMITTED
        self._transaction.append(flight)
        if self._gap:
            cluster.at(now, lambda: self._report(flight, FakeError(PURGED, _PURGED_TEXT)))
            return
        took_ns = conduct.ack.draw(dice)
        failed = dice.random() < conduct.failed
        if not failed and dice.random() < conduct.dirty:
            cluster.at(now + dice.randint(0, took_ns), lambda: cluster.accept(sending))
        error = FakeError(_TIMED_OUT, "Local: Message timed out") if failed else None
        cluster.at(now + took_ns, lambda: self._report(flight, error))

    def _note(self, flight: InFlight, error: FakeError | None) -> None:  # noqa: ARG002 - as above
        if error is not None:
            self._failed = True
            self._leaves_gap |= error.code() != PURGED

    # --- transactions ----------------------------------------------------------------------------

    def init_transactions(self, timeout: float) -> None:
        """Take the id."""
        self._await(timeout, lambda: True)
        self.is_initialised = True

    def begin_transaction(self) -> None:
        """Begin a transaction."""
        self._refuse_if_fenced()
        if self._open or not self.is_initialised:
            raise FakeKafkaException(FakeError(STATE, "Local: Erroneous state"))
        self._open = True
        self._gap, self._leaves_gap = self._leaves_gap, False

    def commit_transaction(self, timeout: float) -> None:
        """Commit what was delivered; an error, or the dice, demand an abort."""
        self._await(timeout, lambda: not self._in_flight)
        self._serve()
        cluster = self._cluster
        self._fenced = self._fenced or cluster.dice.random() < cluster.conduct.fenced
        self._refuse_if_fenced()
        if self._gap:
            raise FakeKafkaException(
                FakeError(_OUT_OF_ORDER, "skipped sequence numbers", abort=True)
            )
        if self._failed:
            raise FakeKafkaException(
                FakeError(_INCONSISTENT, "1 message(s) failed delivery", abort=True)
            )
        if cluster.dice.random() < cluster.conduct.aborted:
            self._failed = True
            raise FakeKafkaException(
                FakeError(_INVALID_STATE, "Broker: Transaction timed out", abort=True)
            )
        for flight in self._close():
            flight.sending.error = None
            if flight.sending.written_ns is None:
                cluster.accept(flight.sending)

    def abort_transaction(self, timeout: float) -> None:
        """Take back what was given."""
        self._await(timeout, lambda: True)
        for flight in list(self._in_flight):
            self._report(flight, FakeError(PURGED, _PURGED_TEXT))
        self._serve()
        cluster = self._cluster
        self._fenced = self._fenced or cluster.dice.random() < cluster.conduct.fenced
        self._refuse_if_fenced()
        self._close()
        self._failed = False

    def _close(self) -> list[InFlight]:
        """End the transaction now, whichever way."""
        ended, self._transaction = self._transaction, []
        self._open = False
        for flight in ended:
            flight.sending.reported_ns = self._cluster.clock.now_ns()
        return ended

    def _refuse_if_fenced(self) -> None:
        if self._fenced:
            self._close()
            raise FakeKafkaException(FakeError(FENCED, "fenced by a newer instance", fatal=True))

    def _await(self, timeout: float, may_begin: Callable[[], bool]) -> None:
        """Wait until the broker is done with a call; raises FakeKafkaException if it is not."""
        cluster = self._cluster

        def is_done() -> bool:
            cluster.settle()
            if self._due_ns is None:
                if not may_begin():
                    return False
                self._due_ns = cluster.clock.now_ns() + cluster.conduct.commit.draw(cluster.dice)
                cluster.at(self._due_ns, lambda: None)
            return cluster.clock.now_ns() >= self._due_ns

        if not is_done():
            cluster.wait_for(is_done, cluster.clock.now_ns() + round(timeout * 1e9))
        if not is_done():
            raise FakeKafkaException(
                FakeError(_TIMED_OUT, "Timed out waiting for operation", retriable=True)
            )
        self._due_ns = None
