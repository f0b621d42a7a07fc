"""Producers on Apache Kafka: where their messages go, what stands in them, when they give up."""

import json
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.integration.command_line import Workplace, records
from tests.services.kafka import KafkaCluster, RealKafka
from tests.services.kafka_clients import consume_all
from tests.services.kafka_jars import KAFKA
from tests.services.offer import or_refuse
from tests.services.waiting import await_true

pytestmark = pytest.mark.integration

ENDING, MESSAGE, NAME = 12, 6, 2
PLACEMENT = Path(__file__).parents[1] / "services" / "JavaPlacement.java"

SIMULATION = """
PROTOCOL = kafka().bootstrap_servers(env("TEST_SERVERS"))

class Sending(Simulation):
    def __init__(self):
        users = scenario("People").{steps}
        self.set_up(users.inject_open({load})).protocols(PROTOCOL{protocol})
"""


def simulation(work: Workplace, steps: str, load: str, protocol: str = "") -> str:
    return work.simulation(SIMULATION.format(steps=steps, load=load, protocol=protocol))


# --- places ----------------------------------------------------------------------------------------


def java_places(keys: Sequence[str], partitions: int, folder: Path) -> list[int]:
    """Ask Java's own producer where it would put these keys."""
    java, jars = or_refuse(KAFKA.java), or_refuse(KAFKA.jars)
    lines = folder / "keys.txt"
    lines.write_text("\n".join(keys), encoding="utf-8")
    command = [java, "-cp", f"{jars}/*", str(PLACEMENT), str(lines), str(partitions)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    return [int(line) for line in said.split()]


def test_a_key_goes_where_java_would_put_it(work: Workplace, real_kafka: KafkaCluster) -> None:
    """Whatever letters it has, be there none; a message without a key goes anywhere."""
    partitions, topic = 7, "placed"
    real_kafka.create_topic(topic, partitions)
    keys = ["", *(f"order-{i}" for i in range(200)), *("äöü€😀" * i for i in range(1, 40))]
    keys += [
        "".join(chr(0x4E00 + (i * 37 + j) % 5000) for j in range(i % 9 + 1)) for i in range(60)
    ]
    records_of = [{"key": key} for key in dict.fromkeys(keys)]
    work.write("keys.json", json.dumps(records_of))
    send = 'kafka("Send").send().topic("placed").key(lambda s: s["key"]).value("v")'
    steps = f'feed(json_file("keys.json").queue()).exec({send})'
    name = simulation(work, steps, f"at_once_users({len(records_of)})")
    ended = work.run("run", name, TEST_SERVERS=real_kafka.bootstrap_servers)
    assert ended.code == 0, ended.text
    messages = consume_all(real_kafka.bootstrap_servers, topic, len(records_of))
    placed = {(m.key() or b"").decode(): m.partition() for m in messages}
    asked = list(placed)
    assert len(asked) == len(records_of)
    assert [placed[key] for key in asked] == java_places(asked, partitions, work.folder)
    assert set(placed.values()) == set(range(partitions))


def test_a_partition_may_be_chosen(work: Workplace, real_kafka: KafkaCluster) -> None:
    """Against the key; one that the topic has not is a failed request with a plain reason."""
    real_kafka.create_topic("chosen", 4)
    send = 'kafka("Send").send().topic("chosen").key("k").partition(lambda s: s.user_id % 5).value("v")'
    asked = (
        'kafka("Ask").request_reply().topics("chosen", "chosen").loopback().partition(9).value("v")'
    )
    name = simulation(work, f"exec({send}, {asked})", "at_once_users(20)")
    ended = work.run("run", name, TEST_SERVERS=real_kafka.bootstrap_servers)
    assert ended.code == 0, ended.text
    told = Counter((r[NAME], r[ENDING], r[MESSAGE]) for r in records(work.run_folder(), "REQUEST"))
    why = "not delivered: the topic has no partition of that number"
    assert told == {("Send", "ok", " "): 16, ("Send", "send", why): 4, ("Ask", "send", why): 20}
    messages = consume_all(real_kafka.bootstrap_servers, "chosen", 16)
    assert Counter(m.partition() for m in messages) == dict.fromkeys(range(4), 4)


# --- contents --------------------------------------------------------------------------------------


def test_what_was_written_is_read_back(work: Workplace, real_kafka: KafkaCluster) -> None:
    """Keys, values, timestamps and headers, byte for byte; what is none is left out."""
    real_kafka.create_topic("contents", 1)
    before_ms = int(time.time() * 1000)
    headers = (
        '{"text": "ä", "bytes": b"\\x00\\xff", "number": 5, "none": None, '
        '"user": "u-#{n}", "fn": lambda s: s["n"] + 1, "tag": ["a", b"b"]}'
    )
    sends = [
        f'.key(7).value("text").timestamp(1_700_000_000.25).headers({headers})',
        '.key(lambda s: (258).to_bytes(4, "big")).tombstone()',
        '.key(1.5).value(b"\\x00\\x01").as_bytes()',
        '.value({"n": "#{n}"}).as_json()',
    ]
    actions = ", ".join(f'kafka("S{i}").send().topic("contents"){s}' for i, s in enumerate(sends))
    actions += ', kafka("contents", "k", "short").headers({"h": "#{n}"})'
    actions += ', kafka("Named", "contents", "k", "named", {"h": lambda s: s["n"]}, False, 5)'
    name = simulation(work, f'exec(lambda s: s.set("n", 41)).exec({actions})', "at_once_users(1)")
    ended = work.run("run", name, TEST_SERVERS=real_kafka.bootstrap_servers)
    assert ended.code == 0, ended.text
    read = consume_all(real_kafka.bootstrap_servers, "contents", len(sends) + 2)
    assert [(m.key(), m.value(), m.headers()) for m in read] == [
        (
            b"7", b"text",
            [
                ("text", "ä".encode()), ("bytes", b"\x00\xff"), ("number", b"5"),
                ("user", b"u-41"), ("fn", b"42"), ("tag", b"a"), ("tag", b"b"),
            ],
        ),
        (b"\x00\x00\x01\x02", None, None),
        (b"1.5", b"\x00\x01", None),
        (None, b'{"n":41}', None),
        (b"k", b"short", [("h", b"41")]),
        (b"k", b"named", [("h", b"41")]),
    ]  # fmt: skip
    times = [m.timestamp()[1] for m in read]
    assert times[0] == 1_700_000_000_250
    assert all(before_ms <= ms <= time.time() * 1000 for ms in times[1:])


@pytest.mark.parametrize("kind", ["none", "gzip", "snappy", "lz4", "zstd"])
def test_every_kind_of_compression(work: Workplace, real_kafka: KafkaCluster, kind: str) -> None:
    """What is written is what is read, and a batch of like values takes less room."""
    topic = f"compressed-{kind}"
    real_kafka.create_topic(topic, 1)
    value = "x" * 2_000
    name = simulation(
        work,
        f'exec(kafka("Send").send().topic("{topic}").value("{value}"))',
        "at_once_users(50)",
        f'.producer_properties({{"compression.type": "{kind}", "linger.ms": 50}})',
    )
    ended = work.run("run", name, TEST_SERVERS=real_kafka.bootstrap_servers)
    assert ended.code == 0, ended.text
    read = consume_all(real_kafka.bootstrap_servers, topic, 50)
    assert {m.value() for m in read} == {value.encode()}
    if isinstance(real_kafka, RealKafka):
        assert (real_kafka.log_bytes(topic) < 50_000) == (kind != "none")


@pytest.mark.parametrize("acks", ["'all'", "1", "0"])
def test_every_kind_of_acknowledgement(
    work: Workplace, real_kafka: KafkaCluster, acks: str
) -> None:
    """Each is accepted, and delivers."""
    topic = f"acks-{acks.strip(chr(39))}"
    real_kafka.create_topic(topic, 2)
    name = simulation(
        work, f'exec(kafka("Send").send().topic("{topic}").value("v"))', "at_once_users(50)",
        f".acks({acks}).num_producers(3)",
    )  # fmt: skip
    ended = work.run("run", name, TEST_SERVERS=real_kafka.bootstrap_servers)
    assert ended.code == 0, ended.text
    assert len(consume_all(real_kafka.bootstrap_servers, topic, 50)) == 50


# --- giving up -------------------------------------------------------------------------------------


def test_a_send_has_a_timeout_of_its_own(work: Workplace) -> None:
    """Before the client gives up; what is delivered later all the same is named, and no second row.

    A broker that hangs for some seconds is what shows it.
    """
    steps = 'exec(kafka("Wait").send().topic("slow").value("v").timeout("500ms"))'
    load = "constant_users_per_sec(20).during(6)"
    name = simulation(work, steps, load, '.create_topics({"slow": 1})')
    with closing(or_refuse(RealKafka().open)) as cluster:
        command = work.start("run", name, TEST_SERVERS=cluster.bootstrap_servers)
        command.await_text("started, results in")
        log = work.run_folder() / "simulation.log"
        await_true(lambda: log.read_text().count("REQUEST") >= 20, what="20 requests")
        cluster.pause(1)
        await_true(lambda: log.read_text().count("Ack timeout") >= 20, what="20 timeouts")
        cluster.resume(1)
        ended = command.wait()
        assert ended.code == 0, ended.text
        assert len(consume_all(cluster.bootstrap_servers, "slow", 120)) == 120
    told = Counter((r[ENDING], r[MESSAGE]) for r in records(work.run_folder(), "REQUEST"))
    assert told.keys() == {("ok", " "), ("timeout", "Ack timeout after 500 ms")}
    assert told.total() == 120
    late = Counter(fields[ENDING] for fields in records(work.run_folder(), "REPLY"))
    assert late == {"late-delivery": told["timeout", "Ack timeout after 500 ms"]}


def test_sends_that_fail_are_ko_under_their_own_name(work: Workplace) -> None:
    """Waited for or not, and request-replies, too: while a broker is away, and for ever."""
    steps = (
        'exec(kafka("Wait").send().topic("gone").value("v"), '
        'kafka("Fire").send().topic("gone").value("v").no_ack(), '
        'kafka("Ask").request_reply().topics("gone", "gone").loopback().value("v"))'
    )
    name = simulation(
        work, steps, "constant_users_per_sec(20).during(4)",
        '.create_topics({"gone": 1}).producer_properties({"delivery.timeout.ms": 1500})',
    )  # fmt: skip
    with closing(or_refuse(RealKafka().open)) as cluster:
        command = work.start("run", name, TEST_SERVERS=cluster.bootstrap_servers)
        command.await_text("started, results in")
        log = work.run_folder() / "simulation.log"
        await_true(lambda: log.read_text().count("REQUEST") >= 60, what="60 requests")
        cluster.kill(1)
        ended = command.wait()
    assert ended.code == 0, ended.text
    rows = list(records(work.run_folder(), "REQUEST"))
    told = Counter((row[NAME], row[ENDING]) for row in rows)
    for name in ("Wait", "Fire", "Ask"):
        assert told[name, "ok"] > 0
        assert told[name, "send"] > 0
        assert told[name, "ok"] + told[name, "send"] + told[name, "timeout"] == 80
    assert all(r[MESSAGE].startswith("not delivered: ") for r in rows if r[ENDING] == "send")
    legs = {fields[NAME] for fields in records(work.run_folder(), "LEG")}
    assert legs == {"Ask-send"}
