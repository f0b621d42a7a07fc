"""Files of separated values: where they are found, how they are read, and what is refused."""

import csv
import io
import re
from itertools import islice
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gatlingpy.errors import FeederError, FeederExhausted
from gatlingpy.feeds import file_records
from gatlingpy.feeds.checking import check_feeder
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.feeders import CodeSource, CsvSource, Feeder, Strategy
from tests.unit.feeds.opened import CIRCULAR, LOCAL, QUEUE, SHUFFLE, all_of, ids, opened, records


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat every file as too large for memory."""
    monkeypatch.setattr(file_records, "MOST_IN_MEMORY", 0)


def write(folder: Path, text: str, name: str = "users.csv") -> CsvSource:
    (folder / name).write_bytes(text.encode())
    return CsvSource(name)


PLAIN = "id,name\r\n1,Ann\r\n2,Bob\r\n3,Cyd\r\n"


def test_values_are_text(tmp_path: Path) -> None:
    """The header names the attributes, and every value is text."""
    source = opened(write(tmp_path, PLAIN), QUEUE, tmp_path)
    assert [
        {"id": "1", "name": "Ann"},
        {"id": "2", "name": "Bob"},
        {"id": "3", "name": "Cyd"},
    ] == list(all_of(source))
    assert 3 == source.size


NASTY = (
    '\ufeff id ,"name "\n'
    '1,"a, ""b""\r\nc"\n'
    "\n"
    "2, Ünïcode \n"
    '"3",'
)  # fmt: skip
NASTY_RECORDS = [
    {"id": "1", "name": 'a, "b"\r\nc'},
    {"id": "2", "name": " Ünïcode "},
    {"id": "3", "name": ""},
]


@pytest.mark.parametrize("strategy", list(Strategy))
def test_rfc_4180(strategy: Strategy, tmp_path: Path) -> None:
    """Mark, quotes, line breaks inside quotes, blank lines and a last line without end are read."""
    source = opened(write(tmp_path, NASTY), strategy, tmp_path)
    found = sorted({tuple(record.items()) for record in islice(all_of(source), 60)})
    assert [tuple(record.items()) for record in NASTY_RECORDS] == found


@pytest.mark.usefixtures("streamed")
@pytest.mark.parametrize("strategy", list(Strategy))
def test_large_files_are_the_same(strategy: Strategy, tmp_path: Path) -> None:
    """A file that does not fit into memory gives the same records as one that does."""
    test_rfc_4180(strategy, tmp_path)


@pytest.mark.parametrize("strategy", list(Strategy))
@pytest.mark.parametrize("segment", [(1, 1), (2, 3)])
def test_large_files_keep_the_order(
    strategy: Strategy,
    segment: tuple[int, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A streamed file gives the very sequence that the file in memory gives."""
    source = write(tmp_path, "id\n" + "".join(f"{n}\n" for n in range(20)))
    held = ids(opened(source, strategy, tmp_path, segment=segment), 50)
    monkeypatch.setattr(file_records, "MOST_IN_MEMORY", 0)
    assert held == ids(opened(source, strategy, tmp_path, segment=segment), 50)


