"""Where the logs of partitions begin and end, as the cluster tells."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final, Protocol, TypeAlias

from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka.clients import Place

_AGAIN_S: Final = 0.1
_NO_LEADER: Final = frozenset({3, 5, 6})
"""Kafka's UNKNOWN_TOPIC_OR_PART, LEADER_NOT_AVAILABLE and NOT_LEADER_FOR_PARTITION: a topic that
has just been created, or whose leader moves, has one again in a moment."""


class Answer(Protocol):
    """What is told of a partition."""

    @property
    def offset(self) -> int:
        """The offset that was asked for."""


Ask: TypeAlias = Callable[[Sequence[Place], float], dict[Place, Future[Answer]]]
"""Asks for offsets of some partitions, within so many seconds."""


def read_offsets(
    ask: Ask, places: Sequence[Place], what: str, timeout_s: float, redact: Callable[[str], str]
) -> dict[Place, int]:
    """Return an offset of each partition; ``what`` names it, the ``start`` or the ``end``.

    Those without a leader are asked for again.  Raises ProtocolError when time is up, or for
    whatever else is told.
    """
    from confluent_kafka import KafkaException

    until = time.monotonic() + timeout_s
    found: dict[Place, int] = {}
    left = list(places)
    while left:
        again: list[Place] = []
        for place, future in ask(left, _left_s(until)).items():
            try:
                # The time given to a request is its own: finding who leads, and asking again, take
                # longer.  Measured with a broker that hangs: 60 s.
                found[place] = future.result(_left_s(until)).offset
            except TimeoutError:
                raise _unread(what, place, f"no answer within {timeout_s:g} s") from None
            except KafkaException as error:
                cause = error.args[0]
                if cause.code() not in _NO_LEADER or _left_s(until) <= _AGAIN_S:
                    raise _unread(what, place, redact(cause.str())) from None
                again.append(place)
        left = again
        if left:
            time.sleep(_AGAIN_S)
    return found


def _left_s(until: float) -> float:
    return max(0.0, until - time.monotonic())


def _unread(what: str, place: Place, said: str) -> ProtocolError:
    topic, partition = place
    return ProtocolError(f"the {what} of {topic}[{partition}] cannot be read: {said}")
