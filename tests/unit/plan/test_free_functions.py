"""Random values follow from the run's dice and keep to their bounds; dates from its clock."""

import re
import string
import time
import uuid
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.plan.code import CodeTable, Template
from gatlingpy.plan.dice import Dice
from gatlingpy.plan.expression import resolver
from gatlingpy.session import Session
from gatlingpy.testing.clock import ManualClock

FIXED = 1_700_000_000_123_456_789
"""14 November 2023, 22:13:20.123456789 UTC."""


def drawn(placeholder: str, user: int = 7, count: int = 1, seed: int = 11) -> list[object]:
    code = CodeTable().of_run(Dice(seed), ManualClock(epoch_offset_ns=FIXED), "")
    read = resolver(Template(f"#{{{placeholder}}}"), code)
    session = Session("S", user)
    return [read(session) for _ in range(count)]


@pytest.mark.parametrize(
    ("expected", "placeholder"),
    [
        ([-1407167151, -617386835, 580528401], "random_int()"),
        ([2, 3, 4], "random_int(1,7)"),
        ([-6043736889986908412, -2651656264049923617, 2493350499923396467], "randomLong()"),
        ([-4, -2, 1], "random_long(-5,5)"),
        ([0.6723683666972703, 0.8562534258916138, 1.1351648014392381], "random_double(0.5,1.5)"),
        ([1.72, 3.56, 6.35], "randomDouble(0.0,10.0,2)"),
        (["xrVYLfhVyByW", "ehQO9SUjP6lj", "Go4bKL5nWHJT"], "random_alphanumeric(12)"),
        (
            [
                "2c205551-d467-4f04-9b33-6cad4add69df",
                "a29a2911-c07a-4773-bf63-34fa3f9cc11d",
                "5ef45d80-10b3-4d5a-ab98-8b0b455f500d",
            ],
            "randomUuid()",
        ),
    ],
)
def test_values(expected: list[object], placeholder: str) -> None:
    """The same seed, user and draw give the same value, in this version and later ones."""
    assert expected == drawn(placeholder, count=len(expected))


def test_each_user_has_dice_of_its_own() -> None:
    """Two users, two seeds and two draws differ; what others draw changes nothing."""
    values = [
        *drawn("random_long()", 1, 2),
        *drawn("random_long()", 2, 2),
        *drawn("random_long()", 1, 2, 12),
    ]
    assert len(set(values)) == 6
    code = CodeTable(dice=Dice(11))
    read = resolver(Template("#{random_long()}"), code)
    mixed = [read(Session("S", user)) for user in (2, 1, 2, 1)]
    assert mixed == [values[2], values[0], values[3], values[1]]


def test_one_template_draws_for_each_placeholder() -> None:
    """In the order in which they stand there."""
    dice = Dice(11)
    assert [f"{dice.below(7, 9)}-{dice.below(7, 9)}"] == [
        resolver(Template("#{random_int(0,9)}-#{random_int(0,9)}"), CodeTable(dice=Dice(11)))(
            Session("S", 7)
        )
    ]


ints = st.integers(-(2**31), 2**31 - 1)
longs = st.integers(-(2**63), 2**63 - 1)


@given(st.lists(ints, min_size=2, max_size=2, unique=True).map(sorted), st.integers(1, 2**40))
def test_whole_numbers(bounds: list[int], user: int) -> None:
    """The lower bound is included and the upper one is not."""
    low, high = bounds
    for value in drawn(f"random_int({low},{high})", user, 3):
        assert isinstance(value, int)
        assert low <= value < high


@given(st.lists(longs, min_size=2, max_size=2, unique=True).map(sorted), st.integers(1, 2**40))
def test_long_whole_numbers(bounds: list[int], user: int) -> None:
    """The same for 64 bits."""
    low, high = bounds
    assert all(low <= value < high for value in drawn(f"random_long({low},{high})", user, 3))  # type: ignore[operator]


def test_whole_numbers_without_bounds() -> None:
    """They are those of 32 and of 64 bits with a sign."""
    for function, bits in (("random_int()", 32), ("random_long()", 64)):
        values = [value for value in drawn(function, count=500) if isinstance(value, int)]
        assert len(set(values)) == 500
        assert all(-(2 ** (bits - 1)) <= value < 2 ** (bits - 1) for value in values)
        assert max(abs(value) for value in values) > 2 ** (bits - 2)
        assert 150 < sum(value < 0 for value in values) < 350


def test_every_whole_number_comes() -> None:
    """Both ends of the range too, and each about as often as the others."""
    counts = Counter(drawn("random_int(-2,3)", count=1_000))
    assert set(counts) == {-2, -1, 0, 1, 2}
    assert min(counts.values()) > 140


decimals = st.decimals(-(10**6), 10**6, places=3).map(lambda number: f"{number:f}")


@given(decimals, decimals, st.integers(1, 2**40))
def test_numbers(one: str, other: str, user: int) -> None:
    """The lower bound is included and the upper one is not."""
    low, high = sorted((one, other), key=float)
    if float(low) < float(high):
        for value in drawn(f"random_double({low},{high})", user, 3):
            assert isinstance(value, float)
            assert float(low) <= value < float(high)


