"""One user under test: steps of a plan, linked, and played up to the end or effect by effect."""

from collections.abc import Callable
from dataclasses import dataclass

from gatlingpy.engine.effects import Effect, Meet, Perform, Sleep
from gatlingpy.engine.linker import Linker
from gatlingpy.engine.nodes import Node
from gatlingpy.engine.walk import walk
from gatlingpy.plan.code import CodeRef, CodeTable, Const, Expr, Template
from gatlingpy.plan.conditions import Truth
from gatlingpy.plan.loops import AsLongAs, DoWhile, During, Foreach, Repeat
from gatlingpy.plan.pauses import Pause, PauseType
from gatlingpy.plan.steps import Exec, Group, RequestPlan, Step
from gatlingpy.session import Session
from gatlingpy.spi import Resume
from gatlingpy.stats.events import GROUP, GroupEvent
from tests.unit.engine.stage import Stage

S = 1_000_000_000
MS = 1_000_000
WHERE = "sim.py:7"
ANN = Session("Shop", 1)
CODE = CodeTable()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(RequestPlan):
    """A request of no protocol."""

    kind = "ask"


@dataclass(frozen=True, slots=True)
class Asking:
    """What performs a request under test: nothing, it only has a name."""

    name: str

    def __call__(self, session: Session, intended_ns: int, resume: Resume) -> None:
        raise AssertionError("walks perform nothing themselves")


def ask(name: str = "ask") -> Ask:
    return Ask(name=Const(name), protocol="ask", where=WHERE)


def code(function: Callable[[Session], object]) -> CodeRef:
    return CODE.add(f"test{len(CODE)}", function, WHERE)


def run(function: Callable[[Session], object]) -> Exec:
    return Exec(code(function), where=WHERE)


def mark(key: str, value: object = True) -> Exec:
    return run(lambda session: session.set(key, value))


FAIL = run(Session.mark_as_failed)
SUCCEED = run(Session.mark_as_succeeded)
BROKEN = code(lambda session: session["no such thing"])
"""An expression that cannot be told."""


def when(function: Callable[[Session], object] | str) -> Truth:
    return Truth(Template(function) if isinstance(function, str) else code(function))


def group(name: str, *body: Step) -> Group:
    return Group(Const(name), body, WHERE)


def expr(value: object) -> Expr:
    return code(value) if callable(value) else Const(value)  # type: ignore[arg-type]


THINK = Pause(Const(1), where=WHERE)
FEWER_THAN_3 = when(lambda s: s.get_int("x", 0) < 3)


def repeat(times: object, *body: Step, counter: str = "i") -> Repeat:
    return Repeat(expr(times), counter, body, WHERE)


def foreach(items: object, *body: Step) -> Foreach:
    written: Expr = Template(items) if isinstance(items, str) else expr(items)
    return Foreach(written, "item", "i", body, WHERE)


def during(seconds: object, *body: Step, asap: bool = True, counter: str = "i") -> During:
    return During(expr(seconds), counter, asap, body, WHERE)


def as_long_as(
    condition: object, *body: Step, asap: bool = False, seconds: object = None
) -> AsLongAs:
    duration = None if seconds is None else expr(seconds)
    return AsLongAs(condition, duration, "i", asap, body, WHERE)  # type: ignore[arg-type]


def do_while(condition: object, *body: Step, asap: bool = False, seconds: object = None) -> DoWhile:
    duration = None if seconds is None else expr(seconds)
    return DoWhile(condition, duration, "i", asap, body, WHERE)  # type: ignore[arg-type]


def link(*steps: Step, pauses: PauseType | None = None, disabled: bool = False) -> tuple[Node, ...]:
    def bind(request: RequestPlan) -> Asking:
        return Asking(request.label)

    return Linker(CODE, bind, {}, pauses, disabled=disabled).link(steps)


class User:
    """A user that does steps, one effect at a time; ``effect`` is what it waits for now."""

    def __init__(
        self, *steps: Step, stage: Stage | None = None, session: Session = ANN,
        nodes: tuple[Node, ...] | None = None, pauses: PauseType | None = None,
    ) -> None:  # fmt: skip
        self.stage = stage or Stage()
        self.effect: Effect | None = None
        self.session, self.due_ns = session, self.stage.clock.now_ns()
        linked = link(*steps, pauses=pauses) if nodes is None else nodes
        self._walk = walk(linked, session, self.due_ns, self.stage)
        self._advance(lambda: next(self._walk))

    def _advance(self, go: Callable[[], Effect]) -> None:
        try:
            self.effect = go()
        except StopIteration as ended:
            self.effect = None
            self.session, self.due_ns = ended.value
        else:
            self.session = self.effect.session

    @property
    def ended(self) -> bool:
        return self.effect is None

    @property
    def asks(self) -> str:
        """The name of the request that the user waits for."""
        assert isinstance(self.effect, Perform), self.effect
        assert isinstance(self.effect.call, Asking)
        return self.effect.call.name

    def wake(self, session: Session | None = None, due_ns: int | None = None) -> None:
        """Wake the user with a session, or the one it has, at a due time, or the next."""
        match self.effect:
            case Perform(_, _, start_ns) | Meet(_, _, start_ns):
                self.due_ns = start_ns + MS
            case Sleep(_, until_ns):
                self.due_ns = until_ns
        if due_ns is not None:
            self.due_ns = due_ns
        clock = self.stage.clock
        clock.advance(max(0, self.due_ns - clock.now_ns()))
        woken = self.session if session is None else session
        self._advance(lambda: self._walk.send((woken, self.due_ns)))

    def answer(self, *, ok: bool = True) -> None:
        """Have the request answered after a millisecond."""
        assert self.asks
        self.wake(self.session.after_request(MS, failed=not ok))

    def finish(self, *answers: bool, most: int = 1_000) -> list[str]:
        """Play to the end and return what was asked; after ``answers`` all is answered well."""
        asked: list[str] = []
        rest = iter(answers)
        for _ in range(most):
            if self.ended:
                return asked
            if isinstance(self.effect, Perform):
                asked.append(self.asks)
                self.answer(ok=next(rest, True))
            else:
                self.wake()
        raise AssertionError(f"no end after {most} effects: {asked[:20]}")

    @property
    def groups(self) -> list[tuple[str, bool]]:
        """The groups logged so far: path and whether each was well."""
        return [
            ("/".join(event.groups), event.ok)
            for event in map(GroupEvent._make, self.stage.events)
            if event.kind == GROUP
        ]
