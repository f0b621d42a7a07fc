"""The chain: what users do, written step by step, and the functions that begin one.

Every method returns a new value, so chains can be shared between scenarios.  A block takes its
steps at once, ``repeat(5, chain)``, or afterwards as in Gatling, ``repeat(5).on(chain)``.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, overload

from gatlingpy.dsl.arguments import Count, Text
from gatlingpy.dsl.branches import Branches
from gatlingpy.dsl.exits import Exits
from gatlingpy.dsl.feeders import as_feeder
from gatlingpy.dsl.loops import Loops
from gatlingpy.dsl.stages import Block
from gatlingpy.dsl.step_builders import FeedStep, GroupStep
from gatlingpy.dsl.structure import Executable, Steps, block, parts_of
from gatlingpy.dsl.switches import Switches
from gatlingpy.dsl.waiting import Waiting
from gatlingpy.dsl.where import user_line
from gatlingpy.dsl.while_loops import WhileLoops
from gatlingpy.errors import UsageError


class Blocks(Loops, WhileLoops, Branches, Switches, Exits, Waiting):
    """Everything that chains and scenarios are made of."""

    __slots__ = ()

    def exec(self, *what: Executable, blocking: bool = False) -> Self:
        """Add requests, chains or session functions.

        A session function returns the session that the user goes on with.  ``blocking=True`` runs
        it on a thread of its own, so that it may wait without holding up other users.
        """
        where = user_line()
        if not what:
            raise UsageError(f"{where}: exec(...) was given nothing to do")
        return self._plus(*parts_of(what, where, blocking=blocking))

    @overload
    def group(self, name: Text) -> Block[Self]: ...
    @overload
    def group(self, name: Text, first: Executable, /, *rest: Executable) -> Self: ...
    def group(self, name: Text, *body: Executable) -> Block[Self] | Self:
        """Time the steps given, or those of ``.on(...)``, together."""
        where = user_line()
        return block(
            "group(...)", where, lambda inner: self._plus(GroupStep(name, inner, where)), body
        )

    def feed(self, feeder: object, count: Count = 1) -> Self:
        """Put the next record of a feeder into the session; with ``count``, lists of so many."""
        return self._plus(FeedStep(as_feeder(feeder), count, user_line()))


@dataclass(frozen=True, slots=True)
class Chain(Blocks, Steps):
    """Steps one after another; made by ``exec``, ``pause`` and the other functions below."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Say to a user who wants to inject a chain that only scenarios have users."""
            told = f"{type(self).__name__!r} object has no attribute {name!r}"
            if name in ("inject_open", "inject_closed"):
                told = f'a chain has no users; write scenario("...").exec(chain).{name}(...)'
            raise AttributeError(told, name=name, obj=self)


def chain(*what: Executable) -> Chain:
    """Join requests, chains and session functions into one chain; none make an empty one."""
    return Chain(parts_of(what, user_line()))


_EMPTY = Chain()
exec = _EMPTY.exec  # noqa: A001 - Gatling's word
feed = _EMPTY.feed
group = _EMPTY.group
pause = _EMPTY.pause
pace = _EMPTY.pace
rendez_vous = _EMPTY.rendez_vous
repeat = _EMPTY.repeat
foreach = _EMPTY.foreach
during = _EMPTY.during
as_long_as = _EMPTY.as_long_as
do_while = _EMPTY.do_while
as_long_as_during = _EMPTY.as_long_as_during
do_while_during = _EMPTY.do_while_during
forever = _EMPTY.forever
do_if = _EMPTY.do_if
do_if_or_else = _EMPTY.do_if_or_else
do_if_equals = _EMPTY.do_if_equals
do_if_equals_or_else = _EMPTY.do_if_equals_or_else
do_switch = _EMPTY.do_switch
do_switch_or_else = _EMPTY.do_switch_or_else
random_switch = _EMPTY.random_switch
random_switch_or_else = _EMPTY.random_switch_or_else
uniform_random_switch = _EMPTY.uniform_random_switch
round_robin_switch = _EMPTY.round_robin_switch
try_max = _EMPTY.try_max
exit_block_on_fail = _EMPTY.exit_block_on_fail
exit_here = _EMPTY.exit_here
exit_here_if = _EMPTY.exit_here_if
exit_here_if_failed = _EMPTY.exit_here_if_failed
stop_load_generator = _EMPTY.stop_load_generator
stop_load_generator_if = _EMPTY.stop_load_generator_if
crash_load_generator = _EMPTY.crash_load_generator
crash_load_generator_if = _EMPTY.crash_load_generator_if