def test_no_number_is_rounded_up_to_the_bound() -> None:
    """Between 1 and the next number that a double can hold there is nothing but 1."""
    assert {1.0} == set(drawn("random_double(1.0,1.0000000000000002)", count=50))


@given(decimals, decimals, st.integers(3, 12), st.integers(1, 2**40))
def test_numbers_with_digits(one: str, other: str, digits: int, user: int) -> None:
    """Bounds hold although digits are few, and no digit is too many."""
    low, high = sorted((one, other), key=float)
    if 0 < float(high) - float(low) < 2**64 / 10**digits:
        for value in drawn(f"random_double({low},{high},{digits})", user, 3):
            assert isinstance(value, float)
            assert float(low) <= value < float(high)
            nearest = Fraction(round(Fraction(value) * 10**digits), 10**digits)
            assert value == float(nearest)


def test_every_number_of_so_many_digits_comes() -> None:
    """The bounds need not have so few digits themselves."""
    assert {0.1, 0.2, 0.3} == set(drawn("random_double(0.05,0.39,1)", count=100))
    assert {1.0, 2.0} == set(drawn("random_double(1,3,0)", count=100))
    assert {-1.0} == set(drawn("random_double(-1.5,-0.5,0)", count=10))


@given(st.integers(1, 300), st.integers(1, 2**40))
def test_texts(length: int, user: int) -> None:
    """Letters and digits, exactly so many."""
    (text,) = drawn(f"random_alphanumeric({length})", user)
    assert isinstance(text, str)
    assert len(text) == length
    assert set(text) <= set(string.ascii_letters + string.digits)


def test_every_letter_comes() -> None:
    """About as often as the others."""
    counts = Counter("".join(map(str, drawn("random_alphanumeric(100)", count=620))))
    assert len(counts) == 62
    assert 800 < min(counts.values()) <= max(counts.values()) < 1_200


@given(st.integers(1, 2**40), st.integers(0, 2**64))
def test_identifiers_are_valid(user: int, seed: int) -> None:
    """Version 4 of RFC 9562, in its usual form."""
    for text in drawn("random_uuid()", user, 3, seed):
        found = uuid.UUID(str(text))
        assert (4, uuid.RFC_4122, str(found)) == (found.version, found.variant, text)


def test_no_run_gives_the_identifiers_of_another() -> None:
    """With the same seed each run has its own, and the same run has them again."""

    def first(run_id: str) -> object:
        code = CodeTable().of_run(Dice(0), ManualClock(), run_id)
        return resolver(Template("#{random_uuid()}"), code)(Session("S", 1))

    assert first("shop-1") == first("shop-1")
    assert len({first("shop-1"), first("shop-2"), first("")}) == 3
    assert uuid.UUID(str(first("shop-1"))).version == 4


def test_identifiers_differ_in_every_other_bit() -> None:
    """Only the six bits of version and variant are the same in all."""
    numbers = [uuid.UUID(str(text)).int for text in drawn("random_uuid()", count=200)]
    ever, always = 0, ~0
    for number in numbers:
        ever, always = ever | number, always & number
    assert always == 0x4000_8000_0000_0000_0000
    assert ever == 2**128 - 1 - 0xB000_4000_0000_0000_0000


def test_secure_identifiers_do_not_follow_from_the_seed() -> None:
    """They are valid, and no dice are rolled for them."""
    first, second = drawn("random_secure_uuid()")[0], drawn("randomSecureUuid()")[0]
    assert first != second
    assert uuid.UUID(str(first)).version == 4
    dice = Dice(1)
    resolver(Template("#{random_secure_uuid()}"), CodeTable(dice=dice))(Session("S", 1))
    assert not dice._next


def test_time_is_the_runs_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Milliseconds since 1970, or a date in the machine's time zone; each reading is a new one."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Asia/Kolkata")
        time.tzset()
        clock = ManualClock(epoch_offset_ns=FIXED)
        code = CodeTable().of_run(Dice(1), clock, "")
        text = "#{current_time_millis()} #{current_date(yyyy-MM-dd HH:mm:ss.SSS XXX)}"
        read = resolver(Template(text), code)
        assert read(Session("S", 1)) == "1700000000123 2023-11-15 03:43:20.123 +05:30"
        clock.advance(2_000_000_000)
        assert read(Session("S", 1)) == "1700000002123 2023-11-15 03:43:22.123 +05:30"
        assert (
            resolver(Template("#{currentTimeMillis()}"), code)(Session("S", 1)) == 1_700_000_002_123
        )
    time.tzset()


def test_without_a_run_the_clock_is_the_machines() -> None:
    """A table made by hand serves as well."""
    now = resolver(Template("#{current_time_millis()}"), CodeTable())(Session("S", 1))
    assert isinstance(now, int)
    assert abs(now - time.time() * 1000) < 60_000
    text = resolver(Template("#{current_date(yyyy)}"), CodeTable())(Session("S", 1))
    assert re.fullmatch("20[0-9][0-9]", str(text))
