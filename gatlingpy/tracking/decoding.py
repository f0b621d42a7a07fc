"""Bytes to the values that checks read; a payload is decoded when first asked for, and once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import orjson

from gatlingpy.errors import UsageError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.spi import Message
from gatlingpy.tracking.wording import cut, explain

Decode: TypeAlias = Callable[[bytes], object]
"""Turns bytes into a value; raises ValueError, such as ``not JSON: …``, or anything else."""


def read_text(data: bytes) -> object:
    """Return the bytes as text; raises ValueError if they are not UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text: {error.reason} at position {error.start}") from None


def read_json(data: bytes) -> object:
    """Return the bytes parsed as JSON; raises ValueError if they are not."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error}") from None


def read_bytes(data: bytes) -> object:
    """Return the bytes as they are."""
    return data


DECODERS: Final[dict[SerializationType, Decode]] = {
    SerializationType.STRING: read_text,
    SerializationType.BYTE_ARRAY: read_bytes,
    SerializationType.JSON: read_json,
}


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """A ``Decode`` that makes something of what another gives, which is then decoded once."""

    decode: Decode
    convert: Callable[[object], object]
    """Raises ValueError, or whatever a user's own function raises."""

    def __call__(self, data: bytes) -> object:
        """Decode and convert."""
        return self.convert(self.decode(data))


class Format(NamedTuple):
    """How the payloads of one side, requests or replies, become values that checks read."""

    serialization: SerializationType
    """What the request declares."""
    decode: Decode
    """Gives the value as it is declared."""
    tree: Decode
    """Gives it as JSON's values, for paths: ``decode`` itself where that gives such values, or
    ``Derived`` of it."""
    kept: bool = True
    """Whether the payloads of requests are kept until their replies come; if not, ``None`` is no
    tombstone."""

    def decoder(self, serialization: SerializationType | None) -> Decode:
        """Return what decodes a payload in another way than is declared, or ``None``: as it is.

        Raises UsageError for a way that only a codec knows and none was given.
        """
        if serialization is None or serialization is self.serialization:
            return self.decode
        decode = DECODERS.get(serialization)
        if decode is None:
            raise UsageError(
                f"a check reads {serialization} values, but the request declares "
                f"{self.serialization}; give the request or its protocol a codec for it"
            )
        return decode


def plain_format(serialization: SerializationType) -> Format:
    """Return the format of text, bytes or JSON, which need no codec."""
    return Format(serialization, DECODERS[serialization], read_json)


_UNREAD: Final = object()


class Unreadable(Exception):  # noqa: N818 - a state
    """A payload that cannot be read as a check wants it: a tombstone, or bytes of another kind."""


class _Failure(NamedTuple):
    """Why a payload could not be decoded; kept, so that it is tried once."""

    reason: str


class Payload:
    """What one side sent, while one verdict is reached; decoded at most once in each way.

    Thread: one.
    """

    __slots__ = ("_decoded", "data", "message", "side")

    def __init__(self, data: bytes | None, message: Message | None, side: str) -> None:
        """``message`` is ``None`` for a request, of which nothing but the value is kept."""
        self.data = data
        self.message = message
        self.side = side
        self._decoded: dict[Decode, object] = {}

    def read(self, decode: Decode) -> object:
        """Return the value decoded; raises Unreadable for a tombstone or a value that cannot be."""
        value = self._decoded.get(decode, _UNREAD)
        if value is _UNREAD:
            value = self._decoded[decode] = self._decode(decode)
        if type(value) is _Failure:
            raise Unreadable(value.reason)
        return value

    def _decode(self, decode: Decode) -> object:
        if self.data is None:
            return _Failure(f"the {self.side} is a tombstone: it has no value")
        try:
            if type(decode) is Derived:
                return decode.convert(self.read(decode.decode))
            return decode(self.data)
        except Unreadable as error:
            return _Failure(str(error))
        except BaseException as error:  # noqa: BLE001 - a user's own decoder
            reason = explain(error)
            if type(error) is ValueError and str(error).startswith("not "):
                return _Failure(f"the {self.side} is {cut(str(error))}")
            return _Failure(f"the {self.side} cannot be decoded: {reason}")
