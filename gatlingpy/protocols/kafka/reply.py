"""A reply as checks see it: read from the client's message only where somebody asks."""

from collections.abc import Sequence

from gatlingpy.protocols.kafka.clients import WireMessage


class Reply:
    """A reply (``spi.Message``)."""

    __slots__ = ("_message",)

    def __init__(self, message: WireMessage) -> None:
        """Nothing is read yet."""
        self._message = message

    @property
    def topic(self) -> str:
        """The topic it came from."""
        return self._message.topic()

    @property
    def key(self) -> bytes | None:
        """Its key."""
        return self._message.key()

    @property
    def value(self) -> bytes | None:
        """Its value; ``None`` is a tombstone."""
        return self._message.value()

    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]:
        """Its headers."""
        return self._message.headers() or ()

    @property
    def partition(self) -> int:
        """The partition it came from."""
        return self._message.partition()

    @property
    def offset(self) -> int:
        """Its place in the partition."""
        return self._message.offset()

    @property
    def timestamp_ms(self) -> int:
        """Its timestamp, epoch milliseconds."""
        return self._message.timestamp()[1]
