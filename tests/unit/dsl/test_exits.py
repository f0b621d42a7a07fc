"""Tries and ways out compile to those of the plan."""

import pytest

from gatlingpy.dsl.chain import (
    Chain,
    crash_load_generator,
    crash_load_generator_if,
    exit_block_on_fail,
    exit_here,
    exit_here_if,
    exit_here_if_failed,
    stop_load_generator,
    stop_load_generator_if,
    try_max,
)
from gatlingpy.plan.code import CodeRef, Const, Template
from gatlingpy.plan.conditions import Truth
from gatlingpy.plan.exits import ExitHere, ExitHereIfFailed, StopLoadGenerator, TryMax
from gatlingpy.plan.steps import Step
from tests.unit.dsl.chains import PAUSE_A, PAUSE_B, A, B, holds, step_of

OWN = "gatling.counter.S/0"
X = Truth(Template("#{x}"))
FN = Truth(CodeRef("S/0/condition"))
BYE = Const("bye")


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        (try_max(3).on(A), TryMax(Const(3), OWN, (PAUSE_A,))),
        (try_max(3, A, B), TryMax(Const(3), OWN, (PAUSE_A, PAUSE_B))),
        (try_max(3, "i").on(A), TryMax(Const(3), "i", (PAUSE_A,))),
        (try_max("#{n}", "i", A), TryMax(Template("#{n}"), "i", (PAUSE_A,))),
        (try_max(lambda s: 3, A, counter="i"), TryMax(CodeRef("S/0/times"), "i", (PAUSE_A,))),
        (exit_block_on_fail().on(A), TryMax(Const(1), OWN, (PAUSE_A,))),
        (exit_block_on_fail(A, B), TryMax(Const(1), OWN, (PAUSE_A, PAUSE_B))),
        (exit_here(), ExitHere()),
        (exit_here_if("#{x}"), ExitHere(X)),
        (exit_here_if(holds), ExitHere(FN)),
        (exit_here_if(None), ExitHere(Truth(Const(None)))),  # type: ignore[arg-type]
        (exit_here_if_failed(), ExitHereIfFailed()),
        (stop_load_generator("bye"), StopLoadGenerator(BYE)),
        (stop_load_generator("#{x}"), StopLoadGenerator(Template("#{x}"))),
        (stop_load_generator(lambda s: "bye"), StopLoadGenerator(CodeRef("S/0/message"))),
        (stop_load_generator_if("bye", "#{x}"), StopLoadGenerator(BYE, X)),
        (stop_load_generator_if("bye", holds), StopLoadGenerator(BYE, FN)),
        (crash_load_generator("bye"), StopLoadGenerator(BYE, crash=True)),
        (crash_load_generator_if("bye", "#{x}"), StopLoadGenerator(BYE, X, crash=True)),
        (
            crash_load_generator_if("bye", None),  # type: ignore[arg-type]
            StopLoadGenerator(BYE, Truth(Const(None)), crash=True),
        ),
    ],
    ids=str,
)
def test_spellings(chain: Chain, expected: Step) -> None:
    """Each call is its step; a condition that is none stays one, so that it can be refused."""
    assert expected == step_of(chain)
