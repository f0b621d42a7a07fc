"""One virtual user, read as a story: what it waits for, what wakes it, what it does then."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from math import inf, nan

import pytest

from gatlingpy.engine.effects import Block, Perform, Sleep
from gatlingpy.engine.nodes import (
    BlockingNode,
    ExecNode,
    FeedNode,
    GroupNode,
    Node,
    PauseNode,
    RequestNode,
)
from gatlingpy.engine.stage import Walk
from gatlingpy.engine.walk import walk
from gatlingpy.errors import ExpressionError, FeederError, FeederExhausted
from gatlingpy.plan.expression import Resolver, guarded
from gatlingpy.session import Session
from gatlingpy.stats.events import GROUP, GroupEvent
from tests.unit.engine.stage import Stage, nothing

SECOND = 1_000_000_000
WHERE = "sim.py:7"
ASK = RequestNode(nothing)
ANN = Session("Shop", 1)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def value(of: object) -> Resolver:
    return lambda _session: of


def raises(_session: Session) -> object:
    raise ExpressionError("No attribute named 'x' is defined")


def do(function: object) -> ExecNode:
    return ExecNode(guarded(function, WHERE), WHERE)  # type: ignore[arg-type]


def pause(seconds: object, until: object = None) -> PauseNode:
    return PauseNode(value(seconds), None if until is None else value(until), WHERE)


def start(stage: Stage, *nodes: Node, at_ns: int = 0, session: Session = ANN) -> Walk:
    return walk(nodes, session, at_ns, stage)


def finish(user: Walk, *wakes: tuple[Session, int]) -> tuple[Session, int]:
    """Send these wakes to a user and return what it ends with."""
    for wake in wakes[:-1]:
        user.send(wake)
    with pytest.raises(StopIteration) as ended:
        user.send(wakes[-1])
    return ended.value.value  # type: ignore[no-any-return]


# --- requests and pauses -------------------------------------------------------------------------


def test_a_user_asks_thinks_and_asks_again(stage: Stage) -> None:
    """Every wake carries its due time, and that is when the next step is meant to be."""
    user = start(stage, ASK, pause(2), ASK, at_ns=5)
    effect = next(user)
    assert effect == Perform(nothing, ANN, 5)
    richer = ANN.set("paid", True)
    effect = user.send((richer, 30))
    assert effect == Sleep(richer, 30 + 2 * SECOND)
    effect = user.send((richer, 30 + 2 * SECOND))
    assert effect == Perform(nothing, richer, 30 + 2 * SECOND)
    assert finish(user, (richer, 99)) == (richer, 99)


def test_a_pause_may_be_any_length_between_two(stage: Stage) -> None:
    """The user's own dice decide, and decide the same again."""
    lengths = set()
    for user_id in range(1, 40):
        (effect,) = [next(start(stage, pause(1, 3), session=Session("Shop", user_id)))]
        assert isinstance(effect, Sleep)
        assert SECOND <= effect.until_ns <= 3 * SECOND
        lengths.add(effect.until_ns)
    assert len(lengths) > 30
    again = next(start(Stage(), pause(1, 3)))
    assert again == next(start(Stage(), pause(1, 3)))


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (1, 1), (0.25, 0.25), ("1.5", 1.5), (0, 0), (-3, 0), (-0.5, 0), (Decimal("0.1"), 0.1),
        ("500ms", 0.5), (timedelta(minutes=1), 60), (86_400.000000001, 86_400.000000001),
    ],
)  # fmt: skip
def test_a_pause_takes_numbers_and_durations(stage: Stage, written: object, seconds: float) -> None:
    """To the nanosecond; a negative one takes no time."""
    assert next(start(stage, pause(written))) == Sleep(ANN, round(seconds * SECOND))


@pytest.mark.parametrize("bad", [value("soon"), value(True), value(inf), value(nan), raises])
def test_a_pause_that_cannot_be_told_fails_its_user_and_takes_no_time(
    stage: Stage, bad: Resolver
) -> None:
    """The error names the line; the user goes on."""
    effect = next(start(stage, PauseNode(bad, None, WHERE), at_ns=4))
    assert effect == Sleep(ANN.mark_as_failed(), 4)
    assert stage.errors[0].startswith(WHERE)


# --- session functions ---------------------------------------------------------------------------


def test_a_session_function_gives_the_session_to_go_on_with(stage: Stage) -> None:
    """It takes no turn: the next effect is the next request's."""
    user = start(stage, do(lambda s: s.set("a", 1)), do(lambda s: s.set("b", s["a"])), ASK)
    assert next(user) == Perform(nothing, ANN.set("a", 1).set("b", 1), 0)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda _s: None, "must return the session"),
        (lambda _s: 1 / 0, "sim.py:7: ZeroDivisionError: division by zero"),
        (lambda s: s["x"], "No attribute named 'x'"),
        (lambda s: Session(s.scenario, 2), "made from the one it was given"),
        (lambda s: s.enter_group("mine", 0), "made from the one it was given"),
    ],
)
def test_a_session_function_that_fails_fails_its_user(
    stage: Stage, function: object, said: str
) -> None:
    """With one error, at its line; the user goes on with the session it had."""
    assert next(start(stage, do(function), ASK)) == Perform(nothing, ANN.mark_as_failed(), 0)
    (error,) = stage.errors
    assert error.startswith(WHERE)
    assert error.count(WHERE) == 1
    assert said in error


