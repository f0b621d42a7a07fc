"""``param`` in constructors, in modules and elsewhere; all problems at once."""

import importlib
import sys
import textwrap
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

from gatlingpy import Simulation, at_once_users, dummy, param, scenario
from gatlingpy.dsl.parameter_reads import Given
from gatlingpy.dsl.parameters import reading
from gatlingpy.dsl.setup import Compiled, compile_simulation
from gatlingpy.errors import PlanError, UsageError

Import = Callable[..., ModuleType]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Import]:
    """Write modules of a user and import one; they are forgotten afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    names: list[str] = []

    def write(name: str, body: str) -> ModuleType:
        path = tmp_path / (name.replace(".", "/") + ".py")
        path.parent.mkdir(exist_ok=True)
        path.write_text(PREAMBLE + textwrap.dedent(body))
        names.append(name)
        importlib.invalidate_caches()
        return importlib.import_module(name)

    yield write
    for name in list(sys.modules):
        if name in names or any(known.startswith(f"{name}.") for known in names):
            del sys.modules[name]


PREAMBLE = "from datetime import timedelta\nfrom gatlingpy import *\n"
SET_UP = "self.set_up(scenario('A').exec(dummy('x', 0)).inject_open(at_once_users(1)))"


def problems(cls: type[Simulation], **values: object) -> list[str]:
    """Return what is wrong with a simulation and these values."""
    with pytest.raises(PlanError) as caught:
        compile_simulation(cls, Given(values, "-p"))
    return list(caught.value.problems)


def values_of(compiled: Compiled) -> dict[str, object]:
    return {parameter.name: parameter.value for parameter in compiled.plan.parameters}


class Load(Simulation):
    """Reads one of each type."""

    def __init__(self) -> None:
        self.values = (
            param("users", int, default=10, help="how many"),
            param("share", float, 1),
            param("host", default="localhost"),
            param("dry", bool, False),
            param("ramp", timedelta, "30s", choices=("30s", "1m")),
        )
        people = scenario("A").exec(dummy("x", 0)).inject_open(at_once_users(self.values[0]))
        self.set_up(people)


def test_a_constructor_is_given_typed_values_and_the_plan_holds_them() -> None:
    """In the order in which they were asked for."""
    compiled = compile_simulation(Load)
    assert isinstance(compiled.simulation, Load)
    assert compiled.simulation.values == (10, 1.0, "localhost", False, timedelta(seconds=30))
    given = {"users": "3", "share": 0.5, "host": "h:1", "dry": "yes", "ramp": 60}
    compiled = compile_simulation(Load, Given(given))
    assert isinstance(compiled.simulation, Load)
    assert compiled.simulation.values == (3, 0.5, "h:1", True, timedelta(minutes=1))
    assert values_of(compiled) == {
        "users": 3, "share": 0.5, "host": "h:1", "dry": True, "ramp": "60s",
    }  # fmt: skip
    assert {p.source for p in compiled.plan.parameters} == {"parameters"}
    assert compiled.plan.parameters[0].help == "how many"
    assert compiled.plan.parameters[0].where.startswith("tests/unit/dsl/test_parameters.py:")


def test_all_problems_are_told_at_once() -> None:
    """Those of types, of choices, and names that nobody asks for, with the nearest."""
    said = problems(Load, users="many", usres=5, ramp="2m", share="half", nothing=1)
    assert len(said) == 5
    assert "'users' must be a whole number (int), got 'many' from -p" in said[0]
    assert "'share' must be a number (float), got 'half'" in said[1]
    assert "'ramp' must be one of 30s, 60s, got '2m'" in said[2]
    assert said[3] == "the simulation has no parameter 'usres' (-p); did you mean 'users'?"
    assert said[4] == (
        "the simulation has no parameter 'nothing' (-p); it has users, share, host, dry, ramp"
    )


def test_a_parameter_that_must_be_given_and_is_not() -> None:
    """Even if the constructor fails with what stands in for it."""

    class Needs(Simulation):
        def __init__(self) -> None:
            param("host")
            raise RuntimeError("which came of it" if param("size", int) else "")

    first, second = problems(Needs)
    assert "'host' (str) was not given and has no default" in first
    assert "'size' (int) was not given" in second
    with pytest.raises(UsageError, match="raised RuntimeError: which came of it"):
        compile_simulation(Needs, Given({"host": "h", "size": 5}))


def test_a_simulation_without_parameters_takes_none() -> None:
    """The message says so."""

    class Plain(Simulation):
        def __init__(self) -> None:
            self.set_up(scenario("A").exec(dummy("x", 0)).inject_open(at_once_users(1)))

    assert compile_simulation(Plain).plan.parameters == ()
    assert problems(Plain, users=1) == ["the simulation has no parameter 'users' (-p); it has none"]


def test_what_is_declared_twice_must_agree() -> None:
    """Type, default and choices; otherwise both places are told."""

    class Twice(Simulation):
        def __init__(self) -> None:
            param("users", int, 5, help="one word")
            param("users", int, 5)
            param("size", int, 5)
            param("size", float, 5)
            param("mode", default="a", choices=("a", "b"))
            param("mode", default="a")
            param("a-b", int, 1)
            param("a.b", int, 1)

            for default in (1, 2):
                param("again", int, default)

    size, mode, variable, again = problems(Twice)
    assert "parameter 'again' is declared otherwise when its line is run again; give" in again
    assert size.count("test_parameters.py:") == 2
    assert "parameter 'size' is declared otherwise at" in size
    assert "parameter 'mode' is declared otherwise" in mode
    assert "'a.b' and 'a-b' at" in variable
    assert "both given by GATLINGPY_PARAM_A_B" in variable


def test_two_simulations_do_not_know_of_each_other() -> None:
    """What one constructor read is not asked of the other."""

    class Other(Simulation):
        def __init__(self) -> None:
            param("size", int, 5)
            self.set_up(scenario("A").exec(dummy("x", 0)).inject_open(at_once_users(1)))

    assert list(values_of(compile_simulation(Load, Given({"users": 3})))) == [
        "users", "share", "host", "dry", "ramp",
    ]  # fmt: skip
    assert values_of(compile_simulation(Other)) == {"size": 5}


# --- outside of constructors ---------------------------------------------------------------------


def test_a_module_that_is_imported_without_a_run_gets_environment_or_default(
    write: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing else happens; a missing one is told at once."""
    monkeypatch.setenv("GATLINGPY_PARAM_HOST", "h:1")
    module = write("alone", "USERS = param('users', int, 5)\nHOST = param('host')\n")
    assert (module.USERS, module.HOST) == (5, "h:1")
    with pytest.raises(UsageError, match=r"needy.py:3: parameter 'size' \(int\) was not given"):
        write("needy", "param('size', int)\n")


