"""Feeders as users write them: sources, strategies, identity, refusals."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from gatlingpy.dsl.compiler import Compiler
from gatlingpy.dsl.feeders import FeederBuilder, as_feeder, csv, feeder
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.feeders import CodeSource, CsvSource, Feeder, RecordsSource, Strategy
from gatlingpy.plan.frozen import FrozenMap, thaw_points


def accounts() -> Iterator[Mapping[str, object]]:
    yield {"id": 1}


def compiled(builder: FeederBuilder, code: CodeTable | None = None) -> Feeder:
    return builder.compile("feeder-1", CodeTable() if code is None else code)


def test_csv() -> None:
    """A file is held by the name the user wrote, with its separator and quote."""
    assert Feeder("feeder-1", CsvSource("users.csv")) == compiled(csv("users.csv"))
    assert CsvSource("a/b.csv", ";", "'") == compiled(csv(Path("a/b.csv"), ";", "'")).source


@pytest.mark.parametrize("strategy", list(Strategy))
def test_strategies(strategy: Strategy) -> None:
    """Each strategy method gives another feeder and leaves the first as it was."""
    first = csv("users.csv")
    second = getattr(first, strategy.value)()
    assert strategy is compiled(second).strategy
    assert Strategy.QUEUE is compiled(first).strategy
    assert first.where == second.where


def test_short_plain_list_is_part_of_the_plan() -> None:
    """Records of plain scalars are held in the plan, frozen."""
    source = compiled(feeder([{"id": 1, "name": "a"}, {"id": 2}])).source
    assert RecordsSource((FrozenMap({"id": 1, "name": "a"}), FrozenMap({"id": 2}))) == source
    assert [] == thaw_points(source)


@pytest.mark.parametrize(
    "records",
    [[{"items": [1, 2]}], [{"at": object()}], [{"id": n} for n in range(1_001)], [{1: "a"}]],
    ids=["a list inside", "an object inside", "many", "a key that is no text"],
)
def test_other_lists_stay_code(records: list[Mapping[str, object]]) -> None:
    """Records that would come out of the plan as something else, or swell it, stay outside it."""
    code = CodeTable()
    source = compiled(feeder(records), code).source
    assert isinstance(source, CodeSource)
    assert records is code[source.code]()
    assert re.fullmatch(r"\S*test_feeders\.py:\d+", source.code.where)


def test_generator_function_is_code() -> None:
    """A function is filed in the code table under its own line, and not called."""
    code = CodeTable()
    source = compiled(feeder(accounts).shuffle(), code).source
    assert isinstance(source, CodeSource)
    assert accounts is code[source.code]
    line = accounts.__code__.co_firstlineno
    assert re.fullmatch(rf"\S*test_feeders\.py:{line}", source.code.where)


def test_iterator_is_code() -> None:
    """An iterator is given out as it is."""
    code, records = CodeTable(), accounts()
    source = compiled(as_feeder(records), code).source
    assert isinstance(source, CodeSource)
    assert records is code[source.code]()


def test_builder_is_taken_as_it_is() -> None:
    """What is a feeder already stays the same object."""
    builder = csv("users.csv")
    assert builder is as_feeder(builder)


def test_the_same_object_is_the_same_feeder() -> None:
    """Steps that name the same builder, list or function draw from one feeder."""
    compiler, builder, records = Compiler(), csv("users.csv"), [{"id": 1}]
    given = [builder, builder, records, records, accounts, accounts]
    ids = [compiler.feeder(as_feeder(value)) for value in given]
    assert ["feeder-1", "feeder-1", "feeder-2", "feeder-2", "feeder-3", "feeder-3"] == ids
    assert 3 == len(compiler.feeders)


def test_equal_feeders_are_different_feeders() -> None:
    """Two feeders over the same file, and two strategies of one, each start at the beginning."""
    compiler, builder = Compiler(), csv("users.csv")
    given = [builder, builder.circular(), csv("users.csv"), builder.circular()]
    assert 4 == len({compiler.feeder(value) for value in given})


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: csv(""), "csv(...) takes the path of a file, got ''"),
        (lambda: csv(3), "csv(...) takes the path of a file, got 3"),
        (lambda: csv("a", separator="||"), "separator must be one character, got '||'"),
        (lambda: csv("a", quote=""), "quote must be one character, got ''"),
        (lambda: csv("a", quote=","), "separator and quote are both ','"),
        (lambda: as_feeder("users.csv"), "did you mean csv(...)?"),
        (lambda: as_feeder({"id": 1}), "one mapping is one record, not a feeder"),
        (lambda: as_feeder(3), "int 3 is no feeder"),
        (lambda: feeder([{"id": 1}, "b"]), "record 2 of the feeder must map attributes to values"),
    ],
)
def test_refused(write: Callable[[], object], message: str) -> None:
    """What cannot be a feeder is refused with the user's line and the remedy."""
    with pytest.raises(UsageError, match=rf"^\S*test_feeders\.py:\d+: .*{re.escape(message)}"):
        write()
