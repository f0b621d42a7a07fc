"""Requests, feeds, waits and exits that cannot be are told at their line; so is every template."""

from dataclasses import replace

import pytest

from gatlingpy.plan import branches, exits, loops, pauses
from gatlingpy.plan.code import Const, Expr, Structure, Template
from gatlingpy.plan.conditions import Equal, Truth
from gatlingpy.plan.feeders import CsvSource, Feeder
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.plan.pauses import Pace, Pause
from gatlingpy.plan.steps import Feed, Group, Step
from gatlingpy.plan.validate import validate
from tests.unit.plan.plans import S, plan_of, request

AT = "pay.py:30"
BAD = Template("#{")
GOOD = Template("#{x}")
ONE = Const(1)
BODY = (request(),)
TIMES = "takes seconds as a number, a timedelta or text such as '500ms', 0 or more, got"
TRUTH = "takes True, False, text that is one placeholder such as '#{paid}', or a function"


def problems_of(step: Step) -> list[str]:
    """Return what is wrong with a plan of this step, without its line."""
    plan = replace(plan_of(step), max_duration_ns=S, feeders=(Feeder("f", CsvSource("a.csv")),))
    problems = validate(plan)
    assert all(problem.startswith(f"{AT}: ") for problem in problems), problems
    return [problem.removeprefix(f"{AT}: ") for problem in problems]


