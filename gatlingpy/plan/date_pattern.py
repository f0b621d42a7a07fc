"""Dates written by the patterns of Java's ``DateTimeFormatter``, in the machine's own time zone.

Names are English, and weeks are those of ISO 8601: they begin on Monday, and the first of a year
is the one that has its first Thursday.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, TypeAlias

from gatlingpy.plan import time_zone
from gatlingpy.plan.time_zone import basic, extended, hours, localized, short_localized, with_z

_Write: TypeAlias = Callable[[time.struct_time, int], str]
"""Writes one field of a local time and the nanoseconds of its second."""

_Field: TypeAlias = Callable[[int], _Write | None]
"""Gives the writer for so many letters, or ``None`` where there is none for so many."""

_TOKEN: Final = re.compile(r"([A-Za-z])\1*|'(?:[^']|'')*'|'|[^A-Za-z']+")
_RESERVED: Final = re.compile(r"[\[\]{}#]")
UNCLOSED: Final = "the quote ' is never closed; write '' for a quote itself"
"""What is said of a quote without its other half."""
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_QUARTERS: Final = ("1st quarter", "2nd quarter", "3rd quarter", "4th quarter")


class PatternMistake(ValueError):  # noqa: N818 - what the user made
    """A pattern cannot be read; ``at`` is where in it."""

    def __init__(self, message: str, at: int) -> None:
        """``message`` says what is wrong, and what would be right."""
        super().__init__(message)
        self.at = at


def date_writer(pattern: str) -> Callable[[int], str]:
    """Return what writes a moment, in nanoseconds since 1970-01-01 UTC, as local time.

    Raises PatternMistake for a letter, or a number of letters, that stands for nothing here.
    """
    writers = list(_writers(pattern))

    def write(epoch_ns: int) -> str:
        seconds, nanos = divmod(epoch_ns, 1_000_000_000)
        local = time.localtime(seconds)
        return "".join([field(local, nanos) for field in writers])

    return write


def _writers(pattern: str) -> Iterator[_Write]:
    for token in _TOKEN.finditer(pattern):
        text, at = token.group(), token.start()
        if token.group(1):
            yield _field(text, at)
        elif text == "'":
            raise PatternMistake(UNCLOSED, at)
        elif text.startswith("'"):
            yield _literal(text[1:-1].replace("''", "'") or "'")
        else:
            if reserved := _RESERVED.search(text):
                sign = reserved.group()
                raise PatternMistake(
                    f"{sign} means nothing in a date pattern; quote it: '{sign}'",
                    at + reserved.start(),
                )
            yield _literal(text)


def _field(letters: str, at: int) -> _Write:
    letter, count = letters[0], len(letters)
    field = _FIELDS.get(letter)
    if field is None:
        known = " ".join(sorted(_FIELDS, key=lambda known: (known.lower(), known)))
        raise PatternMistake(
            f"the letter {letter} means nothing in a date pattern here; use {known}, and quote "
            "text: 'text'",
            at,
        )
    write = field(count)
    if write is None:
        raise PatternMistake(
            f"{letters} means nothing in a date pattern: {letter} cannot stand {count} times", at
        )
    return write


def _literal(text: str) -> _Write:
    return lambda _local, _nanos: text


# --- numbers --------------------------------------------------------------------------------------

_Value: TypeAlias = Callable[[time.struct_time, int], int]


def _number(value: _Value, most: int) -> _Field:
    """Write a number, with zeros in front up to as many digits as there are letters."""
    return lambda count: (
        None if count > most else lambda local, nanos: f"{value(local, nanos):0{count}d}"
    )


def _year(value: _Value) -> _Field:
    """Two letters are the last two digits of the year."""

    def field(count: int) -> _Write | None:
        if count == 2:
            return lambda local, nanos: f"{value(local, nanos) % 100:02d}"
        return _number(value, 19)(count)

    return field


def _fraction(count: int) -> _Write | None:
    """So many digits of the second's fraction, cut and not rounded."""
    return None if count > 9 else lambda _local, nanos: f"{nanos:09d}"[:count]


def _second_of_day(local: time.struct_time) -> int:
    return (local.tm_hour * 60 + local.tm_min) * 60 + local.tm_sec


