"""Date patterns write what Java's ``DateTimeFormatter`` writes, and refuse what it refuses.

``java_dates.tsv`` is what the formatter of OpenJDK 17 made of each pattern, or ``!`` where it
refused: with American names, and for weeks (``e``, ``c``, ``w``, ``Y``) with British ones, whose
weeks are those of ISO 8601.  Names of time zones written out (``zzzz``) are left out.
"""

import csv
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gatlingpy.plan import time_zone
from gatlingpy.plan.date_pattern import PatternMistake, date_writer

with (Path(__file__).parent / "java_dates.tsv").open(newline="") as table:
    _HEAD, *_ROWS = csv.reader(table, delimiter="\t")

BERLIN_NS = 1_706_929_506_007_008_009
"""3 February 2024, 04:05:06.007008009 in Berlin."""

SetZone = Callable[[str], None]


@pytest.fixture
def set_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[SetZone]:
    """A function that puts this process into a time zone."""
    with monkeypatch.context() as patched:

        def set_to(name: str) -> None:
            patched.setenv("TZ", name)
            time.tzset()

        yield set_to
    time.tzset()


@pytest.mark.parametrize("column", range(1, len(_HEAD)), ids=_HEAD[1:])
def test_every_letter_as_in_java(column: int, set_zone: SetZone) -> None:
    """Each letter, however often it stands, at moments with many traps."""
    seconds, nanos, zone = _HEAD[column].split()
    set_zone(zone)

    def written(pattern: str) -> str:
        try:
            return date_writer(pattern)(int(seconds) * 10**9 + int(nanos))
        except PatternMistake:
            return "!"

    assert {row[0]: row[column] for row in _ROWS} == {row[0]: written(row[0]) for row in _ROWS}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2024-02-03T04:05:06.007+01:00"),
        ("EEE, d MMM yyyy HH:mm:ss Z", "Sat, 3 Feb 2024 04:05:06 +0100"),
        ("h 'o''clock' a, zzz", "4 o'clock AM, CET"),
        ("yyyyMMddHHmmssSSS", "20240203040506007"),
        ("''", "'"),
        ("''''", "'"),
        ("'a''b'", "a'b"),
        ("'a' 'b'", "a b"),
        ("'#{}()[]' d", "#{}()[] 3"),
        (" d/M, d%s ", " 3/2, 3%6 "),
        ("", ""),
    ],
)
def test_text_between_letters(pattern: str, expected: str, set_zone: SetZone) -> None:
    """Signs stand for themselves, and letters do in quotes."""
    set_zone("Europe/Berlin")
    assert expected == date_writer(pattern)(BERLIN_NS)


@pytest.mark.parametrize(
    ("pattern", "at", "message"),
    [
        ("yyyy b", 5, "the letter b means nothing"),
        ("d '", 2, "the quote ' is never closed; write '' for a quote itself"),
        ("'''", 2, "the quote ' is never closed"),
        ("HHH", 0, "HHH means nothing in a date pattern: H cannot stand 3 times"),
        ("yyyy-zzzz", 5, "zzzz means nothing"),
        ("d, [M]", 3, "[ means nothing in a date pattern; quote it: '['"),
        ("d#", 1, "# means nothing"),
    ],
)
def test_mistakes(pattern: str, at: int, message: str) -> None:
    """A pattern that means nothing is refused with the place in it."""
    with pytest.raises(PatternMistake, match=f"^{re.escape(message)}") as caught:
        date_writer(pattern)
    assert at == caught.value.at


def test_the_name_of_the_zone(
    set_zone: SetZone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``TZ`` tells it, else the link of the system, else the distance from UTC stands for it."""
    set_zone(":Asia/Tokyo")
    assert "Asia/Tokyo" == date_writer("VV")(BERLIN_NS)
    set_zone("")
    link = tmp_path / "localtime"
    monkeypatch.setattr(time_zone, "_LOCAL", link)
    assert "Z" == date_writer("VV")(BERLIN_NS)
    link.symlink_to("/usr/share/zoneinfo/America/New_York")
    assert "America/New_York" == date_writer("VV")(BERLIN_NS)
