"""What Gatling would do with a random scenario: a machine of single actions and a block stack.

Written from the reference and not from the code under test, and built as Gatling is: each action
knows the next one, and before those that can be left from the whole stack of blocks is looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from tests.unit.engine.programs import MOST_ROUNDS, Body

S = 1_000_000_000
MS = 1_000_000
_LOOPS = {"repeat", "repeat x", "forever", "foreach", "during", "as long as", "do while"}
_NOT_EXITABLE = {"group end", "exit", "exit if failed", "stop", "meet"}


class TooLong(Exception):  # noqa: N818 - the program is at fault
    """A program that does not end soon enough."""


class Broken(Exception):  # noqa: N818 - part of a program
    """A condition that cannot be told."""


@dataclass(eq=False)
class Action:
    """One step; ``ways`` are the first actions of the bodies inside."""

    kind: str
    given: tuple[Any, ...]
    next: "Action | None"
    ways: "list[Action | None]" = field(default_factory=list)
    turn: int = 0


@dataclass(eq=False)
class Block:
    """A block that the user is inside."""

    action: Action
    failed: bool = False
    count: int = 0
    start_ns: int = 0
    cumulated_ns: int = 0


def build(body: Body, after: Action | None) -> Action | None:
    """Return the first action of a body; the last one goes on to ``after``."""
    first = after
    for kind, *given in reversed(body):
        first = _build(kind, given, first)
    return first


def _build(kind: str, given: list[Any], after: Action | None) -> Action:
    if not given or not isinstance(given[-1], tuple) or kind in {"ask", "pause"}:
        return Action(kind, tuple(given), after)
    *arguments, bodies = given
    action = Action(kind, tuple(arguments), after)
    back = action if kind in _LOOPS or kind == "try" else after
    if kind == "group":
        back = Action("group end", (), after)
    action.ways = [build(body, back) for body in bodies]
    return action


class Machine:
    """One user."""

    def __init__(self, answers: list[bool], draws: Iterator[float]) -> None:
        self.answers = cycle(answers)
        self.draws = draws
        self.now_ns = S
        self.x = 0
        self.items: dict[str, object] = {}
        self.notes: tuple[Any, ...] | None = None
        self.pace_ns = 0
        self.base_failed = False
        self.stack: list[Block] = []
        self.asked: list[str] = []
        self.groups: list[tuple[str, int, int, int, bool]] = []
        self.errors = 0
        self.stopped = False
        self.left = False

    def run(self, body: Body, most: int = 2_000) -> None:
        action = build(body, None)
        for _ in range(most):
            if action is None:
                return
            action = self.perform(action)
        raise TooLong

    # --- status ---

    @property
    def is_failed(self) -> bool:
        return self.base_failed or any(b.failed for b in self.stack if b.action.kind == "try")

    def fail(self) -> None:
        for block in reversed(self.stack):
            block.failed = True
            if block.action.kind == "try":
                return
        self.base_failed = True

    def succeed(self) -> None:
        for block in reversed(self.stack):
            if block.action.kind == "try":
                block.failed = False
                return
        self.base_failed = False

    def error(self) -> None:
        self.errors += 1
        self.fail()

    # --- leaving ---

    def pop(self) -> None:
        """Leave the innermost block."""
        block = self.stack.pop()
        if block.action.kind == "group":
            path = "/".join(
                b.action.given[0] for b in [*self.stack, block] if b.action.kind == "group"
            )
            self.groups.append(
                (path, block.start_ns, self.now_ns, block.cumulated_ns, not block.failed)
            )
        elif block.action.kind == "try" and block.failed:
            self.fail()

    def must_go(self) -> "tuple[bool, Action | None]":
        """Return whether the user has to leave, and the action to go on with."""
        for block in list(self.stack):
            if self.is_asap(block.action) and not self.loop_goes_on(block):
                while block in self.stack:
                    self.pop()
                return True, block.action.next
        tries = [block for block in self.stack if block.action.kind == "try"]
        if not tries or not tries[-1].failed:
            return False, None
        while self.stack[-1] is not tries[-1]:
            self.pop()
        return True, tries[-1].action

    @staticmethod
    def is_asap(action: Action) -> bool:
        return action.kind in {"during", "as long as", "do while"} and bool(action.given[-1])

    # --- conditions ---

    def is_less(self, bound: int, breaks: bool) -> bool:
        if self.x >= bound and breaks:
            raise Broken
        return self.x < bound

    def loop_goes_on(self, block: Block) -> bool:
        try:
            return self.tell(block)
        except Broken:
            self.error()
            return False

    def tell(self, block: Block) -> bool:
        kind, given = block.action.kind, block.action.given
        in_time = lambda seconds: self.now_ns - block.start_ns <= seconds * S  # noqa: E731
        if kind == "repeat":
            return block.count < int(given[1])
        if kind == "repeat x":
            return block.count < min(self.x, MOST_ROUNDS)
        if kind == "foreach":
            return block.count < len(given[2])
        if kind == "during":
            return bool(in_time(given[1]))
        if kind == "forever" or (kind == "do while" and block.count == 0):
            return True
        _, bound, breaks, seconds, _ = given
        if not (self.is_less(bound, breaks) and block.count < MOST_ROUNDS):
            return False
        return seconds is None or bool(in_time(seconds))

    # --- actions ---

    def perform(self, action: Action) -> Action | None:
        if action.kind not in _NOT_EXITABLE:
            must, target = self.must_go()
            if must and target is not action:
                return target
        if action.kind in _LOOPS:
            return self.loop(action)
        name = action.kind.replace(" ", "_")
        if hasattr(self, f"go_{name}"):
            going: Action | None = getattr(self, f"go_{name}")(action)
            return going
        getattr(self, f"do_{name}")(*action.given)
        return action.next

    def go_group(self, action: Action) -> Action | None:
        self.stack.append(Block(action, start_ns=self.now_ns))
        return action.ways[0]

    def go_stop(self, action: Action) -> Action | None:
        self.stopped = self.asks_condition(action)
        return None if self.stopped else action.next

    def loop(self, action: Action) -> Action | None:
        if self.stack and self.stack[-1].action is action:
            self.stack[-1].count += 1
        else:
            self.stack.append(Block(action, start_ns=self.now_ns))
        block = self.stack[-1]
        if not self.loop_goes_on(block):
            self.pop()
            return action.next
        if action.kind == "foreach":
            self.items[action.given[1]] = action.given[2][block.count]
        return action.ways[0]

    def go_try(self, action: Action) -> Action | None:
        if not (self.stack and self.stack[-1].action is action):
            self.stack.append(Block(action))
            return action.ways[0]
        block = self.stack[-1]
        if block.failed and block.count + 1 < action.given[1]:
            block.count += 1
            block.failed = False
            return action.ways[0]
        self.pop()
        return action.next

    def go_if(self, action: Action) -> Action | None:
        try:
            return action.ways[0 if self.is_less(*action.given) else 1]
        except Broken:
            self.error()
            return action.next

    def go_if_equal(self, action: Action) -> Action | None:
        return action.ways[0 if self.x == action.given[0] else 1]

    def go_switch(self, action: Action) -> Action | None:
        keys = action.given[0]
        return action.ways[keys.index(self.x) if self.x in keys else -1]

    def go_robin(self, action: Action) -> Action | None:
        action.turn += 1
        return action.ways[(action.turn - 1) % len(action.ways)]

    def go_uniform(self, action: Action) -> Action | None:
        return action.ways[int(next(self.draws) * len(action.ways))]

    def go_random(self, action: Action) -> Action | None:
        draw = next(self.draws)
        for percent, way in zip(action.given[0], action.ways, strict=False):
            draw -= percent / 100
            if draw < 0:
                return way
        return action.ways[-1]

    def asks_condition(self, action: Action) -> bool:
        bound, breaks = action.given
        if self.x < bound and breaks:
            self.error()
        return self.x >= bound

    def go_exit(self, action: Action) -> Action | None:
        return self.leave() if self.asks_condition(action) else action.next

    def go_exit_if_failed(self, action: Action) -> Action | None:
        return self.leave() if self.is_failed else action.next

    def leave(self) -> None:
        failed = self.is_failed
        for block in reversed(list(self.stack)):
            if block.action.kind == "try":
                block.failed = False  # what it has caught is not told around it any more
            self.pop()
        self.base_failed = failed
        self.left = True

    def do_group_end(self) -> None:
        self.pop()

    def do_ask(self, name: str) -> None:
        self.asked.append(name)
        self.now_ns += MS
        for block in self.stack:
            block.cumulated_ns += MS
        if not next(self.answers):
            self.fail()

    def do_fail(self) -> None:
        self.fail()

    def do_succeed(self) -> None:
        self.succeed()

    def do_more(self) -> None:
        self.x += 1

    def do_broken(self) -> None:
        self.error()

    def do_reset(self) -> None:
        self.items.clear()
        self.notes = None

    def do_pause(self, seconds: float) -> None:
        self.now_ns += int(seconds * S)

    def do_pace(self, seconds: float) -> None:
        self.now_ns = max(self.now_ns, self.pace_ns)
        self.pace_ns = self.now_ns + int(seconds * S)

    def do_meet(self) -> None:
        self.now_ns += MS

    def do_note(self) -> None:
        counters = {
            b.action.given[0]: b.count for b in self.stack if b.action.kind in _LOOPS | {"try"}
        }
        seen = tuple(sorted({**counters, **self.items}.items()))
        self.notes = (*(self.notes or ()), (seen, self.is_failed))
