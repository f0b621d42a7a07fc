"""``-p NAME=VALUE``, and variables of the environment that are nobody's."""

import pytest

from gatlingpy import Simulation, at_once_users, dummy, param, scenario
from gatlingpy.cli.parameters import given_on_the_command_line, unread_variables
from gatlingpy.dsl.setup import compile_simulation
from gatlingpy.errors import UsageError


def test_pairs_become_values() -> None:
    """A value may hold anything; the same one twice is no contradiction."""
    given = given_on_the_command_line(["users=5", "url=a=b c", "empty=", "users=5"])
    assert given.values == {"users": "5", "url": "a=b c", "empty": ""}
    assert given.source == "-p"


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        (["users"], "-p takes NAME=VALUE, such as -p users=50, got 'users'"),
        (["=5"], "got '=5'"),
        ([""], "got ''"),
        (["users=5", "users=6"], "-p gives 'users' twice, as '5' and as '6'"),
    ],
)
def test_what_is_no_pair_is_refused(pairs: list[str], said: str) -> None:
    """And so is a contradiction."""
    with pytest.raises(UsageError) as caught:
        given_on_the_command_line(pairs)
    assert said in str(caught.value)


class Load(Simulation):
    """One parameter."""

    def __init__(self) -> None:
        users = param("max-users", int, 1)
        self.set_up(scenario("A").exec(dummy("x", 0)).inject_open(at_once_users(users)))


def test_variables_that_give_no_parameter_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the nearest that would."""
    monkeypatch.setenv("GATLINGPY_PARAM_MAX_USERS", "2")
    plan = compile_simulation(Load).plan
    assert list(unread_variables(plan)) == []
    monkeypatch.setenv("GATLINGPY_PARAM_MAX_USRES", "2")
    monkeypatch.setenv("GATLINGPY_PARAM_Z", "2")
    said = "is set, but the simulation has no such parameter"
    assert list(unread_variables(plan)) == [
        f"GATLINGPY_PARAM_MAX_USRES {said}; did you mean GATLINGPY_PARAM_MAX_USERS?",
        f"GATLINGPY_PARAM_Z {said}",
    ]
