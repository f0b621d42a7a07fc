"""Parameters as a user gives them: on the command line, by the environment, by a program."""

import json
import os
import subprocess
import sys

import pytest

from tests.integration.command_line import LINES, ROOT, Workplace, records

SHOP = """
LENGTH = param("length", timedelta, "20ms", help="how long each takes")
class Shop(Simulation):
    def __init__(self):
        users = param("users", int, default=2, help="how many")
        mode = param("mode", default="fast", choices=("fast", "slow"))
        people = scenario("People").exec(dummy("Buy " + mode, LENGTH))
        self.set_up(people.inject_open(at_once_users(users)))
"""
LENGTH_AT, USERS_AT = f"sim.py:{LINES + 2}", f"sim.py:{LINES + 5}"


def shop(work: Workplace) -> str:
    """Write the simulation."""
    return work.simulation("from datetime import timedelta" + SHOP)


def recorded(work: Workplace) -> dict[str, object]:
    """Return the parameters that the log of the only run holds: value and source."""
    (plan,) = records(work.run_folder(), "PLAN")
    text = next(field for field in plan[1:] if field.startswith("{"))
    return {p["name"]: (p["value"], p["source"]) for p in json.loads(text)["parameters"]}


def test_a_run_has_the_values_that_it_is_given_and_records_them(work: Workplace) -> None:
    """The command line goes before the environment, and that before the default."""
    ended = work.run(
        "run", shop(work), "-p", "users=3", "--parameter", "mode=slow",
        GATLINGPY_PARAM_USERS="9", GATLINGPY_PARAM_LENGTH="0.03",
    )  # fmt: skip
    assert ended.code == 0, ended.text
    rows = list(records(work.run_folder(), "REQUEST"))
    assert [row[2] for row in rows] == ["Buy slow"] * 3
    assert {int(row[4]) - int(row[3]) for row in rows} == {30}
    assert recorded(work) == {
        "length": ("30ms", "GATLINGPY_PARAM_LENGTH"), "users": (3, "-p"), "mode": ("slow", "-p"),
    }  # fmt: skip


def test_a_plan_lists_them(work: Workplace) -> None:
    """Name, value, type, where it came from, default, help."""
    ended = work.run("plan", shop(work), "-p", "users=3", GATLINGPY_PARAM_LENGTH="1.5s")
    assert ended.code == 0, ended.text
    came = "from GATLINGPY_PARAM_LENGTH"
    lines = ended.out.splitlines()
    assert lines[1:4] == [
        f"├─ param     length = 1.5s   duration, {came}; default 20ms   how long each takes",
        "├─ param     users = 3   int, from -p; default 2   how many",
        "├─ param     mode = fast   str, one of fast, slow, the default",
    ]
    assert ended.err == ""


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_run(work: Workplace) -> None:
    """Names with the nearest, types with what came from where; no traceback, no folder."""
    arguments = ("-p", "users=many", "-p", "usres=5", "-p", "mode=fats", "-p", "zebra=1")
    for command in ("run", "plan"):
        ended = work.run(command, shop(work), *arguments, GATLINGPY_PARAM_LENGTH="soon")
        ended.must_refuse(
            "5 problems in the simulation",
            f"{LENGTH_AT}: parameter 'length' must be a duration such as 30, 1.5s or 500ms, "
            "got 'soon' from GATLINGPY_PARAM_LENGTH",
            f"{USERS_AT}: parameter 'users' must be a whole number (int), got 'many' from -p",
            "parameter 'mode' must be one of fast, slow, got 'fats' from -p; did you mean 'fast'?",
            "the simulation has no parameter 'usres' (-p); did you mean 'users'?",
            "the simulation has no parameter 'zebra' (-p); it has length, users, mode",
        )
        assert ended.out == ""
    assert not work.results.exists()


@pytest.mark.parametrize(
    ("body", "arguments", "said"),
    [
        ("X = 1", ["-p", "users"], "-p takes NAME=VALUE, such as -p users=50, got 'users'"),
        ("X = 1", ["-p"], "argument -p/--parameter: expected one argument"),
        ("X = 1", ["-p", "a=1", "-p", "a=2"], "-p gives 'a' twice, as '1' and as '2'"),
        ("param('users', list)", [], "takes int, float, str, bool or timedelta, got list"),
        ("param('no name', int)", [], "takes a name of letters"),
        (
            "X = param('users', int) // 0",
            ["-p", "users=5"],
            "cannot be imported: ZeroDivisionError",
        ),
        ("X = 1 // param('users', int, 0)", ["-p", "users=x"], "got 'x' from -p"),
        ("[][param('users', int)]", [], "'users' (int) was not given and has no default"),
    ],
)
def test_a_mistake_about_parameters_is_told(
    work: Workplace, body: str, arguments: list[str], said: str
) -> None:
    """Where it is one; what comes of a value that stands in is not mentioned."""
    rest = "class A(Simulation):\n    def __init__(self): self.set_up(once(dummy('x', 0)))\n"
    ended = work.run("plan", work.simulation(f"{body}\n{rest}"), *arguments)
    ended.must_refuse(said)
    if "got 'x'" in said or "not given" in said:
        assert "imported" not in ended.err


def test_a_variable_that_is_no_parameter_gives_a_warning(work: Workplace) -> None:
    """And the run goes on."""
    ended = work.run("run", shop(work), GATLINGPY_PARAM_USRES="9")
    assert ended.code == 0, ended.text
    assert ended.err == (
        "Warning: GATLINGPY_PARAM_USRES is set, but the simulation has no such parameter; "
        "did you mean GATLINGPY_PARAM_USERS?\n"
    )


def test_a_program_gives_them_and_is_refused_what_comes_too_late(work: Workplace) -> None:
    """Constructors follow; the variables of a module that was imported do not."""
    shop(work)
    work.write(
        "program.py",
        """
        from gatlingpy import *
        import sim

        print(run(sim.Shop, Settings(parameters={"users": 4})).counters["registered"])
        print(run(compile_plan(sim.Shop, {"users": "5"})).counters["registered"])
        for call in (
            lambda: run(sim.Shop, Settings(parameters={"length": 1})),
            lambda: run(compile_plan(sim.Shop), Settings(parameters={"users": 5})),
            lambda: compile_plan(sim.Shop, {"users": None, "zebra": 1}),
        ):
            try:
                call()
            except UsageError as error:
                print(error)
        """,
    )
    ended = subprocess.run(
        [sys.executable, "program.py"], cwd=work.folder, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.splitlines()
    assert lines[:2] == ["4", "5"]
    assert "'length' was read when its module was imported, as 20ms (default)" in ended.stdout
    assert "give them to compile_plan(simulation, parameters=...)" in ended.stdout
    assert "'users' must be a whole number (int), got None from parameters" in ended.stdout
    assert "has no parameter 'zebra' (parameters); it has length, users, mode" in ended.stdout
    assert len(work.run_folders()) == 2
