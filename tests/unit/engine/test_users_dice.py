"""Users roll the dice of the run, and leave nothing behind when they end."""

from gatlingpy.engine.nodes import PauseNode
from gatlingpy.engine.users import Users
from gatlingpy.plan.code import CodeTable, Template
from gatlingpy.plan.dice import Dice
from gatlingpy.plan.expression import resolver
from tests.unit.engine.stage import Stage


def test_a_user_that_has_ended_leaves_no_dice_behind() -> None:
    """Pauses and templates draw in turn from the same dice, until the user ends."""
    stage, dice = Stage(), Dice(3)
    users = Users(stage.loop, stage, dice)
    length = resolver(Template("#{random_double(1.0, 2.0)}"), CodeTable(dice=dice))
    pauses = PauseNode(length, None, "sim.py:1"), PauseNode(length, None, "sim.py:2")
    now = stage.clock.now_ns()
    users.start(pauses, "Shop", 5, now)
    assert list(dice._next) == [5]
    stage.services.advance(2_000_000_000)
    assert list(dice._next) == [5]
    stage.services.advance(2_000_000_000)
    assert users.alive == 0
    assert dice._next == {}
