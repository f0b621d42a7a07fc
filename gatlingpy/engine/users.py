"""The virtual users that are alive: starts them, advances them, ends them."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from gatlingpy.engine.barrier import Barrier
from gatlingpy.engine.effects import Block, Effect, Meet, Perform, Sleep
from gatlingpy.engine.nodes import Node
from gatlingpy.engine.stage import Walk
from gatlingpy.engine.user_thread import UserThread
from gatlingpy.engine.walk import walk
from gatlingpy.errors import FeederExhausted
from gatlingpy.plan.dice import Dice
from gatlingpy.session import Session
from gatlingpy.spi import Resume
from gatlingpy.stats.events import USER, USER_END, USER_START, Event


class Backstage(Protocol):
    """What the users need of the run."""

    @property
    def now_ns(self) -> Callable[[], int]:
        """Reads the run's clock."""

    @property
    def record(self) -> Callable[[Event], None]:
        """Gives an event to the writers."""

    def user_error(self, message: str, session: Session) -> None:
        """Record that something failed that is no request."""

    def exhausted(self, error: FeederExhausted) -> None:
        """Stop the run: a feeder has nothing left."""

    def stop_load(self, message: str, *, crash: bool) -> None:
        """Stop the run, well or as one that has crashed: a step asks for it."""

    def blocking(self, effect: Block, resume: Resume) -> None:
        """Run a session function on a thread of its own, and resume the user with its result."""


class Users:
    """All users of a run on this process.  Thread: the user thread."""

    def __init__(self, loop: UserThread, backstage: Backstage, dice: Dice) -> None:
        """No user is alive yet; ``dice`` are those of the run."""
        self.loop = loop
        self._backstage = backstage
        self._dice = dice
        self._stopping = False
        self._busy = False
        self.alive = 0
        self.rounds = 0
        self.record = backstage.record
        self.user_error = backstage.user_error
        self.uniform = self._dice.uniform
        self.now_ns = backstage.now_ns
        # One bound method for all that sleep: a million of them would be sixty megabytes.
        self._wake = self.advance
        self._told: dict[str, Callable[[int, int], None]] = {}
        self._barriers: dict[Barrier, None] = {}  # a set in the order of first coming

    def watch(self, scenario: str, ended: Callable[[int, int], None]) -> None:
        """Have ``ended`` told of each user of a scenario that has ended: its id, its due time."""
        self._told[scenario] = ended

    def start(self, nodes: tuple[Node, ...], scenario: str, user_id: int, intended_ns: int) -> None:
        """Let a user begin, unless the run is stopping; it runs up to what it first waits for."""
        if self._stopping:
            return
        self.alive += 1
        self.record((USER, scenario, USER_START, self.now_ns(), intended_ns, user_id))  # type: ignore[arg-type]
        session = Session(scenario, user_id)
        steps = walk(nodes, session, intended_ns, self)
        self._busy = True
        try:
            effect = next(steps)
        except StopIteration:
            self._end(session, intended_ns)
        else:
            self._await(steps, effect)
        self._busy = False

    def resume(self, steps: Walk, session: Session, due_ns: int) -> None:
        """Wake a user; call once for each effect, on the user thread."""
        if self._busy:
            # Another user is in the middle of its step: this one has its turn right after.
            self.loop.soon(self.advance, steps, session, due_ns)
        else:
            self.advance(steps, session, due_ns)

    def advance(self, steps: Walk, session: Session, due_ns: int) -> None:
        """Let a user go on, unless the run is stopping."""
        if self._stopping:
            steps.close()
            self._end(session, due_ns)
            return
        self._busy = True
        try:
            effect = steps.send((session, due_ns))
        except StopIteration as ended:
            self._end(*ended.value)
        else:
            self._await(steps, effect)
        self._busy = False

    def _await(self, steps: Walk, effect: Effect) -> None:
        if type(effect) is Perform:
            call, session, intended_ns = effect
            call(session, intended_ns, partial(self.resume, steps))
        elif type(effect) is Sleep:
            session, until_ns = effect
            self.loop.at(until_ns, self._wake, steps, session, until_ns)
        elif type(effect) is Block:
            self._backstage.blocking(effect, partial(self.resume, steps))
        elif type(effect) is Meet:
            barrier, session, due_ns = effect
            self._barriers[barrier] = None
            barrier.arrive(session, due_ns, partial(self.resume, steps))

    @property
    def waiting(self) -> int:
        """How many users wait for other users, and for nothing else."""
        return sum(barrier.waiting for barrier in self._barriers)

    def shortages(self) -> list[str]:
        """Say of each place where users wait for others where it is, and how many are missing."""
        return [barrier.shortage for barrier in self._barriers if barrier.waiting]

    def _end(self, session: Session, due_ns: int) -> None:
        self.alive -= 1
        now = self.now_ns()
        self.record((USER, session.scenario, USER_END, now, now, session.user_id))  # type: ignore[arg-type]
        self._dice.forget(session.user_id)
        told = self._told.get(session.scenario)
        if told is not None:
            told(session.user_id, due_ns)

    def exhausted(self, error: FeederExhausted) -> None:
        """Begin no further step: a feeder has nothing left, and the run is about to stop."""
        self._stopping = True
        self._backstage.exhausted(error)

    def stop_load(self, message: str, *, crash: bool) -> None:
        """Begin no further step: one has asked for it, and the run is about to stop."""
        self._stopping = True
        self._backstage.stop_load(message, crash=crash)

    def stop(self) -> None:
        """Begin no further step: those that pause or wait for others end now, the rest later.

        The others end when they are resumed.
        """
        self._stopping = True
        for steps, session, due_ns in self.loop.cancel(self._wake):
            self.advance(steps, session, due_ns)  # type: ignore[arg-type]
        for barrier in self._barriers:
            for session, due_ns, resume in barrier.disband():
                resume(session, due_ns)
