"""The options of the command line that come from Gatling, and ``plan --arrivals``."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.command_line import ROOT, Workplace

SHOP = """
class Shop(Simulation):
    def __init__(self):
        people = scenario("People").exec(dummy("Buy", 0.005))
        self.set_up(people.inject_open(ramp_users(4).during(1))).assertions(
            details("Buy").failed_requests().count().is_(0))
class Bad(Simulation):
    def __init__(self):
        people = scenario("People").exec(dummy("Buy", 0.005).with_success(False))
        self.set_up(people.inject_open(at_once_users(1))).assertions(
            details("Buy").failed_requests().count().is_(0))
"""


def pages(folder: Path) -> dict[str, bytes]:
    """Return every page of a run's folder."""
    return {path.name: path.read_bytes() for path in folder.glob("*.html")}


@pytest.mark.parametrize("option", ["-rf", "--results", "--results-folder"])
def test_results_go_where_they_are_wanted(work: Workplace, option: str) -> None:
    """Whichever of its names the option is called by."""
    ended = work.run("run", work.simulation(SHOP), "-s", "Bad", option, "elsewhere/deep")
    assert ended.code == 2, ended.text
    (folder,) = (work.folder / "elsewhere/deep").iterdir()
    assert (folder / "index.html").is_file()
    assert ended.out.splitlines()[-1] == f"elsewhere/deep/{folder.name}/index.html"
    assert not work.results.exists()


def test_without_reports_the_assertions_are_judged_and_a_report_can_follow(work: Workplace) -> None:
    """By ``report``, and by ``run -ro`` with the path of the folder or its name: the same pages."""
    name = work.simulation(SHOP)
    ended = work.run("run", name, "--simulation", "Bad", "-nr", "-rd", "no pages")
    assert ended.code == 2, ended.text
    folder = work.run_folder()
    assert pages(folder) == {}
    by_report = work.run("report", str(folder))
    assert by_report.code == 2
    written = pages(folder)
    assert b"no pages" in written["index.html"]
    for given in (str(folder), folder.name):
        for path in folder.glob("*.html"):
            path.unlink()
        again = work.run("run", "-ro", given)
        assert again.code == 2
        assert again.out.replace(str(work.folder) + "/", "") == by_report.out.replace(
            str(work.folder) + "/", ""
        )
        assert pages(folder) == written
    assert len(work.run_folders()) == 1


def test_a_folder_of_other_results_is_found_there(work: Workplace) -> None:
    """``-rf`` says where."""
    assert work.run("run", work.simulation(SHOP), "-s", "Shop", "-rf", "elsewhere").code == 0
    (folder,) = (work.folder / "elsewhere").iterdir()
    assert work.run("run", "--reports-only", folder.name, "-rf", "elsewhere").code == 0
    work.run("run", "-ro", folder.name).must_refuse(f"{folder.name} is no folder; give the folder")


@pytest.mark.parametrize(
    "more", [["sim"], ["-s", "sim.Shop"], ["-p", "a=1"], ["-rd", "text"], ["-nr"]]
)
def test_a_report_alone_takes_nothing_of_a_run(work: Workplace, more: list[str]) -> None:
    """What would be ignored is refused."""
    work.run("run", "-ro", "results", *more).must_refuse("usage:", "it takes no MODULE, -s, -p")


def test_a_simulation_may_be_named_as_in_gatling(work: Workplace) -> None:
    """By its module and class, without a module of its own."""
    name = work.simulation(SHOP)
    assert work.run("plan", "-s", f"{name}.Bad").out.startswith("Bad ")
    assert work.run("plan", f"{name}.py", "-s", "Shop").out.startswith("Shop ")
    work.run("plan", "-s", f"{name}.Sohp").must_refuse("has no Simulation called Sohp")
    work.run("plan", "-s", "nosuch.Shop").must_refuse("no module 'nosuch'")
    for arguments in (("plan",), ("run",), ("run", "-s", "Shop"), ("run", "-nr")):
        work.run(*arguments).must_refuse("usage:", "say which MODULE holds the simulation")
    work.run("run", name).must_refuse("2 Simulations: Bad, Shop", "--simulation NAME")


LOAD = """
class Load(Simulation):
    def __init__(self):
        step = dummy("x", 0)
        first = scenario("First").exec(step).inject_open(ramp_users(3).during(3))
        second = scenario("Second").exec(step).inject_open(nothing_for("0.5s"), at_once_users(1))
        after = scenario("After").exec(step).inject_open(at_once_users(1))
        self.set_up(first.and_then(after), second)
"""


def test_arrivals_are_listed(work: Workplace) -> None:
    """One line a user on the one stream, what cannot be told on the other."""
    ended = work.run("plan", work.simulation(LOAD), "--arrivals")
    assert ended.code == 0
    assert ended.out == "0\tFirst\n500\tSecond\n1000\tFirst\n2000\tFirst\n"
    assert ended.err == "Note: After is not listed: starts when others have ended\n"
    work.run("run", "sim", "--arrivals").must_refuse("usage:")


def test_arrivals_end_quietly_when_nobody_reads_on(work: Workplace) -> None:
    """As behind ``| head -1``: a hundred million users take no time."""
    body = """
    class Load(Simulation):
        def __init__(self):
            people = scenario("People").exec(dummy("x", 0))
            self.set_up(people.inject_open(ramp_users(100_000_000).during("10h")))
    """
    name = work.simulation(body)
    process = subprocess.Popen(
        [sys.executable, "-m", "gatlingpy", "plan", name, "--arrivals"], cwd=work.folder,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    with process:
        assert process.stdout.readline() == "0\tPeople\n"
        process.stdout.close()
        assert process.wait(timeout=30) == 0
        assert process.stderr.read() == ""
