"""Producer properties that librdkafka would refuse are told before the run, with the remedy."""

import pytest

from gatlingpy.plan.code import Env
from gatlingpy.protocols.kafka.dsl import embedded_broker, env, kafka
from gatlingpy.protocols.kafka.producer_conflicts import producer_conflicts
from gatlingpy.protocols.kafka.properties import producer_config


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        (
            {"enable.idempotence": True, "acks": 1},
            "acks is 1, and enable.idempotence needs all; take acks out, or leave enable.id",
        ),
        (
            {"enable.idempotence": "true", "max.in.flight": "6"},
            "max.in.flight.requests.per.connection is '6', and enable.idempotence needs 5 at most",
        ),
        (
            {"enable.idempotence": True, "retries": 0},
            "retries is 0, and enable.idempotence needs 1 at least",
        ),
        (
            {"linger.ms": 500, "message.timeout.ms": 500},
            "linger.ms is 500 and delivery.timeout.ms 500, so that messages would expire",
        ),
        ({"transactional.id": "x"}, 'add .transactional_id("...") to kafka()'),
    ],
)
def test_what_cannot_stand_together(properties: dict[str, object], said: str) -> None:
    """Under any of a property's names, whatever its value is written as."""
    (problem,) = producer_conflicts(properties, transactional=False)
    assert problem.startswith("producer_properties: ")
    assert said in problem


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"enable.idempotence": "false"}, "enable.idempotence is false, and transactions need it"),
        ({"acks": "1"}, "acks is '1', and transactional_id(...) needs all"),
        ({"max.in.flight": 6}, "and transactional_id(...) needs 5 at most"),
        (
            {"delivery.timeout.ms": 60_001},
            "under way for 60001 ms (delivery.timeout.ms), longer than its transaction may be open",
        ),
        ({"transaction.timeout.ms": 29_999}, "under way for 30000 ms"),
        ({"request.timeout.ms": 60_000}, "under way for 60006 ms"),
    ],
)
def test_what_transactions_cannot_stand(properties: dict[str, object], said: str) -> None:
    """Nobody but the user is told what to change."""
    (problem,) = producer_conflicts(properties, transactional=True)
    assert said in problem


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"acks": "all", "enable.idempotence": True, "retries": 2147483647, "max.in.flight": 5},
        {"acks": Env("ACKS"), "delivery.timeout.ms": Env("DELIVERY")},
        {"delivery.timeout.ms": 60_000, "linger.ms": 100},
        {"delivery.timeout.ms": 120_000, "transaction.timeout.ms": 120_000},
        {"transaction.timeout.ms": Env("LONG"), "delivery.timeout.ms": 90_000},
        {"linger.ms": "soon"},
        {"request.timeout.ms": Env("LONG"), "transaction.timeout.ms": 10_000},
    ],
)
@pytest.mark.parametrize("transactional", [True, False])
def test_what_can(properties: dict[str, object], transactional: bool) -> None:
    """What the environment holds is not known before the run."""
    assert list(producer_conflicts(properties, transactional=transactional)) == []


@pytest.mark.parametrize("given", [{"acks": 0}, {"max.in.flight": 6}, {"retries": "0"}])
def test_idempotence_is_off_where_it_would_be_refused(given: dict[str, object]) -> None:
    """Unless it is asked for: that is the conflict told above."""
    assert producer_config(given, "h:9092", "id").properties["enable.idempotence"] is False
    assert producer_config({}, "h:9092", "id").properties["enable.idempotence"] is True


def test_a_plan_tells_what_keeps_it_from_transactions() -> None:
    """All at once."""
    on_embedded = kafka().bootstrap_servers(embedded_broker({"t": 1}))
    problems = list(on_embedded.transactional_id("", "batch", 0).acks(1).plan.problems())
    assert [problem[:30] for problem in problems] == [
        "producer_properties: acks is '",
        "transactional_id(...) needs a ",
        'transactional_id("") is empty;',
        "transactional_id(batch_size=..",
    ]
    perhaps = kafka().bootstrap_servers(env("SERVERS", embedded_broker({"t": 1})))
    assert list(perhaps.transactional_id(env("ID")).plan.problems()) == []
