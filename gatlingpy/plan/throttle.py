"""An upper limit on requests per second, frozen; ``load/rates.py`` says how many each second has."""

from dataclasses import dataclass
from typing import Final, TypeAlias

DEFAULT_QUEUE: Final = 100_000
"""Requests that may wait for their second; one more, and the run is stopped as invalid."""


@dataclass(frozen=True, slots=True)
class ReachRps:
    """The limit goes to ``rps`` in a straight line."""

    rps: int
    duration_ns: int


@dataclass(frozen=True, slots=True)
class HoldFor:
    """The limit stays where it is."""

    duration_ns: int


@dataclass(frozen=True, slots=True)
class JumpToRps:
    """The limit is ``rps`` from now on; takes no time."""

    rps: int


ThrottleStep: TypeAlias = ReachRps | HoldFor | JumpToRps


@dataclass(frozen=True, slots=True)
class Throttle:
    """Limits, one after another; when the last is over, the run ends.  No pause takes any time."""

    steps: tuple[ThrottleStep, ...]
    queue: int = DEFAULT_QUEUE
