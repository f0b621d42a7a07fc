"""The real consumer: confluent-kafka behind ``clients.ConsumerClient``."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from gatlingpy.errors import ProtocolError
from gatlingpy.mailbox import within
from gatlingpy.protocols.kafka.clients import Place, WireMessage

if TYPE_CHECKING:
    from confluent_kafka import Consumer, KafkaError, TopicPartition

T = TypeVar("T")

_REACH_S: Final = 10.0
_LEARN_S: Final = 1.0
_FRESH_S: Final = 240.0
"""How long what was learnt of leaders stays with the client, by its defaults, at the least."""
_MOST_ALONE: Final = 5
"""More topics than that are asked for with all others, in one round trip."""
_COMMIT_S: Final = 5.0
_MOMENT_S: Final = 0.01
_NO_OFFSET: Final = -168
"""librdkafka's RD_KAFKA_RESP_ERR__NO_OFFSET: nothing was read since the last commit."""


class ConfluentConsumer:
    """A consumer of partitions, assigned to it or by its group.  Thread: one."""

    def __init__(
        self,
        make: "Callable[[Callable[..., None]], Consumer]",
        begins: Callable[[str, Mapping[int, int]], None],
        *,
        shifts: bool,
    ) -> None:
        """``make`` makes the client, given who is told how a commit went.

        ``begins`` is told of each topic where reading its partitions begins.  ``shifts`` tells
        that the group moves single partitions instead of assigning all anew.
        """
        self._failures: list[str] = []
        self._committing = False
        """Whether a commit has no answer yet."""
        self._in_callback = False
        self._early: list[WireMessage] = []
        """A message that came while a commit was waited for."""
        self._partitions: dict[str, int] = {}
        self._learn_anew = 0.0
        self._begins = begins
        self._client = make(self._on_commit)
        self._shifts = shifts

    # --- what it reads ---------------------------------------------------------------------------

    def assign(self, positions: Mapping[Place, int]) -> None:
        """Read these partitions, each from this offset."""
        self._tell(positions)
        self._client.assign(_at(positions))

    def _tell(self, positions: Mapping[Place, int]) -> None:
        for wanted in {topic for topic, _ in positions}:
            of_topic = {p: at for (topic, p), at in positions.items() if topic == wanted}
            self._begins(wanted, of_topic)

    def add(self, positions: Mapping[Place, int]) -> None:
        """Read these partitions as well, or from another offset."""
        self._tell(positions)
        self._learn(positions)
        known = {(p.topic, p.partition) for p in self._client.assignment()}
        again = {place: offset for place, offset in positions.items() if place in known}
        if again:
            self._client.incremental_unassign(_at(again))
        self._client.incremental_assign(_at(positions))

    def _learn(self, places: Iterable[Place]) -> None:
        """Learn who leads partitions that are new, so that reading them begins at once.

        librdkafka itself looks once a second for the leaders of partitions that are added: measured
        0.9 to 1 s from ``incremental_assign`` to the first message, 10 ms after this.
        """
        from confluent_kafka import KafkaException

        if time.monotonic() > self._learn_anew:
            self._partitions.clear()
            self._learn_anew = time.monotonic() + _FRESH_S
        new = {topic for topic, p in places if p >= self._partitions.get(topic, 0)}
        try:
            if len(new) > _MOST_ALONE or not self._partitions:
                found = self._client.list_topics(timeout=_LEARN_S).topics
                self._partitions |= {name: len(topic.partitions) for name, topic in found.items()}
                return
            for name in new:
                topic = self._client.list_topics(name, timeout=_LEARN_S).topics[name]
                self._partitions[name] = len(topic.partitions)
        except (KafkaException, KeyError):
            return  # librdkafka will find them by itself, later

    def drop(self, places: Iterable[Place]) -> Mapping[Place, int]:
        """Read these partitions no more; returns where reading got to in those read at all."""
        known = {(p.topic, p.partition) for p in self._client.assignment()}
        leaving = _at(dict.fromkeys((place for place in places if place in known), -1))
        reached = {(p.topic, p.partition): p.offset for p in self._client.position(leaving)}
        self._client.incremental_unassign(leaving)
        return {place: offset for place, offset in reached.items() if offset >= 0}

    def watermarks(self, place: Place) -> tuple[int, int]:
        """Return the first offset kept and the next to be written."""
        from confluent_kafka import KafkaException, TopicPartition

        try:
            low, high = self._client.get_watermark_offsets(TopicPartition(*place), timeout=_REACH_S)
        except KafkaException as error:
            topic, partition = place
            raise ProtocolError(
                f"the end of {topic}[{partition}] cannot be read: {error.args[0].str()}"
            ) from error
        return low, high

    def consume(self, most: int) -> list[WireMessage]:
        """Return the messages that are there already."""
        messages: list[WireMessage] = self._client.consume(most, 0)
        return messages

    # --- commits ---------------------------------------------------------------------------------

    def commit(self, *, wait: bool, positions: Mapping[Place, int] | None = None) -> None:
        """Commit how far everything was read, or these positions.

        librdkafka's own waiting has no end while a broker hangs, and nothing can be polled
        meanwhile.  So where records may come a commit is waited for by polling, until one comes.
        """
        from confluent_kafka import KafkaException

        if wait and self._committing and not self._in_callback:
            return  # one is under way that nobody has answered; the next holds all that it held
        what = {} if positions is None else {"offsets": _at(positions)}
        try:
            if wait and self._in_callback:  # where nobody may poll
                self._note_all(self._client.commit(**what, asynchronous=False))
            elif wait and positions is not None:  # before anything is read
                commit = partial(self._client.commit, **what, asynchronous=False)
                self._note_all(within(_COMMIT_S, "kafka-commit", commit))
            else:
                self._client.commit(**what, asynchronous=True)
                self._committing = True
                if wait:
                    self._await_commit()
        except KafkaException as error:
            self._note(error.args[0])
        except TimeoutError as error:
            self._failures.append(str(error))

    def _await_commit(self) -> None:
        until = time.monotonic() + _COMMIT_S
        while self._committing and not self._early:
            message = self._client.poll(_MOMENT_S)
            if message is not None:
                self._early.append(message)
            elif time.monotonic() > until:
                raise TimeoutError(f"no answer within {_COMMIT_S:g} s")

    def poll(self, timeout: float) -> WireMessage | None:
        """Return a message, or ``None`` if none came in so many seconds."""
        return self._early.pop() if self._early else self._client.poll(timeout)

    def committed(self, places: Sequence[Place]) -> Mapping[Place, int]:
        """Return the committed positions, of those partitions that have one."""
        from confluent_kafka import KafkaException

        try:
            found = self._client.committed(_at(dict.fromkeys(places, -1)), timeout=_REACH_S)
        except KafkaException as error:
            said = error.args[0].str()
            raise ProtocolError(f"the group's positions cannot be read: {said}") from error
        return {(p.topic, p.partition): p.offset for p in found if p.offset >= 0}

    def commit_failures(self) -> list[str]:
        """Return why commits failed, since this was last asked."""
        failures, self._failures = self._failures, []
        return failures

    def _on_commit(self, error: "KafkaError | None", _positions: object) -> None:
        self._committing = False
        if error is not None:
            self._note(error)

    def _note_all(self, places: "Iterable[TopicPartition] | None") -> None:
        for place in places or ():
            if place.error is not None:
                self._note(place.error)

    def _note(self, error: "KafkaError") -> None:
        if error.code() != _NO_OFFSET:
            self._failures.append(error.str())

    # --- groups ----------------------------------------------------------------------------------

    def subscribe(
        self,
        topics: Sequence[str],
        assigned: Callable[[Sequence[Place]], Mapping[Place, int]],
        revoked: Callable[[Sequence[Place]], None],
    ) -> None:
        """Have the group assign partitions of these topics."""

        def on_assign(client: "Consumer", partitions: "Sequence[TopicPartition]") -> None:
            begin = self._called_back(assigned, partitions)
            self._tell(begin)
            positions = _at(begin)
            client.incremental_assign(positions) if self._shifts else client.assign(positions)

        def on_revoke(client: "Consumer", partitions: "Sequence[TopicPartition]") -> None:
            self._called_back(revoked, partitions)
            client.incremental_unassign(partitions) if self._shifts else client.unassign()

        self._client.subscribe(list(topics), on_assign=on_assign, on_revoke=on_revoke)

    def _called_back(
        self, call: Callable[[Sequence[Place]], T], partitions: "Sequence[TopicPartition]"
    ) -> T:
        self._in_callback = True
        try:
            return call(_places(partitions))
        finally:
            self._in_callback = False

    def close(self, limit_s: float) -> None:
        """Leave; librdkafka itself waits for the last commit as long as a broker hangs."""
        try:
            within(limit_s, "kafka-leave", self._client.close)
        except TimeoutError as error:
            self._failures.append(f"it could not leave: {error}")


def _at(positions: Mapping[Place, int]) -> "list[TopicPartition]":
    from confluent_kafka import TopicPartition

    return [TopicPartition(topic, p, offset) for (topic, p), offset in positions.items()]


def _places(partitions: "Sequence[TopicPartition]") -> list[Place]:
    return [(p.topic, p.partition) for p in partitions]
