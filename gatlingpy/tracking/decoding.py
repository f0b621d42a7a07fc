"""Bytes to the values that checks read; a payload is decoded when first asked for, and once."""

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

import orjson

from gatlingpy.errors import CheckFailed, UsageError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.spi import Message

Decode: TypeAlias = Callable[[bytes], object]
"""Turns bytes into a value; raises ValueError, or what a user's own decoder raises."""


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


class Format(NamedTuple):
    """How the payloads of one side, requests or replies, become values that checks read."""

    serialization: SerializationType
    """What the request declares."""
    decode: Decode
    """Gives the value as it is declared."""
    tree: Decode
    """Gives it as JSON's values, for paths: ``decode`` itself where that gives such values."""

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


class _Unreadable(NamedTuple):
    """Why a payload could not be decoded; kept, so that it is tried once."""

    reason: str


class Exchange:
    """A request's value and its reply, while one verdict is reached.  Thread: one."""

    __slots__ = ("_replies", "_requests", "reply", "request")

    def __init__(self, request: bytes | None, reply: Message) -> None:
        """Nothing is decoded yet."""
        self.request = request
        self.reply = reply
        self._replies: dict[Decode, object] = {}
        self._requests: dict[Decode, object] | None = None

    def reply_as(self, decode: Decode) -> object:
        """Return the reply decoded; raises CheckFailed for a tombstone or a value that cannot."""
        value = self._replies.get(decode, _UNREAD)
        if value is _UNREAD:
            value = self._replies[decode] = _decoded(self.reply.value, decode, "reply")
        if type(value) is _Unreadable:
            raise CheckFailed(value.reason)
        return value

    def request_as(self, decode: Decode) -> object:
        """Return the request decoded; raises CheckFailed for a tombstone or a value that cannot."""
        if self._requests is None:
            self._requests = {}
        value = self._requests.get(decode, _UNREAD)
        if value is _UNREAD:
            value = self._requests[decode] = _decoded(self.request, decode, "request")
        if type(value) is _Unreadable:
            raise CheckFailed(value.reason)
        return value


def _decoded(data: bytes | None, decode: Decode, side: str) -> object:
    if data is None:
        return _Unreadable(f"the {side} is a tombstone: it has no value")
    try:
        return decode(data)
    except ValueError as error:
        return _Unreadable(f"the {side} is {error}")
    except Exception as error:  # noqa: BLE001 - a user's own decoder
        return _Unreadable(f"the {side} cannot be decoded: {type(error).__name__}: {error}")
