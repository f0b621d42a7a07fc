"""Waiting: how long pauses of every type take, how a pace is kept, where users meet."""

import math
import statistics
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.engine.effects import Sleep
from gatlingpy.plan.code import Const, Template
from gatlingpy.plan.pauses import (
    ConstantPauses,
    CustomPauses,
    DisabledPauses,
    ExponentialPauses,
    NormalDurationPauses,
    NormalPercentagePauses,
    Pause,
    PauseType,
    UniformDurationPauses,
    UniformPercentagePauses,
)
from gatlingpy.session import Session
from tests.unit.engine.play import (
    ANN,
    BROKEN,
    MS,
    WHERE,
    S,
    User,
    ask,
    code,
    expr,
    link,
)
from tests.unit.engine.stage import Stage

draws = st.integers(0, 2**53 - 1).map(lambda n: n / 2**53)


def pause(seconds: object, until: object = None, kind: PauseType | None = None) -> Pause:
    return Pause(expr(seconds), None if until is None else expr(until), kind, WHERE)


def length_ns(step: Pause, *drawn: float, pauses: PauseType | None = None) -> int:
    """Return how long a user waits that draws these numbers, and no more."""
    stage = Stage()
    rest = iter(drawn)
    stage.uniform = lambda _user_id: next(rest)  # type: ignore[method-assign]
    user = User(step, stage=stage, pauses=pauses)
    assert isinstance(user.effect, Sleep)
    assert list(rest) == []
    return user.effect.until_ns - S


# --- types of pauses ------------------------------------------------------------------------------


def test_a_constant_pause_takes_what_it_says() -> None:
    """To the nanosecond, and without dice."""
    for kind in (None, ConstantPauses()):
        assert length_ns(pause(0.123456789), pauses=kind) == 123_456_789
    assert length_ns(pause(86_400.000000001)) == 86_400_000_000_001


def test_a_pause_between_two_lengths_is_spread_evenly() -> None:
    """Between them, whichever is written first."""
    assert length_ns(pause(1, 3), 0.0) == S
    assert length_ns(pause(1, 3), 0.25) == 1.5 * S
    assert length_ns(pause(3, 1), 0.25) == 2.5 * S


def test_exponential() -> None:
    """The time between two events of a Poisson process."""
    kind = ExponentialPauses()
    assert length_ns(pause(2), 0.0, pauses=kind) == 0
    assert length_ns(pause(2), 1 - math.exp(-1), pauses=kind) == pytest.approx(2 * S, abs=2)
    assert length_ns(pause(2), 0.5, pauses=kind) == round(2 * S * math.log(2))


@given(draw=draws)
def test_exponential_pauses_have_an_end(draw: float) -> None:
    """Even for the last of all draws: the longest takes 37 times what a pause says."""
    assert 0 <= length_ns(pause(1), draw, pauses=ExponentialPauses()) < 37 * S


@given(mean_ms=st.integers(0, 10_000), percentage=st.floats(0, 300), draw=draws)
def test_uniform_by_percentage(mean_ms: int, percentage: float, draw: float) -> None:
    """From so much below to so much above, and never less than nothing."""
    kind = UniformPercentagePauses(percentage)
    length = length_ns(pause(mean_ms / 1000), draw, pauses=kind)
    half = Fraction(percentage) / 100 * mean_ms * MS
    assert max(0, mean_ms * MS - half) - 1 <= length <= mean_ms * MS + half + 1


@given(mean_ms=st.integers(0, 10_000), half_ms=st.integers(0, 20_000), draw=draws)
def test_uniform_by_duration(mean_ms: int, half_ms: int, draw: float) -> None:
    """The same, with a width that does not depend on the pause."""
    kind = UniformDurationPauses(half_ms * MS)
    length = length_ns(pause(mean_ms / 1000), draw, pauses=kind)
    assert max(0, mean_ms - half_ms) * MS <= length <= (mean_ms + half_ms) * MS


def test_uniform_pauses_reach_both_ends() -> None:
    """And what would be below nothing is not piled up there."""
    most = 1 - 2**-53
    assert length_ns(pause(2), 0.0, pauses=UniformPercentagePauses(25)) == 1.5 * S
    assert length_ns(pause(2), most, pauses=UniformPercentagePauses(25)) == 2.5 * S
    assert length_ns(pause(1), 0.0, pauses=UniformDurationPauses(3 * S)) == 0
    assert length_ns(pause(1), 0.5, pauses=UniformDurationPauses(3 * S)) == 2 * S
    assert length_ns(pause(1), most, pauses=UniformDurationPauses(3 * S)) == 4 * S


