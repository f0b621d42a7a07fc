"""The transactional producer actor: what it is given, it sends and commits in turn.

    gathering ──begin, produce──▶ committing ──▶ gathering        every message of it is delivered
                                      │ abort demanded
                                      ▼
                                   aborting ───▶ gathering        every message of it failed
    anything ──fatal, such as fenced──▶ over                      and so does every later one

Guarantees: a message counts as delivered once its transaction is committed, and every message that
is given meets one fate.  Messages keep the order in which they were given.  The user thread only
leaves them in a mailbox: all calls that may block are made by the actor's one thread, a slice at a
time, so that closing takes a bounded time.

Assumes the rules of librdkafka: a call that failed as *retriable* is made again to go on, an
*abortable* error demands ``abort_transaction``, and after a *fatal* one the client is of no use.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from gatlingpy.mailbox import Mailbox
from gatlingpy.protocols.kafka.clients import (
    Headers,
    OnDelivery,
    TransactionalClient,
    WireError,
)
from gatlingpy.protocols.kafka.delivery_failure import FailureCount, SendFailure, Undone
from gatlingpy.protocols.kafka.outcomes import Outcomes
from gatlingpy.protocols.kafka.producer import SEND_TICK_NS, Job, Unwatched
from gatlingpy.protocols.kafka.transaction_fault import TransactionFault
from gatlingpy.protocols.kafka.transaction_message import ABORTED, Given, SentMessage, cause_of
from gatlingpy.protocols.kafka.waiting_room import WaitingRoom
from gatlingpy.spi import Services
from gatlingpy.stats.events import MARK

_IDLE_NS: Final = 100_000_000
_SLICE_S: Final = 0.25
_RETRY_NS: Final = 1_000_000
_IN_DOUBT: Final = (
    "in doubt: the run ended before it was known whether its transaction is committed or aborted"
)
_NOT_BEGUN: Final = "not delivered: the run ended before its transaction began"


@dataclass(frozen=True, slots=True)
class TransactionTerms:
    """Under which id a producer sends, and how."""

    transactional_id: str
    most: int
    """How many messages a transaction holds at most."""
    block_ms: int
    """How long a message may wait for its transaction to begin."""
    room: int
    """How many messages may wait before users that do not wait for an ack have to."""


class _Phase(Enum):
    GATHERING = auto()
    COMMITTING = auto()
    ABORTING = auto()
    OVER = auto()


class KafkaTransactionActor:
    """One transactional producer (``producer.Producer``)."""

    def __init__(
        self,
        client: TransactionalClient,
        services: Services,
        number: int,
        terms: TransactionTerms,
    ) -> None:
        """``client`` has its id already."""
        self._client = client
        self._terms = terms
        self._block_ns = terms.block_ms * 1_000_000
        self._now_ns = services.clock.now_ns
        self._record = services.record
        self._post = services.post
        self._sleep = services.sleep
        self._mailbox: Mailbox[Given] = services.mailbox(SEND_TICK_NS)
        self._waiting: deque[Given] = deque()
        self._sent: list[SentMessage] = []
        self._phase = _Phase.GATHERING
        self._reason = ""
        """Why the open transaction is aborted, or why the producer is of no use any more."""
        self._skipped = self._again = False
        """Whether the open transaction is aborted for what went wrong in the one before, and
        whether what is in it was in such a one before."""
        self._outcomes = Outcomes(services)
        self.tell: Callable[..., None] = self._outcomes.tell
        self._room = WaitingRoom(services, terms.room)
        self.queue_full = 0
        """How often a user that does not wait for an ack had to.  Written by the user thread."""
        self.failures = FailureCount()
        self.unwatched_delivered = 0
        """Messages committed that nobody waited for.  Written by the actor's thread alone."""
        self._steps = {
            _Phase.GATHERING: self._gather,
            _Phase.COMMITTING: self._commit,
            _Phase.ABORTING: self._abort,
            _Phase.OVER: self._refuse,
        }
        self._closing = False
        self._worker = services.spawn(f"kafka-transaction-{number}", self.step, self._mailbox.wake)

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
        """Leave a message for the actor's thread, which has room for so many.

        Tells whether it had; if not, ``unwatched`` is told when it has.  Thread: user.
        """
        has_room = self._room.enter()
        if unwatched is not None:
            self.queue_full += not has_room
            unwatched = None if has_room else unwatched
        job = (topic, value, key, headers, partition, timestamp, on_delivery, unwatched)
        self._mailbox.put((self._now_ns(), job))
        return has_room

    def step(self) -> None:
        """Do what comes next; blocks for a moment at most.  Thread: the actor's."""
        self._steps[self._phase]()
        self._outcomes.pass_on()

    # --- a transaction begins --------------------------------------------------------------------

    def _gather(self) -> None:
        if self._waiting:
            self._waiting.extend(self._mailbox.take_now())
        else:
            self._waiting.extend(self._mailbox.take(self._now_ns() + _IDLE_NS))
        self._client.poll(0)  # errors and statistics are told to those who poll
        self._drop_old()
        if self._waiting:
            self._begin()

    def _drop_old(self) -> None:
        """Fail what has waited longer for its turn than a send may block."""
        oldest_ns = self._now_ns() - self._block_ns
        while self._waiting and self._waiting[0][0] < oldest_ns:
            late = f"its transaction did not begin within {self._terms.block_ms} ms (max.block.ms)"
            self._fail(self._waiting.popleft()[1], Undone(f"not delivered: {late}"))
            self._room.leave(1)

    def _begin(self) -> None:
        try:
            self._client.begin_transaction()
        except Exception as error:  # noqa: BLE001 - whatever it was, it is told
            self._stumble(error)
            return
        self._phase = _Phase.COMMITTING
        before = len(self._waiting)
        while self._waiting and len(self._sent) < self._terms.most:
            if not self._is_taken(self._waiting[0]):
                break
            self._waiting.popleft()
        self._room.leave(before - len(self._waiting))

    def _is_taken(self, given: Given) -> bool:
        """Hand a message to the client; ``False`` leaves it for the next transaction."""
        job, sent = given[1], SentMessage(given)
        topic, value, key, headers, partition, timestamp, _, unwatched = job
        try:
            self._client.produce(
                topic, value, key, partition, sent.reported, timestamp=timestamp, headers=headers
            )
        except BufferError as error:
            if self._sent:
                return False
            self._fail(job, SendFailure(error))
        except Exception as error:  # noqa: BLE001 - whatever it was, the request ends with it
            fault = TransactionFault(error)
            if fault.fatal or (fault.is_of_state and self._sent):
                return False  # the transaction has failed already; its commit will tell why
            self._fail(job, SendFailure(error))
        else:
            self._sent.append(sent)
            self._accept(unwatched)
        return True

    def _accept(self, unwatched: Unwatched | None) -> None:
        if unwatched is not None and not unwatched.accepted_ns:
            unwatched.accepted_ns = now = self._now_ns()
            self._post(unwatched.accepted, now)

    # --- and ends --------------------------------------------------------------------------------

    def _commit(self) -> None:
        try:
            self._client.commit_transaction(_SLICE_S)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is told
            self._stumble(error)
        else:
            self._again = False
            self._end(None)

    def _abort(self) -> None:
        try:
            self._client.abort_transaction(_SLICE_S)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is told
            self._stumble(error)
            return
        if self._skipped and not self._again and all(sent.never_left for sent in self._sent):
            self._send_again()
        else:
            self._end(self._reason)

    def _send_again(self) -> None:
        """Give what never left the client to the next transaction.

        After a message that could not be delivered librdkafka finds a gap in its sequence numbers,
        and aborts the next transaction, whatever it holds, before it sends any of it.
        """
        self._waiting.extendleft(sent.given for sent in reversed(self._sent))
        self._room.come_back(len(self._sent))
        self._sent = []
        self._again = True
        self._phase = _Phase.GATHERING

    def _stumble(self, error: Exception) -> None:
        """Go on after a call that failed: again, with an abort, or not at all."""
        fault = TransactionFault(error)
        if fault.retriable:
            self._sleep(_RETRY_NS)
        elif self._phase is _Phase.COMMITTING and not fault.fatal:
            self._reason = f"{ABORTED}{cause_of(self._sent, fault.text)}"
            self._skipped = fault.is_gap
            self._phase = _Phase.ABORTING
        else:
            self._give_up(fault.verdict(self._terms.transactional_id))

    def _end(self, reason: str | None) -> None:
        """Tell every message of the open transaction its fate."""
        sent, self._sent = self._sent, []
        self._phase = _Phase.GATHERING
        for message in sent:
            message.end(reason)

    # --- no further transaction ------------------------------------------------------------------

    def _give_up(self, verdict: str) -> None:
        """End what is open and whatever comes: the client is of no use any more."""
        self._record((MARK, "kafka", verdict, self._now_ns()))  # type: ignore[arg-type]
        self._client.purge()
        self._end(verdict)
        self._reason = verdict
        self._phase = _Phase.OVER
        self._fail_waiting()

    def _refuse(self) -> None:
        self._waiting.extend(self._mailbox.take(self._now_ns() + _IDLE_NS))
        self._fail_waiting()

    def _fail_waiting(self) -> None:
        self._room.leave(len(self._waiting))
        while self._waiting:
            self._fail(self._waiting.popleft()[1], Undone(self._reason))

    def _fail(self, job: Job, error: WireError) -> None:
        on_delivery, unwatched = job[-2:]
        self._accept(unwatched)
        on_delivery(error, None)

    # --- the end ---------------------------------------------------------------------------------

    def close(self, flush_s: float) -> None:
        """Commit or abort what is open, within so long; fail what has not begun.  Idempotent."""
        if self._closing:
            return
        self._closing = True
        self._worker.close()
        until_ns = self._now_ns() + round(flush_s * 1e9)
        while self._phase in {_Phase.COMMITTING, _Phase.ABORTING} and self._now_ns() < until_ns:
            self.step()
        if self._sent:
            self._end(_IN_DOUBT)
        if self._phase is not _Phase.OVER:
            self._reason = _NOT_BEGUN
        self._waiting.extend(self._mailbox.take_now())
        self._fail_waiting()
        self._client.purge()
        self._client.flush(0)
        self._outcomes.pass_on()
