"""Random scenarios: as data that an oracle can read, and as steps of a plan.

A program is made of tuples.  All it can look at is attribute ``x``, counters, its status and the
time.
"""

from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias

from hypothesis import strategies as st

from gatlingpy.plan.branches import (
    Case,
    Choice,
    If,
    RandomSwitch,
    RoundRobinSwitch,
    Switch,
    UniformRandomSwitch,
)
from gatlingpy.plan.code import Const, Template
from gatlingpy.plan.conditions import Equal, Truth
from gatlingpy.plan.exits import ExitHere, ExitHereIfFailed, StopLoadGenerator, TryMax
from gatlingpy.plan.loops import AsLongAs, DoWhile, During, Foreach, Forever, Repeat
from gatlingpy.plan.pauses import Pace, Pause, RendezVous
from gatlingpy.plan.steps import Exec, Group, Step
from gatlingpy.session import Session
from tests.unit.engine.play import BROKEN, FAIL, SUCCEED, WHERE, ask, code, run

Program: TypeAlias = tuple[Any, ...]
"""A kind, what it takes, and the programs inside."""
Body: TypeAlias = tuple[Program, ...]

MOST_ROUNDS = 3
"""After so many rounds every condition of a loop says no."""


def note(session: Session) -> Session:
    """Keep what can be seen of counters, items and the status."""
    seen = {k: v for k, v in session.attributes.items() if k[0] in "cij" and k[1:].isdigit()}
    notes = session.get_list("notes", ())
    return session.set("notes", (*notes, (tuple(sorted(seen.items())), session.is_failed)))  # type: ignore[misc]


def more(session: Session) -> Session:
    return session.set("x", session.get_int("x") + 1)


def less_than(bound: int, breaks: bool, counter: str = "") -> Truth:
    """``x`` is below a bound, and few rounds were made; if not, it may raise instead."""

    def holds(session: Session) -> bool:
        if session.get_int("x") < bound:
            return not counter or session.get_int(counter) < MOST_ROUNDS
        if breaks:
            raise ValueError("too much")
        return False

    return Truth(code(holds))


def at_least(bound: int, breaks: bool) -> Truth:
    """``x`` has reached a bound; if not, it may raise instead."""

    def holds(session: Session) -> bool:
        if session.get_int("x") < bound and breaks:
            raise ValueError("too little")
        return session.get_int("x") >= bound

    return Truth(code(holds))


LEAVES: dict[str, Callable[..., Step]] = {
    "ask": ask,
    "fail": lambda: FAIL,
    "succeed": lambda: SUCCEED,
    "more": lambda: run(more),
    "note": lambda: run(note),
    "broken": lambda: Exec(BROKEN, where=WHERE),
    "reset": lambda: run(lambda session: session.reset().set("x", session["x"])),
    "pause": lambda seconds: Pause(Const(seconds), where=WHERE),
    "pace": lambda seconds: Pace(Const(seconds), None, "gatling.pace", WHERE),
    "meet": lambda: RendezVous(9, WHERE),
    "exit": lambda bound, breaks: ExitHere(at_least(bound, breaks), WHERE),
    "exit if failed": lambda: ExitHereIfFailed(WHERE),
    "stop": lambda bound, breaks: StopLoadGenerator(
        Const("enough"), at_least(bound, breaks), False, WHERE
    ),
}


def plan(body: Body) -> tuple[Step, ...]:
    """Return a program as steps of a plan."""
    return tuple(_step(*program) for program in body)


def _step(kind: str, *given: Any) -> Step:
    if kind in LEAVES:
        return LEAVES[kind](*given)
    *given, bodies = given
    ways = tuple(plan(body) for body in bodies)
    return BLOCKS[kind](*given, ways)


def _loop(kind: type[AsLongAs] | type[DoWhile]) -> Callable[..., Step]:
    def make(
        counter: str, bound: int, breaks: bool, seconds: float | None, asap: bool, ways: Any
    ) -> Step:
        duration = None if seconds is None else Const(seconds)
        return kind(less_than(bound, breaks, counter), duration, counter, asap, ways[0], WHERE)

    return make


