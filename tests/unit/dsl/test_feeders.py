"""Feeders as users write them: sources, strategies, identity, refusals."""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from gatlingpy.dsl.compiler import Compiler
from gatlingpy.dsl.feeder_files import csv
from gatlingpy.dsl.feeders import FeederBuilder, as_feeder, feeder, zipped
from gatlingpy.errors import FeederError, UsageError
from gatlingpy.plan.code import CodeRef, CodeTable, Const
from gatlingpy.plan.feeders import (
    CodeSource,
    CsvSource,
    Feeder,
    GeneratedSource,
    RecordsSource,
    Strategy,
    ZippedSource,
)
from gatlingpy.plan.frozen import FrozenMap, thaw_points


def accounts() -> Iterator[Mapping[str, object]]:
    yield {"id": 1}


async def later() -> int:
    return 1


def compiled(builder: FeederBuilder, code: CodeTable | None = None) -> Feeder:
    return builder.compile("feeder-1", CodeTable() if code is None else code)


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


def test_another_strategy_is_another_feeder() -> None:
    """What was made of a list that steps name has an identity of its own."""
    first = as_feeder([{"id": 1}])
    others = [first, first.circular(), first.transform(max), first.queue()]
    assert 4 == len({other.identity for other in others})


def test_equal_feeders_are_different_feeders() -> None:
    """Two feeders over the same file, and two strategies of one, each start at the beginning."""
    compiler, builder = Compiler(), csv("users.csv")
    given = [builder, builder.circular(), csv("users.csv"), builder.circular()]
    assert 4 == len({compiler.feeder(value) for value in given})


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: as_feeder("users.csv"), "did you mean csv(...)?"),
        (lambda: as_feeder({"id": 1}), "one mapping is one record, not a feeder; put it in a list"),
        (lambda: feeder({}), "or give it a function for a value that each record makes anew"),
        (lambda: feeder({1: int}), "the name of an attribute must be text, got 1"),  # type: ignore[dict-item]
        (
            lambda: feeder({"id": lambda s: 1}),
            "the feeder's 'id' takes a function without arguments",
        ),
        (lambda: feeder({"id": later}), "takes a function without arguments, and"),
        (
            lambda: feeder({"id": int}).random(),
            "random() needs a last record, and this feeder makes",
        ),
        (lambda: feeder({"id": int}).shuffle(), "shuffle() needs a last record"),
        (zipped, "zipped(...) takes two feeders or more, got 0"),
        (lambda: zipped(csv("a.csv")), "zipped(...) takes two feeders or more, got 1"),
        (lambda: zipped(csv("a.csv"), "b.csv"), "did you mean csv(...)?"),  # type: ignore[arg-type]
        (lambda: zipped(csv("a").circular(), {"id": int}).random(), "random() needs a last record"),
        (
            lambda: csv("a").transform(5),
            "transform(...) takes a function of (attribute, value), got 5",
        ),  # type: ignore[arg-type]
        (
            lambda: csv("a").transform(lambda key: key),
            "transform(...) takes a function of (attribute,",
        ),
        (lambda: csv("a").transform(later), "takes a function of (attribute, value), and"),
        (lambda: feeder({"id": int}).read_records(), "read_records() would never end"),
        (lambda: feeder({"id": int}).records_count(), "records_count() would never end"),
        (lambda: zipped(csv("a").random(), {"id": int}).read_records(), "would never end"),
        (
            lambda: feeder(accounts()).read_records(),
            "would leave nothing of an iterator for the run",
        ),
        (
            lambda: zipped(accounts(), accounts).records_count(),
            "would leave nothing of an iterator",
        ),
        (lambda: as_feeder(3), "int 3 is no feeder"),
        (lambda: feeder([{"id": 1}, "b"]), "record 2 of the feeder must map attributes to values"),
    ],
)
def test_refused(write: Callable[[], object], message: str) -> None:
    """What cannot be a feeder is refused with the user's line and the remedy."""
    with pytest.raises(UsageError, match=rf"^\S*test_feeders\.py:\d+: .*{re.escape(message)}"):
        write()


# --- generated -----------------------------------------------------------------------------------


def test_generated_records() -> None:
    """Functions are filed under the attribute's name and their own line; scalars stay in the plan."""
    code, shared = CodeTable(), [1]
    values = {"id": accounts, "n": itertools.count().__next__, "shop": "corner", "tags": shared}
    source = compiled(feeder(values), code).source
    assert isinstance(source, GeneratedSource)
    assert ["id", "n", "shop", "tags"] == list(source.values)
    made, counted, shop, tags = source.values.values()
    assert Const("corner") == shop
    assert isinstance(made, CodeRef)
    assert isinstance(counted, CodeRef)
    assert isinstance(tags, CodeRef)
    assert accounts is code[made]
    assert shared is code[tags]()
    assert made.where.endswith(f"test_feeders.py:{accounts.__code__.co_firstlineno}")
    assert re.fullmatch(r"\S*test_feeders\.py:\d+", counted.where), "it has no line of its own"
    assert [] == thaw_points(source)


