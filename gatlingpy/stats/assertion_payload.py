"""Assertions as Gatling writes them into its log: boopickle bytes in base64.

Little endian.  A case class is a ``00`` and its fields, a singleton its number alone::

    assertion = 00 path target condition
    path      = 01 global | 02 for all | 03 00 details list(string)
    target    = 01 00 count metric | 02 00 percent metric | 03 00 01 time selection | 04 mean rps
    metric    = 01 all | 02 successful | 03 failed
    selection = 01 min | 02 max | 03 mean | 04 deviation | 05 00 percentile double
    condition = 01 lte | 02 gte | 03 lt | 04 gt | 05 is, each 00 double
              | 06 00 between double double boolean | 07 00 in list(double)

Only the targets above can be written: nothing of ours, such as an arrival lag, has a place there.

A string is its length in UTF-16 units and each unit in one to three bytes; a negative length
points back to an earlier string of the same assertion (boopickle 1.3, ``UnpickleState``).
"""

import base64
import binascii
import struct
from collections.abc import Callable, Sequence
from typing import Final, TypeVar, assert_never

from gatlingpy.plan.assertions import (
    Assertion,
    AssertionPath,
    Between,
    Compare,
    Comparison,
    Condition,
    CountTarget,
    DetailsPath,
    ForAllPath,
    GlobalPath,
    In,
    Metric,
    PercentTarget,
    RequestsPerSecTarget,
    ResponseTimeTarget,
    Statistic,
    Target,
)

T = TypeVar("T")

_METRICS: Final = (Metric.ALL, Metric.SUCCESSFUL, Metric.FAILED)
_SELECTIONS: Final = (Statistic.MIN, Statistic.MAX, Statistic.MEAN, Statistic.STD_DEV)
_COMPARISONS: Final = (
    Comparison.LTE, Comparison.GTE, Comparison.LT, Comparison.GT, Comparison.IS,
)  # fmt: skip
_PERCENTILE: Final = 5
_LONGEST: Final = 4095
"""The largest length that takes two bytes; Gatling never writes more, and we refuse to."""
_FIRST_REFERENCE: Final = 2
"""boopickle numbers the strings of one value from 2: 0 is unknown, 1 is null."""


class _NoRoom(ValueError):  # noqa: N818 - a reason, caught in this module
    """Gatling has no such target, or a text has more than 4095 letters."""


def _int(number: int) -> bytes:
    if number > _LONGEST:
        raise _NoRoom
    return bytes([number]) if number < 0x80 else bytes([0x80 | number >> 8, number & 0xFF])


def _unit(code: int) -> bytes:
    if code < 0x80:
        return bytes([code])
    if code < 0x4000:
        return bytes([0x80 | code & 0x3F, code >> 6])
    return bytes([0xC0 | code & 0x3F, code >> 6 & 0xFF, code >> 14])


def _string(text: str) -> bytes:
    raw = text.encode("utf-16-le", "surrogatepass")
    units = struct.unpack(f"<{len(raw) // 2}H", raw)
    return _int(len(units)) + b"".join(map(_unit, units))


def _double(value: float) -> bytes:
    return struct.pack("<d", value)


def _list(items: Sequence[T], encode_item: Callable[[T], bytes]) -> bytes:
    return _int(len(items)) + b"".join(map(encode_item, items))


def _path(path: AssertionPath) -> bytes:
    match path:
        case GlobalPath():
            return b"\1"
        case ForAllPath():
            return b"\2"
        case DetailsPath(parts):
            return b"\3\0" + _list(parts, _string)
    assert_never(path)


def _target(target: Target) -> bytes:
    match target:
        case CountTarget(metric):
            return bytes([1, 0, _METRICS.index(metric) + 1])
        case PercentTarget(metric):
            return bytes([2, 0, _METRICS.index(metric) + 1])
        case ResponseTimeTarget(Statistic.PERCENTILE, rank, Metric.ALL):
            return bytes([3, 0, 1, _PERCENTILE, 0]) + _double(rank)
        case ResponseTimeTarget(statistic, metric=Metric.ALL):
            return bytes([3, 0, 1, _SELECTIONS.index(statistic) + 1])
        case RequestsPerSecTarget():
            return b"\4"
    raise _NoRoom


