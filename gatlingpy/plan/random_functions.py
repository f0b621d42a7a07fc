"""Random values of expressions, from the dice of the run: the same seed gives the same again.

Each function here checks nothing; it returns a ``Maker``, which is given the run's dice.
"""

import hashlib
import math
import string
import uuid
from fractions import Fraction
from hashlib import shake_128
from typing import Final

from gatlingpy.plan.code import CodeTable, Maker, Reader
from gatlingpy.session import Session

_LETTERS: Final = (string.ascii_letters + string.digits).encode()
_FAIR: Final = 256 // len(_LETTERS) * len(_LETTERS)
"""Bytes from here on are passed over: letters would not be equally likely."""
_TABLE: Final = (_LETTERS * 5)[:256]
_UNFAIR: Final = bytes(range(_FAIR, 256))
_VERSION_4: Final = 0x4000_8000_0000_0000_0000
_NOT_VERSION: Final = ~(0xF000_C000_0000_0000_0000)


def whole_numbers(low: int, high: int) -> Maker:
    """Make whole numbers from ``low`` and below ``high``; they are at most 2**64 apart."""
    count = high - low

    def make(code: CodeTable) -> Reader:
        below = code.dice.below
        return lambda session: low + below(session.user_id, count)

    return make


def numbers(low: float, high: float) -> Maker:
    """Make numbers from ``low`` and below ``high``."""
    width, highest = high - low, math.nextafter(high, -math.inf)

    def make(code: CodeTable) -> Reader:
        uniform = code.dice.uniform
        return lambda session: min(low + width * uniform(session.user_id), highest)

    return make


def count_decimals(low: Fraction, high: Fraction, digits: int) -> int:
    """Return how many numbers of at most so many decimal places there are below ``high``."""
    scale = Fraction(10**digits)
    return math.ceil(high * scale) - math.ceil(low * scale)


def decimals(low: Fraction, high: Fraction, digits: int) -> Maker:
    """Make numbers of at most so many decimal places; there are at most 2**64, and at least one.

    All are equally likely, and none is the product of rounding up to ``high``.
    """
    scale = 10**digits
    first, count = math.ceil(low * scale), count_decimals(low, high, digits)
    highest = math.nextafter(float(high), -math.inf)

    def make(code: CodeTable) -> Reader:
        below = code.dice.below
        return lambda session: min((first + below(session.user_id, count)) / scale, highest)

    return make


def alphanumerics(length: int) -> Maker:
    """Make texts of so many letters and digits: one draw, stretched by a hash function."""

    def make(code: CodeTable) -> Reader:
        bits = code.dice.bits

        def text(session: Session) -> str:
            stream = shake_128(bits(session.user_id).to_bytes(8, "big"))
            letters, taken = b"", length
            while len(letters) < length:
                taken += taken // 16 + 16
                letters = stream.digest(taken).translate(_TABLE, _UNFAIR)
            return letters[:length].decode()

        return text

    return make


def uuids(code: CodeTable) -> Reader:
    """Return what gives universally unique identifiers of version 4 (RFC 9562), as text.

    They follow from the seed and from the run's id: a system that has seen those of one run must
    not take those of the next for repetitions.
    """
    bits = code.dice.bits
    of_run = _salt(code.run_id)

    def text(session: Session) -> str:
        user = session.user_id
        number = (bits(user) << 64 | bits(user)) ^ of_run
        digits = f"{number & _NOT_VERSION | _VERSION_4:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    return text


def _salt(run_id: str) -> int:
    """Return 128 bits that differ from run to run; without a run there are none to differ."""
    return int.from_bytes(hashlib.sha256(run_id.encode()).digest()[:16]) if run_id else 0


def secure_uuids(_code: CodeTable) -> Reader:
    """Return what gives identifiers of version 4 from the system's own source of chance."""
    return lambda _session: str(uuid.uuid4())
