"""Transactions on Apache Kafka: what the log calls ok is committed, and nothing else is."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from tests.integration.command_line import Workplace, records
from tests.integration.transaction_log import assert_reconciled, bodies, ends, marks, told
from tests.services.kafka import KafkaCluster, RealKafka
from tests.services.kafka_clients import brokers_seen
from tests.services.offer import or_refuse
from tests.services.waiting import await_true

pytestmark = pytest.mark.integration

SIMULATION = """
TOPIC = "{topic}"
PROTOCOL = kafka().bootstrap_servers(env("TEST_SERVERS")).{protocol}

def body(name):
    return lambda s: f"{{s.user_id}}/{{name}}"

class Transactional(Simulation):
    def __init__(self):
        waited = kafka("Wait").send().topic(TOPIC).value(body("Wait"))
        fired = kafka("Fire").send().topic(TOPIC).value(body("Fire")).no_ack()
        asked = kafka("Ask").request_reply().topics(TOPIC, TOPIC).loopback().value(body("Ask"))
        users = scenario("People").exec({steps})
        self.set_up(users.inject_open({load})).protocols(PROTOCOL)
"""


def simulation(
    work: Workplace,
    topic: str,
    protocol: str,
    *,
    steps: str = "waited, fired, asked",
    load: str = "constant_users_per_sec(50).during(2)",
) -> str:
    """Write a simulation whose messages hold their user and name."""
    return work.simulation(
        SIMULATION.format(topic=topic, protocol=protocol, steps=steps, load=load)
    )


@pytest.mark.parametrize("commit", ["message", "batch"])
def test_what_is_ok_is_committed(work: Workplace, real_kafka: KafkaCluster, commit: str) -> None:
    """Once, and by every kind of request; two producers have two ids."""
    servers, topic = real_kafka.bootstrap_servers, f"committed-{commit}"
    real_kafka.create_topic(topic, 3)
    protocol = f'transactional_id("{topic}", commit="{commit}").num_producers(2)'
    name = simulation(work, topic, protocol, load="at_once_users(100)")
    ended = work.run("run", name, TEST_SERVERS=servers)
    assert ended.code == 0, ended.text
    requests = assert_reconciled(work.run_folder(), servers, topic)
    assert Counter(request.ending for request in requests.values()) == {"ok": 300}
    assert bodies(servers, topic, "read_uncommitted") == bodies(servers, topic)
    legs = Counter(fields[2] for fields in records(work.run_folder(), "LEG"))
    assert legs == {"Ask-send": 100}
    commits = ends(servers, topic) - 300
    if commit == "message":
        assert commits == 300
    else:
        assert 0 < commits < 300


@pytest.mark.parametrize("commit", ["message", "batch"])
def test_an_aborted_transaction_is_ko(
    work: Workplace, real_kafka: KafkaCluster, commit: str
) -> None:
    """All of its messages are; those that read uncommitted see them, those that do not never do."""
    servers, topic = real_kafka.bootstrap_servers, f"aborted-{commit}"
    config = {"max.message.bytes": "2000"}
    admin = AdminClient({"bootstrap.servers": servers})
    admin.create_topics([NewTopic(topic, 3, 1, config=config)])[topic].result(30)
    large = (
        'kafka("Large").send().topic(TOPIC)'
        '.value(lambda s: f"{s.user_id}/Large" + " " * (100 if s.user_id % 5 else 5000))'
    )
    name = simulation(
        work, topic, f'transactional_id("{topic}", commit="{commit}")',
        steps=f"fired, {large}, asked",
    )  # fmt: skip
    ended = work.run("run", name, TEST_SERVERS=servers)
    assert ended.code == 0, ended.text
    requests = told(work.run_folder())
    own = "transaction aborted: not delivered: Broker: Message size too large"
    for body, request in requests.items():
        user, name = body.split("/")
        if name == "Large" and int(user) % 5 == 0:
            assert request.message == own
    committed = Counter({b.strip(): n for b, n in bodies(servers, topic).items()})
    assert committed == {body: 1 for body, r in requests.items() if r.ending == "ok"}
    others = [r.message for r in requests.values() if r.ending == "send"]
    if commit == "message":
        assert others == [own] * 20
    else:
        skipped = "transaction aborted: skipped sequence numbers"  # and a part of it was sent
        assert set(others) <= {own, own.replace("not", "another message of it was not", 1), skipped}
    assert len(requests) == 300
    assert marks(work.run_folder()) == []


def test_a_fenced_producer_fails_its_requests_to_the_end(
    work: Workplace, real_kafka: KafkaCluster
) -> None:
    """With the reason and a mark, while the other producer goes on; the run does not hang."""
    servers, topic = real_kafka.bootstrap_servers, "fenced"
    real_kafka.create_topic(topic, 3)
    name = simulation(
        work, topic, 'transactional_id("fenced").num_producers(2)',
        steps="waited, fired", load="constant_users_per_sec(50).during(6)",
    )  # fmt: skip
    command = work.start("run", name, TEST_SERVERS=servers)
    command.await_text("started, results in")
    log = work.run_folder() / "simulation.log"
    await_true(lambda: log.read_text().count("REQUEST") >= 50, what="50 requests")
    with fencing(servers, "fenced-0"):
        ended = command.wait()
    assert ended.code == 0, ended.text
    requests = assert_reconciled(work.run_folder(), servers, topic)
    text = "fenced: another producer uses the transactional id 'fenced-0'"
    assert {r.message for r in requests.values() if r.ending != "ok"} == {text}
    endings = Counter(r.ending for r in requests.values())
    assert endings.keys() == {"ok", "send"}
    assert endings["send"] >= 100
    assert endings["ok"] >= 300
    assert marks(work.run_folder()) == [text]


def test_a_run_whose_producers_are_all_fenced_comes_to_its_end(
    work: Workplace, real_kafka: KafkaCluster
) -> None:
    """Every request is told why; request-replies, too, do not wait for their timeout."""
    servers, topic = real_kafka.bootstrap_servers, "all-fenced"
    real_kafka.create_topic(topic, 3)
    name = simulation(
        work, topic, 'transactional_id("all-fenced", commit="batch")',
        steps="waited, fired, asked", load="constant_users_per_sec(30).during(5)",
    )  # fmt: skip
    command = work.start("run", name, TEST_SERVERS=servers)
    command.await_text("started, results in")
    log = work.run_folder() / "simulation.log"
    await_true(lambda: log.read_text().count("REQUEST") >= 30, what="30 requests")
    with fencing(servers, "all-fenced-0"):
        ended = command.wait()
    assert ended.code == 0, ended.text
    requests = assert_reconciled(work.run_folder(), servers, topic)
    assert {r.message for r in requests.values() if r.ending == "send"} == {
        "fenced: another producer uses the transactional id 'all-fenced-0'"
    }
    assert requests["150/Ask"].ending == "send"


@contextmanager
def fencing(servers: str, transactional_id: str) -> Iterator[None]:
    """Take a transactional id away from whoever has it."""
    other = Producer({"bootstrap.servers": servers, "transactional.id": transactional_id})
    other.init_transactions(30)
    yield
    other.flush(0)


@pytest.mark.slow
@pytest.mark.parametrize("commit", ["message", "batch"])
def test_a_coordinator_that_is_killed(
    work: Workplace, real_kafka_3: KafkaCluster, commit: str
) -> None:
    """Requests fail or succeed truthfully: the counts reconcile with what the topic holds."""
    servers, topic = real_kafka_3.bootstrap_servers, f"coordinator-{commit}"
    real_kafka_3.create_topic(topic, 3)
    name = simulation(
        work, topic, f'transactional_id("{topic}", commit="{commit}")',
        steps='waited.timeout("8s"), fired.timeout("8s")',
        load="constant_users_per_sec(20).during(15)",
    )  # fmt: skip
    command = work.start("run", name, TEST_SERVERS=servers)
    command.await_text("started, results in")
    log = work.run_folder() / "simulation.log"
    await_true(lambda: log.read_text().count("REQUEST") >= 40, what="40 requests")
    node = coordinator(servers, f"{topic}-0")
    real_kafka_3.kill(node)
    try:
        ended = command.wait()
    finally:
        real_kafka_3.start(node)
    await_true(lambda: brokers_seen(servers) == 3, timeout_s=60, what="three brokers")
    assert ended.code == 0, ended.text
    requests = assert_reconciled(work.run_folder(), servers, topic)
    endings = Counter(r.ending for r in requests.values())
    assert endings["ok"] >= 100
    assert endings.keys() <= {"ok", "send", "timeout"}
    assert len(requests) == 600


def coordinator(servers: str, transactional_id: str) -> int:
    """Return the broker that keeps the state of a transactional id."""
    metadata = AdminClient({"bootstrap.servers": servers}).list_topics(timeout=10)
    partitions = metadata.topics["__transaction_state"].partitions
    number = 0
    for letter in transactional_id:
        number = (31 * number + ord(letter)) % 2**32
    return int(partitions[(number & 0x7FFFFFFF) % len(partitions)].leader)


@pytest.mark.slow
def test_a_retry_of_the_client_makes_no_second_message(
    work: Workplace, real_kafka_3: KafkaCluster
) -> None:
    """Idempotent by default: through the restart of a broker, each message is there once."""
    servers, topic = real_kafka_3.bootstrap_servers, "idempotent"
    real_kafka_3.create_topic(topic, 6)
    name = simulation(
        work, topic, "idempotence()", steps="waited, fired",
        load="constant_users_per_sec(200).during(8)",
    )  # fmt: skip
    command = work.start("run", name, TEST_SERVERS=servers)
    command.await_text("started, results in")
    log = work.run_folder() / "simulation.log"
    await_true(lambda: log.read_text().count("REQUEST") >= 400, what="400 requests")
    real_kafka_3.kill(3)
    real_kafka_3.start(3)
    ended = command.wait()
    assert ended.code == 0, ended.text
    requests = assert_reconciled(work.run_folder(), servers, topic)
    assert len(requests) == 3_200


def test_an_id_that_cannot_be_taken_is_explained(work: Workplace, real_kafka: KafkaCluster) -> None:
    """Before any user starts, with the remedy."""
    name = simulation(
        work, "t", 'transactional_id("slow").producer_properties('
        '{"transaction.timeout.ms": 3_600_000}).create_topics({"t": 1})',
    )  # fmt: skip
    ended = work.run("run", name, TEST_SERVERS=real_kafka.bootstrap_servers)
    ended.must_refuse(
        "the transactional id 'slow-0' could not be taken", "lower transaction.timeout.ms"
    )


def test_the_embedded_broker_is_refused(work: Workplace) -> None:
    """Its transactions would be no truth; told before anything starts, and from the environment."""
    body = """
    class Refused(Simulation):
        def __init__(self):
            protocol = kafka().bootstrap_servers({servers}).transactional_id("x")
            sent = kafka("Send").send().topic("t").value("v")
            self.set_up(once(sent)).protocols(protocol)
    """
    for servers in ('embedded_broker({"t": 1})', 'env("NOT_SET", embedded_broker({"t": 1}))'):
        ended = work.run("run", work.simulation(body.format(servers=servers)))
        ended.must_refuse("transactional_id(...) needs a real Kafka")


def test_closing_is_bounded_and_leaves_nothing_open(
    work: Workplace, real_kafka: KafkaCluster
) -> None:
    """A run that is stopped in the middle commits what it began; the rest ends, and is not sent."""
    servers, topic = real_kafka.bootstrap_servers, "stopped"
    real_kafka.create_topic(topic, 3)
    name = simulation(
        work, topic, 'transactional_id("stopped")', steps='waited.timeout("1s"), fired',
        load="constant_users_per_sec(500).during(2)",
    )  # fmt: skip
    ended = work.run("run", name, TEST_SERVERS=servers)
    assert ended.code == 0, ended.text
    requests = assert_reconciled(work.run_folder(), servers, topic)
    assert Counter(r.ending for r in requests.values()).keys() <= {"ok", "timeout", "send"}


def test_a_cluster_that_is_gone_does_not_hold_up_the_end(work: Workplace) -> None:
    """Every request ends; those whose commit was under way are named as in doubt."""
    name = simulation(
        work, "gone", 'transactional_id("gone").num_producers(3).create_topics({"gone": 1})',
        steps='waited.timeout("2s"), fired.timeout("2s"), asked.timeout("2s")',
        load="constant_users_per_sec(30).during(4)",
    )  # fmt: skip
    with closing(or_refuse(RealKafka().open)) as cluster:
        command = work.start("run", name, TEST_SERVERS=cluster.bootstrap_servers)
        command.await_text("started, results in")
        log = work.run_folder() / "simulation.log"
        await_true(lambda: log.read_text().count("REQUEST") >= 50, what="50 requests")
        cluster.kill(1)
        ended = command.wait(60)
    assert ended.code == 0, ended.text
    requests = told(work.run_folder())
    endings = Counter(r.ending for r in requests.values())
    assert endings["ok"] >= 50
    assert endings.keys() == {"ok", "timeout", "send"}
    reasons = {r.message for r in requests.values() if r.ending == "send"}
    assert "not delivered: the run ended before its transaction began" in reasons
    assert any(reason.startswith("in doubt: ") for reason in reasons)


def test_a_second_run_takes_the_ids_over(work: Workplace, real_kafka: KafkaCluster) -> None:
    """From the first, which is gone; nobody is fenced."""
    servers, topic = real_kafka.bootstrap_servers, "again"
    real_kafka.create_topic(topic, 3)
    name = simulation(work, topic, 'transactional_id("again")', load="at_once_users(5)")
    for _ in range(2):
        ended = work.run("run", name, TEST_SERVERS=servers)
        assert ended.code == 0, ended.text
    for folder in work.run_folders():
        assert Counter(r.ending for r in told(folder).values()) == {"ok": 15}
