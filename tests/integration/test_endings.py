"""How runs end, with real processes: exit codes, signals, kills, and what is left afterwards."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.integration.command_line import (
    ROOT,
    Command,
    Workplace,
    children,
    is_alive,
    records,
)
from tests.services.waiting import await_true

STEADY = """
class Steady(Simulation):
    def __init__(self):
        people = scenario("People").exec(ASK.timeout({timeout}))
        self.set_up(people.inject_open(constant_users_per_sec(100).during(60))).protocols(BROKER)
    def before(self, run): start_service(run{arguments})
"""


def steady(work: Workplace, *arguments: str, timeout: int = 30) -> Command:
    """Start a run of a minute and return once it has sent some requests."""
    shown = "".join(f", {argument!r}" for argument in arguments)
    name = work.simulation(STEADY.format(timeout=timeout, arguments=shown))
    command = work.start("run", name)
    command.await_text("started, results in")
    log = work.run_folder() / "simulation.log"
    await_true(lambda: log.read_text().count("\tSTART\t") >= 30, what="30 users")
    return command


def endings(folder: Path) -> Counter[str]:
    """Count the endings of a run's requests, and see that the law of conservation holds."""
    counted = Counter(fields[12] for fields in records(folder, "REQUEST"))
    (health,) = records(folder, "HEALTH")
    counters = json.loads(health[15])
    assert counters["in_flight"] == 0
    assert counters["registered"] == counted.total()
    assert {k: v for k, v in counters["endings"].items() if v} == dict(counted)
    users = Counter(fields[2] for fields in records(folder, "USER"))
    assert users["START"] == users["END"]
    return counted


def end_word(folder: Path) -> str:
    """Return how a run ended, in the word of its log."""
    (fields,) = records(folder, "END")
    return fields[1]


# --- exit codes ----------------------------------------------------------------------------------

FEW = """
class Few(Simulation):
    def __init__(self):
        people = scenario("People").exec(ASK).inject_open(at_once_users(10))
        self.set_up(people).protocols(BROKER).assertions(
            global_().all_requests().count().is_({count}),
            details("Ask").failed_requests().count().is_(0),
        )
    def before(self, run): start_service(run)
"""


def test_0_if_all_assertions_hold(work: Workplace) -> None:
    """The path of the report is the last line."""
    ended = work.run("run", work.simulation(FEW.format(count=10)))
    assert ended.code == 0, ended.text
    assert (
        Path(ended.out.splitlines()[-1]) == Path("results") / work.run_folder().name / "index.html"
    )
    assert "Ask: count of failed events is 0.0 : true (actual : 0.0)" in ended.out
    assert endings(work.run_folder()) == {"ok": 10}
    assert end_word(work.run_folder()) == "completed"
    assert ended.err == ""


def test_2_if_an_assertion_fails(work: Workplace) -> None:
    """It is told what was measured; the report command says the same of the log alone."""
    ended = work.run("run", work.simulation(FEW.format(count=11)))
    assert ended.code == 2, ended.text
    said = "Global: count of all events is 11.0 : false (actual : 10.0)"
    assert said in ended.out
    again = work.run("report", str(work.run_folder()))
    assert again.code == 2, again.text
    assert said in again.out


def test_assertions_are_judged_without_a_report(work: Workplace) -> None:
    """With --no-reports nothing is written but the log, and its folder is the last line."""
    ended = work.run("run", work.simulation(FEW.format(count=11)), "--no-reports")
    assert ended.code == 2, ended.text
    assert {p.name for p in work.run_folder().iterdir()} == {"simulation.log", "process-1.txt"}
    assert ended.out.splitlines()[-1] == f"results/{work.run_folder().name}"


def test_1_if_a_feeder_is_exhausted(work: Workplace) -> None:
    """The feeder is named, and after how many records; what was measured is reported."""
    work.write("five.csv", "word\n" + "a\n" * 5)
    body = """
    class Queue(Simulation):
        def __init__(self):
            people = scenario("People").feed(csv("five.csv")).exec(ASK.value("#{word}"))
            self.set_up(people.inject_open(constant_users_per_sec(20).during(30))).protocols(BROKER)
        def before(self, run): start_service(run)
    """
    ended = work.run("run", work.simulation(body))
    assert ended.code == 1, ended.text
    assert "the feeder (five.csv, queue) has no record left after 5; add .circular()" in ended.out
    assert ended.seconds < 15
    assert endings(work.run_folder()) == {"ok": 5}
    assert end_word(work.run_folder()) == "exhausted"
    assert (work.run_folder() / "index.html").is_file()


