"""Every mistake that a user can make: a clear message, exit code 1, and nothing half done."""

import contextlib
import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import TopicPartition

from gatlingpy.stats.log_format import decode
from tests.integration.command_line import LINES, ROOT, Ended, Workplace, records
from tests.services.embedded import StartEmbeddedBroker
from tests.services.kafka_clients import quiet_consumer

TOPICS = {"requests": 2, "replies": 2}


def line(number: int) -> str:
    """Return ``file:line`` of a line of what a test wrote; the first one is 1."""
    return f"sim.py:{LINES + number + 1}"


def refused(work: Workplace, body: str, *said: str, **environment: str) -> Ended:
    """Run a simulation that cannot be run: no folder is left, not even that of all results."""
    ended = work.run("run", work.simulation(body), **environment)
    ended.must_refuse(*said)
    assert not work.results.exists(), list(work.results.rglob("*"))
    return ended


def messages_in(servers: str, topics: dict[str, int]) -> int:
    """Return how many messages these topics hold."""
    consumer = quiet_consumer(servers)
    try:
        places = [TopicPartition(t, p) for t, count in topics.items() for p in range(count)]
        marks = [consumer.get_watermark_offsets(place, timeout=10) for place in places]
        return sum(high - low for low, high in marks)
    finally:
        consumer.close()


# --- the module ----------------------------------------------------------------------------------


def test_a_module_that_is_not_there(work: Workplace) -> None:
    """It is named, and how to call gatlingpy is told."""
    for name in ("nosuch", "nosuch.module", "simulations/pay"):
        work.run("run", name).must_refuse(f"no module {name!r}", "run gatlingpy from the folder")
    work.run("run", "nosuch.py").must_refuse("there is no file nosuch.py")
    work.run("plan", "nosuch").must_refuse("no module 'nosuch'")
    assert list(work.folder.iterdir()) == [work.folder / "stdout.txt", work.folder / "stderr.txt"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("VALUE = 1\n", ["sim.py has no Simulation", "class MySimulation(Simulation)"]),
        ("class A(Simulation): pass\nclass B(A): pass\n", ["2 Simulations: A, B", "--simulation"]),
        ("class A(Simulation:\n", ["sim cannot be imported: SyntaxError", f"line {LINES + 1}"]),
        ("import nosuchthing\n", ["No module named 'nosuchthing'", f"{line(0)}: import nosuch"]),
        ("sys.exit(7)\n", ["sim cannot be imported: SystemExit: 7", line(0)]),
        ("pause('soon')\nASK.timeout('soon')\n", [f"gatlingpy: {line(1)}: timeout(...) must be"]),
    ],
    ids=["none", "two", "syntax", "import", "exit", "builder"],
)
def test_a_module_without_one_simulation(work: Workplace, body: str, said: list[str]) -> None:
    """It is told what was found instead of one, and where."""
    refused(work, body, *said)


def test_one_of_two_simulations_is_chosen_by_name(work: Workplace) -> None:
    """With --simulation there is no doubt; a name that is not there is named."""
    body = """
    class One(Simulation):
        def __init__(self): self.set_up(once(ASK)).protocols(BROKER)
    class Two(Simulation): pass
    """
    name = work.simulation(body)
    assert work.run("plan", name, "--simulation", "One").out.startswith("One ")
    work.run("plan", name, "-s", "Six").must_refuse("has no Simulation called Six")


def test_wrong_arguments_are_a_mistake_and_no_failed_assertion(work: Workplace) -> None:
    """The exit code is 1, where argparse alone would give 2."""
    for arguments in ((), ("walk",), ("run",), ("report",), ("run", "sim", "--nosuch")):
        work.run(*arguments).must_refuse("usage:")


# --- the set-up ----------------------------------------------------------------------------------

