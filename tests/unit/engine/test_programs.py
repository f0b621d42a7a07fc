"""Random scenarios of all blocks: a user does what the oracle says that Gatling would do."""

from itertools import cycle

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gatlingpy.engine.effects import Perform
from gatlingpy.stats.events import GROUP, GroupEvent
from tests.unit.engine.oracle import Machine, TooLong
from tests.unit.engine.play import ANN, User
from tests.unit.engine.programs import Body, plan, programs
from tests.unit.engine.stage import Stage


def play(body: Body, answers: list[bool], draws: list[float]) -> tuple[User, list[str]]:
    """Play a program to its end, or until it stops the run."""
    stage = Stage()
    drawn = cycle(draws)
    stage.uniform = lambda _user_id: next(drawn)  # type: ignore[method-assign]
    user = User(*plan(body), stage=stage, session=ANN.set("x", 0))
    asked: list[str] = []
    rest = cycle(answers)
    while not user.ended and not stage.stops:
        if isinstance(user.effect, Perform):
            asked.append(user.asks)
            user.answer(ok=next(rest))
        else:
            user.wake()
    return user, asked


@settings(
    max_examples=1_000,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(
    body=programs,
    answers=st.lists(st.sampled_from([True, True, False]), min_size=5, max_size=20),
    draws=st.lists(st.sampled_from([0.0, 0.1, 0.4, 0.6, 0.9, 1 - 2**-53]), min_size=1, max_size=5),
)
def test_a_user_does_what_gatling_says(body: Body, answers: list[bool], draws: list[float]) -> None:
    """Requests in order, groups with their times, errors, attributes, counters, status, and when."""
    machine = Machine(answers, cycle(draws))
    try:
        machine.run(body)
    except TooLong:
        assume(False)
    user, asked = play(body, answers, draws)
    events = [GroupEvent._make(e) for e in user.stage.events if e[0] == GROUP]
    logged = [("/".join(e.groups), e.start_ns, e.end_ns, e.cumulated_ns, e.ok) for e in events]
    assert asked == machine.asked
    assert logged == machine.groups
    assert len(user.stage.errors) == machine.errors
    assert bool(user.stage.stops) == machine.stopped
    session = user.session
    assert session["x"] == machine.x
    assert session.get("notes") == machine.notes
    assert session.is_failed == machine.is_failed
    if machine.stopped:
        return
    assert user.due_ns == machine.now_ns
    assert {key: session.get(key) for key in machine.items} == machine.items
    assert user.ended
    if not machine.left:
        mine = {"x", "notes", "gatling.pace", *machine.items}
        assert set(session.attributes) <= mine, "a block has left something behind"
