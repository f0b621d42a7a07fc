"""Records made of one record of each of several feeders."""

import re
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

import pytest

from gatlingpy.errors import FeederError, FeederExhausted
from gatlingpy.feeds import file_records
from gatlingpy.feeds.checking import check_feeder
from gatlingpy.feeds.source import RecordSource, open_feeder
from gatlingpy.plan.code import CodeTable, Const
from gatlingpy.plan.feeders import (
    CodeSource,
    CsvSource,
    Feeder,
    FeederSource,
    GeneratedSource,
    JsonLinesSource,
    RecordsSource,
    Strategy,
    ZippedSource,
    source_text,
)
from gatlingpy.plan.frozen import FrozenMap
from tests.unit.feeds.opened import CIRCULAR, QUEUE, RANDOM, SHUFFLE, Record, all_of, open_files


def column(name: str, *values: object) -> RecordsSource:
    return RecordsSource(tuple(FrozenMap({name: value}) for value in values))


def zipped(
    *parts: FeederSource | tuple[FeederSource, Strategy], strategy: Strategy = QUEUE
) -> Feeder:
    feeders = [
        Feeder(f"feeder-1/{n}", *(part if isinstance(part, tuple) else (part,)), where="pay.py:7")
        for n, part in enumerate(parts, 1)
    ]
    return Feeder("feeder-1", ZippedSource(tuple(feeders)), strategy, "pay.py:8")


def opened(feeder: Feeder, folder: Path = Path(), code: CodeTable | None = None) -> RecordSource:
    return open_feeder(feeder, code or CodeTable(), [folder], 0)


def rows(source: RecordSource, most: int = 20) -> list[tuple[object, ...]]:
    return [tuple(r.values()) for r, _ in zip(all_of(source), range(most), strict=False)]


def test_one_of_each() -> None:
    """A record has the attributes of one record of each part, in their order."""
    source = opened(zipped(column("a", 1, 2), column("b", "x", "y")))
    assert [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}] == list(all_of(source))


def test_it_ends_with_the_shortest() -> None:
    """The end names the part that has ended, which the others would not tell."""
    source = opened(zipped(column("a", 1, 2, 3), column("b", 1, 2), (column("c", 1), CIRCULAR)))
    assert [(1, 1, 1), (2, 2, 1)] == rows(source)
    message = (
        "pay.py:8: the feeder (3 records + 2 records + 1 record circular, queue) has no record left "
        "after 2: 2 records ended first; add .circular(), or give it more"
    )
    with pytest.raises(FeederExhausted, match=f"^{re.escape(message)}$"):
        source.next()


def test_parts_have_strategies_of_their_own() -> None:
    """Each part is in its own order; without one that ends there is no end."""
    letters, numbers = column("a", *"xyz"), column("b", *range(5))
    found = rows(opened(zipped((letters, CIRCULAR), (numbers, RANDOM))), 200)
    assert ["x", "y", "z"] * 3 == [row[0] for row in found[:9]]
    assert set(range(5)) == {row[1] for row in found}
    shuffled = rows(opened(zipped(column("a", *range(30)), (column("b", *range(30)), SHUFFLE))))
    assert list(range(20)) == [row[0] for row in shuffled]
    assert list(range(20)) != [row[1] for row in shuffled]


def test_parts_draw_for_themselves() -> None:
    """Two random parts are not in step."""
    part = column("a", *range(50)), RANDOM
    found = rows(opened(zipped(part, (column("b", *range(50)), RANDOM))))
    assert [row[0] for row in found] != [row[1] for row in found]


@pytest.mark.parametrize("strategy", [RANDOM, SHUFFLE])
def test_finished_records_can_be_had_in_any_order(strategy: Strategy) -> None:
    """A strategy of the whole keeps together what belongs together."""
    plan = zipped(column("a", *range(9)), column("b", *range(9)), strategy=strategy)
    found = rows(opened(plan))
    assert all(a == b for a, b in found)
    assert list(range(9)) != [a for a, _ in found][:9]


