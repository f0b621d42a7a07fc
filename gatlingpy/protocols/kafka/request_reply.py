"""One request-reply of the plan, ready to be performed for any number of users."""

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache, partial
from typing import Final, ParamSpec

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.check_rules import reads_request
from gatlingpy.plan.expression import constant
from gatlingpy.protocols.kafka.clients import WireError, WireMessage
from gatlingpy.protocols.kafka.delivery_failure import describe
from gatlingpy.protocols.kafka.encodings import Encodings
from gatlingpy.protocols.kafka.message import MessageTemplate, Outgoing
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.protocols.kafka.producer import Producer
from gatlingpy.protocols.kafka.request_ids import matching_of
from gatlingpy.protocols.kafka.requests import KafkaRequestReply, ResumeOn
from gatlingpy.protocols.kafka.start_moment import began_at
from gatlingpy.session import Session
from gatlingpy.spi import Resume, Services, Settled
from gatlingpy.stats.events import LEG, Ending
from gatlingpy.tracking.pending import Pending, Terms
from gatlingpy.tracking.tracker import Tracker
from gatlingpy.tracking.verdict import compile_verdict

P = ParamSpec("P")

_OK: Final = Ending.OK.value
_SEND: Final = Ending.SEND.value


@lru_cache(maxsize=4_096)
def _leg_of(name: str, part: str) -> str:
    """Return the leg's name; the same text each time, which the log's writer finds faster."""
    return f"{name}-{part}"


def _dropping(settled: Settled) -> Resume:
    """Return what wakes nobody: the tracker calls it when the request has ended."""

    def ended(_session: Session, _end_ns: int) -> None:
        settled()

    return ended


def _measured(
    register: Callable[P, Pending], registered: Callable[[Pending], None]
) -> Callable[P, Pending]:
    """Return what registers a request and then tells so."""

    def measured(*args: P.args, **kwargs: P.kwargs) -> Pending:
        pending = register(*args, **kwargs)
        registered(pending)
        return pending

    return measured


