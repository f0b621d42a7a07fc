"""Files that hold one JSON array: how they are read, and what is refused."""

import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatlingpy.errors import FeederError, FeederExhausted
from gatlingpy.feeds import file_records
from gatlingpy.feeds.checking import check_feeder
from gatlingpy.feeds.json_text import JsonText
from gatlingpy.plan.feeders import Feeder, JsonFileSource
from tests.unit.feeds.opened import CIRCULAR, QUEUE, SHUFFLE, all_of, opened
from tests.unit.feeds.test_json_lines import records_of_json, values

SOURCE = JsonFileSource("users.json")


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat every file as too large for memory."""
    monkeypatch.setattr(file_records, "MOST_IN_MEMORY", 0)


def write(folder: Path, data: bytes) -> JsonFileSource:
    (folder / "users.json").write_bytes(data)
    return SOURCE


@settings(max_examples=40, deadline=None)
@given(
    records=st.lists(records_of_json, min_size=1, max_size=6),
    large=st.booleans(),
    indent=st.sampled_from([None, 0, 2]),
    ascii_only=st.booleans(),
    mark=st.booleans(),
)
def test_records_come_back(
    records: list[dict[str, object]],
    large: bool,
    indent: int | None,
    ascii_only: bool,
    mark: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Whatever objects are written are read again, in memory, streamed or by place."""
    folder = tmp_path_factory.mktemp("json")
    text = json.dumps(records, indent=indent, ensure_ascii=ascii_only)
    try:
        source = write(folder, text.encode("utf-8-sig" if mark else "utf-8"))
    except UnicodeEncodeError:
        return  # a lone surrogate, which is no text in UTF-8
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_records, "MOST_IN_MEMORY", 0 if large else 1 << 20)
        assert records == list(all_of(opened(source, QUEUE, folder)))
        shuffled = list(all_of(opened(source, SHUFFLE, folder)))
    assert sorted(map(str, records)) == sorted(map(str, shuffled))


@settings(deadline=None)
@given(
    value=values,
    piece=st.integers(1, 9),
    before=st.text(" \t\r\n", max_size=4),
    ascii_only=st.booleans(),
)
def test_values_may_be_cut_anywhere(
    value: object, piece: int, before: str, ascii_only: bool
) -> None:
    """However small the pieces that a file comes in, a value is the same, and so is its place."""
    try:
        data = f"{before}{json.dumps(value, ensure_ascii=ascii_only)} ,".encode()
    except UnicodeEncodeError:
        return
    text = JsonText(io.BytesIO(data), "x.json", piece=piece)
    assert text.peek()
    assert len(before) == text.offset
    assert 1 + before.count("\n") == text.line
    assert value == text.value()
    assert len(data) - 2 == text.offset
    assert "," == text.peek()
    text.skip()
    assert "" == text.peek()
    assert len(data) == text.offset


@pytest.mark.parametrize(
    "data",
    [b"-1.25e+10", b"true", b'"\\ud83d\\ude00"', '"é€\U0001f600"'.encode(), b'{"a":[1,null]}'],
)
def test_every_cut_of_a_value(data: bytes) -> None:
    """A number, a word, an escape or a character may be cut in two at every byte."""
    expected = json.loads(data)
    for piece in range(1, len(data) + 1):
        assert expected == JsonText(io.BytesIO(data), "x.json", piece=piece).value()


MALFORMED = [
    (b"", "users.json is empty; it must hold an array of objects"),
    (b" \n", "users.json is empty; it must hold an array of objects"),
    (b"[]", "the feeder (users.json) holds no record"),
    (b"[\n]\n", "the feeder (users.json) holds no record"),
    (b'{"a": 1}\n{"a": 2}', "got '{' first; is it one object a line, for json_lines(...)?"),
    (b'"a"', "users.json must hold an array of objects, got '\"' first"),
    (b"id,name\n1,a", "users.json must hold an array of objects, got 'i' first"),
    (b"[,", "users.json:1: Expecting value"),
    (b'[\n{"a": 1,}]', "users.json:2: Expecting property name enclosed in double quotes"),
    (b'[{"a": Infinity}]', "users.json:1: Infinity is no JSON"),
    (b'[{"a": "x\n"}]', "users.json:1: Invalid control character at"),
    (b'[{"a": "x', "users.json:1: Unterminated string starting at"),
    (b'[{"a": 1', "users.json:1: Expecting ',' delimiter"),
    (b'[\n7, {"a": 1}]', "users.json:2: element 1 is a number and no record"),
    (b"[[" + b"[" * 100_000, "users.json:1: nested too deeply"),
    (b'[{"a": "\n\xe4"}]', "users.json:2: byte 0xe4 is not UTF-8; save the file as UTF-8"),
    (b"PK\x03\x04", "users.json is packed as zip; add .unzip()"),
]

