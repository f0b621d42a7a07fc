"""What holds for every kind of source and every strategy."""

import re
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatlingpy.errors import FeederExhausted
from gatlingpy.feeds.checking import check_feeder
from gatlingpy.feeds.source import RecordSource
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.feeders import CodeSource, Feeder, Strategy, source_text
from tests.unit.feeds.kinds import KINDS, Kind
from tests.unit.feeds.opened import (
    CIRCULAR,
    LOCAL,
    QUEUE,
    RANDOM,
    SHUFFLE,
    all_of,
    open_files,
    opened,
)

EACH_ONCE = [QUEUE, SHUFFLE]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Kind:
    """Each kind of source in turn."""
    found: Kind = request.param
    found.patch(monkeypatch)
    return found


@pytest.fixture(params=list(Strategy))
def strategy(request: pytest.FixtureRequest) -> Strategy:
    """Each strategy in turn."""
    found: Strategy = request.param
    return found


def open_kind(
    kind: Kind,
    folder: Path,
    size: int,
    strategy: Strategy,
    segment: tuple[int, int] = LOCAL,
    seed: int = 0,
) -> RecordSource:
    code = CodeTable()
    source = kind.source(folder, size, code)
    return opened(source, strategy, folder, code=code, segment=segment, seed=seed)


def numbers(source: RecordSource, most: int = 100) -> list[int]:
    found = [int(str(record["id"])) for record, _ in zip(all_of(source), range(most), strict=False)]
    source.close()
    return found


def test_order(kind: Kind, strategy: Strategy, tmp_path: Path) -> None:
    """Each strategy gives the records in its own order, for as long as it should."""
    found = numbers(open_kind(kind, tmp_path, 7, strategy), 30)
    match strategy:
        case Strategy.QUEUE:
            assert list(range(7)) == found
        case Strategy.CIRCULAR:
            assert [n % 7 for n in range(30)] == found
        case Strategy.SHUFFLE:
            assert list(range(7)) == sorted(found)
        case Strategy.RANDOM:
            assert 30 == len(found)
            assert set(range(7)) >= set(found)
            assert len(set(found)) > 1


def test_every_kind_gives_the_same(kind: Kind, strategy: Strategy, tmp_path: Path) -> None:
    """The order depends on strategy and seed alone, not on what the records come from."""
    plain = numbers(open_kind(KINDS[0], tmp_path, 9, strategy, seed=3), 40)
    assert plain == numbers(open_kind(kind, tmp_path, 9, strategy, seed=3), 40)


def test_exhaustion(kind: Kind, tmp_path: Path) -> None:
    """After the last record the feeder names itself and how many it gave, however often asked."""
    source = open_kind(kind, tmp_path, 3, QUEUE)
    for _ in range(3):
        source.next()
    text = source_text(kind.source(tmp_path, 3, CodeTable()))
    message = f"^pay.py:7: the feeder ({text}, queue) has no record left after 3"
    for _ in range(3):
        with pytest.raises(FeederExhausted, match=re.escape(message[1:])):
            source.next()
    source.close()


def test_closing(kind: Kind, strategy: Strategy, tmp_path: Path) -> None:
    """A feeder that is closed has no file open any more, used up or not; it may be closed twice."""
    before = open_files()
    for used in (0, 1, 5):
        source = open_kind(kind, tmp_path, 4, strategy)
        for _ in zip(all_of(source), range(used), strict=False):
            pass
        source.close()
        source.close()
        assert before == open_files()


def test_size(kind: Kind, strategy: Strategy, tmp_path: Path) -> None:
    """The size is that of the source, where it is known before the end."""
    source = open_kind(kind, tmp_path, 5, strategy, (2, 2))
    assert source.size in (5, None)
    if strategy in (RANDOM, SHUFFLE) or kind.name in ("records", "list", "csv", "json file", "sql"):
        assert 5 == source.size
    source.close()


# --- segments ------------------------------------------------------------------------------------


def dealt(parts: list[list[int]]) -> list[int]:
    """Put the segments' records together as the one global sequence gives them."""
    return [item for item in chain.from_iterable(zip_longest(*parts)) if item is not None]


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(of=st.integers(2, 4), size=st.integers(1, 11))
def test_segments_share_the_records(kind: Kind, tmp_path: Path, of: int, size: int) -> None:
    """Segments of a queue or a shuffle give each record once, and in the order of one process."""
    for strategy in EACH_ONCE:
        whole = numbers(open_kind(kind, tmp_path, size, strategy))
        parts = [
            numbers(open_kind(kind, tmp_path, size, strategy, (i, of))) for i in range(1, of + 1)
        ]
        assert whole == dealt(parts)


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(of=st.integers(2, 4), size=st.integers(1, 7))
def test_segments_of_a_circle(kind: Kind, tmp_path: Path, of: int, size: int) -> None:
    """Segment i of n takes records i, i + n, … of the endless sequence."""
    whole = [n % size for n in range(20 * of)]
    for i in range(1, of + 1):
        part = numbers(open_kind(kind, tmp_path, size, CIRCULAR, (i, of)), 20)
        assert whole[i - 1 :: of] == part


def test_segments_draw_for_themselves(kind: Kind, tmp_path: Path) -> None:
    """Segments of a random feeder draw from all records, and not the same ones."""
    one, two = (numbers(open_kind(kind, tmp_path, 9, RANDOM, (i, 2)), 60) for i in (1, 2))
    assert one != two
    assert set(range(9)) == set(one) == set(two)


# --- before the run ------------------------------------------------------------------------------


def test_a_good_source_has_no_problem(kind: Kind, strategy: Strategy, tmp_path: Path) -> None:
    """What can be opened is not complained about, and checking opens nothing for good."""
    before = open_files()
    feeder = Feeder("feeder-1", kind.source(tmp_path, 3, CodeTable()), strategy, "pay.py:7")
    assert [] == check_feeder(feeder, [tmp_path])
    assert before == open_files()


def test_checking_calls_no_user_code(strategy: Strategy) -> None:
    """A function is called when the run starts, not to find out whether it works."""

    def never() -> Iterator[object]:
        raise AssertionError

    source = CodeSource(CodeTable().add("x", never, "data.py:1"))
    assert [] == check_feeder(Feeder("feeder-1", source, strategy, "pay.py:7"), [])