def test_a_blocking_function_is_waited_for(stage: Stage) -> None:
    """The user goes on with what the pool made of it."""
    node = BlockingNode(lambda s: s, WHERE)
    user = start(stage, node, ASK, at_ns=3)
    assert next(user) == Block(node.function, ANN, 3, WHERE)
    assert user.send((ANN.set("a", 1), 50)) == Perform(nothing, ANN.set("a", 1), 50)


# --- groups --------------------------------------------------------------------------------------


def test_groups_are_timed_from_entry_to_leaving(stage: Stage) -> None:
    """Inner before outer, each with its path and what its requests added up to."""
    inner = GroupNode(value("inner"), (ASK,), WHERE)
    user = start(stage, GroupNode(value("outer"), (pause(0), inner), WHERE), at_ns=10)
    inside = ANN.enter_group("outer", 10)
    assert next(user) == Sleep(inside, 10)
    within = inside.enter_group("inner", 20)
    assert user.send((inside, 20)) == Perform(nothing, within, 20)
    session, due_ns = finish(user, (within.after_request(2_000_000, failed=False), 70))
    assert (session, due_ns) == (ANN, 70)
    assert stage.events == [
        GroupEvent(GROUP, ("outer", "inner"), 20, 70, 2_000_000, True, 1, "Shop"),
        GroupEvent(GROUP, ("outer",), 10, 70, 2_000_000, True, 1, "Shop"),
    ]


def test_a_group_in_which_something_failed_is_not_ok(stage: Stage) -> None:
    """Even if the user succeeds again."""
    user = start(stage, GroupNode(value("buy"), (ASK, do(lambda s: s.mark_as_succeeded())), WHERE))
    effect = next(user)
    finish(user, (effect.session.after_request(1_000_000, failed=True), 9))
    (group,) = stage.events

    assert GroupEvent._make(group).ok is False


def test_a_group_without_a_name_is_not_entered(stage: Stage) -> None:
    """Its user fails, gives way and goes on behind it."""
    user = start(stage, GroupNode(raises, (ASK,), WHERE), pause(1), at_ns=9)
    failed = ANN.mark_as_failed()
    assert next(user) == Sleep(failed, 9)
    assert user.send((failed, 9)) == Sleep(failed, 9 + SECOND)
    assert stage.events == []
    assert stage.errors == [f"{WHERE}: No attribute named 'x' is defined"]


def test_a_name_with_a_comma_reaches_the_log_as_it_is(stage: Stage) -> None:
    """The log's writer knows what its format can hold."""
    user = start(stage, GroupNode(value("a, b"), (ASK,), WHERE))
    finish(user, (next(user).session, 9))
    assert [event[1] for event in stage.events] == [("a, b",)]


# --- feeders -------------------------------------------------------------------------------------


class Records:
    """A source of these records."""

    def __init__(self, *records: Mapping[str, object] | Exception) -> None:
        self._records: Iterator[Mapping[str, object] | Exception] = iter(records)
        self.size = None

    def next(self) -> Mapping[str, object]:
        record = next(self._records, FeederExhausted("nothing left"))
        if isinstance(record, Exception):
            raise record
        return record


def feed(*records: Mapping[str, object] | Exception, count: object = 1) -> FeedNode:
    return FeedNode(Records(*records), value(count), count == 1, WHERE)


def test_a_record_goes_into_the_session(stage: Stage) -> None:
    """Over what is there already."""
    user = start(stage, feed({"id": 1, "name": "x"}), ASK, session=ANN.set("id", 0))
    assert next(user) == Perform(nothing, ANN.set_all({"id": 1, "name": "x"}), 0)


def test_several_records_go_in_as_lists(stage: Stage) -> None:
    """One list for each attribute."""
    user = start(stage, feed({"id": 1}, {"id": 2}, count=2), ASK)
    assert next(user) == Perform(nothing, ANN.set("id", [1, 2]), 0)


@pytest.mark.parametrize("count", ["two", 1.5, None, 0, -1])
def test_a_count_that_is_none_fails_its_user(stage: Stage, count: object) -> None:
    """No record is taken."""
    source = Records({"id": 1})
    user = start(stage, FeedNode(source, value(count), False, WHERE), ASK)
    assert next(user) == Perform(nothing, ANN.mark_as_failed(), 0)
    assert stage.errors[0].startswith(f"{WHERE}: the number of records to feed must be")
    assert source.next() == {"id": 1}


def test_a_malformed_record_fails_its_user(stage: Stage) -> None:
    """The user goes on without it."""
    user = start(stage, feed(FeederError("row 3 has 2 fields")), ASK)
    assert next(user) == Perform(nothing, ANN.mark_as_failed(), 0)
    assert stage.errors == [f"{WHERE}: row 3 has 2 fields"]


def test_an_exhausted_feeder_stops_the_run_and_holds_its_user(stage: Stage) -> None:
    """No request is made without the record."""
    effect = next(start(stage, feed(), ASK))
    assert isinstance(effect, Sleep)
    assert [str(error) for error in stage.out_of_records] == ["nothing left"]
