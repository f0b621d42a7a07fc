"""Records taken from topics, topics that users name, and shared groups, on real brokers."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient

from gatlingpy.clock import SystemClock
from gatlingpy.engine.user_thread import Call, UserThread
from gatlingpy.mailbox import SystemThreads, ThreadMailbox, Worker
from gatlingpy.protocols.kafka.clients import WireMessage
from gatlingpy.protocols.kafka.connection import Connection
from gatlingpy.protocols.kafka.consumer import ConsumerPolicy
from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.protocols.kafka.group_reading import GroupReading
from gatlingpy.stats.events import MARK
from gatlingpy.testing.services import ManualServices
from tests.integration.command_line import Workplace, records
from tests.services.kafka import KafkaCluster
from tests.services.kafka_clients import quiet_producer
from tests.services.waiting import await_true

USERS = 300

TAKING = """
class Taking(Simulation):
    def __init__(self):
        topics = {topics!r}
        protocol = (kafka().num_consumers(2).group_id({group!r})
            .bootstrap_servers(env("TEST_SERVERS", embedded_broker(dict.fromkeys(topics, 3)))))
        any_topic, own_topic, early_topic = topics
        make = lambda topic: (kafka("Make").send().topic(topic).key("k-#{{n}}")
            .value(lambda s: {{"n": s["n"]}}).as_json())
        own = (consume("Own", own_topic).match_body(json_path("$.n"), "#{{n}}").as_json()
            .check(json_path("$.n").is_("#{{n}}")).save_as("own").timeout(20))
        by_key = consume("Early", early_topic).match_key("k-#{{n}}").save_as("early").timeout(20)
        some = consume("Any", any_topic).as_json().save_as("any").timeout(20)
        def told(s):
            with open("taken.txt", "a") as file:
                print(json.dumps([s["n"], s["own"]["n"], json.loads(s["early"])["n"], s["any"]["n"]]), file=file)
            return s
        users = scenario("Users").feed(feeder([{{"n": n}} for n in range({users})])).exec(
            make(own_topic), own,
            make(early_topic).timeout(20), pause(0.05), by_key,
            make(any_topic), some, told)
        never = scenario("Never").exec(consume("Never", own_topic).match_key("nobody").timeout(1))
        self.set_up(users.inject_open(ramp_users({users}).during(3)),
            never.inject_open(at_once_users(3))).protocols(protocol)
""".replace("class Taking", "import json\nclass Taking")


def _topics(cluster: KafkaCluster, name: str, count: int, partitions: int = 3) -> list[str]:
    names = [f"{name}-{number}-{time.time_ns()}" for number in range(count)]
    for topic in names:
        cluster.create_topic(topic, partitions)
    return names


@pytest.fixture(params=["embedded", pytest.param("real", marks=pytest.mark.integration)])
def taking(request: pytest.FixtureRequest, work: Workplace) -> tuple[Path, str]:
    """A run in which users take the next record, their own, and ones that came before them."""
    topics, environment = ["any", "own", "early"], {}
    if request.param == "real":
        cluster: KafkaCluster = request.getfixturevalue("real_kafka")
        topics = _topics(cluster, "taking", 3)
        environment = {"TEST_SERVERS": cluster.bootstrap_servers}
    body = TAKING.format(topics=topics, users=USERS, group=f"takers-{time.time_ns()}")
    ended = work.run("run", work.simulation(body), **environment)
    assert ended.code == 0, ended.text
    return work.run_folder(), ended.text


@pytest.mark.slow
def test_each_user_takes_its_own_record_and_each_record_is_taken_once(
    taking: tuple[Path, str],
) -> None:
    """The next ones, those that hold the user's id, and those that were there before."""
    folder, said = taking
    taken = [
        json.loads(line) for line in (folder.parents[1] / "taken.txt").read_text().splitlines()
    ]
    assert len(taken) == USERS
    assert all(n == own == early for n, own, early, _ in taken)
    assert sorted(some for _, _, _, some in taken) == list(range(USERS))
    endings = Counter((fields[2], fields[12]) for fields in records(folder, "REQUEST"))
    assert {name: count for (name, _), count in endings.items() if name in {"Own", "Any"}} == {
        "Own": USERS, "Any": USERS,
    }  # fmt: skip
    assert endings["Early", "ok"] == USERS
    assert endings["Never", "timeout"] == 3
    assert list(records(folder, "REPLY")) == []
    assert "Record timeout after 1000 ms" in said
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["conservation"]["holds"] is True
    assert summary["run"]["health"]["records_not_consumed"] == 0


