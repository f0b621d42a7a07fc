"""What the parts of a message must be, whether all users have the same or each its own."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Final

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.code import Const, Expr, Structure, Template
from gatlingpy.plan.frozen import thaw
from gatlingpy.plan.glimpse import brief

_MOST_PARTITION: Final = 2**31 - 1


def topic_name(value: object, what: str) -> str:
    """Return the name of a topic; raises ExpressionError for anything else."""
    if isinstance(value, str) and value:
        return value
    if value == "":
        raise ExpressionError(f"{what} is empty")
    raise ExpressionError(f"{what} must be text, got {brief(thaw(value))}")


def text_or_bytes(value: object, what: str) -> bytes | None:
    """Write a key or header: text as UTF-8, bytes as they are, numbers as their digits."""
    match value:
        case None:
            return None
        case bytes():
            return value
        case str():
            return value.encode()
        case int() | float():
            return str(value).encode()
    kind = type(thaw(value)).__name__
    raise ExpressionError(f"{what} must be text, bytes or a number, got {kind}")


def partition_number(value: object) -> int:
    """Return a partition; raises ExpressionError for what is no whole number from 0."""
    try:
        number = int(value)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        number = -1
    if not 0 <= number <= _MOST_PARTITION or isinstance(value, float | bool):
        raise ExpressionError(
            f"the partition must be a whole number from 0, got {brief(thaw(value))}"
        )
    return int(number)


def epoch_seconds(value: object, what: str) -> float:
    """Return a moment that a user gave; raises ExpressionError for anything else."""
    if isinstance(value, datetime):
        return value.timestamp()
    try:
        seconds = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        seconds = -1.0
    # 1e11 s is the year 5138: whoever writes that means milliseconds.
    if not 0 < seconds < 1e11 or isinstance(value, bool):
        raise ExpressionError(
            f"{what} must be epoch seconds as of time.time(), or a datetime, got "
            f"{brief(thaw(value))}"
        )
    return seconds


def topic_problems(topic: Expr, what: str) -> Iterator[str]:
    """Yield what keeps a topic that is the same for all users from being one."""
    if topic != Const(""):  # which is none at all
        yield from _told(topic, lambda value: topic_name(value, what))


def message_problems(
    headers: Mapping[str, Expr], partition: Expr | None, timestamp: Expr | None
) -> Iterator[str]:
    """Yield what keeps headers, partition and timestamp from being written, as far as is known."""
    for name, expr in headers.items():
        yield from _told(expr, partial(_header_values, name))
    yield from _told(partition, partition_number)
    yield from moment_problems(timestamp, "the timestamp")


def moment_problems(expr: Expr | None, what: str) -> Iterator[str]:
    """Yield what keeps a moment that is the same for all users from being one."""
    yield from _told(expr, lambda value: epoch_seconds(value, what))


def key_problems(key: Expr | None) -> Iterator[str]:
    """Yield what keeps a key that no codec writes from being written."""
    yield from _told(key, lambda value: text_or_bytes(value, "the key"))


def _header_values(name: str, value: object) -> None:
    for one in value if isinstance(value, tuple) else (value,):
        text_or_bytes("" if isinstance(one, Template) else one, f"the header {name!r}")


def _told(expr: Expr | None, use: Callable[[object], object]) -> Iterator[str]:
    if not isinstance(expr, Const | Structure):
        return  # nothing, or known only while a user runs
    try:
        use(expr.value)
    except ExpressionError as error:
        yield str(error)