BLOCKS: dict[str, Callable[..., Step]] = {
    "group": lambda name, ways: Group(Const(name), ways[0], WHERE),
    "repeat": lambda counter, times, ways: Repeat(Const(times), counter, ways[0], WHERE),
    "repeat x": lambda counter, ways: Repeat(
        code(lambda s: min(s.get_int("x"), MOST_ROUNDS)), counter, ways[0], WHERE
    ),
    "forever": lambda counter, ways: Forever(counter, ways[0], WHERE),
    "foreach": lambda counter, item, items, ways: Foreach(
        Const(items), item, counter, ways[0], WHERE
    ),
    "during": lambda counter, seconds, asap, ways: During(
        Const(seconds), counter, asap, ways[0], WHERE
    ),
    "as long as": _loop(AsLongAs),
    "do while": _loop(DoWhile),
    "try": lambda counter, times, ways: TryMax(Const(times), counter, ways[0], WHERE),
    "if": lambda bound, breaks, ways: If(less_than(bound, breaks), ways[0], ways[1], WHERE),
    "if equal": lambda value, ways: If(
        Equal(Template("#{x}"), Const(value)), ways[0], ways[1], WHERE
    ),
    "switch": lambda keys, ways: Switch(
        Template("#{x}"),
        tuple(Case(Const(key), way) for key, way in zip(keys, ways, strict=False)),
        ways[-1], WHERE,
    ),
    "random": lambda percents, ways: RandomSwitch(
        tuple(Choice(p, way) for p, way in zip(percents, ways, strict=False)), ways[-1], WHERE
    ),
    "uniform": lambda ways: UniformRandomSwitch(ways, WHERE),
    "robin": lambda ways: RoundRobinSwitch(ways, WHERE),
}  # fmt: skip

_LEAVES = [
    *["ask"] * 9, *["more", "note"] * 2, "fail", "succeed", "broken", "reset", "meet", "pause",
    "pace", "exit", "exit if failed", "stop",
]  # fmt: skip
_KINDS = [*BLOCKS, *["try"] * 5, *["as long as"] * 3, *["group"] * 3, *["during", "do while"] * 2]
_BRANCHES = {"if", "if equal", "switch", "random", "uniform", "robin"}
_AT_THE_END: dict[str, Body] = {
    "forever": (("more",), ("exit if failed",), ("exit", 4, False)),
    "during": (("pause", 1),),
}
"""What lets these loops have an end."""


class Author:
    """Writes programs; what is drawn by hypothesis itself stays too small to be of interest.

    Counters are named by how deep their blocks stand.
    """

    def __init__(self, random: Random, depth: int, width: int) -> None:
        self._random = random
        self._depth = depth
        self._width = width

    def body(self, depth: int = 0) -> Body:
        """Return steps in a row."""
        return tuple(self._program(depth) for _ in range(self._random.randint(1, self._width)))

    def _program(self, depth: int) -> Program:
        if depth == self._depth or self._random.random() < 0.4:
            return self._leaf()
        kind = self._random.choice(_KINDS)
        given = self._given(kind, depth)
        one = (*self.body(depth + 1), *_AT_THE_END.get(kind, ()))
        if kind not in _BRANCHES:
            return (kind, *given, (one,))
        rest = self.body(depth + 1) if self._random.random() < 0.5 else ()
        ways = (one, rest) if kind.startswith("if") else (one, self.body(depth + 1), rest)
        return (kind, *given, ways)

    def _leaf(self) -> Program:
        kind = self._random.choice(_LEAVES)
        match kind:
            case "ask":
                return kind, self._random.choice("abcdef")
            case "pause" | "pace":
                return kind, self._seconds()
            case "exit" | "stop":
                return kind, self._random.randint(4, 9), self._coin(0.2)
        return (kind,)

    def _given(self, kind: str, depth: int) -> tuple[Any, ...]:
        counter = f"c{depth}"
        given: dict[str, Callable[[], tuple[Any, ...]]] = {
            "group": lambda: (f"g{depth}",),
            "repeat": lambda: (counter, self._below(4)),
            "repeat x": lambda: (counter,),
            "forever": lambda: (counter,),
            "foreach": lambda: (counter, f"i{depth}", tuple(range(7, 7 + self._below(4)))),
            "during": lambda: (counter, self._seconds(), self._coin(0.7)),
            "as long as": lambda: (counter, *self._condition()),
            "do while": lambda: (counter, *self._condition()),
            "try": lambda: (counter, self._below(4)),
            "if": lambda: (self._below(5), self._coin(0.2)),
            "if equal": lambda: (self._below(4),),
            "switch": lambda: ((self._below(4), self._below(4)),),
            "random": lambda: (self._random.choice([(50, 50), (20, 30), (0, 100)]),),
        }
        return given[kind]() if kind in given else ()

    def _condition(self) -> tuple[Any, ...]:
        duration = self._seconds() if self._coin(0.4) else None
        return 1 + self._below(5), self._coin(0.3), duration, self._coin(0.7)

    def _below(self, bound: int) -> int:
        return self._random.randrange(bound)

    def _coin(self, chance: float) -> bool:
        return self._random.random() < chance

    def _seconds(self) -> float:
        return self._random.choice([0.5, 1, 2])


programs = st.builds(
    lambda seed, depth, width: Author(Random(seed), depth, width).body(),
    st.integers(0, 2**32), st.sampled_from([1, 2, 3, *[4] * 9]), st.sampled_from([1, 2, 3, *[5] * 9]),
)  # fmt: skip
"""Hypothesis makes a failing one shallower and shorter."""