fields = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(rows=st.lists(st.tuples(fields, fields), min_size=1, max_size=8), small=st.booleans())
def test_quoted_records_come_back(
    rows: list[tuple[str, str]], small: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever text is written in quotes is read again, in memory, streamed or by place."""
    folder = tmp_path_factory.mktemp("csv")
    quoted = ['"{}","{}"'.format(*(v.replace('"', '""') for v in row)) for row in rows]
    source = write(folder, "\r\n".join(["a,b", *quoted]))
    expected = [{"a": a, "b": b} for a, b in rows]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_records, "MOST_IN_MEMORY", 1 << 20 if small else 0)
        assert expected == list(all_of(opened(source, QUEUE, folder)))
        shuffled = list(all_of(opened(source, SHUFFLE, folder)))
    assert sorted(map(str, expected)) == sorted(map(str, shuffled))


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(fields, min_size=2, max_size=2), min_size=1, max_size=6),
    separator=st.sampled_from(",;\t|:"),
    quote=st.sampled_from("\"'~"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    ending=st.sampled_from(["\n", "\r\n"]),
    mark=st.booleans(),
    small=st.booleans(),
)
def test_what_others_write_is_read(
    rows: list[list[str]],
    separator: str,
    quote: str,
    quoting: Literal[0, 1, 2],
    ending: str,
    mark: bool,
    small: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Whatever Python's own writer makes of odd values comes back, with any separator and quote."""
    # Where lines end in "\\n", some versions of the writer leave a lone "\\r" without quotes.
    assume(
        ending == "\r\n"
        or quoting == csv.QUOTE_ALL
        or not any("\r" in value for row in rows for value in row)
    )
    folder = tmp_path_factory.mktemp("csv")
    written = io.StringIO(newline="")
    writer = csv.writer(
        written, delimiter=separator, quotechar=quote, quoting=quoting, lineterminator=ending
    )
    writer.writerows([["a", "b"], *rows])
    (folder / "odd.csv").write_bytes(written.getvalue().encode("utf-8-sig" if mark else "utf-8"))
    source = CsvSource("odd.csv", separator, quote)
    expected = [{"a": a, "b": b} for a, b in rows]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_records, "MOST_IN_MEMORY", 1 << 20 if small else 0)
        assert expected == list(all_of(opened(source, QUEUE, folder)))
        shuffled = list(all_of(opened(source, SHUFFLE, folder)))
    assert sorted(map(str, expected)) == sorted(map(str, shuffled))


