"""Chance, repeatable: the n-th draw of a user is a function of the seed, the user and n alone.

The mixing function is SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
Generators, OOPSLA 2014).  No generator object per user, and striping a run changes nobody's dice.
"""

from typing import Final

_MASK: Final = 0xFFFFFFFFFFFFFFFF
_GOLDEN: Final = 0x9E3779B97F4A7C15


def _mix(z: int) -> int:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


class Dice:
    """The dice of all users of a run.  Thread: the user thread."""

    def __init__(self, seed: int) -> None:
        """Only users that draw take any memory, until ``forget``."""
        self._seed = seed & _MASK
        self._draws: dict[int, int] = {}

    def uniform(self, user_id: int) -> float:
        """Return this user's next number, at least 0 and below 1."""
        n = self._draws.get(user_id, 0)
        self._draws[user_id] = n + 1
        mixed = _mix((_mix((self._seed + user_id * _GOLDEN) & _MASK) + n * _GOLDEN) & _MASK)
        return (mixed >> 11) / (1 << 53)

    def forget(self, user_id: int) -> None:
        """Drop what is kept for a user that has ended."""
        if self._draws:
            self._draws.pop(user_id, None)