ALL_AT_ONCE = """
class Wrong(Simulation):
    def __init__(self):
        same_a = once(ASK)
        same_b = scenario("People").exec(ASK).inject_open(at_once_users(1))
        unnamed = scenario(" ").exec(ASK).inject_open(at_once_users(0))
        empty = scenario("Empty").inject_open(at_once_users(0))
        endless = scenario("Endless").forever(ASK).inject_open(at_once_users(0))
        missing = scenario("Missing").feed(csv("missing.csv")).exec(ASK).inject_open(at_once_users(0))
        hollow = scenario("Hollow").feed(csv("hollow.csv")).exec(ASK).inject_open(at_once_users(0))
        header = scenario("Header").feed(csv("header.csv")).exec(ASK).inject_open(at_once_users(0))
        echo = scenario("Echo").exec(ASK.topics("a", "a")).inject_open(at_once_users(0))
        lost = scenario("Lost").exec(kafka("Lost").request_reply()).inject_open(at_once_users(0))
        nameless = scenario("Nameless").exec(
            ASK.header("correlationId", "")).inject_open(at_once_users(0))
        unsaved = scenario("Unsaved").exec(
            ASK.resume_on("send").check(substring("x").save_as("y"))).inject_open(at_once_users(0))
        broken = scenario("Broken").exec(ASK.value("a #{b")).inject_open(at_once_users(0))
        self.set_up(
            same_a, same_b, unnamed, empty, endless, missing, hollow, header, echo, lost, nameless,
            unsaved, broken,
        ).protocols(kafka()
            .group_id(" ")
            .num_producers(0)
            .num_consumers(-1)
            .correlation_header_name("correlationId")
            .poll_timeout(0)
            .create_topics({"no good": 1, "good": 0})
            .producer_properties({"lingerms": 5, "ack": "all", "value.serializer": "org.my.Avro", "sasl.password": "hunter2"})
            .consumer_properties({"group.id": "", "nothing.like.it.at.all": 1, "group.instance.id": None})
        )
"""

ALL_PROBLEMS = [
    "scenario 'People' has the name of the one at",
    "a scenario has an empty name",
    "scenario 'Empty' has no steps",
    "forever() would never end; add .max_duration(seconds)",
    "csv('missing.csv'): there is no such file",
    "hollow.csv is empty",
    "the feeder (header.csv) holds no record",
    "request and response topic are both 'a'; add .loopback()",
    "'Lost' has no request topic",
    "'Lost' has no response topic",
    "the header 'correlationId', which carries the correlation id, is empty",
    "'Ask' saves from the reply, but its user does not wait for it",
    "column 3 of 'a #{b': the placeholder has no closing brace",
    'kafka() has no brokers; add .bootstrap_servers("host:9092")',
    "kafka().group_id(...) is empty",
    "num_producers must be at least 1, got 0",
    "num_consumers must be at least 1, got -1",
    "poll_timeout(...) is 0",
    "create_topics: 'no good' is no topic name",
    "create_topics: 'good' needs at least 1 partition, got 0",
    "producer_properties: no property is called 'lingerms'; did you mean linger.ms?",
    "producer_properties: no property is called 'ack'; did you mean acks?",
    "value.serializer 'org.my.Avro' is a Java class",
    "producer_properties: sasl.password is a secret",
    "producer_properties: sasl.password is not used, since security.protocol is not given",
    "consumer_properties: group.id is empty",
    "consumer_properties: no property is called 'nothing.like.it.at.all'",
    "consumer_properties: group.instance.id must be text, a number or true or false, got None",
]


def test_every_problem_is_told_at_once(work: Workplace) -> None:
    """One run tells all of them, each with the user's line; the plan command tells the same."""
    work.write("hollow.csv", "")
    work.write("header.csv", "a,b\n")
    ended = refused(work, ALL_AT_ONCE, *ALL_PROBLEMS)
    problems = [text for text in ended.err.splitlines() if text.startswith("  - ")]
    assert len(problems) == len(ALL_PROBLEMS), ended.err
    assert f"{len(ALL_PROBLEMS)} problems in the simulation:" in ended.err
    assert [text for text in problems if not re.match(r"  - sim\.py:\d+: ", text)] == []
    assert "hunter2" not in ended.text
    again = work.run("plan", "sim")
    again.must_refuse(*ALL_PROBLEMS)
    assert again.err == ended.err


