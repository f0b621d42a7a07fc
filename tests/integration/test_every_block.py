"""A simulation of every block runs against the embedded broker, and the report tells what each did."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

from gatlingpy import compile_plan
from gatlingpy.plan.pauses import Pause
from gatlingpy.plan.steps import RequestPlan, Step, walk_steps
from simulations.every_block import EveryBlockSimulation
from tests.integration.command_line import Ended, Workplace, records

pytestmark = pytest.mark.integration

USERS = 8
EACH = (
    "Pay", "Loops / Repeat 0", "Loops / Repeat 1",
    "Loops / Foreach a", "Loops / Foreach b", "Loops / Foreach c",
    "Branches / If", "Branches / Or else", "Branches / If equals", "Branches / Equals or else",
    "Branches / Switch blue", "Branches / Switch or else", "Failures / Attempt / Tried",
)  # fmt: skip
"""What every user does once."""
THRICE = tuple(
    f"Loops / {name}" for name in ("As long as", "Do while", "As long as during", "Do while during")
)
EITHER = (
    ("60 %", "40 %"),
    ("30 %", "other 30 %", "the rest"),
    ("Heads", "Tails"),
    ("Odd", "Even"),
)
"""Of each of these every user does exactly one."""


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ended, Path]:
    """The simulation, run from the command line with a number of users of ours."""
    place = Workplace(tmp_path_factory.mktemp("tour"))
    ended = place.run("run", "simulations.every_block", "-p", f"users={USERS}")
    return ended, place.run_folder()


def counted(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the numbers of good and failed requests by path, from the report's statistics."""
    root = json.loads((folder / "js/stats.json").read_text(encoding="utf-8"))

    def requests(node: Mapping[str, Any]) -> Iterator[tuple[str, tuple[int, int]]]:
        if node["type"] == "REQUEST":
            number = node["stats"]["numberOfRequests"]
            yield node["path"], (number["ok"], number["ko"])
        for child in node.get("contents", {}).values():
            yield from requests(child)

    return dict(requests(root))


def test_every_kind_of_step_is_there() -> None:
    """The simulation leaves no class of step out, so that nothing here goes untested."""
    plan = compile_plan(EveryBlockSimulation).plan
    steps = [step for scenario in plan.scenarios for step in walk_steps(scenario.steps)]
    missing = [
        kind.__name__
        for kind in get_args(Step)
        if kind is not RequestPlan and not any(type(step) is kind for step in steps)
    ]
    assert not missing
    assert any(isinstance(step, Pause) and step.pause_type is not None for step in steps)


def test_it_ends_well(tour: tuple[Ended, Path]) -> None:
    """Its assertions hold, it was stopped by its last user, and nothing went wrong unseen."""
    ended, folder = tour
    assert ended.code == 0, ended.text
    assert "the tour is over" in ended.out
    assert not list(records(folder, "ERROR"))


def test_blocks_did_what_they_say(tour: tuple[Ended, Path]) -> None:
    """Each request was sent as often as the blocks around it have it sent."""
    requests = counted(tour[1])
    assert {name: requests.pop(name) for name in EACH} == dict.fromkeys(EACH, (USERS, 0))
    assert {name: requests.pop(name) for name in THRICE} == dict.fromkeys(THRICE, (3 * USERS, 0))
    assert requests.pop("Paced") == (2 * USERS, 0)
    for ways in EITHER:
        done = [requests.pop(f"Branches / {way}", (0, 0)) for way in ways]
        assert sum(ok for ok, _ in done) == USERS, ways
        assert sum(ko for _, ko in done) == 0
    assert requests.pop("Failures / Attempt / Try") == (USERS, USERS), "fails once, then not"
    assert requests.pop("Failures / Fails") == (0, USERS)
    assert requests.pop("Failures / Half are left") == (USERS // 2, 0)
    rounds, _ = requests.pop("Loops / During")
    assert 2 * USERS <= rounds <= 20 * USERS, "0.2 s at 30 ms a round"
    assert requests.pop("After all") == (1, 0)
    assert requests.pop("Beat") == (4, 0)
    closed, failed = requests.pop("Closed")
    assert 3 <= closed <= 60
    assert failed == 0
    assert not requests, "the steps called never were done"


def test_round_robin_is_even(tour: tuple[Ended, Path]) -> None:
    """Users take the ways in turn, whoever they are."""
    requests = counted(tour[1])
    assert requests["Branches / Odd"] == requests["Branches / Even"] == (USERS // 2, 0)


def test_groups_are_logged_once_for_each_time_they_are_left(tour: tuple[Ended, Path]) -> None:
    """By their end, by a jump out of a try, and by the end of the scenario in their middle."""
    groups: dict[tuple[str, str], int] = {}
    for record in records(tour[1], "GROUP"):
        groups[record[1], record[5]] = groups.get((record[1], record[5]), 0) + 1
    assert groups == {
        ("Loops", "OK"): USERS,
        ("Branches", "OK"): USERS,
        ("Failures,Attempt", "KO"): USERS,
        ("Failures,Attempt", "OK"): USERS,
        ("Failures", "KO"): USERS,
    }


def test_everybody_who_came_has_left(tour: tuple[Ended, Path]) -> None:
    """Users start and end once each; the one who follows the others starts when they have ended."""
    times: dict[str, dict[str, list[int]]] = {}
    for record in records(tour[1], "USER"):
        times.setdefault(record[1], {}).setdefault(record[2], []).append(int(record[3]))
    assert {name: len(of["START"]) for name, of in times.items() if name != "Crowd"} == {
        "Tour": USERS,
        "Last": 1,
    }
    for of in times.values():
        assert len(of["START"]) == len(of["END"])
    assert times["Last"]["START"][0] >= max(times["Tour"]["END"])


def test_the_plan_can_be_read(tmp_path: Path) -> None:
    """It is printed as a tree, with its parameters, and every arrival that can be known."""
    place = Workplace(tmp_path)
    printed = place.run("plan", "simulations.every_block", "-p", "users=4")
    assert printed.code == 0, printed.text
    assert "users = 4" in printed.out
    listed = place.run("plan", "simulations.every_block", "--arrivals", "-p", "users=4")
    assert listed.out.splitlines() == ["0\tTour", "100\tTour", "266\tTour", "433\tTour"]
    assert "Last" in listed.err
    assert "Crowd" in listed.err