# --- topics that users name ----------------------------------------------------------------------

NAMING = """
class Naming(Simulation):
    def __init__(self):
        protocol = kafka().bootstrap_servers(env("TEST_SERVERS")).num_consumers(2).spring_correlation()
        ask = (kafka("Ask").request_reply().request_topic({requests!r}).response_topic("#{{reply}}")
            .value("hello #{{n}}").check(response_equals()).timeout(20))
        lost = (kafka("Lost").request_reply().request_topic({requests!r})
            .response_topic("no-such-topic-#{{n}}").value("x").timeout(20))
        replies = {replies!r}
        data = feeder([{{"n": n, "reply": replies[n % len(replies)]}} for n in range({users})])
        users = scenario("Users").feed(data).exec(ask)
        others = scenario("Others").feed(feeder([{{"n": 1}}])).exec(lost)
        self.set_up(users.inject_open(ramp_users({users}).during(3)),
            others.inject_open(at_once_users(1))).protocols(protocol)
    def before(self, run):
        run.start_process([sys.executable, "reply_to.py", run.bootstrap_servers, {requests!r}],
            ready="ready")
"""

REPLY_TO = """
import sys
from confluent_kafka import Consumer, Producer, TopicPartition
servers, topic = sys.argv[1:]
consumer = Consumer({"bootstrap.servers": servers, "group.id": "reply-to", "log_level": 0})
producer = Producer({"bootstrap.servers": servers, "linger.ms": 0, "log_level": 0})
parts = consumer.list_topics(topic, timeout=20).topics[topic].partitions
producer.list_topics(timeout=20)
consumer.assign([TopicPartition(topic, p, 0) for p in parts])
print("ready", flush=True)
while True:
    for message in consumer.consume(100, 0.01):
        where = dict(message.headers() or ()).get("kafka_replyTopic")
        if message.error() is None and where:
            producer.produce(where.decode(), message.value(), headers=message.headers())
    producer.poll(0)
"""


@pytest.mark.integration
@pytest.mark.slow
def test_replies_come_on_topics_that_users_name(work: Workplace, real_kafka: KafkaCluster) -> None:
    """Every one is read, none costs its user the time in which its topic was opened."""
    (requests,) = _topics(real_kafka, "naming", 1)
    replies = _topics(real_kafka, "named", 15, partitions=2)
    work.write("reply_to.py", REPLY_TO)
    body = NAMING.format(requests=requests, replies=replies, users=USERS)
    ended = work.run("run", work.simulation(body), TEST_SERVERS=real_kafka.bootstrap_servers)
    assert ended.code == 0, ended.text
    folder = work.run_folder()
    endings = Counter((fields[2], fields[12]) for fields in records(folder, "REQUEST"))
    assert endings == {("Ask", "ok"): USERS, ("Lost", "consumer"): 1}
    assert "no such topic: 'no-such-topic-1'" in ended.text
    assert list(records(folder, "REPLY")) == []
    health = json.loads((folder / "summary.json").read_text())["run"]["health"]
    assert health["topics_opened"] == 15
    assert health["topics_waited_for"] >= 15


# --- positions -----------------------------------------------------------------------------------


@pytest.mark.integration
@pytest.mark.slow
def test_where_reading_begins_is_committed_for_a_named_group_and_surplus_consumers_are_told(
    work: Workplace, real_kafka: KafkaCluster
) -> None:
    """Before anything is sent; and as far as was read at the end."""
    (topic,) = _topics(real_kafka, "positions", 1)
    group = f"positions-{time.time_ns()}"
    producer = quiet_producer(real_kafka.bootstrap_servers)
    for partition in range(3):
        producer.produce(topic, b"old", partition=partition)
    producer.flush(10)
    body = f"""
    class Positions(Simulation):
        def __init__(self):
            protocol = (kafka().bootstrap_servers(env("TEST_SERVERS")).num_consumers(5)
                .group_id({group!r}).sync_commit(True).commit_interval(0.2))
            make = kafka("Make").send().topic({topic!r}).key("a").value("new")
            take = consume("Take", {topic!r}).save_as("m").check(body_string().is_("new")).timeout(20)
            self.set_up(once(make, take)).protocols(protocol)
    """
    ended = work.run("run", work.simulation(body), TEST_SERVERS=real_kafka.bootstrap_servers)
    assert ended.code == 0, ended.text
    assert f"num_consumers(5) is more than '{topic}' has partitions: it has 3" in ended.text
    committed = _committed(real_kafka.bootstrap_servers, group, topic)
    assert sorted(committed.values()) == [1, 1, 2]
    health = json.loads((work.run_folder() / "summary.json").read_text())["run"]["health"]
    assert health["commits_failed"] == 0