@pytest.mark.parametrize("large", [False, True])
def test_files_begin_again_together(
    large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the shortest part's last record all parts begin again, so pairs stay pairs."""
    if large:
        monkeypatch.setattr(file_records, "MOST_IN_MEMORY", 0)
    (tmp_path / "a.csv").write_text("a\n1\n2\n3\n")
    (tmp_path / "b.jsonl").write_text('{"b": 1}\n{"b": 2}\n')
    plan = zipped(CsvSource("a.csv"), JsonLinesSource("b.jsonl"), strategy=CIRCULAR)
    assert [("1", 1), ("2", 2)] * 3 == rows(opened(plan, tmp_path), 6)


def test_what_code_gave_begins_again() -> None:
    """Code is called once: its records are remembered, those that were generated too."""
    code, calls = CodeTable(), []

    def three() -> Iterator[Record]:
        calls.append("three")
        for n in range(3):
            yield {"a": n}

    made = GeneratedSource(
        FrozenMap({"b": code.add("b", lambda: calls.append("b") or len(calls), "d.py:1")})
    )
    plan = zipped(CodeSource(code.add("three", three, "d.py:2")), made, strategy=CIRCULAR)
    assert [(0, 2), (1, 3), (2, 4)] * 2 == rows(opened(plan, code=code), 6)
    assert ["three", "b", "b", "b"] == calls


def test_what_a_transform_made_begins_again(tmp_path: Path) -> None:
    """A part's transform is code as well: it is called once for each record."""
    code, calls = CodeTable(), count()
    ref = code.add("t", lambda _, value: f"{value}{next(calls)}", "data.py:1")
    (tmp_path / "a.csv").write_text("a\nx\ny\n")
    part = Feeder("feeder-1/1", CsvSource("a.csv"), where="pay.py:7", transforms=(ref,))
    other = Feeder("feeder-1/2", column("b", 1, 2, 3))
    plan = Feeder("feeder-1", ZippedSource((part, other)), CIRCULAR, "pay.py:8")
    assert [("x0", 1), ("y1", 2)] * 2 == rows(opened(plan, tmp_path, code), 4)


def test_a_malformed_record_costs_its_partners(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other parts go on as well, so that all later records have the right partners."""
    monkeypatch.setattr(file_records, "MOST_IN_MEMORY", 0)
    (tmp_path / "a.csv").write_text("a\n1\n2,2\n3\n")
    for parts in (
        (CsvSource("a.csv"), column("b", 1, 2, 3)),
        (column("b", 1, 2, 3), CsvSource("a.csv")),
    ):
        source = opened(zipped(*parts), tmp_path)
        assert {"a": "1", "b": 1} == source.next()
        with pytest.raises(FeederError, match=r"a\.csv:3: 2 values"):
            source.next()
        assert {"a": "3", "b": 3} == source.next()
        with pytest.raises(FeederExhausted):
            source.next()
        source.close()


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("large", [False, True])
def test_a_name_that_occurs_twice_is_refused(
    large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both sources are named, before the run, whatever can be known by then."""
    if large:
        monkeypatch.setattr(file_records, "MOST_IN_MEMORY", 0)
    (tmp_path / "a.csv").write_text("id,name\n1,a\n")
    (tmp_path / "b.jsonl").write_text('{"card": 1, "name": "b"}\n')
    parts = CsvSource("a.csv"), column("x", 1), JsonLinesSource("b.jsonl")
    message = "pay.py:8: zipped(...): both a.csv and b.jsonl name 'name'; rename it in one of them"
    assert [message] == check_feeder(zipped(*parts), [tmp_path])
    with pytest.raises(FeederError, match=f"^{re.escape(message)}$"):
        opened(zipped(*parts), tmp_path)


def test_names_inside_a_zipped_part() -> None:
    """Those of a zipped feeder inside count as well, and generated ones."""
    inner = zipped(column("a", 1), GeneratedSource(FrozenMap({"b": Const(1)}))).source
    (problem,) = check_feeder(zipped(column("b", 1), inner), [])
    assert (
        problem
        == "pay.py:8: zipped(...): both 1 record and 1 record + generated b name 'b'; rename it in one of them"
    )


def test_a_name_that_only_the_run_shows() -> None:
    """A record with a name that another part has too is an error of whoever gets it."""
    code = CodeTable()
    given: list[Mapping[str, object]] = [{"b": 1}, {"a": 2}, {"b": 3}]
    ref = code.add("code", lambda: iter(given), "data.py:5")
    source = opened(zipped(column("a", 1, 2, 3), CodeSource(ref)), code=code)
    assert {"a": 1, "b": 1} == source.next()
    message = "pay.py:8: record 2: zipped(...): both 3 records and code data.py:5 name 'a'; rename"
    with pytest.raises(FeederError, match=f"^{re.escape(message)}"):
        source.next()
    assert {"a": 3, "b": 3} == source.next()


def test_problems_of_parts(tmp_path: Path) -> None:
    """Each part's problems are told at once."""
    problems = check_feeder(zipped(CsvSource("a.csv"), column("x"), CsvSource("b.csv")), [tmp_path])
    assert 3 == len(problems)
    assert all(problem.startswith("pay.py:7: ") for problem in problems)


def test_a_part_that_cannot_be_opened_closes_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is left open behind a refusal."""
    monkeypatch.setattr(file_records, "MOST_IN_MEMORY", 0)
    (tmp_path / "a.csv").write_text("a\n1\n")
    code, before = CodeTable(), open_files()
    ref = code.add("x", lambda: open_files() - before, "data.py:1")
    with pytest.raises(FeederError, match=r"record 1 of the feeder must map .*a\.csv"):
        opened(zipped(CsvSource("a.csv"), CodeSource(ref), strategy=SHUFFLE), tmp_path, code)
    assert before == open_files()


def test_text() -> None:
    """A plan shows the parts, with their strategies where they are not the usual one."""
    plan = zipped((CsvSource("a.csv"), CIRCULAR), JsonLinesSource("b.jsonl"))
    assert "a.csv circular + b.jsonl" == source_text(plan.source)