LATER = [
    (b'[{"a": 1}\n{"a": 2}]', "users.json:2: Expecting ',' or ']' after an element"),
    (b'[{"a": 1},\n]', "users.json:2: Expecting an element after ','"),
    (b'[{"a": 1}', "users.json:1: Expecting ',' or ']' after an element"),
    (b'[{"a": 1}]\n\n[', "users.json:3: Extra data behind the array"),
    (b'[{"a": 1},\n{"a": 2', "users.json:2: Expecting ',' delimiter"),
]
"""What stands behind the first record."""


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(("data", "message"), MALFORMED, ids=[m for _, m in MALFORMED])
def test_malformed_files(
    data: bytes, message: str, large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can be seen before the run is refused, with the user's line and that of the file."""
    if large:
        monkeypatch.setattr(file_records, "MOST_IN_MEMORY", 0)
    write(tmp_path, data)
    for strategy in (QUEUE, CIRCULAR, SHUFFLE):
        with pytest.raises(FeederError, match=rf"^pay\.py:7: .*{re.escape(message)}"):
            opened(SOURCE, strategy, tmp_path)
        (problem,) = check_feeder(Feeder("feeder-1", SOURCE, strategy, "pay.py:7"), [tmp_path])
        assert re.match(rf"pay\.py:7: .*{re.escape(message)}", problem)


@pytest.mark.parametrize(("data", "message"), LATER, ids=[m for _, m in LATER])
def test_files_that_are_malformed_behind_the_first_record(
    data: bytes, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are refused where they are read whole; streamed, they end at the error, which is told."""
    write(tmp_path, data)
    for strategy in (QUEUE, CIRCULAR, SHUFFLE):
        with pytest.raises(FeederError, match=re.escape(message)):
            opened(SOURCE, strategy, tmp_path)
    monkeypatch.setattr(file_records, "MOST_IN_MEMORY", 0)
    with pytest.raises(FeederError, match=re.escape(message)):
        opened(SOURCE, SHUFFLE, tmp_path)
    source = opened(SOURCE, QUEUE, tmp_path)
    assert 1 == source.next()["a"]
    with pytest.raises(FeederError, match=re.escape(message)):
        source.next()
    for _ in range(2):
        with pytest.raises(
            FeederExhausted, match=rf"after 1: .*{re.escape(message)}.*; no record can"
        ):
            source.next()


@pytest.mark.usefixtures("streamed")
def test_an_element_that_is_no_object_costs_one_record(tmp_path: Path) -> None:
    """Nothing is left out in silence: whoever would get it is told, and the next one is given."""
    data = b'[{"a": 0}, "x",\n {"a": 2}, null,\n\n12, {"a": 5}]'
    source = opened(write(tmp_path, data), QUEUE, tmp_path)
    found: list[object] = []
    for _ in range(6):
        try:
            found.append(source.next()["a"])
        except FeederError as error:
            found.append(str(error).rsplit("/", maxsplit=1)[-1].split(" and ")[0])
    assert [
        0,
        "users.json:1: element 2 is text",
        2,
        "users.json:2: element 4 is null",
        "users.json:4: element 5 is a number",
        5,
    ] == found
    with pytest.raises(FeederExhausted):
        source.next()


@pytest.mark.usefixtures("streamed")
@pytest.mark.parametrize("after", [b" ", b"[", b"{"])
def test_a_file_that_changes_under_way(after: bytes, tmp_path: Path) -> None:
    """Places in a file that was written anew are noticed."""
    gap = b" " * 200_000  # more than a file's buffer holds
    data = b"[" + gap + b'{"a": 1},' + gap + b'{"a": 2}' + gap + b"]"
    source = opened(write(tmp_path, data), SHUFFLE, tmp_path)
    write(tmp_path, after * len(data))
    with pytest.raises(FeederError, match=r"users\.json has changed while it was being read"):
        source.next()


def test_an_error_far_from_the_end_is_told_at_once() -> None:
    """A malformed value does not have the rest of the file read in the hope of an end."""
    file = io.BytesIO(b'{"a": x, ' + b" " * 1_000_000)
    text = JsonText(file, "x.json", piece=100)
    with pytest.raises(FeederError, match=r"x\.json:1: Expecting value"):
        text.value()
    assert file.tell() <= 200
