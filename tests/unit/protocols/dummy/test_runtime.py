"""Dummy requests: what they take, how they end, and that the books balance."""

import pytest

from gatlingpy.dsl.where import function_line
from gatlingpy.plan.steps import ProtocolPlan
from gatlingpy.protocols.dummy.dsl import dummy
from gatlingpy.protocols.dummy.runtime import dummy_runtime
from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.session import Session
from gatlingpy.stats.closing import count_problems
from gatlingpy.testing.services import ManualServices
from tests.unit.protocols.dummy.bench import ANN, MS, Bench


class Mute:
    """Cannot be written as text."""

    def __str__(self) -> str:
        raise KeyError("no words")

    __repr__ = __str__


def counts(bench: Bench) -> dict[str, int]:
    """Return the counters that are not zero."""
    return {name: n for name, n in bench.runtime.counters().items() if n}


def test_a_response_comes_after_its_time_and_wakes_its_user_then() -> None:
    """Start when it was performed, end exactly the response time later, due time the same."""
    bench = Bench(dummy("Pay", 0.05))
    begun = bench.now
    bench.perform(intended_ns=begun - 3)
    bench.after_ms(49)
    assert (bench.resumed, bench.rows(), bench.runtime.in_flight()) == ([], [], 1)
    bench.after_ms(1)
    (row,) = bench.rows()
    assert (row.start_ns, row.end_ns, row.intended_ns) == (begun, begun + 50 * MS, begun - 3)
    assert (row.name, row.ending, row.message, row.groups) == ("Pay", "ok", "", ())
    assert (row.user, row.scenario) == (1, "Shop")
    assert bench.resumed == [(ANN, begun + 50 * MS)]
    assert counts(bench) == {"registered": 1, "ending.ok": 1}


def test_a_loop_that_wakes_late_makes_no_response_longer() -> None:
    """End and due time are those that were promised, not when somebody looked."""
    bench = Bench(dummy("Pay", "50ms"))
    begun = bench.now
    bench.perform()
    bench.services.clock.advance(90 * MS)
    bench.services.settle()
    assert bench.rows()[0].end_ns == begun + 50 * MS
    assert bench.resumed[0][1] == begun + 50 * MS


def test_a_response_without_length_comes_at_once() -> None:
    """No turn of the loop lies between."""
    bench = Bench(dummy("Mark", 0))
    bench.perform()
    assert bench.resumed == [(ANN, bench.now)]
    assert bench.rows()[0].start_ns == bench.rows()[0].end_ns == bench.now
    assert counts(bench) == {"registered": 1, "ending.ok": 1}


def test_a_bad_response_fails_its_user_and_its_groups() -> None:
    """With Gatling's message."""
    bench = Bench(dummy("Pay", 0.02).with_success(False))
    bench.perform(0, ANN.enter_group("checkout", bench.now))
    bench.after_ms(20)
    (row,) = bench.rows()
    assert (row.ending, row.message, row.groups) == ("check", "Dummy error", ("checkout",))
    ((session, _),) = bench.resumed
    assert session.is_failed
    assert session.blocks[0].failed
    assert session.blocks[0].cumulated_ns == 20 * MS


def test_a_good_response_counts_in_its_group_and_leaves_a_failed_user_failed() -> None:
    """At least a millisecond, as every request in Gatling."""
    bench = Bench(dummy("Pay", 0))
    bench.perform(0, ANN.mark_as_failed().enter_group("checkout", bench.now))
    ((session, _),) = bench.resumed
    assert session.is_failed
    assert (session.blocks[0].failed, session.blocks[0].cumulated_ns) == (False, MS)


def test_the_session_update_comes_first_and_whatever_the_success() -> None:
    """Response time and success are told from the session that it returns, as in Gatling."""
    request = (
        dummy("Pay #{n}", "#{n}")
        .with_success(lambda session: session["n"] == 1)
        .with_session_update(lambda session: session.set("n", session.get_int("n") + 2))
    )
    bench = Bench(request)
    bench.perform(0, ANN.set("n", 1))
    bench.after_ms(3_000)
    (row,) = bench.rows()
    assert (row.name, row.end_ns - row.start_ns, row.ending) == ("Pay 1", 3_000 * MS, "check")
    ((session, _),) = bench.resumed
    assert session == ANN.set("n", 3).mark_as_failed()


@pytest.mark.parametrize(
    ("given", "length_ms"),
    [("20ms", 20), ("0.02", 20), (0.02, 20), (1, 1_000), ("1m", 60_000), ("0", 0)],
)
def test_a_response_time_from_the_session_is_read_as_everywhere(
    given: object, length_ms: int
) -> None:
    """Seconds as a number, text with a unit, or, from a file, a number as text."""
    bench = Bench(dummy("Pay", "#{t}"))
    bench.perform(0, ANN.set("t", given))
    bench.after_ms(length_ms)
    assert bench.rows()[0].end_ns - bench.rows()[0].start_ns == length_ms * MS


