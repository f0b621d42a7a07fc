"""Dice: the n-th draw of a user follows from the seed, the user and n alone."""

import statistics

from gatlingpy.engine.dice import Dice


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
    """Forgetting one that never drew is no error."""
    dice = Dice(1)
    first = dice.uniform(7)
    dice.forget(7)
    dice.forget(8)
    assert not dice._draws
    assert dice.uniform(7) == first
