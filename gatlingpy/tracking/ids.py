"""Correlation ids: our own, made of a run prefix and a counter, and those that users supply.

An id that is found in keys or bodies means something only together with the topic it is expected
on and the place it stands in: there it is kept under a *scope*, so that the same key on two reply
topics is two ids.  Ids in headers have none.
"""

import hashlib
import uuid
from typing import Final

from gatlingpy.errors import CheckFailed
from gatlingpy.plan.glimpse import brief
from gatlingpy.plan.json_path import MISSING

_MAGIC: Final = b"gp-"
"""What every id that gatlingpy makes begins with, whatever the run."""


def scope_of(topic: str, source: object) -> bytes:
    """Return what stands before ids that are expected on this topic, in this place of a record.

    ``source`` is told from another by its ``repr``.
    """
    place = hashlib.sha256(repr(source).encode()).hexdigest()[:8]
    return f"\0{topic}\0{place}\0".encode()


def unscoped(correlation_id: bytes) -> bytes:
    """Return an id as it stands in messages."""
    parts = correlation_id.split(b"\0", 3)
    return parts[3] if len(parts) == 4 and not parts[0] else correlation_id


def as_id(value: object) -> bytes | None:
    """Return what was found in a message as an id; ``None`` for nothing and for an empty one.

    Text and bytes are ids as they are, whole numbers and UUIDs by their text.  Raises CheckFailed
    for anything else.
    """
    match value:
        case bytes():
            return value or None
        case str():
            return value.encode() or None
        case None:
            return None
        case int() | uuid.UUID() if not isinstance(value, bool):
            return str(value).encode()
    if value is MISSING:
        return None
    raise CheckFailed(
        f"{brief(value)} is no id: it is neither text, bytes, a whole number nor UUID"
    )


class IdSource:
    """Makes ids for one run and segment, and recognises them.  Thread: one.

    An id is ``gp-<digest of the run id>-<segment>-<token in hexadecimal>``: short, since every
    message carries it, and the same again when a run is resumed.  Further protocols of a run say
    after the segment which they are: ``gp-<digest>-<segment>.<protocol>-<token>``.
    """

    def __init__(self, run_id: str, segment: tuple[int, int], protocol: str = "") -> None:
        """The ids follow from the run, the segment's index, and what tells the protocol."""
        run = hashlib.sha256(run_id.encode()).hexdigest()[:10]
        self._share = _MAGIC + f"{run}-{segment[0]}".encode()
        self.prefix = self._share + (f".{protocol}-" if protocol else "-").encode()
        """What every id of this run, segment and protocol begins with."""
        self._length = len(self.prefix)
        self._uuids = 0

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

    def uuid(self) -> bytes:
        """Return one more id that looks like a random UUID; the same again in a run resumed."""
        self._uuids += 1
        seed = b"%b%x" % (self.prefix, self._uuids)
        digest = hashlib.blake2b(seed, digest_size=16).digest()
        return str(uuid.UUID(bytes=digest, version=4)).encode()

    def is_of_sibling(self, correlation_id: bytes) -> bool:
        """Tell whether another protocol of this run and segment made this id."""
        return correlation_id.startswith(
            (self._share + b"-", self._share + b".")
        ) and not correlation_id.startswith(self.prefix)

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
