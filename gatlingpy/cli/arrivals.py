"""``plan --arrivals``: when each user would start, one line each."""

from collections.abc import Iterator
from typing import Final, TextIO

from gatlingpy.cli.printing import say, write
from gatlingpy.load.listing import arrivals_of, unlisted
from gatlingpy.plan.simulation import SimulationPlan

_MS_NS: Final = 1_000_000


def print_arrivals(plan: SimulationPlan, out: TextIO, err: TextIO) -> None:
    """Print the intended start of every open-model user: ``offset_ms<TAB>scenario``, in order.

    Lines are made as they are read, however many users there are.  Scenarios whose users have no
    known start are named on the error stream.
    """
    for scenario, why in unlisted(plan):
        say(f"Note: {scenario} is not listed: {why}", err)
    write(_lines(plan), out)


def _lines(plan: SimulationPlan) -> Iterator[str]:
    for offset_ns, scenario in arrivals_of(plan):
        yield f"{milliseconds(offset_ns)}\t{scenario}\n"


def milliseconds(ns: int) -> str:
    """Return nanoseconds, 0 or more, as milliseconds without needless zeros: ``5``, ``0.25``."""
    whole, rest = divmod(ns, _MS_NS)
    return f"{whole}.{rest:06}".rstrip("0") if rest else str(whole)