@pytest.mark.parametrize("large", [False, True])
def test_a_mark_behind_the_beginning_is_text(
    large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the file's first character may be a byte order mark."""
    if large:
        monkeypatch.setattr(file_records, "MOST_IN_MEMORY", 0)
    source = write(tmp_path, "\ufeffid\n\ufeff1\n")
    for strategy in (QUEUE, SHUFFLE):
        assert ["\ufeff1"] == ids(opened(source, strategy, tmp_path))


def test_lines_are_counted_over_blank_ones(tmp_path: Path) -> None:
    """The line of a malformed record is its own, not that of blank lines before it."""
    with pytest.raises(FeederError, match=r"users\.csv:5: 2 values"):
        opened(write(tmp_path, "id\n1\n\n\n2,2\n"), QUEUE, tmp_path)


def test_a_long_value(tmp_path: Path) -> None:
    """A value beyond the limit of the standard library is told with what raises it."""
    with pytest.raises(FeederError, match=r"users\.csv:2: field larger than .*; raise it with"):
        opened(write(tmp_path, f"id\n{'x' * 200_000}\n"), QUEUE, tmp_path)


@pytest.mark.usefixtures("streamed")
def test_a_file_that_changes_under_way(tmp_path: Path) -> None:
    """Places in a file that was written anew are noticed."""
    gap = "\n" * 200_000  # more than a file's buffer holds
    source = opened(write(tmp_path, f"id\n{gap}1\n{gap}2\n"), SHUFFLE, tmp_path)
    write(tmp_path, "id\n")
    with pytest.raises(FeederError, match=r"users\.csv has changed while it was being read"):
        source.next()


def test_separator_and_quote(tmp_path: Path) -> None:
    """Other separators and quotes than those of the norm are read."""
    (tmp_path / "a.txt").write_text("id;name\n'1;2';x\n")
    source = opened(CsvSource("a.txt", ";", "'"), QUEUE, tmp_path)
    assert [{"id": "1;2", "name": "x"}] == list(all_of(source))


def test_folders_are_looked_at_in_order(tmp_path: Path) -> None:
    """A relative path is found beside the simulation first, then in the working folder."""
    near, far = tmp_path / "near", tmp_path / "far"
    near.mkdir()
    far.mkdir()
    write(far, "id\nfar\n")
    assert ["far"] == ids(opened(CsvSource("users.csv"), QUEUE, near, far))
    write(near, "id\nnear\n")
    assert ["near"] == ids(opened(CsvSource("users.csv"), QUEUE, near, far))
    absolute = CsvSource(str(far / "users.csv"))
    assert ["far"] == ids(opened(absolute, QUEUE, near))


MALFORMED = [
    ("", "users.csv is empty; its first line must name the attributes"),
    ("\n\n", "users.csv is empty"),
    ("id,name\n", "the feeder (users.csv) holds no record"),
    ("id,,name\n1,2,3\n", "users.csv:1: name 2 of the header is empty"),
    ("id,id\n1,2\n", "users.csv:1: the header names 'id' twice"),
    ("id,name\n1,a\n2\n", "users.csv:3: 1 value, but the header names 2: id, name"),
    ('id,name\n"1\n\n",a\n1,2,3\n', "users.csv:5: 3 values, but the header names 2: id, name"),
    ('id\n"1\n2\n', "users.csv:2: a quote in the record that begins here is never closed"),
    ("id\r1\r2\r", "users.csv:1: a carriage return without a line feed; end the lines with"),
]


@pytest.mark.parametrize(("text", "message"), MALFORMED)
def test_malformed_files(text: str, message: str, tmp_path: Path) -> None:
    """A file that is empty or malformed is refused, before the run, with file and line."""
    source = write(tmp_path, text)
    with pytest.raises(FeederError, match=rf"^pay\.py:7: .*{re.escape(message)}"):
        opened(source, CIRCULAR, tmp_path)
    feeder = Feeder("feeder-1", source, CIRCULAR, "pay.py:7")
    (problem,) = check_feeder(feeder, [tmp_path])
    assert message in problem
    assert problem.startswith("pay.py:7: ")


@pytest.mark.usefixtures("streamed")
@pytest.mark.parametrize(("text", "message"), MALFORMED[:5])
def test_malformed_large_files(text: str, message: str, tmp_path: Path) -> None:
    """The beginning of a file that is streamed is checked before the run as well."""
    test_malformed_files(text, message, tmp_path)


@pytest.mark.usefixtures("streamed")
@pytest.mark.parametrize("segment", [(1, 1), (1, 2)])
def test_one_bad_line_costs_one_record(segment: tuple[int, int], tmp_path: Path) -> None:
    """A malformed line of a streamed file is an error for its record; the next one is given."""
    source = opened(write(tmp_path, "id\n0\n1,1\n2\n3,3\n4\n"), QUEUE, tmp_path, segment=segment)
    found: list[object] = []
    for _ in range(5 if segment == LOCAL else 3):
        try:
            found.append(source.next()["id"])
        except FeederError as error:
            found.append(str(error).rsplit("/", maxsplit=1)[-1][:11])
    expected = ["0", "users.csv:3", "2", "users.csv:5", "4"]
    assert expected[:: segment[1]] == found


def test_bytes_that_are_no_utf_8(tmp_path: Path) -> None:
    """A file in another encoding is refused with the line and the byte."""
    (tmp_path / "users.csv").write_bytes(b"id\n1\n\xe4\n")
    with pytest.raises(FeederError, match=r"users\.csv:3: byte 0xe4 is not UTF-8; save"):
        opened(CsvSource("users.csv"), QUEUE, tmp_path)


def test_missing_file(tmp_path: Path) -> None:
    """A file that is in none of the folders is named with all of them, and how paths count."""
    source, folders = CsvSource("users.csv"), [tmp_path / "a", tmp_path / "b"]
    (problem,) = check_feeder(Feeder("feeder-1", source, where="pay.py:7"), folders)
    assert problem == (
        f"pay.py:7: csv('users.csv'): there is no such file in {folders[0]} nor {folders[1]}; a "
        "relative path counts from the simulation's file, then from the working folder"
    )
    with pytest.raises(FeederError, match="there is no such file"):
        opened(source, QUEUE, *folders)


def test_a_file_that_becomes_empty_ends(tmp_path: Path, streamed: None) -> None:
    """A circular feeder whose file is emptied during the run ends instead of spinning."""
    source = opened(write(tmp_path, "id\n1\n"), CIRCULAR, tmp_path)
    assert "1" == source.next()["id"]
    write(tmp_path, "id\n")
    with pytest.raises(FeederExhausted):
        source.next()


def test_good_feeders_have_no_problems(tmp_path: Path) -> None:
    """What can be opened is not complained about, and no user code is called to find out."""
    source = write(tmp_path, PLAIN)
    code = CodeTable().add("x", lambda: 1 / 0, "x.py:1")
    for good in (source, records(1), CodeSource(code)):
        assert [] == check_feeder(Feeder("f", good), [tmp_path])
    assert 1 == len(check_feeder(Feeder("f", records(0)), [tmp_path]))
