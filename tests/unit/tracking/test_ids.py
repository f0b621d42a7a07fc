"""Correlation ids: ours are recognised exactly, and what became of each is known."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.errors import CheckFailed
from gatlingpy.plan.json_path import MISSING
from gatlingpy.tracking.ids import Bitmap, IdSource, RecentEndings, as_id, scope_of, unscoped

tokens = st.integers(0, 2**40)


@given(tokens)
def test_an_id_tells_the_token_it_was_made_of(token: int) -> None:
    """And names itself as gatlingpy's."""
    ids = IdSource("payment-20260801", (1, 1))
    assert ids.token(ids.make(token)) == token
    assert ids.is_foreign(ids.make(token))


@given(tokens)
def test_an_id_of_another_run_or_segment_is_not_ours(token: int) -> None:
    """It has no token here, and is foreign."""
    ours = IdSource("payment-1", (1, 2))
    for other in (IdSource("payment-2", (1, 2)), IdSource("payment-1", (2, 2))):
        assert ours.token(other.make(token)) is None
        assert ours.is_foreign(other.make(token))


def test_segment_1_does_not_take_segment_11_for_itself() -> None:
    """The prefix ends where the segment ends."""
    first, eleventh = IdSource("payment-1", (1, 12)), IdSource("payment-1", (11, 12))
    assert first.token(eleventh.make(7)) is None
    assert eleventh.token(first.make(7)) is None


def test_an_id_is_the_same_again_for_the_same_run() -> None:
    """A run that is resumed knows the replies to what it sent before."""
    again = IdSource("payment-1", (1, 1))
    assert IdSource("payment-1", (1, 1)).make(255) == again.make(255)
    assert again.make(255).endswith(b"-1-ff")
    assert len(again.make(2**32)) < 32


def test_what_we_did_not_make_has_no_token() -> None:
    """Neither a user's id nor a mangled one of ours."""
    ids = IdSource("payment-1", (1, 1))
    for mangled in (b"", b"order-7", ids.prefix, ids.make(7) + b"-copy", ids.make(7)[1:]):
        assert ids.token(mangled) is None
    assert not ids.is_foreign(b"order-7")


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 60_000)), max_size=60))
def test_a_bitmap_is_a_set_of_numbers(changes: list[tuple[bool, int]]) -> None:
    """Whatever is put in and taken out."""
    bitmap, model = Bitmap(), set[int]()
    for put_in, number in changes:
        if put_in:
            bitmap.add(number)
            model.add(number)
        else:
            bitmap.discard(number)
            model.discard(number)
    looked_at = {n + d for _, n in changes for d in (-1, 0, 1, 8)} | {0, 10**9}
    assert {n for n in looked_at if n >= 0 and n in bitmap} == model


def test_recent_endings_remember_the_last_of_each_id() -> None:
    """Answered or not; an id never seen is not known."""
    recent = RecentEndings(10)
    recent.ended(b"a", answered=True)
    recent.ended(b"b", answered=False)
    recent.ended(b"a", answered=False)
    assert recent.was_answered(b"a") is False
    assert recent.was_answered(b"b") is False
    recent.ended(b"b", answered=True)
    assert recent.was_answered(b"b") is True
    assert recent.was_answered(b"c") is None


def test_recent_endings_forget_the_oldest() -> None:
    """An id that ended again counts as young."""
    recent = RecentEndings(2)
    recent.ended(b"a", answered=True)
    recent.ended(b"b", answered=True)
    recent.ended(b"a", answered=True)
    recent.ended(b"c", answered=True)
    assert [recent.was_answered(i) for i in (b"a", b"b", b"c")] == [True, None, True]


def test_protocols_of_one_run_know_each_other_s_ids() -> None:
    """Each its own by prefix, those of the others as a sibling's, those of other runs as neither."""
    first, second, tenth = (IdSource("payment-1", (1, 1), place) for place in ("", "2", "10"))
    for own, others in ((first, (second, tenth)), (second, (first, tenth)), (tenth, (second,))):
        assert own.token(own.make(7)) == 7
        assert not own.is_of_sibling(own.make(7))
        for other in others:
            assert own.token(other.make(7)) is None
            assert own.is_of_sibling(other.make(7))
    for stranger in (IdSource("payment-2", (1, 1)), IdSource("payment-1", (11, 12))):
        assert not first.is_of_sibling(stranger.make(7))
        assert not second.is_of_sibling(stranger.make(7))
    assert not first.is_of_sibling(b"order-7")


def test_uuids_follow_from_the_run_and_are_all_different() -> None:
    """The same again for the same run; none of another protocol, segment or run."""
    sources = [
        IdSource("payment-1", (1, 2)), IdSource("payment-1", (2, 2)), IdSource("payment-2", (1, 2)),
        IdSource("payment-1", (1, 2), "2"),
    ]  # fmt: skip
    made = [source.uuid() for source in sources for _ in range(50)]
    assert len(set(made)) == 200
    assert IdSource("payment-1", (1, 2)).uuid() == made[0]
    assert all(uuid.UUID(one.decode()).version == 4 for one in made)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=9), st.binary())
def test_a_scope_is_taken_off_whatever_the_id(topic: str, correlation_id: bytes) -> None:
    """And two topics, or two places, never have the same."""
    scope = scope_of(topic, "place")
    assert unscoped(scope + correlation_id) == correlation_id
    assert len({scope, scope_of(topic, "other"), scope_of(topic + "x", "place")}) == 3


@given(st.binary().filter(lambda b: not b.startswith(b"\0")))
def test_an_id_without_a_scope_is_shown_as_it_is(correlation_id: bytes) -> None:
    """Such as one in a header."""
    assert unscoped(correlation_id) == correlation_id


def test_what_may_be_an_id() -> None:
    """Text, bytes, whole numbers and UUIDs; nothing and what is empty is none."""
    some = uuid.UUID(int=5)
    assert [as_id(value) for value in ("é", b"\xff", 7, -7, some)] == [
        "é".encode(), b"\xff", b"7", b"-7", str(some).encode(),
    ]  # fmt: skip
    assert [as_id(value) for value in ("", b"", None, MISSING)] == [None] * 4
    for wrong in (1.5, True, ["a"], {"a": 1}, object):
        with pytest.raises(CheckFailed, match="is no id"):
            as_id(wrong)