MODULE_LEVEL = f"""
USERS = param("users", int, 5)
class Load(Simulation):
    SIZE = param("size", int, 1)
    def __init__(self):
        {SET_UP}
"""


def test_what_a_module_has_read_is_in_the_plan_of_its_simulations(write: Import) -> None:
    """Class bodies are part of the module."""
    assert values_of(compile_simulation(write("shop", MODULE_LEVEL).Load)) == {
        "users": 5, "size": 1,
    }  # fmt: skip


def test_a_module_that_was_imported_with_other_values_is_refused(
    write: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its variables cannot follow; with the same values it runs."""
    load = write("shop", MODULE_LEVEL).Load
    (said,) = problems(load, users=6)
    assert said == (
        "shop.py:4: parameter 'users' was read when its module was imported, as 5 (default), and "
        "cannot become 6 (-p) any more; read it in the simulation's constructor, or set "
        "GATLINGPY_PARAM_USERS before the import"
    )
    assert values_of(compile_simulation(load, Given({"users": "5"}))) == {"users": 5, "size": 1}
    monkeypatch.setenv("GATLINGPY_PARAM_SIZE", "2")
    (said,) = problems(load)
    assert "as 1 (default), and cannot become 2 (GATLINGPY_PARAM_SIZE) any more" in said
    (said,) = problems(load, size="x")
    assert "'size' must be a whole number (int), got 'x' from -p" in said


def test_values_that_are_given_before_the_import_reach_the_module(write: Import) -> None:
    """As the command line does it; a later run with others is refused."""
    with reading(Given({"users": "7"}, "-p")):
        module = write("shop", MODULE_LEVEL)
    assert module.USERS == 7
    assert values_of(compile_simulation(module.Load, Given({"users": 7}, "-p"))) == {
        "users": 7, "size": 1,
    }  # fmt: skip
    assert "as 7 (-p), and cannot become 5 (default)" in problems(module.Load)[0]


def test_modules_that_a_simulation_imports_count_and_others_do_not(write: Import) -> None:
    """However they are imported; a module of another simulation is none of its business."""
    write("team.settings", "USERS = param('users', int, 5)\n")
    write("team.extra", "SIZE = param('size', int, 1)\n")
    write("team.more", "MODE = param('mode', default='a')\n")
    write("stranger", "OTHER = param('users', int, 50)\n")
    module = write(
        "team.shop",
        f"""
        from .settings import USERS
        from . import more
        class Load(Simulation):
            def __init__(self):
                import team.extra
                {SET_UP}
        """,
    )
    assert values_of(compile_simulation(module.Load)) == {
        "users": 5, "size": 1, "mode": "a",
    }  # fmt: skip
    (said,) = problems(module.Load, users=6)
    assert "settings.py:3" in said
    (said,) = problems(module.Load, mode="b")
    assert "more.py:3" in said
    (said,) = problems(module.Load, size=6)
    assert "extra.py:3" in said


def test_a_module_that_a_constructor_imports_first_is_kept_an_eye_on(write: Import) -> None:
    """It is given this run's values, and a later run's are compared with them."""
    write("first", "")
    Path(sys.modules["first"].__file__ or "").with_name("late.py").write_text(
        PREAMBLE + "USERS = param('users', int, 5)\n"
    )
    body = f"""
    class Load(Simulation):
        def __init__(self):
            import late
            {SET_UP}
    """
    load = write("shop", body).Load
    try:
        assert values_of(compile_simulation(load, Given({"users": 6}))) == {"users": 6}
        assert values_of(compile_simulation(load, Given({"users": 6}))) == {"users": 6}
        assert "as 6 (parameters), and cannot become 5" in problems(load)[0]
    finally:
        sys.modules.pop("late", None)


def test_a_function_that_a_module_calls_reads_for_that_module(write: Import) -> None:
    """Wherever the function itself stands."""
    write("settings", "def users():\n    return param('users', int, 5)\n")
    body = f"""
    from settings import users
    USERS = users()
    class Load(Simulation):
        def __init__(self):
            {SET_UP}
    """
    load = write("shop", body).Load
    assert values_of(compile_simulation(load)) == {"users": 5}
    assert "as 5 (default), and cannot become 6" in problems(load, users=6)[0]


def test_a_constructor_that_is_run_again_is_given_the_new_values(write: Import) -> None:
    """Also when a function of another module asks for it."""
    write("settings", "def users():\n    return param('users', int, 5)\n")
    body = f"""
    from settings import users
    class Load(Simulation):
        def __init__(self):
            self.users = users()
            {SET_UP}
    """
    load = write("shop", body).Load
    for number in (6, 7, 5):
        compiled = compile_simulation(load, Given({"users": number}))
        assert compiled.simulation.users == number  # type: ignore[attr-defined]


def test_a_simulation_that_was_constructed_before_reads_anew(write: Import) -> None:
    """Whoever made one by hand while the module was imported keeps that one's values."""
    body = f"""
    class Load(Simulation):
        def __init__(self):
            self.users = param("users", int, 5)
            {SET_UP}
    BY_HAND = Load()
    """
    module = write("shop", body)
    compiled = compile_simulation(module.Load, Given({"users": 6}))
    assert (module.BY_HAND.users, compiled.simulation.users) == (5, 6)  # type: ignore[attr-defined]


def test_after_its_constructor_a_simulation_gets_no_parameter(
    write: Import, tmp_path: Path
) -> None:
    """A hook, or a step, would read past what was given and recorded."""
    body = f"""
    class Load(Simulation):
        def __init__(self):
            {SET_UP}
        def before(self, run):
            param("users", int, 5)
    """
    from gatlingpy.app import Settings, run

    load = write("shop", body).Load
    with pytest.raises(UsageError, match=r"shop.py:8: param\('users', ...\) was called in a run"):
        run(load, Settings(results=tmp_path))


def test_a_thread_of_the_users_own_reads_environment_or_default() -> None:
    """There is no module behind it."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(param, "users", int, 5).result() == 5
