"""Why a message was not delivered, where the client's report does not say it; and how many."""

from threading import Lock
from typing import Final, Protocol

from gatlingpy.protocols.kafka.clients import WireError

UNKNOWN_PARTITION: Final = -190
"""librdkafka's number of the error: the topic has no such partition."""


class ClientError(WireError, Protocol):
    """What stands in an exception of the client."""

    def retriable(self) -> bool:
        """Tell whether the call may succeed if it is made again."""

    def txn_requires_abort(self) -> bool:
        """Tell whether the transaction must be aborted."""


def told_by_client(error: BaseException) -> ClientError | None:
    """Return the client's own error inside an exception; ``None`` if it is not the client's."""
    cause = error.args[0] if error.args else None
    return cause if hasattr(cause, "code") else None


class SendFailure:
    """An error that the client raised instead of reporting it (``clients.WireError``)."""

    def __init__(self, error: BaseException) -> None:
        """Keep the error's text."""
        self._error = error

    def code(self) -> int:
        """Return librdkafka's number of the error, 0 if it is none of librdkafka's."""
        cause = told_by_client(self._error)
        return 0 if cause is None else cause.code()

    def str(self) -> "str":
        """Return the error in words."""
        cause = told_by_client(self._error)
        text = str(self._error) if cause is None else cause.str()
        return text.removeprefix("Unable to produce message: ")

    def fatal(self) -> bool:
        """Tell that the client may still be used."""
        return False


class Undone:
    """A message that was taken back, or never handed over (``clients.WireError``)."""

    def __init__(self, reason: str) -> None:
        """``reason`` is all that the user reads."""
        self._reason = reason

    def code(self) -> int:
        """Return 0: it is no error of the client's."""
        return 0

    def str(self) -> "str":
        """Return the reason."""
        return self._reason

    def fatal(self) -> bool:
        """Tell that the client may still be used."""
        return False


class FailureCount:
    """How many messages of one producer were not delivered, whoever noticed it."""

    def __init__(self) -> None:
        """None so far."""
        self._lock = Lock()
        self.count = 0

    def add(self) -> None:
        """Count one.  Thread: any."""
        with self._lock:
            self.count += 1


def describe(error: WireError) -> str:
    """Return the message of a request that this error ended."""
    if isinstance(error, Undone):
        return error.str()
    if error.code() == UNKNOWN_PARTITION:
        return "not delivered: the topic has no partition of that number"
    return f"not delivered: {error.str()}"