@pytest.mark.parametrize("kind", [NormalDurationPauses(S // 2), NormalPercentagePauses(25)])
def test_normal(kind: PauseType) -> None:
    """The middle is what a pause says; one standard deviation holds 68 of 100 pauses."""
    assert length_ns(pause(2), 0.5, pauses=kind) == 2 * S
    assert length_ns(pause(2), 0.8413447460685429, pauses=kind) == pytest.approx(2.5 * S, rel=1e-9)
    assert length_ns(pause(2), 0.15865525393145707, pauses=kind) == pytest.approx(1.5 * S, rel=1e-9)
    assert length_ns(pause(0.0001), 0.0, pauses=NormalDurationPauses(S)) == 0
    assert length_ns(pause(2), 0.0, pauses=NormalPercentagePauses(100)) == 0


def test_pauses_of_many_users_have_the_shape_they_should() -> None:
    """Drawn from the dice of the users themselves."""
    expected = {
        ExponentialPauses(): (2.0, 2.0),
        UniformPercentagePauses(50): (2.0, 1 / math.sqrt(3)),
        UniformDurationPauses(S): (2.0, 1 / math.sqrt(3)),
        NormalDurationPauses(S // 4): (2.0, 0.25),
        NormalPercentagePauses(10): (2.0, 0.2),
    }
    for kind, (mean, deviation) in expected.items():
        stage, nodes, lengths = Stage(), link(pause(2), pauses=kind), []
        for user_id in range(4_000):
            effect = User(stage=stage, nodes=nodes, session=Session("Shop", user_id)).effect
            assert isinstance(effect, Sleep)
            lengths.append((effect.until_ns - S) / S)
        assert statistics.mean(lengths) == pytest.approx(mean, rel=0.05)
        assert statistics.stdev(lengths) == pytest.approx(deviation, rel=0.05)


def test_of_two_lengths_one_is_drawn_first_and_is_the_mean() -> None:
    """As in Gatling: one draw for it, one for the type."""
    assert length_ns(pause(1, 3), 0.5, 0.5, pauses=NormalDurationPauses(S)) == 2 * S
    assert length_ns(pause(1, 3), 0.5, 0.0, pauses=UniformDurationPauses(S)) == S


@pytest.mark.parametrize(
    "written", [Const(0.5), Const("500ms"), Template("#{think}"), code(lambda s: s["think"])]
)
def test_custom_pauses_take_what_a_function_or_text_says(written: object) -> None:
    """Whatever the pause itself says, be it nonsense."""
    kind = CustomPauses(written)  # type: ignore[arg-type]
    user = User(pause(7, "soon"), pauses=kind, session=ANN.set("think", 0.5))
    assert user.effect == Sleep(ANN.set("think", 0.5), 1.5 * S)


@pytest.mark.parametrize("bad", [BROKEN, code(lambda s: None), Const("soon")])
def test_custom_pauses_that_cannot_be_told_fail_their_users(bad: object) -> None:
    """And take no time."""
    user = User(pause(7), pauses=CustomPauses(bad))  # type: ignore[arg-type]
    assert user.effect == Sleep(ANN.mark_as_failed(), S)
    assert user.stage.errors[0].startswith(WHERE)


def test_a_type_written_at_a_pause_goes_before_that_of_the_population() -> None:
    """For that pause alone."""
    assert length_ns(pause(2, kind=UniformDurationPauses(S)), 0.0, pauses=ConstantPauses()) == S
    assert length_ns(pause(2, kind=ConstantPauses()), pauses=UniformDurationPauses(S)) == 2 * S
    assert length_ns(pause(2, kind=ConstantPauses()), pauses=DisabledPauses()) == 2 * S


def test_disabled_pauses_are_no_steps_at_all() -> None:
    """Nothing is waited for, and nothing of them is looked at."""
    bad = Pause(BROKEN, None, None, WHERE)  # type: ignore[arg-type]
    assert User(bad, ask("a"), pauses=DisabledPauses()).asks == "a"
    assert User(pause(5, kind=DisabledPauses()), ask("a")).asks == "a"
    assert len(link(bad, ask("a"), pauses=DisabledPauses())) == 1


def test_a_throttled_population_has_no_pauses() -> None:
    """Also none with a type of their own."""
    assert len(link(pause(5, kind=ConstantPauses()), ask("a"), disabled=True)) == 1