def _iso_date(local: time.struct_time) -> tuple[int, int, int]:
    """Return the year, week and day of ISO 8601."""
    return date(local.tm_year, local.tm_mon, local.tm_mday).isocalendar()


# --- names ----------------------------------------------------------------------------------------


def _named(value: _Value, forms: Mapping[int, Sequence[str]], numbers: int = 2) -> _Field:
    """Write a number with up to ``numbers`` letters, and the name of the value with more.

    ``forms`` are the names of the values from 1, by the count of letters.
    """
    number = _number(value, numbers)

    def field(count: int) -> _Write | None:
        names = forms.get(count)
        if names is None:
            return number(count)
        return lambda local, nanos: names[value(local, nanos) - 1]

    return field


def _forms(names: Sequence[str]) -> dict[int, Sequence[str]]:
    return {3: [name[:3] for name in names], 4: names, 5: [name[0] for name in names]}


def _weekday(local: time.struct_time, _nanos: int) -> int:
    return local.tm_wday + 1


_MONTH: Final = _named(lambda local, _: local.tm_mon, _forms(_MONTHS))
_QUARTER: Final = _named(
    lambda local, _: (local.tm_mon + 2) // 3,
    {3: ("Q1", "Q2", "Q3", "Q4"), 4: _QUARTERS, 5: "1234"},
)
_SHORT_DAYS: Final = _forms(_DAYS)[3]


def _half_day(count: int) -> _Write | None:
    return None if count > 1 else lambda local, _: "AM" if local.tm_hour < 12 else "PM"


# --- time zones -----------------------------------------------------------------------------------


def _zone_name(count: int) -> _Write | None:
    return None if count > 3 else lambda local, _: local.tm_zone


def _zone_id(count: int) -> _Write | None:
    return None if count != 2 else lambda local, _: time_zone.zone_id(local)


def _offset(*forms: Callable[[int], str] | None) -> _Field:
    """Write how far the zone is from UTC; ``forms`` are for one letter, two, and so on."""

    def field(count: int) -> _Write | None:
        write = forms[count - 1] if count <= len(forms) else None
        return None if write is None else lambda local, _: write(local.tm_gmtoff)

    return field


_ISO: Final = (hours, basic, extended, basic, extended)


# --- the letters ----------------------------------------------------------------------------------

_FIELDS: Final[Mapping[str, _Field]] = {
    "y": _year(lambda local, _: local.tm_year),
    "u": _year(lambda local, _: local.tm_year),
    "Y": _year(lambda local, _: _iso_date(local)[0]),
    "Q": _QUARTER,
    "q": _QUARTER,
    "M": _MONTH,
    "L": _MONTH,
    "w": _number(lambda local, _: _iso_date(local)[1], 2),
    "d": _number(lambda local, _: local.tm_mday, 2),
    "D": _number(lambda local, _: local.tm_yday, 3),
    "E": _named(_weekday, {1: _SHORT_DAYS, 2: _SHORT_DAYS, **_forms(_DAYS)}, numbers=0),
    "e": _named(_weekday, _forms(_DAYS)),
    "c": _named(_weekday, _forms(_DAYS), numbers=1),
    "a": _half_day,
    "H": _number(lambda local, _: local.tm_hour, 2),
    "k": _number(lambda local, _: local.tm_hour or 24, 2),
    "K": _number(lambda local, _: local.tm_hour % 12, 2),
    "h": _number(lambda local, _: local.tm_hour % 12 or 12, 2),
    "m": _number(lambda local, _: local.tm_min, 2),
    "s": _number(lambda local, _: local.tm_sec, 2),
    "S": _fraction,
    "n": _number(lambda _, nanos: nanos, 19),
    "A": _number(lambda local, nanos: _second_of_day(local) * 1_000 + nanos // 1_000_000, 19),
    "N": _number(lambda local, nanos: _second_of_day(local) * 1_000_000_000 + nanos, 19),
    "z": _zone_name,
    "V": _zone_id,
    "O": _offset(short_localized, None, None, localized),
    "Z": _offset(basic, basic, basic, localized, with_z(extended)),
    "X": _offset(*[with_z(form) for form in _ISO]),
    "x": _offset(*_ISO),
}
