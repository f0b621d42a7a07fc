"""``scenario``: what the users of a population do, under a name."""

from dataclasses import dataclass

from gatlingpy.dsl.chain import Blocks
from gatlingpy.dsl.injection import (
    FinishedClosedStep,
    FinishedOpenStep,
    closed_injection,
    open_injection,
)
from gatlingpy.dsl.population import Population
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError


@dataclass(frozen=True, slots=True)
class Scenario(Blocks):
    """What the users of a population do, under a name."""

    name: str = ""
    where: str = ""

    def inject_open(self, *steps: FinishedOpenStep) -> Population:
        """Start users by an open profile: at the times it says, whatever the system does."""
        return Population(self, open_injection(steps), (), user_line())

    def inject_closed(self, *steps: FinishedClosedStep) -> Population:
        """Keep so many users at a time: a new one starts when one ends.

        A closed loop of waiting users slows down with the system it measures; take ``inject_open``
        unless your system has a fixed number of clients.
        """
        return Population(self, closed_injection(steps), (), user_line())


def scenario(name: str) -> Scenario:
    """Begin a scenario; its name must be unique in the simulation."""
    where = user_line()
    if not isinstance(name, str):
        raise UsageError(f"{where}: scenario(...) takes its name as text, got {name!r}")
    return Scenario(name=name, where=where)
