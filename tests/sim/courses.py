"""What must be true of the course that each user took, whatever went wrong on it."""

from collections import defaultdict
from itertools import pairwise
from typing import Final

from gatlingpy.engine.stop import StopKind
from gatlingpy.stats.events import GROUP, USER_END, USER_START, Ending, GroupEvent, RequestEvent
from gatlingpy.testing.truth import MS
from tests.sim.shapes import Played

_WAITED_FOR: Final = {"reply", "acked"}
"""The kinds of request whose user goes on when the request ends."""


def assert_courses_right(played: Played) -> None:
    """Every user starts once, takes its steps in order and on time, and ends once."""
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    meant: dict[int, int] = {}
    for event in played.outcome.users():
        moments = starts if event.what == USER_START else ends
        assert event.what in {USER_START, USER_END}
        assert event.user not in moments
        moments[event.user] = event.at_ns
        meant.setdefault(event.user, event.intended_ns)
    assert starts.keys() == ends.keys()
    assert all(ends[user] >= at_ns for user, at_ns in starts.items())
    courses = _courses(played)
    for user, course in courses.items():
        assert course[0].intended_ns == meant[user]
        _assert_on_time(played, course)
    if played.counted and played.outcome.reason.kind is StopKind.COMPLETED:
        _assert_complete(played, sorted(starts), courses)
        _assert_groups_true(played, meant, courses)
    _assert_sent_in_order(played)


def _courses(played: Played) -> dict[int, list[RequestEvent]]:
    courses: dict[int, list[RequestEvent]] = defaultdict(list)
    for row in sorted(played.outcome.requests(), key=lambda row: row.token):
        courses[row.user].append(row)
    return courses


def _assert_on_time(played: Played, course: list[RequestEvent]) -> None:
    """A request is meant to start when the one before has ended and the pause is over."""
    for before, after in pairwise(course):
        if played.ask(before.name).kind in _WAITED_FOR:
            waited_ns = after.intended_ns - before.end_ns
            assert 0 <= waited_ns <= played.shape.pause_ms * MS


def _assert_complete(
    played: Played, users: list[int], courses: dict[int, list[RequestEvent]]
) -> None:
    shape = played.shape
    assert users == list(range(1, shape.users + 1))
    names = [f"r{i}.{n}" for n in range(shape.repeat) for i in range(len(shape.asks))]
    assert all([row.name for row in courses[user]] == names for user in users)


def _assert_groups_true(
    played: Played, meant: dict[int, int], courses: dict[int, list[RequestEvent]]
) -> None:
    """Groups are left as often as entered, and hold the times of what was done in them."""
    if not played.shape.grouped:
        return
    groups = [GroupEvent(*event) for event in played.outcome.events if event[0] == GROUP]
    paths = [("outer",), ("outer", "inner")]
    assert sorted((group.user, group.groups) for group in groups) == sorted(
        (user, path) for user in meant for path in paths
    )
    waits = all(ask.kind in _WAITED_FOR for ask in played.shape.asks)
    for group in groups:
        course = courses[group.user]
        assert all(row.groups == ("outer", "inner") for row in course)
        assert group.start_ns == meant[group.user]
        if waits:
            after_ns = group.end_ns - course[-1].end_ns
            assert 0 <= after_ns <= played.shape.pause_ms * MS
            spent_ns = sum(max(row.end_ns - row.start_ns, 1 * MS) for row in course)
            assert group.cumulated_ns == spent_ns
            assert group.ok == all(row.ending == Ending.OK for row in course)


def _assert_sent_in_order(played: Played) -> None:
    """One producer takes messages in the order in which users sent them.

    In transactions what the client refuses is left out: when one is begun anew, the messages before
    it that never left are given to the client again, after it was refused.
    """
    if played.shape.producers > 1:
        return
    tokens = {played.body(row): row.token for row in played.outcome.requests()}
    sent = [
        tokens[sending.value or b""]
        for sending in played.outcome.cluster.sendings
        if not played.shape.commit or sending.error is None or sending.reported_ns is not None
    ]
    assert sent == sorted(sent)
