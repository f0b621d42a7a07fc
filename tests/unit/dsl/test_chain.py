"""Chains are values that are joined, shared and extended; what is no step is refused."""

import dataclasses
import re
from collections.abc import Callable

import pytest

import gatlingpy
from gatlingpy.dsl import chain as chain_module
from gatlingpy.dsl.chain import Blocks, Chain, chain, exec, feed, group, pause, repeat  # noqa: A004
from gatlingpy.dsl.scenario import Scenario, scenario
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import CodeRef, Const, Template
from gatlingpy.plan.steps import Exec, Feed, Group, Step
from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.session import Session
from tests.unit.dsl.chains import CALL, PAUSE_A, PAUSE_B, A, B, called, same, step_of, steps_of

RECORDS = [{"a": 1}]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (exec(same), (called("S/0"),)),
        (exec(same, blocking=True), (Exec(CodeRef("S/0"), blocking=True),)),
        (exec(A, B), (PAUSE_A, PAUSE_B)),
        (exec([A, (B, [A])], B), (PAUSE_A, PAUSE_B, PAUSE_A, PAUSE_B)),
        (chain(A).exec(B), (PAUSE_A, PAUSE_B)),
        (chain(), ()),
        (chain(A, chain(), B), (PAUSE_A, PAUSE_B)),
        (CALL.pause(1).exec(CALL), (called("S/0"), PAUSE_A, called("S/2"))),
        (group("g").on(A), (Group(Const("g"), (PAUSE_A,)),)),
        (group("#{g}", A, B), (Group(Template("#{g}"), (PAUSE_A, PAUSE_B)),)),
        (group(lambda s: "g", A), (Group(CodeRef("S/0/name"), (PAUSE_A,)),)),
        (feed(RECORDS), (Feed("feeder-1"),)),
        (feed(RECORDS, 2), (Feed("feeder-1", Const(2)),)),
        (feed(RECORDS, "#{n}"), (Feed("feeder-1", Template("#{n}")),)),
    ],
    ids=str,
)
def test_steps(steps: Chain, expected: tuple[Step, ...]) -> None:
    """What is joined stands one after another, each step named by its place."""
    assert expected == steps_of(steps)


def test_the_body_of_a_block_has_names_below_the_block() -> None:
    """A function in a block is named by the block's place and its own."""
    block = step_of(repeat(2, A, CALL))
    assert called("S/0/1") == block.bodies[0][1]  # type: ignore[union-attr]


def test_every_block_is_a_function_as_well() -> None:
    """Each method of chains begins one as a function, with the same name, and is exported."""
    methods = {
        name
        for name in dir(Blocks)
        if not name.startswith("_") and name not in ("compile", "parts")
    }
    functions = {
        name
        for name in vars(chain_module)
        if getattr(getattr(chain_module, name), "__self__", None) is chain_module._EMPTY
    }
    assert methods == functions
    assert methods <= set(gatlingpy.__all__)
    for name in methods:
        assert getattr(gatlingpy, name) == getattr(chain_module, name)


def test_methods_change_nothing() -> None:
    """Each method gives a new value, and leaves the one that it was called on."""
    base = chain(A)
    assert base.pause(2) != base
    assert base.repeat(2, B) != base
    assert (PAUSE_A,) == steps_of(base)
    with pytest.raises(dataclasses.FrozenInstanceError):
        base.parts = ()  # type: ignore[misc]


def test_scenarios_keep_their_name() -> None:
    """Whatever is added to a scenario, it is one."""
    made = scenario("Shop").exec(A).repeat(2).on(B).do_if(True, A).group("g", A)
    assert isinstance(made, Scenario)
    assert "Shop" == made.name
    assert 4 == len(steps_of(made))


class Slow:
    """A session function that is an object."""

    async def later(self, session: Session) -> Session:
        """Be awaited by nobody."""
        return session

    def __call__(self, session: Session, factor: int = 2) -> Session:
        """Change nothing."""
        return session


def test_session_functions_of_other_kinds() -> None:
    """An object that can be called with a session, and a function with defaults, are fine."""
    assert 2 == len(steps_of(exec(Slow(), lambda session, more=1: session)))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (5, "steps are requests, chains and session functions, got int 5"),
        ("Pay", "steps are requests, chains and session functions, got str 'Pay'"),
        (None, "steps are requests, chains and session functions, got NoneType None"),
        (True, "steps are requests, chains and session functions, got True; options are given by"),
        (Session, "steps are requests, chains and session functions, got type"),
        (
            kafka("Pay"),
            "steps are requests, chains and session functions, got KafkaRequest; say what",
        ),
        (
            kafka(),
            "steps are requests, chains and session functions, got KafkaProtocolBuilder; a pro",
        ),
        (scenario("S").exec(A), "a scenario is no step; begin what scenarios share with exec(...)"),
        (lambda: None, "the function at tests/unit/dsl/test_chain.py:"),
        (lambda a, b: a, "the function at tests/unit/dsl/test_chain.py:"),
        (Slow().later, "the function at tests/unit/dsl/test_chain.py:"),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "use",
    [exec, chain, group("g").on, lambda wrong: group("g", wrong), lambda wrong: exec([[A, wrong]])],
)
def test_what_is_no_step(use: Callable[[object], object], wrong: object, message: str) -> None:
    """Anything else is refused at the user's line, with a remedy."""
    with pytest.raises(UsageError, match=rf"test_chain\.py:\d+: {re.escape(message)}"):
        use(wrong)


def test_nothing_to_do() -> None:
    """An exec of nothing is a mistake; an empty list may come of a program."""
    with pytest.raises(
        UsageError, match=r"test_chain\.py:\d+: exec\(\.\.\.\) was given nothing to do"
    ):
        exec()
    assert () == steps_of(exec([]))


def test_functions_in_other_places() -> None:
    """A function that takes no session is refused for whatever it is given, with both lines."""
    wrong = pause(lambda: 1)  # type: ignore[call-overload, misc]
    at = r"tests/unit/dsl/test_chain\.py:\d+"
    with pytest.raises(UsageError, match=rf"^{at}: the function at {at} cannot be called with the"):
        steps_of(wrong)


@pytest.mark.parametrize("name", ["inject_open", "inject_closed"])
def test_a_chain_has_no_users(name: str) -> None:
    """Injecting a chain says how to make it a scenario."""
    with pytest.raises(AttributeError, match=r'a chain has no users; write scenario\("\.\.\."\)'):
        getattr(chain(A), name)
    with pytest.raises(AttributeError, match="nonsense"):
        chain(A).nonsense  # type: ignore[attr-defined]  # noqa: B018