SET_UPS = {
    "nobody": ('self.set_up(scenario("A").exec(ASK).inject_open()).protocols(BROKER)', 2, "no user is ever started"),
    "none": ("self.set_up(once(ASK).protocols()).protocols()", None, "no kafka protocol was given; add .protocols(kafka()...)"),
    "empty": ("self.set_up().protocols(BROKER)", None, "set_up(...) has no population"),
    "never": ("pass", None, "Wrong never calls self.set_up(...) in __init__"),
    "typo": ("self.setup(once(ASK))", 2, "Wrong() raised AttributeError: 'Wrong' object has no attribute 'setup'"),
    "raises": ("1 / 0", 2, "Wrong() raised ZeroDivisionError: division by zero"),
    "library": ("__import__('json').loads('{')", 2, "Wrong() raised JSONDecodeError"),
    "twice": ("self.set_up(once(ASK)); self.set_up(once(ASK))", 2, "set_up(...) was called twice"),
    "scenario": ('self.set_up(scenario("A").exec(ASK))', 2, "takes populations, got Scenario; write scenario(...).inject_open"),
    "name": ("self.set_up(scenario(5))", 2, "scenario(...) takes its name as text, got 5"),
    "protocol": ('self.set_up(once(ASK)).protocols("host:9092")', 2, "protocols(...) takes protocols such as kafka()"),
    "request": ("self.set_up(once(ASK)).protocols(ASK)", 2, "protocols(...) takes protocols such as kafka().bootstrap_servers(\"host:9092\"), got a request"),
    "own": ("self.set_up(once(ASK).protocols(7))", 2, "protocols(...) takes protocols"),
    "exec": ("self.set_up(once(3))", None, "steps are requests, chains and session functions, got int 3"),
    "vague": ('self.set_up(once(kafka("A")))', None, 'say what kafka("name") is to do'),
    "misplaced": ("self.set_up(once(BROKER))", None, "a protocol belongs into set_up(...).protocols(...)"),
    "block": ("self.set_up(once(repeat(3)))", None, "has no steps yet; give them with .on(...)"),
    "assertion": ("self.set_up(once(ASK)).assertions(global_().failed_requests())", 2, "takes finished assertions such as"),
    "step": ('self.set_up(scenario("A").exec(ASK).inject_open(5))', 2, "inject_open(...) takes steps such as at_once_users(10)"),
    "unfinished": ('self.set_up(scenario("A").exec(ASK).inject_open(ramp_users(5)))', 2, "ramp_users(5) has no duration"),
    "users": ('at_once_users("5")', 2, "takes a number of users, 0 or more, got '5'"),
    "pause": ('self.set_up(once(pause("long")))', 2, "pause(...) takes seconds"),
    "duration": ('self.set_up(once(ASK)).max_duration("long")', 2, "max_duration(...) must be seconds"),
    "timeout": ("ASK.timeout(-1)", 2, "timeout(...) must not be negative, got -1"),
    "value": ('self.set_up(once(ASK.value({1, 2})))', None, "set {1, 2} can change"),
    "constant": ('self.set_up(once(ASK.value({"a": b"raw"}).as_json())).protocols(BROKER)', None, "request 'Ask': the value cannot be written as JSON"),
    "check": ('ASK.check("$.status")', 2, "check(...) takes checks, got '$.status'"),
    "path": ('json_path("$.[")', 2, "is no JSONPath"),
    "regex": ('regex("(")', 2, "is no regular expression"),
    "feeder": ('feed("users.csv")', 2, "a feeder cannot be text, got 'users.csv'; did you mean csv(...)?"),
    "record": ("feed([1])", 2, "record 1 of the feeder must map attributes to values, got 1"),
    "headers": ('ASK.headers(["a"])', 2, "headers(...) takes a mapping"),
    "header": ('ASK.header(1, "a")', 2, "header(name, ...) takes text, got 1"),
    "reply": ("self.set_up(once(ASK.response_topic(7))).protocols(BROKER)", None, "'Ask': the response topic must be text, got 7"),
    "compression": ('self.set_up(once(ASK)).protocols(BROKER.producer_properties({"compression.type": "lz5"}))', None, 'producer_properties were refused: Invalid value "lz5"'),
    "resume": ('ASK.resume_on("receipt")', 2, 'resume_on(...) takes "reply", "ack" or "send", got'),
    "servers": ("kafka().bootstrap_servers(9092)", 2, "bootstrap_servers(...) takes text such as"),
    "address": ('self.set_up(once(ASK)).protocols(kafka().bootstrap_servers("a:1, b c"))', 2, "'b c' is no address"),
    "ports": ('self.set_up(once(ASK)).protocols(kafka().bootstrap_servers("a:99999"))', 2, "'a:99999' is no address"),
    "port": ('self.set_up(once(ASK)).protocols(kafka().bootstrap_servers("a:port"))', 2, "'a:port' is no address"),
    "count": ('kafka().num_consumers("two")', 2, "num_consumers(...) takes a whole number, got 'two'"),
    "properties": ('kafka().producer_properties("acks=all")', 2, "producer_properties(...) takes a mapping"),
    "topics": ('embedded_broker(["a"])', 2, "embedded_broker(...) takes a mapping"),
    "partitions": ('embedded_broker({"a": "x"})', 2, "the number of partitions of 'a' takes a whole number, got 'x'"),
    "group": ('self.set_up(once(ASK)).protocols(BROKER.consumer_properties({"group.id": env("NO_SUCH_VARIABLE", "")}))', None, "group.id is empty"),
    "words": ("kafka(1, 2, 3, 4, 5, 6, 7)", 2, "kafka(...) takes nothing, a name,"),
    "variable": ('self.set_up(once(ASK)).protocols(kafka().bootstrap_servers(env("NO_SUCH_VARIABLE")))', 2, "the environment variable NO_SUCH_VARIABLE is not set"),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "at", "said"), SET_UPS.values(), ids=SET_UPS.keys())
