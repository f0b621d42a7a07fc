"""One send of the plan, ready to be performed for any number of users."""

from collections.abc import Callable
from functools import partial
from typing import Final

from gatlingpy.errors import ExpressionError
from gatlingpy.protocols.kafka.clients import WireError, WireMessage
from gatlingpy.protocols.kafka.delivery_failure import describe
from gatlingpy.protocols.kafka.encodings import Encodings
from gatlingpy.protocols.kafka.message import MessageTemplate
from gatlingpy.protocols.kafka.producer import Producer
from gatlingpy.protocols.kafka.requests import KafkaSend
from gatlingpy.protocols.kafka.start_moment import began_at
from gatlingpy.session import Session
from gatlingpy.spi import Resume, Services
from gatlingpy.stats.events import REQUEST, Ending
from gatlingpy.tracking.pending import Pending, Terms
from gatlingpy.tracking.tracker import Tracker

_OK: Final = Ending.OK.value
_SEND: Final = Ending.SEND.value


class SendAction:
    """Sends a message; its row is written when its fate is known."""

    def __init__(
        self,
        plan: KafkaSend,
        encodings: Encodings,
        services: Services,
        tracker: Tracker[WireMessage],
        next_producer: Callable[[], Producer],
    ) -> None:
        """Compile the message."""
        self._template = MessageTemplate(
            plan, plan.topic, plan.serialization, encodings, services.code
        )
        self._place = plan.place
        self._waits = plan.wait_for_ack
        self._timeout_ns = plan.timeout_ns
        self._began = began_at(plan.start_time, services.code, services.clock)
        self._silent, began = plan.silent, self._began is not None
        self._terms = Terms(plan.timeout_ns, None, "", silent=plan.silent, begun_before=began)
        self.now_ns = services.clock.now_ns
        self.record = services.record
        self._user_error = services.user_error
        self._tracker = tracker
        self._next_producer = next_producer
        self._sent = 0
        self._failed = 0
        self.latest_due_ns = 0
        """When the fate of the last message that nobody waits for must be known."""

    def perform(self, session: Session, intended_ns: int, resume: Resume) -> None:
        """Send the message for one user (``spi.Perform``)."""
        try:
            name, topic, key, value, headers, partition, timestamp = self._template.make(session)
            if self._began is not None:
                intended_ns = self._began(session)
        except ExpressionError as error:
            self._user_error(f"{self._place}: {error}", session)
            resume(session.mark_as_failed(), self.now_ns())
            return
        start_ns = self.now_ns()
        producer = self._next_producer()
        if self._waits:
            pending = self._tracker.open(
                self._terms, name, session, resume, start_ns, intended_ns, None
            )
            acked = partial(self._acked, producer, pending)
            producer.send(topic, value, key, headers, partition, timestamp, acked)
            return
        fate: _Unseen | _Fate
        if self._silent:
            pending = self._tracker.open(
                self._terms, name, session, None, start_ns, intended_ns, None
            )
            fate = _Unseen(partial(self._acked, producer, pending))
        else:
            self._sent += 1
            self.latest_due_ns = start_ns + self._timeout_ns
            row = (
                session.groups if session.blocks else (),
                name,
                start_ns if self._began is None else intended_ns,
                intended_ns,
                self._tracker.token(),
                session.user_id,
                session.scenario,
            )
            fate = _Fate(self, producer, row)
        if producer.send(topic, value, key, headers, partition, timestamp, fate.told, fate):
            fate.accepted_ns = now = self.now_ns()
            resume(session, now)
        else:
            fate.wake = partial(resume, session)

    def _acked(
        self,
        producer: Producer,
        pending: Pending,
        error: WireError | None,
        _message: WireMessage | None,
    ) -> None:
        """Take the report of a message that a user waits for.  Thread: one of the producer's."""
        now = self.now_ns()
        if error is None:
            producer.tell(self._tracker.acked, pending, now)
        else:
            producer.failures.add()
            producer.tell(self._tracker.send_failed, pending, now, describe(error))

    def failed(self) -> None:
        """Count a message that was not delivered.  Thread: user."""
        self._failed += 1

    def counters(self) -> tuple[int, int]:
        """Return how many were sent without waiting, and how many of them failed."""
        return self._sent, self._failed


class _Unseen:
    """A message that nobody waits for and that is in no statistics."""

    __slots__ = ("accepted_ns", "told", "wake")

    def __init__(self, told: Callable[[WireError | None, WireMessage | None], None]) -> None:
        self.told = told
        self.accepted_ns = 0
        self.wake: Callable[[int], None] | None = None

    def accepted(self, now_ns: int) -> None:
        """Let the user go on."""
        if self.wake is not None:
            self.wake(now_ns)


class _Fate:
    """What becomes of one message that nobody waits for; told by the producer's threads."""

    __slots__ = ("_action", "_producer", "_row", "accepted_ns", "wake")

    def __init__(
        self,
        action: SendAction,
        producer: Producer,
        row: tuple[tuple[str, ...], str, int, int, int, int, str],
    ) -> None:
        self._action = action
        self._producer = producer
        self._row = row
        self.accepted_ns = 0
        self.wake: Callable[[int], None] | None = None

    def accepted(self, now_ns: int) -> None:
        """Note that the client has taken the message, and let the user go on."""
        self.accepted_ns = now_ns
        if self.wake is not None:
            self.wake(now_ns)

    def told(self, error: WireError | None, _message: WireMessage | None) -> None:
        """Write the row."""
        groups, name, start_ns, intended_ns, token, user, scenario = self._row
        action, producer = self._action, self._producer
        if error is None:
            producer.unwatched_delivered += 1
            ending, message = _OK, ""
        else:
            producer.failures.add()
            producer.tell(action.failed)
            ending, message = _SEND, describe(error)
        # A report can be quicker than the line after produce(): then it is the acceptance, too.
        end_ns = self.accepted_ns or action.now_ns()
        action.record(
            (
                REQUEST,
                groups,
                name,
                start_ns,
                end_ns,
                intended_ns,
                ending,
                message,
                token,
                user,
                scenario,
            )  # type: ignore[arg-type]
        )