def _condition(condition: Condition) -> bytes:
    match condition:
        case Compare(comparison, value):
            return bytes([_COMPARISONS.index(comparison) + 1, 0]) + _double(value)
        case Between(low, high, inclusive):
            return b"\6\0" + _double(low) + _double(high) + bytes([inclusive])
        case In(values):
            return b"\7\0" + _list(values, _double)
    assert_never(condition)


def encode_assertion(assertion: Assertion) -> str | None:
    """Return what Gatling's log holds for this assertion, or ``None`` if it has no room for it."""
    try:
        raw = _path(assertion.path) + _target(assertion.target) + _condition(assertion.condition)
    except _NoRoom:
        return None
    return base64.b64encode(b"\0" + raw).decode()


class _Reader:
    """Takes one value after the other from the bytes; raises ValueError where they do not fit."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._place = 0
        self._strings: list[str] = []

    def take(self, size: int) -> bytes:
        piece = self._raw[self._place : self._place + size]
        if len(piece) < size:
            raise ValueError("it ends too early")
        self._place += size
        return piece

    def byte(self) -> int:
        return self.take(1)[0]

    def marker(self) -> None:
        if self.byte() != 0:
            raise ValueError(f"byte {self._place - 1} is not the marker of a case class")

    def choice(self, values: Sequence[T]) -> T:
        number = self.byte()
        if not 1 <= number <= len(values):
            raise ValueError(f"byte {self._place - 1} is {number}, not 1 to {len(values)}")
        return values[number - 1]

    def number(self) -> int:
        first = self.byte()
        if first < 0x80:
            return first
        if first >= 0xA0:
            raise ValueError("a number is larger than any that Gatling writes")
        number = (first & 0x1F) << 8 | self.byte()
        return number - 0x2000 if first & 0x10 else number

    def double(self) -> float:
        value: float = struct.unpack("<d", self.take(8))[0]
        return value

    def string(self) -> str:
        length = self.number()
        if length < 0:
            place = -length - _FIRST_REFERENCE
            if not 0 <= place < len(self._strings):
                raise ValueError("a string points back to none")
            return self._strings[place]
        units = [self._unit() for _ in range(length)]
        text = struct.pack(f"<{length}H", *units).decode("utf-16-le", "surrogatepass")
        if text:
            self._strings.append(text)
        return text

    def _unit(self) -> int:
        first = self.byte()
        if first < 0x80:
            return first
        second = self.byte()
        if first < 0xC0:
            return first & 0x3F | second << 6
        code = first & 0x3F | second << 6 | self.byte() << 14
        if code > 0xFFFF:
            raise ValueError("a letter is no UTF-16 unit")
        return code

    def path(self) -> AssertionPath:
        kind = self.choice((1, 2, 3))
        if kind == 1:
            return GlobalPath()
        if kind == 2:
            return ForAllPath()
        self.marker()
        return DetailsPath(tuple(self.string() for _ in range(self.number())))

    def target(self) -> Target:
        kind = self.choice((1, 2, 3, 4))
        if kind == 4:
            return RequestsPerSecTarget()
        self.marker()
        if kind == 3:
            return self._time()
        metric = self.choice(_METRICS)
        return CountTarget(metric) if kind == 1 else PercentTarget(metric)

    def _time(self) -> ResponseTimeTarget:
        self.choice((1,))  # response time, the only time there is
        statistic = self.choice((*_SELECTIONS, Statistic.PERCENTILE))
        if statistic is not Statistic.PERCENTILE:
            return ResponseTimeTarget(statistic)
        self.marker()
        return ResponseTimeTarget(statistic, self.double())

    def condition(self) -> Condition:
        kind = self.choice((*_COMPARISONS, "between", "in"))
        self.marker()
        if isinstance(kind, Comparison):
            return Compare(kind, self.double())
        if kind == "between":
            return Between(self.double(), self.double(), self.byte() != 0)
        return In(tuple(self.double() for _ in range(self.number())))


def decode_assertion(payload: str) -> Assertion:
    """Read an assertion of Gatling's log; raises ValueError for anything else."""
    try:
        reader = _Reader(base64.b64decode(payload, validate=True))
        reader.marker()
        return Assertion(reader.path(), reader.target(), reader.condition())
    except (ValueError, binascii.Error) as exc:
        raise ValueError(f"{payload!r} is no assertion of Gatling's: {exc}") from exc
