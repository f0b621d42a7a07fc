"""Where the logs of partitions begin and end, as the cluster tells."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final, TypeAlias

from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka.clients import Place

_AGAIN_S: Final = 0.1
_NO_LEADER: Final = frozenset({3, 5, 6})
"""Kafka's UNKNOWN_TOPIC_OR_PART, LEADER_NOT_AVAILABLE and NOT_LEADER_FOR_PARTITION: a topic that
has just been created, or whose leader moves, has one again in a moment."""

Ask: TypeAlias = Callable[[Sequence[Place], float], dict[Place, Future[object]]]
"""Asks for offsets of some partitions, within so many seconds; answers have an ``offset``."""


def read_offsets(
    ask: Ask, places: Sequence[Place], what: str, timeout_s: float, redact: Callable[[str], str]
) -> dict[Place, int]:
    """Return an offset of each partition; ``what`` names it, the ``start`` or the ``end``.

    Those without a leader are asked for again.  Raises ProtocolError when time is up, or for
    whatever else is told.
    """
    until = time.monotonic() + timeout_s
    found: dict[Place, int] = {}
    left = list(places)
    while left:
        again: list[Place] = []
        for place, future in ask(left, max(0.0, until - time.monotonic())).items():
            try:
                found[place] = _answer(future, until)
            except Exception as error:  # noqa: BLE001 - told below, or tried again
                said = _said(error, timeout_s, redact)
                if not _has_no_leader(error) or time.monotonic() + _AGAIN_S > until:
                    raise ProtocolError(
                        f"the {what} of {place[0]}[{place[1]}] cannot be read: {said}"
                    ) from None
                again.append(place)
        left = again
        if left:
            time.sleep(_AGAIN_S)
    return found


def _answer(future: Future[object], until: float) -> int:
    # The time given to a request is its own: finding who leads, and asking again, take longer.
    # Measured with a broker that hangs: 60 s.
    offset: int = getattr(future.result(max(0.0, until - time.monotonic())), "offset", -1)
    return offset


def _said(error: Exception, timeout_s: float, redact: Callable[[str], str]) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {timeout_s:g} s"
    cause = error.args[0] if error.args else error
    return redact(cause.str() if hasattr(cause, "str") else str(error))


def _has_no_leader(error: Exception) -> bool:
    cause = error.args[0] if error.args else None
    code = getattr(cause, "code", None)
    return callable(code) and code() in _NO_LEADER
