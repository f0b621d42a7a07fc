"""Waiting: pauses, paces and meeting points."""

from dataclasses import dataclass
from typing import Self, overload

from gatlingpy.dsl.arguments import PRIVATE, Time, attribute_name, seconds
from gatlingpy.dsl.compiler import Compiler
from gatlingpy.dsl.pauses import PauseType, as_pause_type, compile_pause_type
from gatlingpy.dsl.structure import Structure
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import Expr
from gatlingpy.plan.duration import duration_ns
from gatlingpy.plan.glimpse import glimpse
from gatlingpy.plan.pauses import Pace, Pause, RendezVous
from gatlingpy.plan.template import has_placeholder


@dataclass(frozen=True, slots=True)
class PauseStep:
    """A pause in a chain."""

    duration: Time
    until: Time | None
    pause_type: PauseType | None
    where: str

    def compile(self, compiler: Compiler, path: str) -> Pause:
        """Return the pause, in seconds."""
        low = seconds(compiler, self.duration, f"{path}/duration")
        kind = self.pause_type
        return Pause(
            low,
            _until(compiler, self.until, path),
            None if kind is None else compile_pause_type(compiler, kind, path),
            self.where,
        )


@dataclass(frozen=True, slots=True)
class PaceStep:
    """A pace in a chain; an empty ``counter`` stands for a private one."""

    interval: Time
    until: Time | None
    counter: str
    where: str

    def compile(self, compiler: Compiler, path: str) -> Pace:
        """Return the pace, in seconds."""
        interval = seconds(compiler, self.interval, f"{path}/interval")
        counter = self.counter or f"{PRIVATE}pace.{path}"
        return Pace(interval, _until(compiler, self.until, path), counter, self.where)


def _until(compiler: Compiler, until: Time | None, path: str) -> Expr | None:
    return None if until is None else seconds(compiler, until, f"{path}/until")


@dataclass(frozen=True, slots=True)
class RendezVousStep:
    """A meeting point in a chain."""

    users: int
    where: str

    def compile(self, compiler: Compiler, path: str) -> RendezVous:  # noqa: ARG002
        """Return the meeting point."""
        return RendezVous(self.users, self.where)


class Waiting(Structure):
    """The waiting of chains and scenarios."""

    __slots__ = ()

    @overload
    def pause(self, duration: Time, pause_type: PauseType, /) -> Self: ...
    @overload
    def pause(
        self, duration: Time, until: Time | None = None, pause_type: PauseType | None = None
    ) -> Self: ...
    def pause(
        self,
        duration: Time,
        until: Time | PauseType | None = None,
        pause_type: PauseType | None = None,
    ) -> Self:
        """Let the user wait; with ``until``, for any time between the two.

        ``pause_type`` goes before those of the population and the set-up.  A throttle takes all
        pauses away.
        """
        where = user_line()
        if isinstance(until, PauseType):
            if pause_type is not None:
                raise UsageError(f"{where}: pause(...) was given two pause types")
            until, pause_type = None, until
        if pause_type is not None:
            as_pause_type(pause_type, "pause(...)")
        return self._plus(PauseStep(duration, until, pause_type, where))

    def pace(self, interval: Time, until: Time | None = None, counter: str = "") -> Self:
        """Let the user through once in so long: what is left of the interval it waits here.

        The first time it never waits; a user that comes late goes on at once, and the interval
        counts from then.  With ``until`` each interval is any time between the two.  ``counter``
        names the attribute that holds when the user may pass again: paces of one name share it.

        A closed loop of waiting users slows down with the system it measures: when a round takes
        longer than the interval, the pace is not kept, and the worst moments are measured least.
        For a rate that does not depend on the system take an open profile, one user for each round.
        """
        where = user_line()
        longest: Time | None = until
        if not counter and isinstance(until, str) and _is_name(until):
            longest, counter = None, until
        name = counter and attribute_name(counter, "the counter of pace(...)", where)
        return self._plus(PaceStep(interval, longest, name, where))

    def rendez_vous(self, users: int) -> Self:
        """Let the first ``users`` users wait here for each other; who comes later passes through.

        If fewer ever come they wait until the run stops.
        """
        where = user_line()
        if type(users) is not int or users < 1:
            raise UsageError(
                f"{where}: rendez_vous(...) takes a number of users, 1 or more, "
                f"got {glimpse(users)}"
            )
        return self._plus(RendezVousStep(users, where))


def _is_name(text: str) -> bool:
    """Tell whether a text can be an attribute's name, and neither a duration nor a try at one."""
    is_time = has_placeholder(text) or duration_ns(text) is not None
    return not is_time and not text.strip()[:1].isdigit()
