"""Expressions in a whole run: every draw follows from the plan's seed and the user alone."""

import pytest

from gatlingpy import Simulation, at_once_users, dummy, ramp_users, scenario
from gatlingpy.plan.dice import Dice
from gatlingpy.testing.sim import Circumstances, SimulatedRun
from gatlingpy.testing.threads import Pace

USERS = 6


class Drawing(Simulation):
    """Users that draw for how long they pause, and for what their requests are called and take."""

    seed = 5

    def __init__(self) -> None:
        first = dummy("#{random_long()}", 0.01)
        second = dummy("#{current_date(yyyy)} #{random_int(0, 1000)}", "#{random_double(0.1, 0.2)}")
        people = scenario("People").pause(0.01, 0.5).exec(first, second)
        load = at_once_users(2), ramp_users(USERS - 2).during(1)
        self.set_up(people.inject_open(*load)).seed(self.seed)


class DrawingOthers(Drawing):
    """The same with another seed."""

    seed = 6


def names(simulation: type[Simulation], seed: int) -> dict[int, list[str]]:
    """Return the names of each user's requests."""
    pace = Pace(step_ns=50_000, stall_chance=0.02, stall_ns=200_000_000)
    outcome = SimulatedRun(simulation, Circumstances(pace=pace), seed=seed).run()
    found: dict[int, list[str]] = {}
    for request in outcome.requests():
        found.setdefault(request.user, []).append(request.name)
    return found


@pytest.mark.parametrize("seed", range(5))
def test_users_draw_the_same_whatever_happens(seed: int) -> None:
    """The order in which users have their turn changes no draw."""
    found = names(Drawing, seed)
    assert found == names(Drawing, seed=99)
    assert set(found) == set(range(1, USERS + 1))


def test_draws_follow_from_seed_and_user() -> None:
    """A pause, a name, a time: each takes the next draw of its user."""
    for user, (first, second) in names(Drawing, 0).items():
        dice = Dice(Drawing.seed)
        dice.uniform(user)
        assert first == str(dice.bits(user) - 2**63)
        assert second.split() == ["2023", str(dice.below(user, 1000))]


def test_another_seed_gives_other_draws() -> None:
    """So it does for every user."""
    one, other = names(Drawing, 0), names(DrawingOthers, 0)
    assert all(one[user][0] != other[user][0] for user in one)