def test_0_at_the_maximum_duration(work: Workplace) -> None:
    """Users are stopped, what is in flight is waited for."""
    body = """
    class Endless(Simulation):
        def __init__(self):
            people = scenario("People").forever(ASK, pause("50ms"))
            self.set_up(people.inject_open(at_once_users(5))).protocols(BROKER).max_duration(1)
        def before(self, run): start_service(run, "--delay", "0.4")
    """
    ended = work.run("run", work.simulation(body))
    assert ended.code == 0, ended.text
    counted = endings(work.run_folder())
    assert list(counted) == ["ok"]
    assert counted["ok"] >= 10
    assert end_word(work.run_folder()) == "max-duration"
    assert "the maximum duration of 1 s is over" in ended.out


# --- Ctrl-C --------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_a_run_gently(work: Workplace, number: int) -> None:
    """No further user starts, what is in flight is answered, the report is written."""
    command = steady(work, "--delay", "0.5")
    command.send(number)
    ended = command.wait(20)
    assert ended.code == 130, ended.text
    assert "Traceback" not in ended.text
    assert "Ctrl-C again ends the run at once" in ended.out
    folder = work.run_folder()
    assert list(endings(folder)) == ["ok"]
    assert end_word(folder) == "interrupted"
    assert ended.out.splitlines()[-1] == f"results/{folder.name}/index.html"
    users = [fields for fields in records(folder, "USER") if fields[2] == "START"]
    assert len(users) < 6000


def test_a_second_ctrl_c_ends_a_run_at_once(work: Workplace) -> None:
    """What nobody has answered ends as run-ended, long before it is due."""
    command = steady(work, "--drop", "1", timeout=60)
    command.send(signal.SIGINT)
    command.await_text("Ctrl-C again ends the run at once")
    command.send(signal.SIGINT)
    ended = command.wait(20)
    assert ended.code == 130, ended.text
    assert list(endings(work.run_folder())) == ["run-ended"]
    assert end_word(work.run_folder()) == "interrupted"
    assert (work.run_folder() / "index.html").is_file()


def test_an_impatient_user_gets_no_traceback(work: Workplace) -> None:
    """However often Ctrl-C comes, the log is whole, the exit code 130, and no process is left."""
    command = steady(work, "--drop", "1", timeout=60)
    started = children(command.process.pid)
    assert len(started) == 2

    def over() -> bool:
        command.send(signal.SIGINT)
        return command.process.poll() is not None

    await_true(over, timeout_s=20, what="the end")
    ended = command.wait()
    assert ended.code == 130, ended.text
    assert "Traceback" not in ended.text
    assert list(endings(work.run_folder())) == ["run-ended"]
    await_true(lambda: not any(map(is_alive, started)), what="the end of its processes")


def test_ctrl_c_before_a_run_begins(work: Workplace) -> None:
    """Nothing is left of it."""
    body = """
    import time
    class Slow(Simulation):
        def __init__(self): self.set_up(once(ASK)).protocols(BROKER)
        def before(self, run):
            start_service(run)
            print("in before", flush=True)
            time.sleep(60)
    """
    command = work.start("run", work.simulation(body))
    command.await_text("in before")
    started = children(command.process.pid)
    command.send(signal.SIGINT)
    ended = command.wait(20)
    ended.must_refuse("gatlingpy: interrupted", code=130)
    assert not work.results.exists()
    await_true(lambda: not any(map(is_alive, started)), what="the end of its processes")


# --- what dies ------------------------------------------------------------------------------------


def test_a_service_that_is_killed(work: Workplace) -> None:
    """Its requests end as timeouts at their deadline; the run goes on and every request ends."""
    body = """
    class Killed(Simulation):
        def __init__(self):
            people = scenario("People").exec(ASK.timeout("700ms"))
            self.set_up(people.inject_open(constant_users_per_sec(100).during(3))).protocols(
                BROKER).assertions(global_().failed_requests().count().is_(0))
        def before(self, run): start_service(run)
    """
    command = work.start("run", work.simulation(body))
    command.await_text("started, results in")
    (service,) = (pid for pid in children(command.process.pid) if "echo_service" in _words(pid))
    folder = work.run_folder()
    log = folder / "simulation.log"
    await_true(lambda: log.read_text().count("\nREQUEST\t") >= 50, what="50 requests")
    os.kill(service, signal.SIGKILL)
    ended = command.wait()
    assert ended.code == 2, ended.text
    counted = endings(folder)
    assert set(counted) == {"ok", "timeout"}
    assert counted.total() == 300
    assert min(counted.values()) >= 30
    for fields in records(folder, "REQUEST"):
        if fields[12] == "timeout":
            assert int(fields[8]) == 700_000  # stamped at the deadline, to the microsecond
    assert end_word(folder) == "completed"