def test_a_mapping_is_copied() -> None:
    """What is done to the mapping later does not reach the feeder."""
    values: dict[str, object] = {"id": int}
    builder = feeder(values)
    values["other"] = 1
    source = compiled(builder).source
    assert isinstance(source, GeneratedSource)
    assert ["id"] == list(source.values)


# --- zipped, transformed -------------------------------------------------------------------------


def test_zipped() -> None:
    """Parts keep their strategies and lines, and have ids below that of the whole."""
    code = CodeTable()
    builder = zipped(csv("users.csv").circular(), [{"card": 1}], accounts, {"x": int}).shuffle()
    plan = compiled(builder, code)
    assert Strategy.SHUFFLE is plan.strategy
    assert isinstance(plan.source, ZippedSource)
    first, second, third, fourth = plan.source.parts
    assert Feeder("feeder-1/1", CsvSource("users.csv"), Strategy.CIRCULAR) == first
    assert Feeder("feeder-1/2", RecordsSource((FrozenMap({"card": 1}),))) == second
    assert isinstance(third.source, CodeSource)
    assert accounts is code[third.source.code]
    assert isinstance(fourth.source, GeneratedSource)
    assert re.fullmatch(r"\S*test_feeders\.py:\d+", first.where)
    assert [] == thaw_points(plan)


def test_transforms() -> None:
    """Functions are filed in their order; a feeder that has one is another feeder."""
    code, first = CodeTable(), csv("users.csv").circular()

    def one(key: str, value: str) -> int:
        return len(key + value)

    second = first.transform(one).transform(max)
    assert second.identity != first.identity
    assert () == compiled(first).transforms
    plan = compiled(second, code)
    assert Strategy.CIRCULAR is plan.strategy
    assert [one, max] == [code[ref] for ref in plan.transforms]
    assert plan.transforms[0].where.endswith(f"test_feeders.py:{one.__code__.co_firstlineno}")
    assert plan.where == plan.transforms[1].where, "a function without a line has the feeder's"


def test_sharding_is_the_rule() -> None:
    """Gatling's word for it changes nothing: the same feeder is returned."""
    builder = csv("users.csv")
    assert builder is builder.shard()


# --- read now ------------------------------------------------------------------------------------


def test_read_records() -> None:
    """All records are read, in the source's order and transformed, whatever the strategy."""
    builder = feeder([{"id": 2}, {"id": 1}]).random().transform(lambda key, value: f"{key}{value}")
    for _ in range(2):
        assert [{"id": "id2"}, {"id": "id1"}] == builder.read_records()
        assert 2 == builder.records_count()
    assert [{"id": 1}] == feeder(accounts).read_records()
    assert 1 == feeder(accounts).circular().records_count()


def test_what_was_read_may_be_changed() -> None:
    """The records belong to the caller."""
    builder = feeder([{"id": 2}])
    builder.read_records()[0]["id"] = 3
    assert [{"id": 2}] == builder.read_records()


def test_zipped_records_are_read_to_the_shortest() -> None:
    """Parts without end are no obstacle where another part has one."""
    both = zipped(accounts, feeder([{"n": 1}, {"n": 2}]).circular(), {"x": int})
    assert [{"id": 1, "n": 1, "x": 0}] == both.read_records()
    assert 1 == both.records_count()


def test_files_are_looked_for_beside_the_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path counts from the file that the call stands in, then from the working folder."""
    near, far = tmp_path / "near", tmp_path / "far"
    near.mkdir()
    far.mkdir()
    (far / "users.csv").write_text("id\nfar\n")
    (near / "sim.py").write_text("found = csv('users.csv').read_records()")
    monkeypatch.chdir(far)
    caller = compile((near / "sim.py").read_text(), str(near / "sim.py"), "exec")
    for expected in ("far", "near"):
        names: dict[str, object] = {"csv": csv}
        exec(caller, names)
        assert [{"id": expected}] == names["found"]
        (near / "users.csv").write_text("id\nnear\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        FeederError, match=r"test_feeders\.py:\d+: csv\('gone\.csv'\): there is no such"
    ):
        csv("gone.csv").read_records()


def test_errors_in_records_are_raised(tmp_path: Path) -> None:
    """A malformed record is not left out."""
    (tmp_path / "users.csv").write_text("id\n1\n2,3\n")
    with pytest.raises(FeederError, match=r"users\.csv:3: 2 values, but the header names 1: id"):
        csv(tmp_path / "users.csv").read_records()
    with pytest.raises(FeederError, match="record 2 of the feeder must map attributes to values"):
        feeder(lambda: iter([{"id": 1}, "x"])).records_count()  # type: ignore[arg-type, list-item]
