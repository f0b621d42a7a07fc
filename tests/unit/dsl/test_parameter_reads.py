"""A declared parameter: what may be declared, and where its value comes from."""

from datetime import timedelta

import pytest

from gatlingpy.dsl.parameter_reads import NOTHING, Declared, Given, declare
from gatlingpy.errors import UsageError
from gatlingpy.plan.parameters import Parameter


def declared(
    name: object = "users",
    kind: object = int,
    default: object = NOTHING,
    choices: object = (),
    help_text: object = "",
) -> Declared:
    return declare(name, kind, default, choices, help_text, "sim.py:3")


@pytest.mark.parametrize("name", ["users", "ramp-up", "my.host", "A_1"])
def test_a_name_has_a_variable(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Upper case, with an underscore for what no shell takes in a name."""
    variable = "GATLINGPY_PARAM_" + name.upper().replace("-", "_").replace(".", "_")
    assert declared(name).variable == variable
    monkeypatch.setenv(variable, "7")
    assert declared(name).read(Given()).value == 7


def test_what_is_given_goes_before_the_environment_and_that_before_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each read says where it comes from; a variable that is empty is not set."""
    parameter = declared(default=1)
    given = Given({"users": "3"}, "-p")
    assert (parameter.read(Given()).value, parameter.read(Given()).source) == (1, "default")
    monkeypatch.setenv("GATLINGPY_PARAM_USERS", "2")
    read = parameter.read(Given())
    assert (read.value, read.source) == (2, "GATLINGPY_PARAM_USERS")
    assert (parameter.read(given).value, parameter.read(given).source) == (3, "-p")
    monkeypatch.setenv("GATLINGPY_PARAM_USERS", "")
    assert parameter.read(Given()).value == 1
    monkeypatch.setenv("GATLINGPY_PARAM_USERS", "no number, and nobody asks for it")
    assert parameter.read(given).value == 3


def test_one_without_a_value_says_how_to_give_it() -> None:
    """In all three ways."""
    with pytest.raises(UsageError) as caught:
        declared().read(Given())
    assert str(caught.value) == (
        "sim.py:3: parameter 'users' (int) was not given and has no default; give it by "
        "-p users=VALUE on the command line, by parameters={'users': ...} in a program or by the "
        "environment variable GATLINGPY_PARAM_USERS"
    )


def test_a_value_of_another_type_says_what_was_wanted_and_where_it_came_from() -> None:
    """Name, type, text, source."""
    with pytest.raises(UsageError) as caught:
        declared(default=5).read(Given({"users": "many"}, "-p"))
    assert str(caught.value) == (
        "sim.py:3: parameter 'users' must be a whole number (int), got 'many' from -p"
    )


def test_a_value_that_is_no_choice_is_told_the_nearest() -> None:
    """And all of them, as they can be given."""
    parameter = declared("mode", str, "fast", ("fast", "slow"))
    assert parameter.read(Given({"mode": "slow"})).value == "slow"
    with pytest.raises(UsageError, match=r"one of fast, slow, got 'slo' from parameters; did you"):
        parameter.read(Given({"mode": "slo"}))
    lengths = declared("length", timedelta, choices=("1s", 90))
    assert lengths.read(Given({"length": "1000ms"})).value == timedelta(seconds=1)
    with pytest.raises(UsageError, match="one of 1s, 90s, got '2s'"):
        lengths.read(Given({"length": "2s"}))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"name": ""}, "takes a name of letters"),
        ({"name": "1st"}, "begins with a letter, got '1st'"),
        ({"name": "two words"}, "got 'two words'"),
        ({"name": 5}, "got 5"),
        ({"kind": list}, "takes int, float, str, bool or timedelta, got list"),
        ({"kind": "int"}, "got 'int'"),
        ({"kind": [int]}, r"got [<class 'int'>]"),
        ({"default": "5"}, "has the default '5', which is not a whole number (int)"),
        ({"default": True}, "has the default True"),
        ({"default": None}, "which is not a whole number (int); leave it out if"),
        ({"choices": 5}, "takes choices as a tuple of values, got 5"),
        ({"choices": (1, "2")}, "has the choice '2', which is not a whole number (int)"),
        ({"choices": (1, 2), "default": 3}, "has the default 3, which is none of its choices"),
        ({"help_text": 5}, "takes help as text, got 5"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused_at_its_line(
    arguments: dict[str, object], said: str
) -> None:
    """At once: no value could mend it."""
    with pytest.raises(UsageError) as caught:
        declared(**arguments)
    assert said in str(caught.value)
    assert str(caught.value).startswith("sim.py:3: param(")


def test_what_stands_in_is_the_default_or_a_choice_or_anything_of_the_type() -> None:
    """So that a constructor can go on and all problems are told at once."""
    assert declared(default=7).stand_in().value == 7
    assert declared(choices=(4, 5)).stand_in().value == 4
    assert isinstance(declared().stand_in().value, int)
    assert isinstance(declared(kind=timedelta).stand_in().value, timedelta)


def test_a_plan_holds_it_as_plain_data() -> None:
    """A duration is text."""
    read = declared("ramp", timedelta, 30, ("1m", 30), "how long").read(Given({"ramp": "1m"}, "-p"))
    assert read.plan() == Parameter(
        "ramp", "duration", "60s", "30s", "how long", "-p", "sim.py:3", ("60s", "30s")
    )
    assert declared().stand_in().plan().default is None
