"""Files with one JSON object on each line: how they are read, and what is refused."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatlingpy.errors import FeederError
from gatlingpy.feeds import file_records
from gatlingpy.feeds.checking import check_feeder
from gatlingpy.plan.feeders import Feeder, JsonLinesSource
from tests.unit.feeds.opened import CIRCULAR, QUEUE, SHUFFLE, all_of, opened

SOURCE = JsonLinesSource("users.jsonl")


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat every file as too large for memory."""
    monkeypatch.setattr(file_records, "MOST_IN_MEMORY", 0)


def write(folder: Path, data: bytes) -> JsonLinesSource:
    (folder / "users.jsonl").write_bytes(data)
    return SOURCE


ODD = (
    b'\xef\xbb\xbf{"id": 1, "tags": ["a", {"b": null}]}\r\n'
    b" \t\r\n"
    b'{"id": 12345678901234567890123, "name": "\xc3\xa9 \\u00e9"}\n'
    b"\n"
    b'  {"id": 1.5, "ok": true}'
)
ODD_RECORDS = [
    {"id": 1, "tags": ["a", {"b": None}]},
    {"id": 12345678901234567890123, "name": "é é"},
    {"id": 1.5, "ok": True},
]


@pytest.mark.parametrize("large", [False, True])
def test_values_keep_their_types(
    large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers, lists and objects come as they are; mark, blank lines and spaces are skipped."""
    if large:
        monkeypatch.setattr(file_records, "MOST_IN_MEMORY", 0)
    source = write(tmp_path, ODD)
    assert ODD_RECORDS == list(all_of(opened(source, QUEUE, tmp_path)))
    shuffled = list(all_of(opened(source, SHUFFLE, tmp_path)))
    assert sorted(map(str, ODD_RECORDS)) == sorted(map(str, shuffled))


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)
records_of_json = st.dictionaries(st.text(max_size=5), values, max_size=4)


@settings(max_examples=40, deadline=None)
@given(
    records=st.lists(records_of_json, min_size=1, max_size=6),
    large=st.booleans(),
    ascii_only=st.booleans(),
    blanks=st.lists(st.sampled_from(["", " ", "\t", "\r"]), min_size=6, max_size=6),
)
def test_records_come_back(
    records: list[dict[str, object]],
    large: bool,
    ascii_only: bool,
    blanks: list[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Whatever objects are written are read again, in memory, streamed or by place."""
    folder = tmp_path_factory.mktemp("jsonl")
    lines = [json.dumps(record, ensure_ascii=ascii_only) for record in records]
    text = "\n".join(part for pair in zip(lines, blanks, strict=False) for part in pair)
    try:
        source = write(folder, text.encode())
    except UnicodeEncodeError:
        return  # a lone surrogate, which is no text in UTF-8
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_records, "MOST_IN_MEMORY", 0 if large else 1 << 20)
        assert records == list(all_of(opened(source, QUEUE, folder)))
        shuffled = list(all_of(opened(source, SHUFFLE, folder)))
    assert sorted(map(str, records)) == sorted(map(str, shuffled))


MALFORMED = [
    (b"", "the feeder (users.jsonl) holds no record"),
    (b"\n \n", "the feeder (users.jsonl) holds no record"),
    (b'\n{"a": 1,}\n', "users.jsonl:2: Expecting property name enclosed in double quotes"),
    (b"{'a': 1}\n", "users.jsonl:1: Expecting property name enclosed in double quotes"),
    (b'{"a": 1} {"a": 2}\n', "users.jsonl:1: Extra data"),
    (b'{"a": NaN}\n', "users.jsonl:1: NaN is no JSON"),
    (b'{"a": "x\n"}\n', "users.jsonl:1: Unterminated string starting at"),
    (b'{"a": ' + b"1" * 5000 + b"}\n", "users.jsonl:1: Exceeds the limit"),
    (b"[" * 100_000 + b"\n", "users.jsonl:1: nested too deeply"),
    (b'[{"a": 1}]\n', "users.jsonl:1: an array is no record; each line must hold an object"),
    (b'"text"\n', "users.jsonl:1: text is no record; each line must hold an object"),
    (b"null\n", "users.jsonl:1: null is no record; each line must hold an object"),
    (b"1\n", "users.jsonl:1: a number is no record; each line must hold an object"),
    (b"true\n", "users.jsonl:1: a boolean is no record; each line must hold an object"),
    (b'{"a": "\xe4"}\n', "users.jsonl:1: byte 0xe4 is not UTF-8; save the file as UTF-8"),
    (b"\x1f\x8b\x08", "users.jsonl is packed as gzip; add .unzip()"),
]


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


@pytest.mark.usefixtures("streamed")
def test_one_bad_line_costs_one_record(tmp_path: Path) -> None:
    """A malformed line of a streamed file is an error for its record; the next one is given."""
    source = opened(write(tmp_path, b'{"a": 0}\n{"a"}\n{"a": 2}\n\n3\n{"a": 4}'), QUEUE, tmp_path)
    found: list[object] = []
    for _ in range(5):
        try:
            found.append(source.next()["a"])
        except FeederError as error:
            found.append(str(error).rsplit("/", maxsplit=1)[-1][:13])
    assert [0, "users.jsonl:2", 2, "users.jsonl:5", 4] == found


@pytest.mark.usefixtures("streamed")
def test_a_file_that_changes_under_way(tmp_path: Path) -> None:
    """Places in a file that was written anew are noticed."""
    gap = b"\n" * 200_000  # more than a file's buffer holds
    source = opened(write(tmp_path, gap + b'{"a": 1}\n' + gap + b'{"a": 2}\n'), SHUFFLE, tmp_path)
    write(tmp_path, b"\n" * 18)
    with pytest.raises(FeederError, match=r"users\.jsonl has changed while it was being read"):
        source.next()
