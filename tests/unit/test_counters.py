"""Loops and tries count in attributes, which a reset leaves alone."""

from gatlingpy.session import Session

ANN = Session("Shop", 1, {"name": "Ann"})


def test_a_loop_counts_from_0_and_leaves_no_trace() -> None:
    """Neither of its counter nor of when it began."""
    inside = ANN.enter_loop("i", 70)
    assert (inside["i"], inside["timestamp.i"], inside["name"]) == (0, 70, "Ann")
    assert "timestamp.i" not in ANN.enter_loop("i")
    assert inside.set("i", 5).leave_loop("i") == ANN
    private = ANN.enter_loop("gatling.loop", 70)
    assert private.attributes == {"name": "Ann", "gatling.loop": 0, "timestamp.gatling.loop": 70}
    assert private.leave_loop("gatling.loop") == ANN


def test_a_reset_keeps_counters_in_use_and_what_is_private() -> None:
    """Also their timestamps; everything else goes."""
    session = (
        ANN.enter_loop("i", 70)
        .enter_try("attempt")
        .enter_loop("gatling.loop", 80)
        .set_all({"x": 1, "timestamp.x": 2, "gatling.pace": 90})
        .reset()
    )
    assert {key: session[key] for key in session.attributes if key != "gatling.counters"} == {
        "i": 0,
        "timestamp.i": 70,
        "attempt": 0,
        "gatling.loop": 0,
        "timestamp.gatling.loop": 80,
        "gatling.pace": 90,
    }
    outside = session.leave_loop("gatling.loop").leave_try("attempt").leave_loop("i")
    assert outside.attributes == {"gatling.pace": 90}
    assert Session("Shop", 1, {"i": 3, "timestamp.i": 4}).reset().attributes == {}


def test_a_reset_leaves_status_and_groups_alone() -> None:
    """It is about attributes."""
    session = ANN.mark_as_failed().enter_group("buy", 3)
    assert session.reset() == Session("Shop", 1, {}, session.blocks, failed=True)


def test_a_counter_survives_that_an_inner_loop_of_the_same_name_is_left() -> None:
    """As far as a reset is concerned; the outer loop sets it again in its next round."""
    session = ANN.enter_loop("i").enter_loop("i").leave_loop("i").set("i", 4)
    assert session.reset()["i"] == 4
    assert session.leave_loop("i") == ANN


def test_users_may_remove_what_loops_keep() -> None:
    """Leaving the loop is no error then."""
    assert (
        ANN.enter_loop("i", 7).remove_all("i", "timestamp.i", "gatling.counters").leave_loop("i")
        == ANN
    )
