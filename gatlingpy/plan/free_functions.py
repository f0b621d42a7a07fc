"""Functions that need no attribute: what their arguments may be, checked when a plan is made."""

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple, TypeAlias

from gatlingpy.plan import random_functions as random
from gatlingpy.plan.code import CodeTable, Maker, Reader
from gatlingpy.plan.date_pattern import PatternMistake, date_writer
from gatlingpy.plan.function_names import FREE_FUNCTIONS
from gatlingpy.plan.scanner import Scanner

_WHOLE: Final = re.compile(r"-?[0-9]{1,30}")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,300}(\.[0-9]{1,300})?")
_MOST_DIGITS: Final = 15
"""A double holds 15 decimal digits faithfully."""
_LONGEST: Final = 100_000_000


class Argument(NamedTuple):
    """An argument as it is written, and its index in the text of the template."""

    text: str
    at: int


_Compile: TypeAlias = Callable[[Sequence[Argument], Scanner], Maker]


def compile_call(function: str, arguments: Sequence[Argument], scanner: Scanner, at: int) -> Maker:
    """Return what makes the function's reader; ``at`` is where its name stands.

    Raises UsageError, with the column, for arguments that it cannot have.
    """
    counts, compiled = _FUNCTIONS[function]
    if len(arguments) not in counts:
        got = f"{len(arguments)} argument{'' if len(arguments) == 1 else 's'}"
        raise scanner.mistake(f"expected {FREE_FUNCTIONS[function]}, got {got}", at)
    return compiled(arguments, scanner)


# --- arguments ------------------------------------------------------------------------------------


def _whole(argument: Argument, scanner: Scanner, least: int, most: int) -> int:
    if _WHOLE.fullmatch(argument.text) and least <= int(argument.text) <= most:
        return int(argument.text)
    message = f"expected a whole number from {least} to {most}, got {argument.text!r}"
    raise scanner.mistake(message, argument.at)


def _decimal(argument: Argument, scanner: Scanner) -> Fraction:
    if _DECIMAL.fullmatch(argument.text):
        return Fraction(argument.text)
    raise scanner.mistake(f"expected a number such as 0.5, got {argument.text!r}", argument.at)


def _out_of_order(low: Argument, high: Argument, scanner: Scanner) -> Exception:
    message = (
        f"expected a minimum below the maximum, which is exclusive, got {low.text} and {high.text}"
    )
    return scanner.mistake(message, low.at)


# --- functions ------------------------------------------------------------------------------------


def _whole_numbers(bits: int) -> _Compile:
    """Signed whole numbers of so many bits, or those between two of them."""
    least, most = -(1 << bits - 1), (1 << bits - 1) - 1

    def compiled(arguments: Sequence[Argument], scanner: Scanner) -> Maker:
        if not arguments:
            return random.whole_numbers(least, most + 1)
        low, high = [_whole(argument, scanner, least, most) for argument in arguments]
        if low >= high:
            raise _out_of_order(arguments[0], arguments[1], scanner)
        return random.whole_numbers(low, high)

    return compiled


def _random_double(arguments: Sequence[Argument], scanner: Scanner) -> Maker:
    low, high = [_decimal(argument, scanner) for argument in arguments[:2]]
    if float(low) >= float(high):
        raise _out_of_order(arguments[0], arguments[1], scanner)
    if len(arguments) == 2:
        return random.numbers(float(low), float(high))
    digits = _whole(arguments[2], scanner, 0, _MOST_DIGITS)
    count = random.count_decimals(low, high, digits)
    if not 1 <= count <= 1 << 64:
        wrong = "more digits: there are no" if count < 1 else "fewer digits: there are over 2**64"
        bounds = f"{arguments[0].text} to below {arguments[1].text}"
        message = f"expected {wrong} numbers of at most {digits} from {bounds}"
        raise scanner.mistake(message, arguments[2].at)
    return random.decimals(low, high, digits)


def _random_alphanumeric(arguments: Sequence[Argument], scanner: Scanner) -> Maker:
    return random.alphanumerics(_whole(arguments[0], scanner, 1, _LONGEST))


def _current_date(arguments: Sequence[Argument], scanner: Scanner) -> Maker:
    pattern, at = arguments[0]
    try:
        write = date_writer(pattern)
    except PatternMistake as mistake:
        raise scanner.mistake(str(mistake), at + mistake.at) from None

    def make(code: CodeTable) -> Reader:
        epoch_ns = code.epoch_ns
        return lambda _session: write(epoch_ns())

    return make


def _current_time_millis(code: CodeTable) -> Reader:
    epoch_ns = code.epoch_ns
    return lambda _session: epoch_ns() // 1_000_000


def _always(maker: Maker) -> _Compile:
    return lambda _arguments, _scanner: maker


_FUNCTIONS: Final[Mapping[str, tuple[frozenset[int], _Compile]]] = {
    "current_time_millis": (frozenset({0}), _always(_current_time_millis)),
    "current_date": (frozenset({1}), _current_date),
    "random_uuid": (frozenset({0}), _always(random.uuids)),
    "random_secure_uuid": (frozenset({0}), _always(random.secure_uuids)),
    "random_int": (frozenset({0, 2}), _whole_numbers(32)),
    "random_long": (frozenset({0, 2}), _whole_numbers(64)),
    "random_double": (frozenset({2, 3}), _random_double),
    "random_alphanumeric": (frozenset({1}), _random_alphanumeric),
}
