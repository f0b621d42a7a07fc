"""One request-reply of the plan, ready to be performed for any number of users."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Final

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.check_rules import reads_request
from gatlingpy.plan.expression import constant
from gatlingpy.protocols.kafka.clients import WireError, WireMessage
from gatlingpy.protocols.kafka.correlation import Correlation, IdKind
from gatlingpy.protocols.kafka.delivery_failure import describe
from gatlingpy.protocols.kafka.encodings import Encodings
from gatlingpy.protocols.kafka.message import MessageTemplate
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.protocols.kafka.producer import Producer
from gatlingpy.protocols.kafka.request_ids import IdOf, supplied_id
from gatlingpy.protocols.kafka.requests import KafkaRequestReply, ResumeOn
from gatlingpy.session import Session
from gatlingpy.spi import Resume, Services, Settled
from gatlingpy.stats.events import LEG, Ending
from gatlingpy.tracking.ids import scope_of
from gatlingpy.tracking.pending import Pending, Terms
from gatlingpy.tracking.tracker import Tracker
from gatlingpy.tracking.verdict import compile_verdict

_OK: Final = Ending.OK.value
_SEND: Final = Ending.SEND.value


@lru_cache(maxsize=4_096)
def _leg_of(name: str) -> str:
    """Return the leg's name; the same text each time, which the log's writer finds faster."""
    return f"{name}-send"


def _dropping(settled: Settled) -> Resume:
    """Return what wakes nobody: the tracker calls it when the request has ended."""

    def ended(_session: Session, _end_ns: int) -> None:
        settled()

    return ended


def _uuids(tracker: Tracker[WireMessage]) -> IdOf:
    """Return what makes an id for each request, which looks like a UUID."""
    return lambda _outgoing: tracker.new_uuid()


def _told_topic(
    how: Correlation, plan: KafkaRequestReply, reply_topic: str
) -> tuple[str, bytes] | None:
    """Return the header that tells the system where to reply, unless the user gives it."""
    name = how.reply_topic_header
    return (name, reply_topic.encode()) if name and name not in plan.headers else None


class RequestReplyAction:
    """Opens, sends, and takes note of the delivery; the tracker does the rest."""

    def __init__(
        self,
        plan: KafkaRequestReply,
        protocol: KafkaProtocol,
        encodings: Encodings,
        services: Services,
        tracker: Tracker[WireMessage],
        next_producer: Callable[[], Producer],
        dead_topics: Mapping[str, str],
        settled: Settled | None = None,
    ) -> None:
        """``dead_topics`` says, live, which reply topics nobody reads any more, and why.

        ``settled`` is as in ``spi.ProtocolRuntime.bind``.
        """
        how = plan.correlation or protocol.correlation
        requests = encodings.requests(plan.request_serialization)
        self._id_of = supplied_id(how, plan.headers, services.code, requests)
        if self._id_of is None and how.ids is IdKind.UUID:
            self._id_of = _uuids(tracker)
        self._header = how.header
        self._sends_header = bool(how.header) and how.header not in plan.headers
        self._template = MessageTemplate(
            plan, plan.request_topic, encodings.write(plan.request_serialization), services.code
        )
        self._place = plan.place
        checks, kept = (*protocol.checks, *plan.checks), not plan.skip_payload_storage
        verdict = compile_verdict(
            checks,
            services.code,
            requests=requests._replace(kept=kept),
            replies=encodings.replies(plan.response_serialization),
        )
        self._keeps_value = kept and any(map(reads_request, checks))
        self._timeout_ns = plan.timeout_ns
        self._reply_topic = str(constant(plan.response_topic))
        self._scope = scope_of(self._reply_topic, how.reply) if how.scoped else b""
        self._told_topic = _told_topic(how, plan, self._reply_topic)
        self._terms = Terms(plan.timeout_ns, verdict, self._reply_topic)
        self._waits = not plan.detached
        self._settled = settled
        self._detached = None if settled is None else _dropping(settled)
        self._resume_on = plan.resume_on
        self._dead = dead_topics
        self._now_ns = services.clock.now_ns
        self._record = services.record
        self._user_error = services.user_error
        self._tracker = tracker
        self._open = tracker.open
        self._next_producer = next_producer

    def perform(self, session: Session, intended_ns: int, resume: Resume) -> None:
        """Send the request for one user (``spi.Perform``)."""
        try:
            outgoing = self._template.make(session)
            given = None if self._id_of is None else self._id_of(outgoing)
        except ExpressionError as error:
            self._user_error(f"{self._place}: {error}", session)
            resume(session.mark_as_failed(), self._now_ns())
            if self._settled is not None:
                self._settled()
            return
        name, topic, key, value, headers, partition, timestamp = outgoing
        start_ns = self._now_ns()
        pending = self._open(
            self._terms,
            name,
            session,
            resume if self._waits else self._detached,
            start_ns,
            intended_ns,
            value if self._keeps_value else None,
            None if given is None else self._scope + given,
        )
        if self._sends_header:
            headers.append((self._header, pending.correlation_id if given is None else given))
        if self._told_topic is not None:
            headers.append(self._told_topic)
        if self._dead and self._reply_topic in self._dead:
            self._tracker.consumer_failed(
                self._reply_topic, start_ns, self._dead[self._reply_topic]
            )
            if not self._waits:
                resume(session.mark_as_failed(), start_ns)
            return
        producer = self._next_producer()
        told = partial(self._reported, producer, pending, None if self._waits else resume)
        producer.send(topic, value, key, headers, partition, timestamp, told)
        if self._resume_on is ResumeOn.SEND:
            resume(session, self._now_ns())

    def _reported(
        self,
        producer: Producer,
        pending: Pending,
        resume: Resume | None,
        error: WireError | None,
        _message: WireMessage | None,
    ) -> None:
        """Take a delivery report.  Thread: one of the producer's."""
        now = self._now_ns()
        token, _, _, name, _, session, _, start_ns, intended_ns, due_ns, _, _ = pending
        ending, message = (_OK, "") if error is None else (_SEND, describe(error))
        user, scenario = session.user_id, session.scenario
        self._record(
            (LEG, (), _leg_of(name), start_ns, now, intended_ns, ending, message, token, user,
             scenario)  # type: ignore[arg-type]
        )  # fmt: skip
        if error is not None:
            producer.failures.add()
            producer.tell(self._tracker.send_failed, pending, now, message)
        elif now > due_ns:
            producer.tell(self._tracker.delivered_late, pending, now)
        if resume is not None and self._resume_on is ResumeOn.ACK:
            after = session if error is None else session.mark_as_failed()
            producer.tell(resume, after, now)
