"""What has happened so far adds up, whatever the order of events and the size of batches."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from gatlingpy.stats import events as ev
from gatlingpy.stats.live import MOST_MESSAGES, NO_MESSAGE, OTHER_MESSAGES, LiveCounts


def request(
    name: str = "Pay",
    groups: tuple[str, ...] = (),
    ending: str = "ok",
    message: str = "",
    duration_ns: int = 1_000_000,
    kind: str = ev.REQUEST,
) -> ev.RequestEvent:
    start = 5_000_000
    return ev.RequestEvent(
        kind, groups, name, start, start + duration_ns, start - 2_000, ending, message, 1, 1, "S"
    )


def user(scenario: str, what: str) -> ev.UserEvent:
    return ev.UserEvent(ev.USER, scenario, what, 10, 5, 1)


def counts_of(*events: ev.Event, timings: bool = True) -> LiveCounts:
    counts = LiveCounts({"S": 10, "T": None}, timings=timings)
    counts.add(events)
    return counts


def test_requests_are_counted_by_path_in_the_order_they_came() -> None:
    counts = counts_of(
        request("Pay", ("G", "H")),
        request("Pay"),
        request("Pay", ending="check", message="no"),
        request("Ship", ending="timeout", message="late"),
        request("Pay", ("G", "H"), ending="send", message=""),
    )
    rows = {path: (row.ok, row.ko) for path, row in counts.requests.items()}
    assert rows == {"G / H / Pay": (1, 1), "Pay": (1, 1), "Ship": (0, 1)}
    assert (counts.ok, counts.ko) == (2, 3)
    assert counts.errors == {"no": 1, "late": 1, NO_MESSAGE: 1}


def test_legs_groups_gauges_and_marks_are_no_requests() -> None:
    counts = counts_of(
        request("Pay-send", kind=ev.LEG),
        request("Pay-send", kind=ev.LEG, ending="send", message="x"),
        ev.GroupEvent(ev.GROUP, ("G",), 1, 2, 1, ok=False, user=1, scenario="S"),
        ev.GaugeEvent(ev.GAUGE, "client", "lag", 1, 2.0),
        ev.MarkEvent(ev.MARK, "kafka", "rebalance", 1),
    )
    assert (counts.ok, counts.ko, counts.requests, counts.errors) == (0, 0, {}, {})


def test_errors_that_are_no_request_count_as_errors_only() -> None:
    counts = counts_of(ev.ErrorEvent(ev.ERROR, "No attribute", 1, 1, "S"))
    assert (counts.ko, counts.errors) == (0, {"No attribute": 1})


def test_replies_that_ended_nothing_are_counted_by_kind() -> None:
    reply = ev.ReplyEvent(ev.REPLY, "Pay", 1, -1, -1, ev.ReplyKind.LATE, "")
    assert counts_of(reply, reply).replies == {"late": 2}


def test_users_wait_are_active_and_are_done() -> None:
    counts = counts_of(
        *[user("S", ev.USER_START)] * 4,
        *[user("S", ev.USER_END)] * 3,
        user("T", ev.USER_START),
        user("new", ev.USER_START),
    )
    seen = {name: (row.waiting, row.active, row.ended) for name, row in counts.scenarios.items()}
    assert seen == {"S": (6, 1, 3), "T": (None, 1, 0), "new": (None, 1, 0)}
    assert counts_of(user("S", ev.USER_START)).scenarios["S"].active == 1


def test_at_most_so_many_messages_are_told_apart() -> None:
    counts = counts_of(
        *[request(ending="check", message=f"m{i}") for i in range(MOST_MESSAGES + 5)],
        request(ending="check", message="m0"),
    )
    assert counts.errors[OTHER_MESSAGES] == 5
    assert counts.errors["m0"] == 2
    assert counts.errors.total() == MOST_MESSAGES + 6


def test_durations_and_lags_are_kept_if_asked_for() -> None:
    events = [request(duration_ns=i * 1_000_000) for i in range(1, 101)]
    counts = counts_of(*events, request("Ship", duration_ns=500_000_000))
    (half,) = counts.requests["Pay"].durations.percentiles_ns(50)
    assert abs(half - 50_000_000) <= 50_000_000 / 512
    assert counts.durations().max_ns == 500_000_000
    assert len(counts.durations()) == 101
    assert counts.lag.max_ns == 2_000
    assert len(counts_of(*events, timings=False).durations()) == 0


EVENTS = st.one_of(
    st.builds(
        request,
        st.sampled_from(["Pay", "Ship", "START", "USER"]),
        st.sampled_from([(), ("G",), ("G", "H")]),
        st.sampled_from(["ok", "check", "timeout"]),
        st.sampled_from(["", "no", "late"]),
        kind=st.sampled_from([ev.REQUEST, ev.LEG]),
    ),
    st.builds(user, st.sampled_from(["S", "T", "U"]), st.sampled_from(["START", "END"])),
    st.just(ev.ErrorEvent(ev.ERROR, "oops", 1, 1, "S")),
)


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=30), st.integers(1, 7))
def test_plain_tuples_in_any_batches_give_the_same_counts(
    events: list[ev.Event], size: int
) -> None:
    counts = LiveCounts({}, timings=True)
    for start in range(0, len(events), size):
        counts.add([tuple(event) for event in events[start : start + size]])  # type: ignore[misc]
    expected: Counter[tuple[str, bool]] = Counter()
    users: Counter[tuple[str, str]] = Counter()
    for event in events:
        if isinstance(event, ev.RequestEvent) and event.kind == ev.REQUEST:
            expected[" / ".join((*event.groups, event.name)), event.ending == "ok"] += 1
        elif isinstance(event, ev.UserEvent):
            users[event.scenario, event.what] += 1
    for path, row in counts.requests.items():
        assert (row.ok, row.ko) == (expected[path, True], expected[path, False])
        assert len(row.durations) == row.ok + row.ko
    assert counts.ok + counts.ko == expected.total()
    for name, scenario in counts.scenarios.items():
        assert scenario.started == users[name, "START"]
        assert scenario.ended == users[name, "END"]
