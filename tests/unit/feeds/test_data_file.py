"""Files as they lie on the disk: found, packed, damaged."""

import gzip
import io
import os
import re
import zipfile
from itertools import count
from pathlib import Path

import pytest

from gatlingpy.errors import FeederError, FeederExhausted
from gatlingpy.feeds import file_records
from gatlingpy.feeds.checking import check_feeder
from gatlingpy.feeds.data_file import DataFile
from gatlingpy.plan.feeders import (
    CsvSource,
    Feeder,
    FileSource,
    JsonFileSource,
    JsonLinesSource,
)
from tests.unit.feeds.opened import CIRCULAR, QUEUE, SHUFFLE, Record, ids, opened

TEXT = b"id\n1\n2\n3\n"


def archive(*names: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as zipped:
        for name in names:
            zipped.writestr(name, TEXT)
    return written.getvalue()


def damaged(data: bytes) -> bytes:
    """Return it with other bytes in its middle."""
    middle = len(data) // 2
    return (
        data[:middle]
        + bytes(byte ^ 0xFF for byte in data[middle : middle + 4])
        + data[middle + 4 :]
    )


def encrypted(data: bytes) -> bytes:
    """Return an archive whose entry says that it is encrypted, in both places."""
    central = data.index(b"PK\x01\x02")
    changed = bytearray(data)
    changed[6] |= 1
    changed[central + 8] |= 1
    return bytes(changed)


REFUSED = [
    (TEXT, "ids.bin is neither gzip nor zip; leave out .unzip()"),
    (b"", "ids.bin is neither gzip nor zip; leave out .unzip()"),
    (archive(), "ids.bin holds 0 files, none; it must hold exactly one"),
    (archive("a", "b"), "ids.bin holds 2 files, a, b; it must hold exactly one"),
    (archive("a", "b", "c", "d"), "ids.bin holds 4 files, a, b, c…; it must hold exactly one"),
    (encrypted(archive("a")), "ids.bin is encrypted; pack it without a password"),
    (gzip.compress(TEXT)[:11], "ids.bin: cannot be read: Compressed file ended before"),
    (damaged(gzip.compress(TEXT * 99)), "ids.bin: cannot be read: "),
    (archive("a")[:40], "ids.bin: cannot be read: File is not a zip file"),
    (damaged(archive("a")), "ids.bin: cannot be read: "),
    (b"\x1f\x8b\x08", "ids.bin: cannot be read: "),
]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(("data", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_packed_files_that_cannot_be_used(
    data: bytes, message: str, large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is not packed as it should be, or damaged, is refused before the run."""
    if large:
        monkeypatch.setattr(file_records, "MOST_IN_MEMORY", 0)
    (tmp_path / "ids.bin").write_bytes(data)
    source = CsvSource("ids.bin", unzip=True)
    for strategy in (QUEUE, SHUFFLE):
        (problem,) = check_feeder(Feeder("feeder-1", source, strategy, "pay.py:7"), [tmp_path])
        assert problem.startswith("pay.py:7: ")
        assert message in problem
        with pytest.raises(FeederError, match=re.escape(message)):
            opened(source, strategy, tmp_path)


def test_damage_behind_the_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A packed file that turns out to be damaged in the run ends there, and says so."""
    monkeypatch.setattr(file_records, "MOST_IN_MEMORY", 0)
    data = gzip.compress(b"id\n" + os.urandom(300_000).hex("\n", 20).encode())
    (tmp_path / "ids.gz").write_bytes(data[: len(data) // 2])
    source = opened(CsvSource("ids.gz", unzip=True), CIRCULAR, tmp_path)
    given: list[Record] = []
    with pytest.raises(FeederError, match=r"ids\.gz: cannot be read: Compressed file ended before"):
        given.extend(source.next() for _ in count())
    assert len(given) > 1000
    for _ in range(2):
        with pytest.raises(
            FeederExhausted, match=rf"no record left after {len(given)}: .*cannot be read"
        ):
            source.next()


def test_files_of_several_gzip_members(tmp_path: Path) -> None:
    """Files that were packed one by one and joined are one file."""
    (tmp_path / "ids.gz").write_bytes(gzip.compress(b"id\n1\n") + gzip.compress(b"2\n"))
    assert ["1", "2"] == ids(opened(CsvSource("ids.gz", unzip=True), QUEUE, tmp_path))


@pytest.mark.parametrize("source", [CsvSource("x"), JsonFileSource("x"), JsonLinesSource("x")])
def test_a_folder_in_place_of_a_file(source: FileSource, tmp_path: Path) -> None:
    """A folder is called one."""
    (tmp_path / "x").mkdir()
    (problem,) = check_feeder(Feeder("feeder-1", source, where="pay.py:7"), [tmp_path])
    assert re.match(
        rf"pay\.py:7: \w+\('x'\): {tmp_path}/x is a folder; give the path of a file", problem
    )


@pytest.mark.parametrize(
    ("source", "call"),
    [
        (CsvSource("x"), "csv('x')"),
        (CsvSource("x", "\t"), "tsv('x')"),
        (CsvSource("x", ";"), "ssv('x')"),
        (CsvSource("x", "|"), "separated_values('x')"),
        (JsonFileSource("x"), "json_file('x')"),
        (JsonLinesSource("x"), "json_lines('x')"),
    ],
)
def test_a_missing_file(source: FileSource, call: str, tmp_path: Path) -> None:
    """A file that is nowhere is named by the call that wants it."""
    (problem,) = check_feeder(Feeder("feeder-1", source, where="pay.py:7"), [tmp_path])
    assert problem.startswith(f"pay.py:7: {call}: there is no such file in {tmp_path}; a relative")


def test_a_file_that_fails(tmp_path: Path) -> None:
    """What the disk says is passed on."""
    file = DataFile(tmp_path / "gone")
    for use in (file.open, file.open_seekable, lambda: file.is_within(1)):
        with pytest.raises(FeederError, match=r"gone: cannot be read: No such file or directory"):
            use()


def test_a_file_that_disappears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A circular feeder whose file is gone when it begins again fails for each user, and lives."""
    monkeypatch.setattr(file_records, "MOST_IN_MEMORY", 0)
    path = tmp_path / "ids.csv"
    path.write_bytes(TEXT)
    source = opened(CsvSource("ids.csv"), CIRCULAR, tmp_path)
    assert ["1", "2", "3"] == [source.next()["id"] for _ in range(3)]
    path.unlink()
    for _ in range(2):
        with pytest.raises(FeederError, match="cannot be read: No such file"):
            source.next()
    path.write_bytes(TEXT)
    assert "1" == source.next()["id"]
