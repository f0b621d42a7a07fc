"""Dice: the n-th draw of a user follows from the seed, the user and n alone."""

import statistics
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.plan.dice import Dice


def draws(dice: Dice, user: int, count: int) -> list[float]:
    return [dice.uniform(user) for _ in range(count)]


def test_the_same_seed_gives_the_same_draws() -> None:
    """Whoever else draws in between, so striping a run changes nobody's dice."""
    alone = draws(Dice(1), 7, 5)
    dice = Dice(1)
    mixed = []
    for _ in range(5):
        dice.uniform(8)
        mixed.append(dice.uniform(7))
    assert mixed == alone


def test_other_seeds_users_and_draws_give_other_numbers() -> None:
    """As far as one can see."""
    numbers = [
        *draws(Dice(1), 7, 100), *draws(Dice(2), 7, 100), *draws(Dice(1), 8, 100),
    ]  # fmt: skip
    assert len(set(numbers)) == 300


def test_draws_are_spread_evenly_over_0_to_1() -> None:
    """Within one user, and over the first draws of many."""
    one_user = draws(Dice(3), 1, 4_000)
    dice = Dice(3)
    many_users = [dice.uniform(user) for user in range(4_000)]
    for numbers in (one_user, many_users):
        assert all(0 <= number < 1 for number in numbers)
        assert abs(statistics.mean(numbers) - 1 / 2) < 0.02
        assert abs(statistics.variance(numbers) - 1 / 12) < 0.01


def test_users_that_have_ended_take_no_memory() -> None:
    """Forgetting one that never drew is no error, and a late draw is never kept."""
    dice = Dice(1)
    first = dice.uniform(7)
    dice.forget(7)
    dice.forget(8)
    late = [dice.uniform(7), dice.uniform(8), dice.uniform(8)]
    assert not dice._next
    assert len({first, *late}) == 4
    assert dice.uniform(9) == Dice(1).uniform(9)


def test_what_is_drawn() -> None:
    """The numbers of a seed stay what they are from version to version."""
    dice = Dice(7)
    assert [dice.bits(1), dice.bits(1), dice.bits(2)] == [
        8_409_816_773_569_330_625,
        13_309_476_754_707_697_221,
        2_793_451_718_224_172_893,
    ]
    assert dice.uniform(3) == (Dice(7).bits(3) >> 11) / 2**53


@given(st.integers(1, 2**64), st.integers(0, 2**64), st.integers(1, 2**40))
def test_whole_numbers_keep_to_their_bounds(bound: int, seed: int, user: int) -> None:
    """From 0, and below the bound."""
    dice = Dice(seed)
    assert all(0 <= dice.below(user, bound) < bound for _ in range(5))


def test_one_draw_has_64_bits() -> None:
    """More choices than that are refused."""
    with pytest.raises(ValueError, match=f"64 bits cannot choose among {2**64 + 1}"):
        Dice(1).below(1, 2**64 + 1)


def test_whole_numbers_are_equally_likely() -> None:
    """Also where 64 bits cannot be shared out evenly: a quarter of all draws begins again."""
    dice = Dice(5)
    thirds = Counter(dice.below(1, 3 * 2**62) % 3 for _ in range(6_000))
    assert max(thirds.values()) - min(thirds.values()) < 200
    counts = Counter(dice.below(2, 6) for _ in range(6_000))
    assert set(counts) == set(range(6))
    assert max(counts.values()) - min(counts.values()) < 200