def _committed(servers: str, group: str, topic: str) -> dict[int, int]:
    admin = AdminClient({"bootstrap.servers": servers})
    wanted = ConsumerGroupTopicPartitions(group, [TopicPartition(topic, p) for p in range(3)])
    found = admin.list_consumer_group_offsets([wanted])[group].result(20)
    return {at.partition: at.offset for at in found.topic_partitions}


# --- a group that injectors share ----------------------------------------------------------------


class LiveServices(ManualServices):
    """What a run lends to a protocol, with real threads and the real clock."""

    def __init__(self) -> None:
        super().__init__()
        self.threads = SystemThreads()
        self.clock = SystemClock()  # type: ignore[assignment]
        posted: ThreadMailbox[Call] = ThreadMailbox(1_000_000)
        self.live = UserThread(self.clock, posted)
        self.post = self.live.post  # type: ignore[method-assign]
        self.crashes: list[BaseException] = []
        self.user = self.threads.spawn("user", self.live.step, self.live.wake, self.crashes.append)

    def spawn(self, name: str, step: object, wake: object = None) -> Worker:  # type: ignore[override]
        return self.threads.spawn(name, step, wake, self.crashes.append)  # type: ignore[arg-type]

    def sleep(self, length_ns: int) -> None:
        self.threads.sleep(length_ns)


@pytest.fixture
def services() -> Iterator[LiveServices]:
    services = LiveServices()
    yield services
    services.user.close()


@pytest.mark.integration
@pytest.mark.slow
def test_nothing_is_lost_while_members_of_a_shared_group_come_and_go(
    real_kafka: KafkaCluster, services: LiveServices
) -> None:
    """Two members share three partitions, one leaves, its partitions are read on."""
    (topic,) = _topics(real_kafka, "shared", 1)
    protocol = kafka().bootstrap_servers(real_kafka.bootstrap_servers)
    plan = protocol.group_id(f"shared-{time.time_ns()}").plan
    connection = Connection(plan, services)
    connection.prepare()
    read: list[bytes] = []

    def take(batch: list[WireMessage], _received_ns: int) -> None:
        read.extend(message.value() or b"" for message in batch)

    producer = quiet_producer(real_kafka.bootstrap_servers)

    def write(first: int, last: int) -> None:
        for number in range(first, last):
            producer.produce(topic, b"%d" % number, partition=number % 3)
        assert producer.flush(20) == 0

    write(0, 30)
    group = GroupReading(connection.cluster(), services, 2, ConsumerPolicy(), from_start=False)
    group.start([topic], take, lambda topic, cause: None)
    try:
        write(100, 400)
        await_true(lambda: len(read) >= 300, timeout_s=60, what=lambda: f"{len(read)} of 300")
        shares = {m.split()[0]: m.count("[") for m in _marks(services) if "was assigned" in m}
        assert sorted(shares.values()) == [1, 2]
        group.actors[0].close()
        write(400, 700)
        await_true(
            lambda: len(set(read)) >= 600, timeout_s=60, what=lambda: f"{len(set(read))} of 600"
        )
        assert sorted(read, key=int) == [b"%d" % number for number in range(100, 700)]
        assert sum("was assigned" in mark for mark in _marks(services)) >= 3
        assert any("gave up" in mark for mark in _marks(services))
        assert services.crashes == []
    finally:
        for actor in group.actors:
            actor.close()
        connection.release()


def _marks(services: LiveServices) -> list[str]:
    return [str(event[2]) for event in services.events if event[0] == MARK]
