"""Values that functions change on their way into the session."""

import re
from pathlib import Path

import pytest

from gatlingpy.errors import FeederError, FeederExhausted
from gatlingpy.feeds.source import RecordSource, open_feeder
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.feeders import CsvSource, Feeder, FeederSource, ZippedSource
from tests.unit.feeds.opened import CIRCULAR, LOCAL, all_of, ids, records

SOURCE = CsvSource("pay.csv")


def with_transforms(
    folder: Path,
    *functions: object,
    source: FeederSource = SOURCE,
    segment: tuple[int, int] = LOCAL,
) -> RecordSource:
    (folder / "pay.csv").write_text("id,amount\na,1\nb,x\nc,3\n")
    code = CodeTable()
    refs = tuple(code.add("t", f, f"data.py:{n}") for n, f in enumerate(functions, 1))  # type: ignore[arg-type]
    feeder = Feeder("feeder-1", source, where="pay.py:7", transforms=refs)
    return open_feeder(feeder, code, [folder], 0, segment)


def upper(name: str, value: object) -> object:
    return str(value).upper() if name == "id" else value


def number(name: str, value: object) -> object:
    return int(str(value)) if name == "amount" else value


def test_each_value_of_each_record(tmp_path: Path) -> None:
    """A function is given each attribute with its value, and gives the value to be used."""
    found = list(all_of(with_transforms(tmp_path, upper)))
    assert [("A", "1"), ("B", "x"), ("C", "3")] == [(r["id"], r["amount"]) for r in found]
    seen: list[tuple[str, object]] = []
    list(all_of(with_transforms(tmp_path, lambda *given: seen.append(given))))
    assert [("id", "a"), ("amount", "1"), ("id", "b"), ("amount", "x")] == seen[:4]


def test_functions_follow_each_other(tmp_path: Path) -> None:
    """The second is given what the first one made."""
    source = with_transforms(tmp_path, upper, lambda name, value: f"{value}{value}")
    assert {"id": "AA", "amount": "11"} == source.next()


@pytest.mark.parametrize("error", [ValueError("oh"), StopIteration("oh"), SystemExit("oh")])
def test_what_a_function_raises(error: BaseException, tmp_path: Path) -> None:
    """It is an error at its record, with the function's line; the next record is given."""

    def broken(name: str, value: object) -> object:
        if value == "x":
            raise error
        return value

    source = with_transforms(tmp_path, upper, broken)
    source.next()
    message = f"data.py:2: record 2 of the feeder, attribute 'amount': {type(error).__name__}: oh"
    with pytest.raises(FeederError, match=f"^{re.escape(message)}$"):
        source.next()
    assert "C" == source.next()["id"]
    with pytest.raises(FeederExhausted, match="has no record left after 2"):
        source.next()


def test_only_records_of_the_segment_are_changed(tmp_path: Path) -> None:
    """The function is not called for what goes to others."""
    seen: list[object] = []
    source = with_transforms(tmp_path, lambda _, value: seen.append(value) or value, segment=(2, 2))
    assert ["b"] == ids(source)
    assert ["b", "x"] == seen


def test_nothing_is_called_before_the_run(tmp_path: Path) -> None:
    """Opening a feeder calls no function."""
    with_transforms(tmp_path, lambda _, value: 1 / 0)


def test_parts_of_a_zipped_feeder(tmp_path: Path) -> None:
    """Each part has functions of its own, and the whole has others."""
    code = CodeTable()
    part = Feeder("f/1", SOURCE, CIRCULAR, transforms=(code.add("upper", upper, "data.py:9"),))
    other = Feeder("f/2", ZippedSource((part, Feeder("f/2/2", _counted("n")))))
    plan = Feeder(
        "f", other.source, transforms=(code.add("double", lambda k, v: v * 2, "data.py:8"),)
    )
    with_transforms(tmp_path)
    assert {"id": "AA", "amount": "11", "n": 0} == open_feeder(plan, code, [tmp_path], 0).next()


def _counted(name: str) -> FeederSource:
    source = records(2)
    return type(source)(tuple(type(r)({name: r["id"]}) for r in source.records))
