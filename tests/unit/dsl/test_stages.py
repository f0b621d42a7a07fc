"""Blocks that are not finished are refused wherever they are given, with what is missing."""

import copy
import pickle
import re
from collections.abc import Callable

import pytest

from gatlingpy.dsl.chain import (
    chain,
    do_if,
    do_if_equals_or_else,
    do_if_or_else,
    do_switch,
    do_switch_or_else,
    during,
    exec,  # noqa: A004
    exit_block_on_fail,
    forever,
    group,
    random_switch,
    random_switch_or_else,
    repeat,
    round_robin_switch,
    try_max,
    uniform_random_switch,
)
from gatlingpy.dsl.scenario import scenario
from gatlingpy.dsl.stages import Unfinished
from gatlingpy.dsl.switches import on_case, percent
from gatlingpy.errors import UsageError
from tests.unit.dsl.chains import A, B

STAGES: list[tuple[Unfinished, str, str]] = [
    (repeat(5), "repeat(...)", "has no steps yet; give them with .on(...)"),
    (during(5, "i"), "during(...)", "has no steps yet; give them with .on(...)"),
    (forever(), "forever(...)", "has no steps yet; give them with .on(...)"),
    (group("g"), "group(...)", "has no steps yet; give them with .on(...)"),
    (try_max(2), "try_max(...)", "has no steps yet; give them with .on(...)"),
    (exit_block_on_fail(), "exit_block_on_fail()", "has no steps yet; give them with .on(...)"),
    (do_if(True), "do_if(...)", "has no steps yet; give them with .then(...)"),
    (do_if_or_else(True), "do_if_or_else(...)", "has no steps yet; give them with .then(...)"),
    (do_if_or_else(True).then(A), "do_if_or_else(...).then(...)",
     "has no steps for everybody else; give them with .or_else(...)"),
    (do_if_equals_or_else(1, 2).then(A), "do_if_equals_or_else(...).then(...)",
     "has no steps for everybody else; give them with .or_else(...)"),
    (do_switch("#{x}"), "do_switch(...)",
     "has no cases yet; give them with .on(on_case(key).then(...), ...)"),
    (do_switch_or_else("#{x}").on(on_case(1, A), on_case(2, B)), "do_switch_or_else(...).on(...)",
     "has no steps for everybody else; give them with .or_else(...)"),
    (on_case(1), "on_case(1)", "has no steps yet; give them with .then(...)"),
    (percent(60.0), "percent(60.0)", "has no steps yet; give them with .then(...)"),
    (random_switch(), "random_switch()",
     "has no choices yet; give them with .on(percent(number).then(...), ...)"),
    (random_switch_or_else().on(percent(5, A)), "random_switch_or_else().on(...)",
     "has no steps for everybody else; give them with .or_else(...)"),
    (uniform_random_switch(), "uniform_random_switch()",
     "has no ways yet; give them with .on(way, another, ...)"),
    (round_robin_switch(), "round_robin_switch()",
     "has no ways yet; give them with .on(way, another, ...)"),
]  # fmt: skip


@pytest.mark.parametrize(("stage", "what", "lack"), STAGES, ids=[what for _, what, _ in STAGES])
@pytest.mark.parametrize(
    "use",
    [
        exec,
        lambda stage: chain(A, [stage]),
        lambda stage: scenario("S").exec(A, stage),
        lambda stage: repeat(3, stage),
        lambda stage: repeat(3).on(stage),
        lambda stage: do_if(True).then(stage),
        lambda stage: do_if_or_else(True, A, stage),
        lambda stage: uniform_random_switch(A, stage),
        lambda stage: on_case(1).then(stage),
    ],
)
def test_no_step_yet(
    use: Callable[[Unfinished], object], stage: Unfinished, what: str, lack: str
) -> None:
    """A chain, a block and a way refuse what is not finished, with both places and the remedy."""
    place = r"tests/unit/dsl/test_stages\.py:\d+"
    with pytest.raises(
        UsageError, match=rf"^{place}: {re.escape(what)} at {place} {re.escape(lack)}$"
    ):
        use(stage)


def test_cases_and_choices_that_are_not_finished() -> None:
    """A switch says what its case still wants."""
    with pytest.raises(UsageError, match=r"on_case\(1\) at .* give them with \.then\("):
        do_switch("#{x}").on(on_case(1), on_case(2, A))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"percent\(5\) at .* give them with \.then\("):
        random_switch(percent(5))  # type: ignore[call-overload]


@pytest.mark.parametrize("go_on", ["inject_open", "exec", "pause", "or_else"])
def test_going_on_as_if_it_were_finished(go_on: str) -> None:
    """A method that only a chain has tells what is missing, not that there is no such attribute."""
    stage = scenario("S").repeat(5)
    with pytest.raises(AttributeError, match=r"repeat\(\.\.\.\) at .* has no steps yet; give them"):
        getattr(stage, go_on)
    assert not hasattr(stage, go_on)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: repeat(3).on(), "repeat(...).on(...) was given no steps; it needs 1 at least"),
        (lambda: do_if(True).then(), "do_if(...).then(...) was given no steps; it needs 1 at"),
        (lambda: do_if_or_else(True).then(A).or_else(),
         "do_if_or_else(...).then(...).or_else(...) was given no steps; it needs 1 at least"),
        (lambda: percent(5).then(), "percent(5).then(...) was given no steps; it needs 1 at least"),
    ],
)  # fmt: skip
def test_no_steps(call: Callable[[], object], message: str) -> None:
    """An empty list of steps is refused where it is given, in our own words."""
    with pytest.raises(UsageError, match=rf"test_stages\.py:\d+: {re.escape(message)}"):
        call()


def test_stages_are_values() -> None:
    """A stage may be kept, copied and finished several times, with different steps."""
    stage = repeat(2)
    assert copy.copy(stage) == stage
    assert stage.on(A) != stage.on(B)
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(stage)