def test_a_set_up_that_cannot_be(
    work: Workplace, statement: str, at: int | None, said: str
) -> None:
    """What is wrong stands in one message, which begins with the user's line."""
    body = f"class Wrong(Simulation):\n    def __init__(self):\n        {statement}\n"
    place = "sim.py" if at is None else line(at)
    refused(work, body, f"{place}", said)


def test_a_set_up_is_sealed(work: Workplace) -> None:
    """What is added to it after the constructor is refused, in place of being lost."""
    body = """
    class Wrong(Simulation):
        def __init__(self): self.kept = self.set_up(once(ASK)).protocols(BROKER)
        def before(self, run): self.kept.max_duration(5)
    """
    refused(work, body, f"{line(3)}: max_duration(...) was called after the simulation's construct")


# --- what stands around a run --------------------------------------------------------------------

UNREACHABLE = """
class Wrong(Simulation):
    def __init__(self):
        self.set_up(once(ASK)).protocols(kafka().bootstrap_servers("127.0.0.1:9"))
"""


def test_a_broker_that_cannot_be_reached(work: Workplace) -> None:
    """It is named with its address and what librdkafka said of it, within 15 seconds."""
    ended = refused(
        work,
        UNREACHABLE,
        f"{line(3)}: no broker can be reached at 127.0.0.1:9: ",
        "Connection refused",
    )
    assert ended.seconds < 15


def test_a_topic_that_is_missing(work: Workplace, embedded_broker: StartEmbeddedBroker) -> None:
    """It is named, with the remedy; nothing is sent, not even to the topics that are there."""
    servers = embedded_broker(TOPICS).bootstrap_servers
    body = """
    class Wrong(Simulation):
        def __init__(self):
            self.set_up(once(ASK, ASK.topics("requests", "reply"))).protocols(BROKER)
    """
    said = (
        f"no such topic at {servers}: 'reply'; create it",
        '.create_topics({"name": partitions})',
    )
    refused(work, body, *said, TEST_SERVERS=servers)
    assert messages_in(servers, TOPICS) == 0


@pytest.mark.parametrize(
    ("hook", "said"),
    [
        ("{}['key']", f"{line(4)}: Wrong.before(run) raised KeyError: 'key'"),
        ("sys.exit(3)", f"{line(4)}: Wrong.before(run) raised SystemExit: 3"),
        ("run.start_process('service')", f"{line(4)}: run.start_process(...) takes a program and"),
        (
            "run.start_process(['nosuchprogram'])",
            "nosuchprogram could not be started: No such file",
        ),
        (
            "run.start_process([sys.executable, '-c', 'print(5 * 5); exit(4)'], ready='up')",
            "ended with code 4 before it was ready:\n    25",
        ),
        (
            "run.start_process(['sh', '-c', 'echo half; sleep 60'], ready='up', timeout='300ms')",
            "did not print 'up' within 0.3 s:\n    half",
        ),
    ],
    ids=["raises", "exits", "text", "no program", "dies", "never ready"],
)
def test_a_before_that_fails(
    work: Workplace, embedded_broker: StartEmbeddedBroker, hook: str, said: str
) -> None:
    """It names the line, ends what it had started, and nothing is sent."""
    servers = embedded_broker(TOPICS).bootstrap_servers
    body = f"""
    class Wrong(Simulation):
        def __init__(self): self.set_up(once(ASK)).protocols(BROKER)
        def before(self, run):
            {hook}
    """
    refused(work, body, said, line(4), TEST_SERVERS=servers)
    assert messages_in(servers, TOPICS) == 0


