"""One mistake hides no other: all that is wrong with the steps is told at once."""

import pytest

from gatlingpy import Simulation, at_once_users, compile_plan, do_if, dummy, pause, scenario
from gatlingpy.dsl.problems import Problems
from gatlingpy.errors import FeederError, PlanError, UsageError

ONE = at_once_users(1)


class Bad(Simulation):
    """Three mistakes in two scenarios, one of them in a chain that both share."""

    def __init__(self) -> None:
        shared = pause("5 parsecs")
        first = scenario("First").group("g", dummy("A", 0), shared).pace(-2)
        second = scenario("Second").exec(shared, do_if("x", dummy("B", 0)))
        self.set_up(first.inject_open(ONE), second.inject_open(ONE))


def test_all_steps_are_looked_at() -> None:
    """Those of every scenario, inside blocks too; a shared chain's mistake is told once."""
    with pytest.raises(PlanError) as raised:
        compile_plan(Bad)
    told = raised.value.problems
    assert len(told) == 3
    for text, word in zip(told, ("5 parsecs", "-2", "do_if"), strict=True):
        assert word in text
        assert "test_problems.py:" in text


def test_one_mistake_stays_what_it_is() -> None:
    """Its type and its words, without a list of one."""
    problems = Problems()
    error = FeederError("a.py:1: there is no such file")
    with problems.collected():
        raise error
    with pytest.raises(FeederError) as raised:
        problems.tell()
    assert raised.value is error


def test_no_mistake_is_no_problem() -> None:
    """What is no user's mistake is not kept."""
    problems = Problems()
    with pytest.raises(ZeroDivisionError), problems.collected():
        raise ZeroDivisionError
    problems.tell()
    with problems.collected():
        raise UsageError("x")
    with pytest.raises(UsageError):
        problems.tell()
