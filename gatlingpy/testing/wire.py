"""Messages and errors as a Kafka client would give them, for fakes."""

from collections.abc import Sequence
from typing import Final, NamedTuple

AUTO_OFFSET_RESET: Final = -140
FATAL: Final = -150
PURGED: Final = -152
TIMED_OUT: Final = -192
"""Some of librdkafka's error codes: the position is outside the log; the client is of no use any
more; the message was taken out of the queue; it was not confirmed in time."""


class FakeError:
    """What went wrong with a message or a client (``protocols.kafka.clients.WireError``)."""

    def __init__(
        self,
        code: int,
        text: str,
        *,
        fatal: bool = False,
        retriable: bool = False,
        abort: bool = False,
    ) -> None:
        """``text`` is what the user will read; ``abort``: the transaction must be aborted."""
        self._code = code
        self._text = text
        self._fatal = fatal
        self._retriable = retriable
        self._abort = abort

    def code(self) -> int:
        """Return librdkafka's error code."""
        return self._code

    def fatal(self) -> bool:
        """Tell whether the client is of no use any more."""
        return self._fatal

    def str(self) -> "str":
        """Return the error in words."""
        return self._text

    def retriable(self) -> bool:
        """Tell whether the call may succeed if it is made again."""
        return self._retriable

    def txn_requires_abort(self) -> bool:
        """Tell whether the transaction must be aborted."""
        return self._abort


class FakeKafkaException(Exception):  # noqa: N818 - confluent-kafka's name
    """What a client raises when it refuses a message: its first argument is the error."""


class Record(NamedTuple):
    """What a message holds."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    timestamp_ms: int = 0


class FakeMessage:
    """A message of a partition (``protocols.kafka.clients.WireMessage``)."""

    def __init__(
        self, record: Record, partition: int, offset: int, error: FakeError | None = None
    ) -> None:
        """With ``error`` it stands for something that went wrong at that place."""
        self._record = record
        self._partition = partition
        self._offset = offset
        self._error = error

    def error(self) -> FakeError | None:
        """Return the error, if this is one."""
        return self._error

    def topic(self) -> str:
        """Return the topic."""
        return self._record.topic

    def partition(self) -> int:
        """Return the partition."""
        return self._partition

    def offset(self) -> int:
        """Return the offset."""
        return self._offset

    def key(self) -> bytes | None:
        """Return the key."""
        return self._record.key

    def value(self) -> bytes | None:
        """Return the value."""
        return self._record.value

    def headers(self) -> Sequence[tuple[str, bytes | None]] | None:
        """Return the headers; like the real client, ``None`` if there are none."""
        return self._record.headers or None

    def timestamp(self) -> tuple[int, int]:
        """Return the kind, creation time, and the epoch milliseconds."""
        return 1, self._record.timestamp_ms
