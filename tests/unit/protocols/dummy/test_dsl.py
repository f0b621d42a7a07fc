"""``dummy(...)`` as users write it, and the request that it becomes."""

from datetime import timedelta

import pytest

from gatlingpy.dsl.compiler import Compiler
from gatlingpy.dsl.open_injection import at_once_users
from gatlingpy.dsl.scenario import scenario
from gatlingpy.dsl.setup import Simulation, compile_simulation
from gatlingpy.dsl.where import function_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import Const, Template
from gatlingpy.plan.show import show
from gatlingpy.plan.validate import validate
from gatlingpy.protocols.dummy.dsl import DUMMY, DummyBuilder, dummy
from gatlingpy.protocols.dummy.plan import DummyProtocol, DummyRequest
from gatlingpy.session import Session


def compiled(builder: DummyBuilder) -> DummyRequest:
    """Compile a request by itself."""
    return builder.compile(Compiler(), "Shop/0")


@pytest.mark.parametrize(
    ("given", "seconds"), [(0.05, 0.05), (2, 2.0), ("50ms", 0.05), (timedelta(seconds=3), 3.0)]
)
def test_a_response_time_is_a_duration(given: object, seconds: float) -> None:
    """Seconds, not Gatling's milliseconds."""
    assert compiled(dummy("Pay", given)).response_time == Const(seconds)


@pytest.mark.parametrize("given", [-1, "50", "soon", None, True, float("inf")])
def test_what_is_no_duration_is_refused_where_it_is_written(given: object) -> None:
    """With the user's line."""
    with pytest.raises(UsageError, match=r"test_dsl.py:\d+: dummy\(name, response_time\) must"):
        dummy("Pay", given)


def test_success_and_update_are_refused_where_they_are_written() -> None:
    """What could not be one of them."""
    with pytest.raises(UsageError, match=r'test_dsl.py:\d+: with_success.* "#{paid}".*got 1'):
        dummy("Pay", 0).with_success(1)
    with pytest.raises(UsageError, match=r"got 'true'"):
        dummy("Pay", 0).with_success("true")
    with pytest.raises(UsageError, match=r"test_dsl.py:\d+: with_session_update.*got 'x'"):
        dummy("Pay", 0).with_session_update("x")  # type: ignore[arg-type]


def test_builders_do_not_change() -> None:
    """Each method returns another one."""
    plain = dummy("Pay", 0)
    bad = plain.with_success(False)
    assert compiled(plain).success == Const(True)
    assert compiled(bad).success == Const(False)


def test_templates_and_functions_are_kept_as_what_they_are() -> None:
    """They are resolved for each user."""
    request = compiled(dummy("#{name}", "#{time}").with_success("#{ok}").with_session_update(keep))
    assert (request.name, request.response_time) == (Template("#{name}"), Template("#{time}"))
    assert request.success == Template("#{ok}")
    assert request.session_update is not None
    assert request.session_update.where == function_line(keep)


def keep(session: Session) -> Session:
    """Change nothing."""
    return session


class Alone(Simulation):
    """Dummies and no word of a protocol."""

    def __init__(self) -> None:
        """Use one protocol in both scenarios."""
        one = scenario("One").exec(dummy("A", 0.001), dummy("B", 1).with_success(False))
        two = scenario("Two").exec(dummy("C", lambda session: 2).with_session_update(keep))
        self.set_up(one.inject_open(at_once_users(1)), two.inject_open(at_once_users(1)))


def test_no_protocol_has_to_be_given() -> None:
    """The plan has the one that dummies use, once, and nothing is wrong with it."""
    plan = compile_simulation(Alone).plan
    assert plan.protocols == (DummyProtocol(id="dummy"),)
    assert validate(plan) == ()
    assert {step.protocol for scenario in plan.scenarios for step in scenario.steps} == {"dummy"}  # type: ignore[union-attr]


def test_a_protocol_that_is_given_is_the_one_that_is_used() -> None:
    """A default takes nobody's place."""

    class Given(Simulation):
        def __init__(self) -> None:
            people = scenario("One").exec(dummy("A", 0)).inject_open(at_once_users(1))
            self.set_up(people).protocols(DUMMY)

    assert compile_simulation(Given).plan.protocols == (DummyProtocol(id="dummy"),)


def test_a_plan_shows_them() -> None:
    """In milliseconds, with what is not the usual."""
    text = show(compile_simulation(Alone).plan)
    for line in (
        "dummy     no network", "dummy  A   takes 1 ms", "dummy  B   takes 1000 ms",
        "success  False", "dummy  C   takes code ", "update   code ",
    ):  # fmt: skip
        assert line in text


@pytest.mark.parametrize("value", [-0.5, float("inf"), float("nan"), "50ms", None, True])
def test_a_plan_that_was_not_written_here_is_checked_as_well(value: object) -> None:
    """A plan can come from JSON."""
    request = DummyRequest(name=Const("Pay"), protocol="dummy", response_time=Const(value))
    (problem,) = request.problems()
    assert problem.startswith("'Pay': a dummy takes seconds, 0 or more, got ")
    assert list(DummyRequest(name=Const("Pay"), protocol="dummy").problems()) == []
