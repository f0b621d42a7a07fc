"""What a virtual user waits for: the values that its walk yields."""

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from gatlingpy.engine.barrier import Barrier
from gatlingpy.session import Session
from gatlingpy.spi import Perform as PerformCall


class Perform(NamedTuple):
    """A request, to be performed by its protocol."""

    call: PerformCall
    session: Session
    intended_ns: int


class Sleep(NamedTuple):
    """A pause until ``until_ns``."""

    session: Session
    until_ns: int


class Block(NamedTuple):
    """A session function that may block: it runs on a thread of its own."""

    function: Callable[[Session], object]
    session: Session
    intended_ns: int
    where: str


class Meet(NamedTuple):
    """A wait for other users."""

    barrier: Barrier
    session: Session
    due_ns: int


Effect: TypeAlias = Perform | Sleep | Block | Meet

perform: Final[Callable[[tuple[PerformCall, Session, int]], Perform]] = partial(
    tuple.__new__, Perform
)
"""Makes a ``Perform`` of a tuple, in a third of the time that its class takes."""