def asked(**change: object) -> Step:
    return replace(request(), where=AT, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("protocol", ["", "echo-2"])
def test_no_protocol(protocol: str) -> None:
    """A request without a protocol of its kind names what to add."""
    told = "'Pay': no echo protocol was given; add .protocols(echo()...) to set_up(...)"
    assert [told] == problems_of(asked(protocol=protocol))


@pytest.mark.parametrize("name", [" ", None])
def test_empty_request_name(name: str | None) -> None:
    """A request needs a name."""
    told = 'a request has an empty name; name it: echo("...")'
    assert [told] == problems_of(asked(name=Const(name)))


@pytest.mark.parametrize(
    "step",
    [
        asked(value=BAD),
        asked(headers=FrozenMap({"h": BAD})),
        asked(name=BAD),
        Pause(BAD, where=AT),
        Pause(ONE, BAD, where=AT),
        Pause(ONE, None, pauses.CustomPauses(BAD), AT),
        Pace(BAD, None, "p", AT),
        Pace(ONE, BAD, "p", AT),
        Group(BAD, BODY, AT),
        Group(Const("g"), (loops.Repeat(ONE, "i", (Pause(BAD, where=AT),)),)),
        loops.Repeat(BAD, "i", BODY, AT),
        loops.Foreach(BAD, "x", "i", BODY, AT),
        loops.Foreach(Structure((1, BAD)), "x", "i", BODY, AT),
        loops.During(BAD, "i", True, BODY, AT),
        loops.AsLongAs(Truth(BAD), None, "i", True, BODY, AT),
        loops.AsLongAs(Truth(GOOD), BAD, "i", True, BODY, AT),
        loops.DoWhile(Truth(BAD), None, "i", True, BODY, AT),
        branches.If(Truth(BAD), BODY, (), AT),
        branches.If(Equal(BAD, ONE), BODY, (), AT),
        branches.If(Equal(ONE, BAD), BODY, (), AT),
        branches.If(Truth(GOOD), BODY, (Pause(BAD, where=AT),)),
        branches.Switch(BAD, (branches.Case(ONE, BODY), branches.Case(Const(2), BODY)), (), AT),
        branches.Switch(GOOD, (branches.Case(BAD, BODY), branches.Case(ONE, BODY)), (), AT),
        branches.Switch(
            GOOD,
            (branches.Case(ONE, BODY), branches.Case(Const(2), (Pause(BAD, where=AT),))),
        ),
        branches.RandomSwitch((branches.Choice(50.0, (Pause(BAD, where=AT),)),)),
        branches.UniformRandomSwitch((BODY, (Pause(BAD, where=AT),))),
        branches.RoundRobinSwitch((BODY, (Pause(BAD, where=AT),))),
        exits.TryMax(BAD, "i", BODY, AT),
        exits.ExitHere(Truth(BAD), AT),
        exits.StopLoadGenerator(BAD, where=AT),
        exits.StopLoadGenerator(Const("bye"), Truth(BAD), where=AT),
        Feed("f", BAD, AT),
    ],
    ids=str,
)
def test_templates_are_parsed(step: Step) -> None:
    """A template that cannot be read is told once, wherever it stands."""
    (problem,) = problems_of(step)
    assert problem.startswith("column 1 of '#{'")


def test_unknown_feeder() -> None:
    """A feed whose feeder is not in the plan is refused."""
    assert ["there is no feeder 'x' in the plan"] == problems_of(Feed("x", where=AT))


@pytest.mark.parametrize("count", [0, -1, 1.5, "many", None, True, float("inf"), float("nan")])
def test_records_at_a_time(count: object) -> None:
    """How many records, where constant, is a whole number from 1."""
    told = f"the number of records to feed must be a whole number from 1, got {count!r}"
    assert [told] == problems_of(Feed("f", Const(count), AT))


@pytest.mark.parametrize(
    ("low", "until", "message"),
    [
        (Const(-1), None, f"(...) {TIMES} -1"),
        (Const("soon"), None, f"(...) {TIMES} 'soon'"),
        (Const("10"), None, f"(...) {TIMES} '10'"),
        (Const(None), None, f"(...) {TIMES} None"),
        (Const(True), None, f"(...) {TIMES} True"),
        (Const((1, 2)), None, f"(...) {TIMES} tuple (1, 2)"),
        (ONE, Const(float("inf")), f"(...) {TIMES} inf"),
        (ONE, Const(float("nan")), f"(...) {TIMES} nan"),
        (Const(2.0), ONE, "(2, 1) ends before it begins; put the shorter time first"),
    ],
)
def test_waits(low: Expr, until: Expr | None, message: str) -> None:
    """A pause, and the interval of a pace, is a time from now on."""
    assert [f"pause{message}"] == problems_of(Pause(low, until, where=AT))
    assert [f"pace{message}"] == problems_of(Pace(low, until, "p", AT))


@pytest.mark.parametrize(
    ("pause_type", "message"),
    [
        (pauses.CustomPauses(Const("soon")), f"custom_pauses(...) of pause(...) {TIMES} 'soon'"),
        (pauses.UniformPercentagePauses(-1.0),
         "the pause type of pause(...) takes percent, 0 or more, got -1.0"),
        (pauses.NormalPercentagePauses(float("nan")),
         "the pause type of pause(...) takes percent, 0 or more, got nan"),
    ],
)  # fmt: skip
def test_pause_types(pause_type: pauses.PauseType, message: str) -> None:
    """A pause type of impossible numbers is told."""
    assert [message] == problems_of(Pause(ONE, None, pause_type, AT))


def test_good_waits_and_exits() -> None:
    """What may be is not told."""
    for step in (
        Pause(Const(0), Const(0), pauses.ExponentialPauses(), AT),
        Pause(GOOD, ONE, pauses.CustomPauses(GOOD), AT),
        Pace(ONE, Const(1.0), "p", AT),
        exits.ExitHere(where=AT),
        exits.ExitHere(Truth(Const(False)), AT),
        exits.ExitHere(Equal(ONE, Const("1")), AT),
        exits.ExitHereIfFailed(AT),
        exits.StopLoadGenerator(Template("#{x} and #{y}"), Truth(GOOD), crash=True, where=AT),
    ):
        assert [] == problems_of(step)


def test_exits() -> None:
    """A way out has a condition that can hold, and an end of the run says why."""
    assert [f"the condition of exit_here_if(...) {TRUTH}, got the text 'paid'"] == problems_of(
        exits.ExitHere(Truth(Const("paid")), AT)
    )
    assert ["the message of stop_load_generator(...) must be text, got ''"] == problems_of(
        exits.StopLoadGenerator(Const(""), where=AT)
    )
    assert ["the message of crash_load_generator(...) must be text, got None"] == problems_of(
        exits.StopLoadGenerator(Const(None), crash=True, where=AT)
    )
    problems = problems_of(exits.StopLoadGenerator(Const(5), Truth(ONE), where=AT))
    assert [
        "the message of stop_load_generator_if(...)",
        "the condition of stop_load_generator_if(...)",
    ] == [" ".join(problem.split()[:4]) for problem in problems]
