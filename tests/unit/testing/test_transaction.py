"""The fake transactional producer does what librdkafka does, as far as tests depend on it."""

import pytest

from gatlingpy.protocols.kafka.clients import WireError, WireMessage
from gatlingpy.testing.broker import FakeCluster
from gatlingpy.testing.clock import ManualClock
from gatlingpy.testing.transaction import FENCED, NOT_COMMITTED, STATE, FakeTransactionalProducer
from gatlingpy.testing.truth import MS, Conduct, Delay
from gatlingpy.testing.wire import PURGED, FakeError, FakeKafkaException

QUICK = Conduct(ack=Delay(0, 0), commit=Delay(0, 0))


class Shop:
    """A cluster with one producer that has its id, and what was reported of its messages."""

    def __init__(self, conduct: Conduct = QUICK) -> None:
        self.clock = ManualClock()
        self.cluster = FakeCluster(self.clock, {"t": 1, "r": 1}, conduct, answers={"t": "r"})
        client = self.cluster.transactional_producer(0, "pay-0")
        assert isinstance(client, FakeTransactionalProducer)
        self.client = client
        self.reports: list[int] = []

    def init(self) -> "Shop":
        self.client.init_transactions(1)
        return self

    def produce(self, value: bytes) -> None:
        def told(error: WireError | None, _message: WireMessage | None) -> None:
            self.reports.append(0 if error is None else error.code())

        self.client.produce("t", value, None, -1, told, headers=[])

    def errors(self) -> list[str | None]:
        return [sending.error for sending in self.cluster.sendings]


def error_of(told: pytest.ExceptionInfo[FakeKafkaException]) -> FakeError:
    (error,) = told.value.args
    assert isinstance(error, FakeError)
    return error


def test_nothing_counts_before_it_is_committed() -> None:
    """Neither for the truth nor for the system behind, which answers then."""
    shop = Shop().init()
    shop.client.begin_transaction()
    shop.produce(b"1")
    assert shop.client.poll(0) == 1
    assert (shop.reports, shop.errors()) == ([0], [NOT_COMMITTED])
    assert shop.cluster.sendings[0].written_ns is None
    shop.client.commit_transaction(1)
    assert shop.errors() == [None]
    assert len(shop.cluster.sendings[0].replies) == 1


def test_what_is_aborted_never_counts() -> None:
    """What is not reported yet is purged."""
    shop = Shop(Conduct(ack=Delay(9 * MS, 9 * MS), commit=Delay(0, 0))).init()
    shop.client.begin_transaction()
    shop.produce(b"1")
    shop.client.abort_transaction(1)
    assert (shop.reports, shop.errors()) == ([PURGED], [NOT_COMMITTED])
    assert shop.cluster.sendings[0].replies == []


def test_calls_out_of_turn_are_refused() -> None:
    """No message outside of a transaction, none begun twice or without an id."""
    shop = Shop()
    for call in (shop.client.begin_transaction, lambda: shop.produce(b"1")):
        with pytest.raises(FakeKafkaException) as told:
            call()
        assert error_of(told).code() == STATE
    shop.init().client.begin_transaction()
    with pytest.raises(FakeKafkaException):
        shop.client.begin_transaction()


def test_a_call_that_takes_longer_may_be_made_again() -> None:
    """It goes on meanwhile."""
    shop = Shop(Conduct(ack=Delay(0, 0), commit=Delay(5 * MS, 5 * MS)))
    with pytest.raises(FakeKafkaException) as told:
        shop.client.init_transactions(0)
    assert error_of(told).retriable()
    shop.clock.advance(5 * MS)
    shop.client.init_transactions(0)


def test_a_failed_message_demands_an_abort_and_dooms_the_next_transaction() -> None:
    """Of which nothing is sent."""
    shop = Shop(Conduct(ack=Delay(0, 0), commit=Delay(0, 0), failed=1.0)).init()
    for value, code in ((b"1", -149), (b"2", 45)):
        shop.client.begin_transaction()
        shop.produce(value)
        with pytest.raises(FakeKafkaException) as told:
            shop.client.commit_transaction(1)
        assert (error_of(told).code(), error_of(told).txn_requires_abort()) == (code, True)
        shop.client.abort_transaction(1)
    assert [sending.value for sending in shop.cluster.sendings] == [b"1"]
    assert shop.reports[1:] == [PURGED]


def test_a_fenced_producer_is_of_no_use() -> None:
    """Whatever it is asked for."""
    shop = Shop().init()
    shop.client.begin_transaction()
    shop.client.fence()
    with pytest.raises(FakeKafkaException) as told:
        shop.client.commit_transaction(1)
    assert (error_of(told).code(), error_of(told).fatal()) == (FENCED, True)
    with pytest.raises(FakeKafkaException) as told:
        shop.produce(b"1")
    assert error_of(told).fatal()
