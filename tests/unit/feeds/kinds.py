"""One maker for each kind of source: the same records, whatever they come from."""

import gzip
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gatlingpy.feeds import file_records, sql_rows
from gatlingpy.plan.code import CodeTable, Const
from gatlingpy.plan.feeders import (
    CodeSource,
    CsvSource,
    Feeder,
    FeederSource,
    GeneratedSource,
    JsonFileSource,
    JsonLinesSource,
    RecordsSource,
    SqlSource,
    ZippedSource,
)
from gatlingpy.plan.frozen import FrozenMap
from tests.unit.feeds.opened import CIRCULAR, Record


@dataclass(frozen=True)
class Kind:
    """A kind of source; its records are ``{"id": n}``, where n may be text."""

    name: str
    make: Callable[[Path, int, CodeTable], FeederSource]
    large: bool = False
    """Whether it is to be treated as too large for memory."""

    def source(self, folder: Path, size: int, code: CodeTable) -> FeederSource:
        return self.make(folder, size, code)

    def patch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        if self.large:
            monkeypatch.setattr(file_records, "MOST_IN_MEMORY", 0)
            monkeypatch.setattr(sql_rows, "MOST_IN_MEMORY", 0)


def _csv_text(size: int) -> bytes:
    return ("id\r\n" + "".join(f"{n}\r\n" for n in range(size))).encode()


def _array_text(size: int) -> bytes:
    return json.dumps([{"id": n} for n in range(size)], indent=1).encode()


def _lines_text(size: int) -> bytes:
    return "\n\n".join(json.dumps({"id": n}) for n in range(size)).encode()


def _plain(folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)


def _gzip(folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(gzip.compress(data))


def _zip(folder: Path, name: str, data: bytes) -> None:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("data")
        archive.writestr("data/inside.txt", data)


def _csv(folder: Path, size: int, code: CodeTable) -> FeederSource:
    _plain(folder, "ids.csv", _csv_text(size))
    return CsvSource("ids.csv")


def _csv_gzip(folder: Path, size: int, code: CodeTable) -> FeederSource:
    _gzip(folder, "ids.csv.gz", _csv_text(size))
    return CsvSource("ids.csv.gz", unzip=True)


def _array(folder: Path, size: int, code: CodeTable) -> FeederSource:
    _plain(folder, "ids.json", _array_text(size))
    return JsonFileSource("ids.json")


def _array_zip(folder: Path, size: int, code: CodeTable) -> FeederSource:
    _zip(folder, "ids.zip", _array_text(size))
    return JsonFileSource("ids.zip", unzip=True)


def _lines(folder: Path, size: int, code: CodeTable) -> FeederSource:
    _plain(folder, "ids.jsonl", _lines_text(size))
    return JsonLinesSource("ids.jsonl")


def _lines_zip(folder: Path, size: int, code: CodeTable) -> FeederSource:
    _zip(folder, "ids.jsonl.zip", _lines_text(size))
    return JsonLinesSource("ids.jsonl.zip", unzip=True)


def _sql(folder: Path, size: int, code: CodeTable) -> FeederSource:
    path = folder / "ids.db"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("CREATE TABLE ids (id INTEGER)")
        connection.executemany("INSERT INTO ids VALUES (?)", [(n,) for n in range(size)])
    connection.close()
    return SqlSource("sqlite:///ids.db", "SELECT id FROM ids ORDER BY id")


def _records(folder: Path, size: int, code: CodeTable) -> FeederSource:
    return RecordsSource(tuple(FrozenMap({"id": n}) for n in range(size)))


def _list(folder: Path, size: int, code: CodeTable) -> FeederSource:
    return CodeSource(code.add("list", lambda: [{"id": n} for n in range(size)], "data.py:1"))


def _generator(folder: Path, size: int, code: CodeTable) -> FeederSource:
    def ids() -> Iterator[Record]:
        for n in range(size):
            yield {"id": n}

    return CodeSource(code.add("generator", ids, "data.py:2"))


def _iterator(folder: Path, size: int, code: CodeTable) -> FeederSource:
    ids = ({"id": n} for n in range(size))
    return CodeSource(code.add("iterator", lambda: ids, "data.py:3"))


def _zipped(folder: Path, size: int, code: CodeTable) -> FeederSource:
    parts = (
        Feeder("feeder-1/1", _csv(folder, size, code), where="pay.py:7"),
        Feeder("feeder-1/2", RecordsSource((FrozenMap({"b": 1}), FrozenMap({"b": 2}))), CIRCULAR),
    )
    return ZippedSource(parts)


def _zipped_code(folder: Path, size: int, code: CodeTable) -> FeederSource:
    made = GeneratedSource(FrozenMap({"x": code.add("x", object, "data.py:4"), "y": Const(1)}))
    return ZippedSource(
        (
            Feeder("feeder-1/1", made),
            Feeder("feeder-1/2", _generator(folder, size, code), where="pay.py:7"),
        )
    )


KINDS = [
    Kind("records", _records),
    Kind("list", _list),
    Kind("generator", _generator),
    Kind("iterator", _iterator),
    Kind("csv", _csv),
    Kind("csv large", _csv, large=True),
    Kind("csv gzip", _csv_gzip),
    Kind("csv gzip large", _csv_gzip, large=True),
    Kind("json file", _array),
    Kind("json file large", _array, large=True),
    Kind("json file zip large", _array_zip, large=True),
    Kind("json lines", _lines),
    Kind("json lines large", _lines, large=True),
    Kind("json lines zip", _lines_zip),
    Kind("json lines zip large", _lines_zip, large=True),
    Kind("sql", _sql),
    Kind("sql large", _sql, large=True),
    Kind("zipped", _zipped),
    Kind("zipped large", _zipped, large=True),
    Kind("zipped code", _zipped_code),
]
