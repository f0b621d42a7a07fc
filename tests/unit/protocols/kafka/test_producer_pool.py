"""Producers in turn; those with transactional ids take them before anything is sent."""

from collections.abc import Iterable

import pytest

from gatlingpy.errors import ProtocolError, UsageError
from gatlingpy.protocols.kafka.clients import TransactionalClient
from gatlingpy.protocols.kafka.dsl import env, kafka
from gatlingpy.protocols.kafka.protocol_builder import KafkaProtocolBuilder
from gatlingpy.protocols.kafka.transaction_start import initialise
from gatlingpy.testing.clock import ManualClock
from gatlingpy.testing.transaction import FakeTransactionalProducer
from gatlingpy.testing.truth import Conduct, Delay
from gatlingpy.testing.wire import FakeError, FakeKafkaException
from tests.unit.protocols.kafka.broker_side import PROMPT, Bench, compiled

NOW = Delay(0, 0)
LATER = FakeError(-185, "Timed out", retriable=True)


def bench(protocol: KafkaProtocolBuilder) -> Bench:
    send = kafka("Log").send().topic("events").value("hello").timeout(1)
    return Bench(protocol, send, conduct=Conduct(ack=PROMPT, commit=NOW))


def protocol() -> KafkaProtocolBuilder:
    return kafka().bootstrap_servers("fake:9092")


def ids(b: Bench) -> list[str]:
    clients = [c for c in b.cluster.producers if isinstance(c, FakeTransactionalProducer)]
    assert all(client.is_initialised for client in clients)
    return [client.transactional_id for client in clients]


def test_each_producer_has_an_id_of_its_own() -> None:
    """Numbered from 0, one producer alike."""
    assert ids(bench(protocol().transactional_id("pay").num_producers(3))) == [
        "pay-0", "pay-1", "pay-2",
    ]  # fmt: skip
    assert ids(bench(protocol().transactional_id("pay"))) == ["pay-0"]


def test_segments_of_a_run_share_no_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """They would fence each other; the name may come from the environment."""
    monkeypatch.setenv("TX", "pay")
    own = protocol().transactional_id(env("TX")).num_producers(2)
    runtime, services, _, cluster = compiled(own, conduct=Conduct(commit=NOW))
    services.segment = (3, 4)
    runtime.prepare()
    runtime.start()
    clients = [c for c in cluster.producers if isinstance(c, FakeTransactionalProducer)]
    assert [client.transactional_id for client in clients] == ["pay-4", "pay-5"]


def test_producers_take_turns() -> None:
    """Each message is sent by the next."""
    b = bench(protocol().transactional_id("pay").num_producers(2))
    for _ in range(4):
        b.perform()
    for _ in range(8):
        b.after_ms(1, "kafka-transaction-0", "kafka-transaction-1")
    assert [row.ending for row in b.rows()] == ["ok"] * 4


def test_a_committed_send_ends_with_its_commit() -> None:
    """Its user goes on then, not when the broker has the message."""
    b = Bench(
        protocol().transactional_id("pay", commit="batch"),
        kafka("Log").send().topic("events").value("hello").timeout(1),
        conduct=Conduct(ack=PROMPT, commit=NOW),
    )
    start = b.now
    b.perform()
    b.play("kafka-transaction-0")
    assert b.rows() == []
    b.after_ms(1, "kafka-transaction-0")
    assert [(row.ending, row.start_ns) for row in b.rows()] == [("ok", start)]
    assert b.resumed[0][1] == b.rows()[0].end_ns > start


@pytest.mark.parametrize(
    ("commit", "size", "count"), [("message", 2, 1), ("batch", 2, 2), ("batch", 1_000, 3)]
)
def test_a_transaction_holds_what_the_plan_says(commit: str, size: int, count: int) -> None:
    """One message, or as many as have gathered up to the size of a batch."""
    b = bench(protocol().transactional_id("pay", commit, size))  # type: ignore[arg-type]
    for _ in range(3):
        b.perform()
    b.play("kafka-transaction-0")
    b.after_ms(1, "kafka-transaction-0")
    assert len(b.rows()) == count


class Starting:
    """A client whose id is taken after some calls, or not at all."""

    def __init__(self, name: str, errors: Iterable[FakeError], calls: list[str]) -> None:
        self.name = name
        self.errors = list(errors)
        self.calls = calls

    def init_transactions(self, timeout: float) -> None:
        self.calls.append(self.name)
        if self.errors:
            raise FakeKafkaException(self.errors.pop(0))


def start(clock: ManualClock, **clients: list[FakeError]) -> list[str]:
    calls: list[str] = []
    starting: dict[str, TransactionalClient] = {
        name: Starting(name, errors, calls)  # type: ignore[misc]
        for name, errors in clients.items()
    }

    def now_ns() -> int:
        clock.advance(1_000_000_000)
        return clock.now_ns()

    initialise(starting, now_ns)
    return calls


def test_ids_are_taken_all_at_once() -> None:
    """A short call each in turn, until all have theirs."""
    assert start(ManualClock(), a=[LATER, LATER], b=[LATER]) == ["a", "b", "a", "b", "a"]


def test_ids_that_are_not_given_in_time_are_told_of() -> None:
    """With what may be the reason."""
    with pytest.raises(ProtocolError, match=r"'a' could not be taken: Timed out; has the cluster"):
        start(ManualClock(), a=[LATER] * 100)


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        (50, "lower transaction.timeout.ms"),
        (53, "allow the client's user"),
        (-165, "leave transactional_id"),
        (1, "leave transactional_id(...) out if transactions are not meant"),
    ],
)
def test_an_id_that_is_refused_is_told_of_at_once(code: int, remedy: str) -> None:
    """With the broker's words and the remedy."""
    with pytest.raises(ProtocolError) as told:
        start(ManualClock(), a=[FakeError(code, "Broker: No", fatal=True)])
    assert "the transactional id 'a' could not be taken: Broker: No; " in str(told.value)
    assert remedy in str(told.value)


def test_methods_refuse_what_is_of_no_use() -> None:
    """With the user's line."""
    p = protocol()
    for call in (
        lambda: p.transactional_id(5),  # type: ignore[arg-type]
        lambda: p.transactional_id("x", commit="always"),  # type: ignore[arg-type]
        lambda: p.transactional_id("x", "batch", "many"),  # type: ignore[arg-type]
        lambda: p.acks(2),  # type: ignore[arg-type]
        lambda: p.acks(True),  # type: ignore[arg-type]
    ):
        with pytest.raises(UsageError, match=r"test_producer_pool\.py:\d+: "):
            call()


def test_short_calls_are_properties() -> None:
    """What is given last wins."""
    given = protocol().producer_properties({"acks": "all"}).acks(0).idempotence(False)
    assert dict(given.plan.producer_properties) == {"acks": "0", "enable.idempotence": False}


def test_a_printed_plan_tells_of_transactions() -> None:
    """Their first id, and when they are committed; what the environment holds stays there."""
    assert "transactions" not in protocol().plan.describe()
    by_message = protocol().transactional_id("pay").num_producers(2).plan.describe()
    assert "producers 2 in transactions by message (pay-0 …), consumers 1" in by_message
    by_batch = protocol().transactional_id(env("TX"), "batch").plan.describe()
    assert "in transactions by batch (${TX}-0 …)" in by_batch
