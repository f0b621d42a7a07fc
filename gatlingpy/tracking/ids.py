"""Correlation ids of our own: a run prefix and a counter, and what they tell about a reply."""

import hashlib
from typing import Final

_MAGIC: Final = b"gp-"
"""What every id that gatlingpy makes begins with, whatever the run."""


class IdSource:
    """Makes ids for one run and segment, and recognises them.  Thread: one.

    An id is ``gp-<digest of the run id>-<segment>-<token in hexadecimal>``: short, since every
    message carries it, and the same again when a run is resumed.
    """

    def __init__(self, run_id: str, segment: tuple[int, int]) -> None:
        """The ids follow from the run and the segment's index."""
        run = hashlib.sha256(run_id.encode()).hexdigest()[:10]
        self.prefix = _MAGIC + f"{run}-{segment[0]}-".encode()
        """What every id of this run and segment begins with."""
        self._length = len(self.prefix)

    def make(self, token: int) -> bytes:
        """Return the id of a token."""
        return b"%b%x" % (self.prefix, token)

    def token(self, correlation_id: bytes) -> int | None:
        """Return the token of an id of this run and segment, otherwise ``None``."""
        if not correlation_id.startswith(self.prefix):
            return None
        try:
            return int(correlation_id[self._length :], 16)
        except ValueError:
            return None

    @staticmethod
    def is_foreign(correlation_id: bytes) -> bool:
        """Tell whether gatlingpy made this id, in whatever run; ask ``token`` first."""
        return correlation_id.startswith(_MAGIC)


class Bitmap:
    """A set of whole numbers from 0, one bit each: exact for a whole run.  Thread: one."""

    def __init__(self) -> None:
        """The set is empty."""
        self._bits = bytearray()

    def add(self, number: int) -> None:
        """Put a number into the set."""
        byte = number >> 3
        if byte >= len(self._bits):
            self._bits.extend(bytes(max(byte + 1 - len(self._bits), len(self._bits), 4_096)))
        self._bits[byte] |= 1 << (number & 7)

    def discard(self, number: int) -> None:
        """Take a number out of the set; one that is not in it is no error."""
        byte = number >> 3
        if byte < len(self._bits):
            self._bits[byte] &= ~(1 << (number & 7))

    def __contains__(self, number: int) -> bool:
        byte = number >> 3
        return byte < len(self._bits) and bool(self._bits[byte] >> (number & 7) & 1)


class RecentEndings:
    """The last endings of ids that users supplied: whether each was by a reply.  Thread: one."""

    def __init__(self, most: int) -> None:
        """Remember so many; older ones are forgotten, and a reply to them is an orphan."""
        self.most = most
        self._answered: dict[bytes, bool] = {}

    def ended(self, correlation_id: bytes, *, answered: bool) -> None:
        """Remember how the latest sending with this id ended."""
        self._answered.pop(correlation_id, None)
        self._answered[correlation_id] = answered
        if len(self._answered) > self.most:
            del self._answered[next(iter(self._answered))]

    def was_answered(self, correlation_id: bytes) -> bool | None:
        """Tell whether it was a reply that ended it; ``None`` for an id that is not known."""
        return self._answered.get(correlation_id)
