"""The frame of values whose schema is in a registry: 0x00, the schema's id, what was written.

https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/
"""

from collections.abc import Callable, Sequence
from typing import Final

from gatlingpy.clock import Clock
from gatlingpy.errors import GatlingError
from gatlingpy.protocols.kafka.codecs.registry import Registry, RegistrySchema
from gatlingpy.tracking.decoding import Decode, Derived
from gatlingpy.tracking.wording import explain

MAGIC: Final = b"\x00"
PREFIX: Final = 5
"""How many bytes stand before what was written: the magic byte and four of the id."""

_RETRY_NS: Final = 10_000_000_000
"""How long an id counts as unknown before the registry is asked for it again."""
_MOST_UNKNOWN: Final = 1_000
"""After so many unknown ids the registry is asked no more: what is read has no frames."""


def prefix(schema_id: int) -> bytes:
    """Return what a frame of this schema begins with."""
    return MAGIC + schema_id.to_bytes(4, "big")


def varints(numbers: Sequence[int]) -> bytes:
    """Return numbers as Protobuf writes signed ones: zigzag, seven bits a byte."""
    written = bytearray()
    for number in numbers:
        rest = (number << 1) ^ (number >> 63)
        while rest > 0x7F:
            written.append(rest & 0x7F | 0x80)
            rest >>= 7
        written.append(rest)
    return bytes(written)


def message_path(data: bytes, start: int) -> tuple[tuple[int, ...], int]:
    """Return which message of a file stands in a frame, and where it begins.

    Its index among the file's messages, then among those inside of it, and so on.  Raises
    ValueError for a frame that ends too early.
    """
    count, at = _varint(data, start)
    if not 0 <= count <= len(data):
        raise ValueError("not a Protobuf message of the schema registry: its message index is bad")
    path: list[int] = []
    for _ in range(count):
        index, at = _varint(data, at)
        path.append(index)
    return tuple(path) or (0,), at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise ValueError("not a Protobuf message of the schema registry: it ends too early")
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return (number >> 1) ^ -(number & 1), at


def derived(read: Decode, convert: Callable[[object], object] | None) -> Decode:
    """Return what reads and converts; ``None`` converts nothing."""
    if convert is None:
        return read
    return Derived(read, convert)


class FramedReader:
    """Reads frames, each by the schema that it names; a schema is fetched once.

    Guarantees: a frame whose schema is known is read without any I/O.
    Assumes: ``make`` (schema) is slow and may raise; what it gives reads one frame's bytes, the
    prefix included.
    """

    def __init__(
        self,
        registry: Registry,
        clock: Clock,
        make: Callable[[RegistrySchema], Decode],
        convert: Callable[[object], object] | None,
        plain: Callable[[object], object] | None,
    ) -> None:
        """``convert`` makes the user's value, ``plain`` JSON's; ``None``: as it is read."""
        self._registry = registry
        self._now_ns = clock.now_ns
        self._make = make
        # GIL: both dicts are written by whoever learns and read by the user thread.
        self._by_prefix: dict[bytes, Decode] = {}
        self._failed: dict[bytes, tuple[str, int]] = {}
        self.decode = derived(self._read, convert)
        self.tree = derived(self._read, plain)

    def add(self, schema_id: int, schema: RegistrySchema) -> None:
        """Know a schema before a frame names it; one that cannot be used fails its frames."""
        self._learn(prefix(schema_id), lambda: schema)

    def knows(self, data: bytes) -> bool:
        """Whether reading this needs nothing from the registry first."""
        start = data[:PREFIX]
        if start in self._by_prefix or len(start) < PREFIX or start[:1] != MAGIC:
            return True
        failed = self._failed.get(start)
        if failed is None:
            return len(self._failed) >= _MOST_UNKNOWN
        return self._now_ns() < failed[1]

    def learn(self, data: bytes) -> None:
        """Fetch the schema that a frame names."""
        start = data[:PREFIX]
        self._learn(start, lambda: self._registry.schema(int.from_bytes(start[1:], "big")))

    def _learn(self, start: bytes, fetch: Callable[[], RegistrySchema]) -> None:
        try:
            self._by_prefix[start] = self._make(fetch())
        except Exception as error:  # noqa: BLE001 - a schema may be anybody's
            reason = str(error) if isinstance(error, GatlingError | ValueError) else explain(error)
            self._failed[start] = reason, self._now_ns() + _RETRY_NS

    def _read(self, data: bytes) -> object:
        read = self._by_prefix.get(data[:PREFIX])
        return self._read_unknown(data) if read is None else read(data)

    def _read_unknown(self, data: bytes) -> object:
        start = data[:PREFIX]
        if len(start) < PREFIX or start[:1] != MAGIC:
            raise ValueError(
                f"not written with the schema registry: it begins with "
                f"{start.hex(' ') or 'nothing'}, not with 00 and a schema's id; for values without "
                "a registry give the codec registry=False"
            )
        if not self.knows(data):
            self.learn(data)
        read = self._by_prefix.get(start)
        if read is None:
            reason, _ = self._failed.get(start, ("its schema is unknown, as many are", 0))
            raise ValueError(reason if reason.startswith("not ") else f"not readable: {reason}")
        return read(data)


class BareReader:
    """Reads values that stand in no frame."""

    def __init__(
        self,
        read: Decode,
        convert: Callable[[object], object] | None,
        plain: Callable[[object], object] | None,
    ) -> None:
        """The last two are as in ``FramedReader``."""
        self.decode = derived(read, convert)
        self.tree = derived(read, plain)

    def knows(self, data: bytes) -> bool:  # noqa: ARG002 - there is nothing to learn
        """Tell that nothing is missing."""
        return True

    def learn(self, data: bytes) -> None:
        """Do nothing."""