@pytest.mark.parametrize(("given", "ending"), [(True, "ok"), ("TRUE ", "ok"), ("false", "check")])
def test_a_success_from_the_session_may_be_text(given: object, ending: str) -> None:
    """As in a file."""
    bench = Bench(dummy("Pay", 0).with_success("#{good}"))
    bench.perform(0, ANN.set("good", given))
    assert bench.rows()[0].ending == ending


def boom(session: Session) -> Session:
    """Fail."""
    raise LookupError("nobody")


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (dummy("#{no}", 0), "No attribute named 'no' is defined"),
        (dummy("#{empty}", 0), "the request's name is empty"),
        (
            dummy(lambda session: Mute(), 0),
            "the request's name cannot be written as text: KeyError",
        ),
        (dummy("Pay", lambda session: Mute()), "text such as '50ms', got Mute"),
        (dummy("Pay", lambda session: 1e305), "text such as '50ms', got float 1e+305"),
        (dummy("Pay", "#{no}"), "No attribute named 'no' is defined"),
        (dummy("Pay", "#{word}"), "the response time must be seconds, 0 or more, a timedelta"),
        (dummy("Pay", lambda session: -1), "text such as '50ms', got int -1"),
        (dummy("Pay", lambda session: float("nan")), "text such as '50ms', got float nan"),
        (dummy("Pay", 0).with_success("#{word}"), "must be true or false, got str 'soon'"),
        (
            dummy("Pay", 0).with_success(lambda session: None),
            "must be true or false, got NoneType None",
        ),
        (dummy("Pay", 0).with_session_update(boom), f"{function_line(boom)}: LookupError: nobody"),
        (
            dummy("Pay", 0).with_session_update(lambda session: None),  # type: ignore[arg-type, return-value]
            "with_session_update(...) must return the session, got NoneType None; end it with",
        ),
    ],
)
def test_what_cannot_be_told_for_a_user_is_an_error_and_no_request(
    request_: object, said: str
) -> None:
    """The user goes on at once, failed and otherwise as it was."""
    bench = Bench(request_)  # type: ignore[arg-type]
    session = ANN.set_all({"word": "soon", "empty": ""})
    bench.perform(0, session)
    assert bench.resumed == [(session.mark_as_failed(), bench.now)]
    (error,) = bench.services.errors
    assert said in error
    assert error.startswith(bench.requests[0].place)
    assert (bench.rows(), counts(bench)) == ([], {})


def test_the_end_of_a_run_ends_what_waits_and_keeps_what_was_due() -> None:
    """A response that was due has come, even if nobody had looked; the rest is ``run-ended``."""
    bench = Bench(dummy("Soon", 0.01), dummy("Late", 9), dummy("Bad", 0.02).with_success(False))
    begun = bench.now
    for number in range(3):
        bench.perform(number)
    bench.services.clock.advance(30 * MS)
    bench.runtime.end_all()
    soon, late, bad = bench.rows()
    assert (soon.ending, soon.end_ns) == ("ok", begun + 10 * MS)
    assert (bad.ending, bad.end_ns, bad.message) == ("check", begun + 20 * MS, "Dummy error")
    assert (late.ending, late.end_ns) == ("run-ended", begun + 30 * MS)
    assert late.message == "the run ended before the response was due"
    assert [session.is_failed for session, _ in bench.resumed] == [False, True, True]
    bench.runtime.end_all()
    bench.after_ms(10_000)
    assert len(bench.rows()) == len(bench.resumed) == 3
    assert counts(bench) == {
        "registered": 3, "ending.ok": 1, "ending.check": 1, "ending.run-ended": 1,
    }  # fmt: skip
    assert list(count_problems(bench.runtime.counters())) == []


def test_the_latest_due_time_is_that_of_what_is_in_flight() -> None:
    """And 0 when nothing is."""
    bench = Bench(dummy("Short", 0.01), dummy("Long", 0.05))
    assert bench.runtime.latest_due_ns() == 0
    begun = bench.now
    bench.perform(1)
    bench.perform(0)
    assert bench.runtime.latest_due_ns() == begun + 50 * MS
    bench.after_ms(10)
    assert bench.runtime.latest_due_ns() == begun + 50 * MS
    bench.after_ms(40)
    assert (bench.runtime.in_flight(), bench.runtime.latest_due_ns()) == (0, 0)


def test_tokens_differ() -> None:
    """Each row of the log has its own."""
    bench = Bench(dummy("A", 0), dummy("B", 0.001))
    for number in (0, 1, 0, 1):
        bench.perform(number)
    bench.after_ms(1)
    assert sorted(row.token for row in bench.rows()) == [0, 1, 2, 3]


def test_it_takes_nothing_but_its_own() -> None:
    """Another protocol, or another protocol's request, is the caller's mistake."""
    with pytest.raises(TypeError, match="no dummy protocol"):
        dummy_runtime(ProtocolPlan(id="x"), ManualServices())
    with pytest.raises(TypeError, match="no dummy request"):
        Bench(dummy("A", 0), kafka("B").send().topic("t").value("x"))