def _only(session: Session, keys: Collection[str]) -> Session:
    """Return a session with these attributes alone."""
    kept = {key: session[key] for key in keys if key in session}
    user, scenario = session.user_id, session.scenario
    return Session(scenario, user, kept, session.blocks, failed=session.is_failed)


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
        requests = encodings.requests(plan.request_serialization, plan.request_topic)
        self._reply_topic = str(constant(plan.response_topic))
        self._id_of, self._header, self._scope, self._told_topic = matching_of(
            plan, protocol, services.code, requests, tracker.new_uuid
        )
        self._began = began_at(plan.start_time, services.code, services.clock)
        self._template = MessageTemplate(
            plan, plan.request_topic, plan.request_serialization, encodings, services.code
        )
        self._place = plan.place
        checks, kept = (*protocol.checks, *plan.checks), not plan.skip_payload_storage
        verdict = compile_verdict(
            checks,
            services.code,
            requests=requests._replace(kept=kept),
            replies=encodings.replies(plan.response_serialization, plan.response_topic),
        )
        self._keeps_value = kept and any(map(reads_request, checks))
        self._silent = plan.silent
        self._terms = Terms(
            plan.timeout_ns,
            verdict,
            self._reply_topic,
            silent=plan.silent,
            begun_before=self._began is not None,
            to_timestamp=protocol.use_timestamp_header,
        )
        self._waits = not plan.detached
        self._kept = plan.store_session if plan.detached else None
        specials = self._id_of, self._began, self._kept, self._told_topic
        self._is_special = any(special is not None for special in specials)
        self._settled = settled
        self._detached = None if settled is None else _dropping(settled)
        self._resumes_on_ack = plan.resume_on is ResumeOn.ACK
        self._resumes_on_send = plan.resume_on is ResumeOn.SEND
        self._dead = dead_topics
        self._now_ns = services.clock.now_ns
        self._record = services.record
        self._user_error = services.user_error
        self._tracker = tracker
        self._open = tracker.open
        if protocol.measure_store_latency and not plan.silent:
            self._open = _measured(tracker.open, self._stored)
        self._next_producer = next_producer

    def perform(self, session: Session, intended_ns: int, resume: Resume) -> None:
        """Send the request for one user (``spi.Perform``)."""
        try:
            outgoing = self._template.make(session)
            given, kept = None, session
            if self._is_special:
                given, kept, intended_ns = self._specials(outgoing, session, intended_ns)
        except ExpressionError as error:
            self._cannot(error, session, resume)
            return
        name, topic, key, value, headers, partition, timestamp = outgoing
        start_ns = self._now_ns()
        pending = self._open(
            self._terms,
            name,
            kept,
            resume if self._waits else self._detached,
            start_ns,
            intended_ns,
            value if self._keeps_value else None,
            given,
        )
        if given is None:
            headers.append((self._header, pending.correlation_id))
        if self._dead and self._reply_topic in self._dead:
            self._tracker.unread(pending, start_ns, self._dead[self._reply_topic])
            if not self._waits:
                resume(self._failed(session), start_ns)
            return
        producer = self._next_producer()
        on_ack = (resume, session) if self._resumes_on_ack else None
        told = partial(self._reported, producer, pending, on_ack)
        producer.send(topic, value, key, headers, partition, timestamp, told)
        if self._resumes_on_send:
            resume(session, self._now_ns())

    def _specials(
        self, outgoing: Outgoing, session: Session, intended_ns: int
    ) -> tuple[bytes | None, Session, int]:
        """Return what only some requests have: an id, the session for checks, when it began.

        The id is as the tracker knows it.  Headers are added.
        """
        began_ns = intended_ns if self._began is None else self._began(session)
        kept = session if self._kept is None else _only(session, self._kept)
        given, headers = None, outgoing[4]
        if self._id_of is not None:
            own = self._id_of(outgoing)
            given = self._scope + own
            if self._header:
                headers.append((self._header, own))
        if self._told_topic is not None:
            headers.append(self._told_topic)
        return given, kept, began_ns

    def _cannot(self, error: ExpressionError, session: Session, resume: Resume) -> None:
        """Tell that a user's request cannot be made, and let the user go on, failed."""
        self._user_error(f"{self._place}: {error}", session)
        resume(session.mark_as_failed(), self._now_ns())
        if self._settled is not None:
            self._settled()

    def _failed(self, session: Session) -> Session:
        """Return the session of a user whose request has failed; a silent one leaves no trace."""
        return session if self._silent else session.mark_as_failed()

    def _reported(
        self,
        producer: Producer,
        pending: Pending,
        on_ack: tuple[Resume, Session] | None,
        error: WireError | None,
        _message: WireMessage | None,
    ) -> None:
        """Take a delivery report.  Thread: one of the producer's."""
        now = self._now_ns()
        ending, message = (_OK, "") if error is None else (_SEND, describe(error))
        token, _, _, name, _, session, _, start_ns, intended_ns, due_ns, _, _ = pending
        if not self._silent:
            self._record(
                (LEG, (), _leg_of(name, "send"), start_ns, now, intended_ns, ending, message,
                 token, session.user_id, session.scenario)  # type: ignore[arg-type]
            )  # fmt: skip
        if error is not None:
            producer.failures.add()
            producer.tell(self._tracker.send_failed, pending, now, message)
        elif now > due_ns:
            producer.tell(self._tracker.delivered_late, pending, now)
        if on_ack is not None:
            resume, session = on_ack
            producer.tell(resume, session if error is None else self._failed(session), now)

    def _stored(self, pending: Pending) -> None:
        """Record how long it took to register a request."""
        token, _, _, name, _, session, _, start_ns, intended_ns, _, _, _ = pending
        now, user, scenario = self._now_ns(), session.user_id, session.scenario
        self._record(
            (LEG, (), _leg_of(name, "store"), start_ns, now, intended_ns, _OK, "", token, user,
             scenario)  # type: ignore[arg-type]
        )  # fmt: skip