@pytest.mark.slow
def test_an_embedded_broker_that_dies(work: Workplace) -> None:
    """The run crashes, and says what of; closing does not wait for a broker that is gone."""
    command = steady(work)
    (broker,) = (pid for pid in children(command.process.pid) if "mock_cluster" in _words(pid))
    os.kill(broker, signal.SIGKILL)
    ended = command.wait(40)
    ended.must_refuse(
        "ended: EmbeddedBrokerError: embedded broker: its process died with signal SIG"
    )
    assert set(endings(work.run_folder())) <= {"ok", "run-ended", "send"}
    assert end_word(work.run_folder()) == "crashed"


def test_an_injector_that_is_killed(work: Workplace) -> None:
    """The service and the embedded broker die with it; its log is told to be incomplete."""
    command = steady(work)
    started = children(command.process.pid)
    assert len(started) == 2
    command.send(signal.SIGKILL)
    assert command.process.wait(10) == -signal.SIGKILL
    await_true(lambda: not any(map(is_alive, started)), what="the end of its processes")
    again = work.run("report", str(work.run_folder()))
    again.must_refuse("The log has no END record", code=3)


def test_a_process_that_heeds_no_signal(work: Workplace) -> None:
    """It is killed, and so is what it has started."""
    body = """
    PROGRAM = "trap '' TERM; sleep 99 & echo $! up; while true; do sleep 99; done"
    class Deaf(Simulation):
        def __init__(self): self.set_up(once(lambda session: session))
        def before(self, run):
            run.start_process(["sh", "-c", PROGRAM], ready="up")
            (run.folder / "pid.txt").write_text((run.folder / "process-1.txt").read_text())
    """
    ended = work.run("run", work.simulation(body))
    assert ended.code == 0, ended.text
    grandchild = int((work.run_folder() / "pid.txt").read_text().split()[0])
    await_true(lambda: not is_alive(grandchild), what="the end of the grandchild")


def _words(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


# --- inside another program ----------------------------------------------------------------------

PROGRAM = """
import gc, json, logging, os, signal, sys, threading
from gatlingpy import Settings, run, write_report
from few import Few

def state():
    return {
        "handlers": [str(signal.getsignal(n)) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGXFSZ)],
        "switch": sys.getswitchinterval(),
        "gc": [gc.isenabled(), *gc.get_threshold(), gc.get_freeze_count()],
        "threads": [t.name for t in threading.enumerate()],
        "hooks": [str(sys.excepthook), str(threading.excepthook), str(sys.stdout)],
        "logging": logging.root.handlers,
        "folder": os.getcwd(),
        "children": os.popen(f"pgrep -c -P {os.getpid()}").read(),
        "path": sys.path,
    }

before = state()
outcomes = [run(Few) for _ in range(2)]
after = state()
again = write_report(outcomes[0].folder)
print(json.dumps({
    "same": before == after,
    "states": [before, after],
    "codes": [int(o.exit_code) for o in outcomes],
    "counts": [o.counters["ending.ok"] for o in outcomes],
    "verdicts": [[v.passed for v in o.report.verdicts] for o in outcomes],
    "index": str(again.index),
}))
"""


def test_a_run_inside_another_program(work: Workplace) -> None:
    """It prints nothing, exits nothing, and leaves the process as it was: twice in a row."""
    work.simulation(FEW.format(count=11), "few.py")
    work.write("program.py", PROGRAM)
    ended = subprocess.run(
        [sys.executable, "program.py"], cwd=work.folder, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    (printed,) = ended.stdout.splitlines()
    told = json.loads(printed)
    assert told["same"], told["states"]
    assert told["codes"] == [2, 2]
    assert told["counts"] == [10, 10]
    assert told["verdicts"] == [[False, True], [False, True]]
    assert Path(told["index"]).name == "index.html"