def test_before_fails_after_it_started_a_process(work: Workplace) -> None:
    """The process and the embedded broker have ended when the command has."""
    body = """
    class Wrong(Simulation):
        def __init__(self): self.set_up(once(ASK)).protocols(BROKER)
        def before(self, run):
            start_service(run)
            os.system(f"pgrep -P {os.getpid()} > children.txt")
            raise LookupError("no")
    """
    refused(work, body, f"{line(6)}: Wrong.before(run) raised LookupError: no")
    numbers = (work.folder / "children.txt").read_text().split()
    assert len(numbers) >= 2  # the broker, the service, and the shell that asked
    assert [n for n in numbers if Path(f"/proc/{n}").exists()] == []


def test_a_before_that_left_files_keeps_its_folder(work: Workplace) -> None:
    """What a user has put into the folder of the run is not thrown away."""
    body = """
    class Wrong(Simulation):
        def __init__(self): self.set_up(once(ASK)).protocols(BROKER)
        def before(self, run):
            (run.folder / "notes.txt").write_text("mine")
            raise LookupError("no")
    """
    work.run("run", work.simulation(body)).must_refuse("LookupError: no")
    assert [path.name for path in work.run_folder().iterdir()] == ["notes.txt"]


def test_an_after_that_fails(work: Workplace) -> None:
    """It is a crash, exit code 1; what was measured is reported all the same."""
    body = """
    class Wrong(Simulation):
        def __init__(self): self.set_up(once(ASK)).protocols(BROKER)
        def before(self, run): start_service(run)
        def after(self, run): {}["key"]
    """
    ended = work.run("run", work.simulation(body))
    ended.must_refuse(f"{line(4)}: Wrong.after(run) raised KeyError: 'key'")
    assert (work.run_folder() / "index.html").is_file()
    assert [fields[1] for fields in records(work.run_folder(), "END")] == ["crashed"]


# --- results -------------------------------------------------------------------------------------

FINE = """
class Fine(Simulation):
    def __init__(self): self.set_up(once(ASK)).protocols(BROKER)
    def before(self, run): start_service(run)
"""


@pytest.mark.parametrize("folder", ["taken", "taken/below", "/proc/nosuch"])
def test_results_that_cannot_be_written(work: Workplace, folder: str) -> None:
    """The folder is named, and how to choose another."""
    (work.folder / "taken").write_text("a file")
    ended = work.run("run", work.simulation(FINE), "--results", folder)
    ended.must_refuse(
        f"the results folder {folder} cannot be written", "choose another with --resu"
    )
    assert (work.folder / "taken").read_text() == "a file"


BUSY = """
class Busy(Simulation):
    def __init__(self):
        self.set_up(
            scenario("People").exec(ASK).inject_open(constant_users_per_sec(2000).during(20))
        ).protocols(BROKER)
    def before(self, run): start_service(run)
"""
EMBEDDED = """
import pathlib, sys, threading
from gatlingpy import Settings, run
from busy import Busy
outcome = run(Busy, Settings(results=pathlib.Path(sys.argv[1])))
print(f"code {outcome.exit_code} threads {threading.active_count()} lives")
for problem in outcome.problems: print(problem)
"""


