"""Chance, repeatable: the n-th draw of a user is a function of the seed, the user and n alone.

The mixing function is SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
Generators, OOPSLA 2014).  No generator object per user, and striping a run changes nobody's dice.
"""

from typing import Final

_MASK: Final = 0xFFFFFFFFFFFFFFFF
_GOLDEN: Final = 0x9E3779B97F4A7C15
_PAGE: Final = 1024
"""Users whose end is noted in one number, a bit each."""


def _mix(z: int) -> int:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


class Dice:
    """The dice of all users of a run.  Thread: the user thread."""

    def __init__(self, seed: int) -> None:
        """Only users that draw take any memory, until ``forget``; then one bit each."""
        self._seed = seed & _MASK
        self._next: dict[int, int] = {}
        self._ended: dict[int, int] = {}
        self._ever = False
        self._late = 1 << 32  # far from the n of any draw of a living user

    def bits(self, user_id: int) -> int:
        """Return this user's next 64 bits, as a number from 0.

        A user that has ended may still draw, such as for the check of a reply that nobody waits
        for; nothing is kept for it, so its draws depend on those of others that have ended.
        """
        state = self._next.get(user_id)
        if state is None:
            self._ever = True
            state = _mix((self._seed + user_id * _GOLDEN) & _MASK)
            if self._has_ended(user_id):
                self._late += 1
                return _mix((state + self._late * _GOLDEN) & _MASK)
        self._next[user_id] = (state + _GOLDEN) & _MASK
        return _mix(state)

    def uniform(self, user_id: int) -> float:
        """Return this user's next number, at least 0 and below 1."""
        return (self.bits(user_id) >> 11) / (1 << 53)

    def below(self, user_id: int, bound: int) -> int:
        """Return this user's next whole number from 0 and below ``bound``, at most 2**64.

        All are equally likely: Lemire, Fast Random Integer Generation in an Interval, ACM
        Transactions on Modeling and Computer Simulation 29 (2019).
        """
        product = self.bits(user_id) * bound
        if product & _MASK < bound:
            if bound > _MASK + 1:
                raise ValueError(f"64 bits cannot choose among {bound}")
            unfair = (_MASK + 1) % bound
            while product & _MASK < unfair:
                product = self.bits(user_id) * bound
        return product >> 64

    def forget(self, user_id: int) -> None:
        """Drop what is kept for a user that has ended."""
        if not self._ever:
            return  # as in most runs: no user ever draws
        self._next.pop(user_id, None)
        page, number = divmod(user_id, _PAGE)
        self._ended[page] = self._ended.get(page, 0) | 1 << number

    def _has_ended(self, user_id: int) -> bool:
        page, number = divmod(user_id, _PAGE)
        return bool(self._ended.get(page, 0) >> number & 1)
