"""The producer actor: owns one client, sends through it, serves its delivery reports.

The user thread gives messages to the client itself, which takes a few microseconds and never
blocks; a message that finds the client's queue full goes to the mailbox of the sending thread,
which may wait for room.  Reports are served by a thread of their own: one that did both would
leave a message waiting for a poll to end.  ``docs/adr/0002-produce-on-the-user-thread.md`` has
the figures.
"""

from collections import deque
from collections.abc import Callable
from typing import Final, Protocol, TypeAlias

from gatlingpy.mailbox import Mailbox
from gatlingpy.protocols.kafka.clients import Headers, OnDelivery, ProducerClient
from gatlingpy.protocols.kafka.delivery_failure import FailureCount, SendFailure
from gatlingpy.protocols.kafka.outcomes import Outcomes
from gatlingpy.spi import Services

SEND_TICK_NS: Final = 1_000_000
POLL_TICK_NS: Final = 500_000
"""A busy actor takes whole batches, at most one in this time."""
_POLL_S: Final = 0.1
_ROOM_NS: Final = 1_000_000


class Unwatched(Protocol):
    """A message that nobody waits for, but whose acceptance by the client is measured."""

    accepted_ns: int
    """When the client took the message, if it did so later than at once."""

    def accepted(self, now_ns: int) -> None:
        """Take note that the client has the message.  Thread: user."""


class Producer(Protocol):
    """What a request asks of a producer, and the runtime besides.  Thread: user, unless told."""

    queue_full: int
    """How often a message had to wait for room."""
    unwatched_delivered: int
    """Messages delivered that nobody waited for.  Written by who is told of deliveries."""
    failures: FailureCount
    """Messages that were not delivered.  Written by who is told of it."""
    tell: Callable[..., None]
    """Has a call made on the user thread.  Thread: the one that a report is served on."""

    def send(
        self,
        topic: str,
        value: bytes | None,
        key: bytes | None,
        headers: Headers,
        partition: int,
        timestamp: int,
        on_delivery: OnDelivery,
        unwatched: Unwatched | None = None,
    ) -> bool:
        """Give a message away; tells whether the client has it now."""

    def close(self, flush_s: float) -> None:
        """Deliver or fail what is left, and stop its threads.  Idempotent.  Thread: any."""


Job: TypeAlias = tuple[
    str, bytes | None, bytes | None, Headers, int, int, OnDelivery, Unwatched | None
]
"""A message to be sent: topic, value, key, headers, partition, timestamp, who is told of its fate,
who of acceptance."""


class KafkaProducerActor:
    """One producer.  ``send`` is for the user thread; the steps are for its two threads."""

    def __init__(
        self, client: ProducerClient, services: Services, number: int, block_ms: int
    ) -> None:
        """``block_ms`` bounds the wait for room in the client's queue."""
        self._client = client
        self._block_ns = block_ms * 1_000_000
        self._now_ns = services.clock.now_ns
        self._produce = client.produce
        self._mailbox: Mailbox[Job] = services.mailbox(SEND_TICK_NS)
        self._waiting: deque[Job] = deque()
        self._give_up_ns = 0
        self._handed_over = 0
        self._sent = 0
        self._post = services.post
        self._sleep = services.sleep
        self._outcomes = Outcomes(services)
        self.tell = self._outcomes.tell
        self.queue_full = 0
        """How often a message had to wait for room.  Written by the user thread alone."""
        self.failures = FailureCount()
        self.unwatched_delivered = 0
        """Messages delivered that nobody waited for.  Written by the polling thread alone."""
        self._closing = False
        self._sender = services.spawn(f"kafka-send-{number}", self.step_send, self._mailbox.wake)
        self._poller = services.spawn(f"kafka-poll-{number}", self.step_poll)

    # --- sending ---------------------------------------------------------------------------------

    def send(
        self,
        topic: str,
        value: bytes | None,
        key: bytes | None,
        headers: Headers,
        partition: int,
        timestamp: int,
        on_delivery: OnDelivery,
        unwatched: Unwatched | None = None,
    ) -> bool:
        """Give a message to the client, or to the sending thread if the client has no room.

        Tells whether the client has it; the messages after one that waits wait behind it, so
        that their order holds.  Thread: user.
        """
        if self._handed_over == self._sent:
            try:
                self._produce(
                    topic, value, key, partition, on_delivery, timestamp=timestamp, headers=headers
                )
            except BufferError:
                self.queue_full += 1
            except Exception as error:  # noqa: BLE001 - whatever it was, the request ends with it
                on_delivery(SendFailure(error), None)
                return True
            else:
                return True
        self._handed_over += 1
        self._mailbox.put(
            (topic, value, key, headers, partition, timestamp, on_delivery, unwatched)
        )
        return False

    def step_send(self) -> None:
        """Send what found no room, as far as there is room now.  Thread: the sending one."""
        waiting, before = self._waiting, len(self._waiting)
        if not waiting:
            waiting.extend(self._mailbox.take(None))
            before = len(waiting)
            self._give_up_ns = self._now_ns() + self._block_ns
        while waiting and self._is_sent(waiting[0]):
            unwatched = waiting.popleft()[-1]
            self._give_up_ns = self._now_ns() + self._block_ns
            if unwatched is not None:
                self._post(unwatched.accepted, self._now_ns())
        if before > len(waiting):
            self._post(self._caught_up, before - len(waiting))
        if waiting:
            self._sleep(_ROOM_NS)

    def _caught_up(self, sent: int) -> None:
        """Take note that the sending thread has sent so many.  Thread: user."""
        self._sent += sent

    def _is_sent(self, job: Job) -> bool:
        """Try to send; a full queue is no failed request until the bound is reached."""
        topic, value, key, headers, partition, timestamp, on_delivery, _ = job
        try:
            self._produce(
                topic, value, key, partition, on_delivery, timestamp=timestamp, headers=headers
            )
        except BufferError as error:
            if self._now_ns() <= self._give_up_ns and not self._closing:
                return False
            on_delivery(SendFailure(error), None)
        except Exception as error:  # noqa: BLE001 - whatever it was, the request ends with it
            on_delivery(SendFailure(error), None)
        return True

    # --- reports ---------------------------------------------------------------------------------

    def step_poll(self) -> None:
        """Serve delivery reports, and pass on what they told."""
        served = self._client.poll(_POLL_S)
        self._outcomes.pass_on()
        if served:
            self._sleep(POLL_TICK_NS)

    # --- the end ---------------------------------------------------------------------------------

    def close(self, flush_s: float) -> None:
        """Send what is left, wait so long for its reports, fail the rest.  Idempotent."""
        if self._closing:
            return
        self._closing = True
        self._sender.close()
        while self._waiting or len(self._mailbox):
            self.step_send()
        self._poller.close()
        if self._client.flush(flush_s):
            self._client.purge()
            self._client.flush(1.0)
        self._outcomes.pass_on()
