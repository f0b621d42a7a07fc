"""What an error means for a transaction, as librdkafka tells it."""

from typing import Final

from gatlingpy.protocols.kafka.delivery_failure import told_by_client

_FENCED: Final = frozenset({-144, 47, 90})
"""librdkafka's own word for it, and the brokers': an old epoch, a fenced producer."""
_STATE: Final = -172
_OUT_OF_ORDER: Final = 45
_FATAL: Final = -150
_TIMED_OUT: Final = -185


class TransactionFault:
    """An exception of a transactional call, told apart by what is to be done about it."""

    def __init__(self, error: Exception) -> None:
        """Read what the client's error says; one that is no such error is fatal."""
        cause = told_by_client(error)
        self._code = 0 if cause is None else cause.code()
        self.text = f"{type(error).__name__}: {error}" if cause is None else cause.str()
        """The error in the client's words."""
        self.retriable = cause is not None and cause.retriable()
        """Whether the same call is to be made again, to go on."""
        self.fatal = cause is None or cause.fatal() or self._code == _FATAL
        """Whether the client is of no use any more."""

    @property
    def timed_out(self) -> bool:
        """Whether nothing is wrong but that it takes longer."""
        return self._code == _TIMED_OUT

    @property
    def code(self) -> int:
        """librdkafka's number of the error."""
        return self._code

    @property
    def is_of_state(self) -> bool:
        """Whether the call does not fit what has happened to the transaction before."""
        return self._code == _STATE

    @property
    def is_gap(self) -> bool:
        """Whether the client's own sequence numbers have a gap, from a message that failed."""
        return self._code == _OUT_OF_ORDER

    def verdict(self, transactional_id: str) -> str:
        """Return why no message can be sent any more."""
        if self._code in _FENCED:
            return f"fenced: another producer uses the transactional id {transactional_id!r}"
        return f"the producer {transactional_id!r} is of no use any more: {self.text}"