@contextlib.contextmanager
def small_disk(folder: Path, kibibytes: int) -> Iterator[Path]:
    """Mount a disk that is soon full; skips where that is not allowed."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={kibibytes}k", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here; it needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_fills(work: Workplace) -> None:
    """The run ends at once with exit code 3, and says that its numbers are not to be trusted."""
    name = work.simulation(BUSY)
    with small_disk(work.folder / "disk", 200) as disk:
        ended = work.run("run", name, "--results", str(disk))
        assert ended.seconds < 15  # and not the 20 s of its load
        ended.must_refuse(
            "NOT TO BE TRUSTED: the log simulation.log could not be written: No space left on device",
            "NOT TO BE TRUSTED: the report cannot be written",
            code=3,
        )
        (folder,) = disk.iterdir()
        assert ended.out.splitlines()[-1] == str(folder)
        size = (folder / "simulation.log").stat().st_size
        assert size > 100_000
    assert "No request was sent" not in ended.out


def test_a_disk_that_is_full_from_the_start(work: Workplace) -> None:
    """Nothing is sent; the message says what to do."""
    name = work.simulation(FINE)
    with small_disk(work.folder / "disk", 8) as disk:
        (disk / "ballast").write_bytes(b"x" * 4096)
        ended = work.run("run", name, "--results", str(disk))
        ended.must_refuse("could not be written: No space left on device", code=3)
        assert [path.name for path in disk.iterdir()] == ["ballast"]


def test_a_log_that_may_not_grow(work: Workplace) -> None:
    """The same under a limit of the file's size, in a program that lives on."""
    work.simulation(BUSY, "busy.py")
    work.write("program.py", EMBEDDED)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, resource.RLIM_INFINITY))

    ended = subprocess.run(
        [sys.executable, "program.py", "out"],
        cwd=work.folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, preexec_fn=limit,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert "code 3 threads 1 lives" in ended.stdout
    assert "the log simulation.log could not be written: File too large" in ended.stdout
    (log,) = work.folder.glob("out/*/simulation.log")
    assert log.stat().st_size == 150_000


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that ended well."""
    work = Workplace(tmp_path_factory.mktemp("finished"))
    body = FINE.replace("once(ASK)", "once(repeat(20).on(ASK))")
    ended = work.run("run", work.simulation(body))
    assert ended.code == 0, ended.text
    return work.run_folder()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b"hello\n", "it begins with b'hello"),
        (b"\0\1\2" * 5000, "it is binary"),
        (bytes(range(1, 256)) * 99, "is not a simulation log: it begins with"),
        (b"REQUEST\t\tA\t1\t2\tOK\t \n", "it has no RUN line"),
    ],
    ids=["empty", "text", "gatling's binary", "noise", "no run"],
)
def test_a_log_that_is_none(work: Workplace, content: bytes, said: str) -> None:
    """What was found is told, and nothing is written beside it."""
    folder = work.folder / "run"
    folder.mkdir()
    (folder / "simulation.log").write_bytes(content)
    ended = work.run("report", "run")
    ended.must_refuse("run/simulation.log is not a simulation log", said)
    assert [path.name for path in folder.iterdir()] == ["simulation.log"]


def test_a_folder_without_a_log(work: Workplace) -> None:
    """A folder without one, and one that is not there, are told apart."""
    (work.folder / "run").mkdir()
    work.run("report", "run").must_refuse("run has no simulation.log")
    work.run("report", "nosuch").must_refuse("nosuch is no folder")


def test_a_log_that_was_cut_off(work: Workplace, finished: Path) -> None:
    """What is left is reported, marked as incomplete, and the exit code is 3."""
    whole = (finished / "simulation.log").read_bytes()
    end = whole.index(b"\nHEALTH\t") + 1
    cut = work.folder / "cut"
    cut.mkdir()
    (cut / "simulation.log").write_bytes(whole[: end - 10])
    ended = work.run("report", "cut")
    said = ("The log has no END record", "simulation.log: the last line was cut off")
    ended.must_refuse(*said, code=3)
    assert json.loads((cut / "summary.json").read_text())["run"]["incomplete"] is True
    assert "incomplete" in (cut / "index.html").read_text().lower()
    (cut / "simulation.log").write_bytes(whole)
    assert work.run("report", "cut").code == 0


def test_a_log_with_lines_that_are_none(work: Workplace, finished: Path) -> None:
    """They are left out, counted and shown; the rest is reported."""
    lines = (finished / "simulation.log").read_bytes().splitlines(keepends=True)
    lines[5:5] = [b"REQUEST\tx\n", b"what\tis this\n", b"\n"]
    (work.folder / "simulation.log").write_bytes(b"".join(lines))
    ended = work.run("report", ".")
    assert "malformed line" in ended.out
    assert "request count                            20" in ended.out
    assert "Traceback" not in ended.text


# --- one user's trouble --------------------------------------------------------------------------

TROUBLES = """
def exec_raises(session):
    raise RuntimeError("boom")
def value_raises(session):
    return 1 / 0
def check_raises(request, reply):
    return reply["key"]
def satisfies_raises(value):
    return value.nosuch
def check_exits(request, reply):
    sys.exit(4)
CHECK = MessageCheck("Mine", str, SerializationType.STRING, str, SerializationType.STRING, check_raises)
EXIT = MessageCheck("Out", str, SerializationType.STRING, str, SerializationType.STRING, check_exits)

class Troubles(Simulation):
    def __init__(self):
        steps = [
            exec_raises,
            exec(exec_raises, blocking=True),
            lambda session: None,
            ASK.value(value_raises),
            ASK.value("#{nosuch}"),
            ASK.key(lambda session: object()),
            ASK.header("correlationId", lambda session: ""),
            ASK.header("correlationId", "#{none}"),
            group("#{nosuch}", ASK),
            repeat("#{word}").on(ASK),
            pause("#{word}"),
            ASK.check(CHECK),
            ASK.check(EXIT),
            ASK.check(body_string().satisfies(satisfies_raises)),
            ASK,
        ]
        people = scenario("People").feed([{"word": "text", "none": None}]).exec(*steps)
        self.set_up(people.inject_open(at_once_users(1))).protocols(BROKER).assertions(
            details("Ask").failed_requests().count().is_(3)
        )
    def before(self, run): start_service(run)
"""


def test_what_fails_for_one_user_is_told_and_goes_on(work: Workplace) -> None:
    """Each failure is in the log with its line; the user goes on, and the assertions judge."""
    ended = work.run("run", work.simulation(TROUBLES))
    assert ended.code == 0, ended.text
    errors = [fields[1] for fields in records(work.run_folder(), "ERROR")]
    named = "the header 'correlationId', which carries the correlation id, is absent or empty"
    expected = [
        f"{line(1)}: RuntimeError: boom",
        f"{line(1)}: RuntimeError: boom",
        "a session function must return the session, got NoneType None",
        f"request 'Ask': {line(3)}: ZeroDivisionError: division by zero",
        "request 'Ask': No attribute named 'nosuch' is defined",
        "request 'Ask': the key must be text, bytes or a number, got object",
        f"request 'Ask': {named}",
        f"request 'Ask': {named}",
        "No attribute named 'nosuch' is defined",
        "repeat(...) must be a whole number, got str 'text'",
        "the time to wait must be seconds",
    ]
    assert len(errors) == len(expected), "\n".join(errors)
    for text, said in zip(expected, errors, strict=True):
        assert text in said
        assert re.match(r"sim\.py:\d+: ", said)
    failed = [fields[6] for fields in records(work.run_folder(), "REQUEST") if fields[5] == "KO"]
    assert len(failed) == 3
    assert failed[0].startswith(f"Mine crashed: {line(5)}: TypeError: ")
    assert failed[1] == f"Out crashed: {line(9)}: SystemExit: 4"
    assert f"{line(7)}: AttributeError: 'str' object has no attribute 'nosuch'" in failed[2]
    endings = [fields[12] for fields in records(work.run_folder(), "REQUEST")]
    assert endings == ["check", "check", "check", "ok"]


@pytest.mark.parametrize(
    ("given", "assertion", "sent", "code"),
    [
        ([{"a": 1}, {"b": 1}], "global_().all_requests().count().is_(5)", 5, 0),
        ([{"a": 1}, {"b": 1}], "global_().all_requests().count().is_(10)", 5, 2),
        ([{"b": 1}], "global_().failed_requests().count().is_(0)", 0, 1),
    ],
    ids=["some", "some, judged", "all"],
)
def test_records_without_the_attribute_that_a_template_names(
    work: Workplace, given: object, assertion: str, sent: int, code: int
) -> None:
    """Such a request is an error in the log, its user goes on failed, and assertions judge the run.

    A run that sends nothing for it is a mistake.
    """
    body = f"""
    class Fine(Simulation):
        def __init__(self):
            people = scenario("People").feed(feeder({given!r}).circular()).exec(ASK.value("#{{a}}"))
            self.set_up(people.inject_open(at_once_users(10))).protocols(BROKER).assertions(
                {assertion})
        def before(self, run): start_service(run)
    """
    ended = work.run("run", work.simulation(body))
    ended.must_refuse("request 'Ask': No attribute named 'a' is defined", code=code)
    assert ("not one request was sent" in ended.text) == (sent == 0)
    assert len(list(records(work.run_folder(), "ERROR"))) == 10 - sent
    assert len(list(records(work.run_folder(), "REQUEST"))) == sent


def test_a_feeder_function_that_raises(work: Workplace) -> None:
    """Before the run it refuses it; within it, it is that user's error."""
    body = """
    def nothing():
        raise LookupError("no database")
    class Wrong(Simulation):
        def __init__(self):
            self.set_up(scenario("A").feed(nothing).exec(ASK).inject_open(at_once_users(1))).protocols(BROKER)
    """
    refused(work, body, f"{line(1)}: LookupError: no database")


# --- names ---------------------------------------------------------------------------------------

NASTY = "a\tb\nc\rd, \"e\" 'f' <b>g</b> &amp; </script><script>alert(1)</script> \\t \x1b[2J é 漢 \U0001f600"

NAMES = f"""
NASTY = {NASTY!r}
KEY = NASTY.translate({{ord("("): "[", ord(")"): "]"}})  # a placeholder has a meaning for ( and )
CHECK = MessageCheck(
    NASTY, str, SerializationType.STRING, str, SerializationType.STRING, lambda a, b: NASTY
)
class Names(Simulation):
    def __init__(self):
        ask = ASK.header(NASTY, "#{{" + KEY + "}}").value("#{{" + KEY + "}}")
        bad = kafka(NASTY).request_reply().topics("requests", "replies").value("x").check(CHECK)
        missing = kafka(NASTY + "2").send().topic("requests").value("#{{" + KEY + "?}}")
        people = scenario(NASTY).feed([{{KEY: NASTY}}]).group(NASTY).on(
            ask.check(body_string().is_(NASTY).name(NASTY)), bad, group(NASTY, missing))
        self.set_up(people.inject_open(at_once_users(1))).protocols(BROKER).assertions(
            details(NASTY, NASTY).failed_requests().count().is_(1),
            details(NASTY, "Ask").failed_requests().count().is_(0),
        )
    def before(self, run): start_service(run)
"""


def test_names_may_hold_anything(work: Workplace) -> None:
    """They reach the log, the files and the pages whole, and break none of them."""
    description = "--run-description=" + NASTY.replace("\x1b", "")
    ended = work.run("run", work.simulation(NAMES), description)
    assert ended.code == 0, ended.text
    assert "\x1b" not in ended.text
    assert "\t" not in ended.text
    folder = work.run_folder()
    fields = list(records(folder))
    assert {len(row) for row in fields} == {16}
    decoded = [decode("\t".join(row)) for row in fields]
    assert len(decoded) == len(fields)
    names = {row[2] for row in fields if row[0] == "REQUEST"}
    assert len(names) == 2
    stats = json.loads((folder / "js/stats.json").read_text())
    assert NASTY in set(_names(stats))
    summary = json.loads((folder / "summary.json").read_text())
    assert NASTY in {part for entry in summary["requests"] for part in entry["path"]}
    for page in folder.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<script>alert(1)" not in text, page.name
        assert "<b>g</b>" not in text, page.name


def _names(value: object) -> Iterator[str]:
    """Yield every text under the key ``name``."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "name" and isinstance(item, str):
                yield item
            yield from _names(item)


# --- the process and its surroundings ------------------------------------------------------------


def test_a_second_run_in_the_same_process_is_refused(work: Workplace) -> None:
    """One run at a time; afterwards there may be another."""
    work.simulation(FINE, "fine.py")
    work.write(
        "program.py",
        """
        from gatlingpy import *
        import fine

        class Nested(fine.Fine):
            def before(self, run_):
                super().before(run_)
                try:
                    run(fine.Fine)
                except GatlingError as error:
                    print(type(error).__name__, error)

        print(run(Nested).exit_code, run(fine.Fine).exit_code)
        """,
    )
    ended = subprocess.run(
        [sys.executable, "program.py"], cwd=work.folder, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert "RunRefused a run lives in this process already" in ended.stdout
    assert ended.stdout.splitlines()[-1] == "0 0"
    assert len(work.run_folders()) == 2


def test_a_run_goes_on_when_nobody_reads_its_output(work: Workplace) -> None:
    """As after ``| head -1``: the report is written and the exit code is the run's."""
    name = work.simulation(FINE)
    read, write = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "gatlingpy", "run", name], cwd=work.folder, stdout=write,
        stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
    )  # fmt: skip
    os.close(write)
    os.read(read, 1)
    os.close(read)
    assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == 0
    assert (work.run_folder() / "index.html").is_file()


def test_a_terminal_that_knows_little(work: Workplace) -> None:
    """What it cannot show is replaced."""
    ended = work.run("plan", work.simulation(FINE), PYTHONIOENCODING="ascii")
    assert ended.code == 0, ended.text
    assert "Fine   sim.py" in ended.out
