"""What a codec is at work."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

from gatlingpy.tracking.decoding import Decode

Encode: TypeAlias = Callable[[object], bytes]
"""Writes a value that is not ``None``; raises ExpressionError for one that it cannot write."""


class Reader(Protocol):
    """What reads values that a codec wrote."""

    @property
    def decode(self) -> Decode:
        """Gives the value as the user wants it."""

    @property
    def tree(self) -> Decode:
        """Gives it as JSON's values; ``decode`` itself where that gives such values."""

    def knows(self, data: bytes) -> bool:
        """Whether reading this needs nothing from the registry first.  Thread: any."""

    def learn(self, data: bytes) -> None:
        """Ask the registry for what reading this needs.  Blocks; never raises.  Thread: any."""


class Codec(Protocol):
    """A codec opened for one run."""

    def encode_for(self, topic: str, *, key: bool) -> Encode:
        """Return what writes the values, or keys, of a topic.

        It may ask the registry: raises ProtocolError if that cannot be reached or refuses.
        """

    def reader(self, topic: str, *, ahead: bool) -> Reader:
        """Return what reads a topic's values; the topic is empty if it is not known yet.

        ``ahead`` lets it ask the registry for the topic's schemas, as ``encode_for`` does.
        """
