"""One consume of the plan, ready to be performed for any number of users."""

from collections.abc import Callable, Hashable, Mapping

from gatlingpy.errors import CheckFailed, ExpressionError
from gatlingpy.plan.code import CodeTable, Const, Expr
from gatlingpy.plan.expression import constant, resolver
from gatlingpy.plan.expression import text as as_text
from gatlingpy.protocols.kafka.clients import WireMessage
from gatlingpy.protocols.kafka.consume_verdict import consume_verdict
from gatlingpy.protocols.kafka.consumed_topics import ConsumedTopics
from gatlingpy.protocols.kafka.encodings import Encodings
from gatlingpy.protocols.kafka.message_values import topic_name
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.protocols.kafka.requests import KafkaConsume
from gatlingpy.protocols.kafka.start_moment import began_at
from gatlingpy.session import Session
from gatlingpy.spi import Resume, Services
from gatlingpy.tracking.ids import as_id
from gatlingpy.tracking.pending import Terms
from gatlingpy.tracking.tracker import Tracker


class ConsumeAction:
    """Opens a request, and gives it to the queue of its topic; the tracker does the rest."""

    def __init__(
        self,
        plan: KafkaConsume,
        protocol: KafkaProtocol,
        encodings: Encodings,
        services: Services,
        tracker: Tracker[WireMessage],
        topics: ConsumedTopics,
        way: Hashable,
        dead_topics: Mapping[str, str],
    ) -> None:
        """The plan's topic is a constant; ``way`` is how its records are found (``topics.add``).

        ``dead_topics`` says, live, which topics nobody reads any more, and why.
        """
        code = services.code
        self._place = plan.place
        self._name = text_of(plan.name, code, "the request's name")
        self._topic = str(constant(plan.topic))
        form = encodings.replies(plan.serialization, plan.topic)
        verdict = consume_verdict(plan, protocol.checks, code, form)
        self._began = began_at(plan.start_time, code, services.clock)
        self._terms = Terms(
            plan.timeout_ns,
            verdict,
            self._topic,
            "record",
            silent=plan.silent,
            begun_before=self._began is not None,
        )
        self._way = way
        self._wanted = None if plan.matched is None else resolver(plan.matched, code)
        self._topics = topics
        self._dead = dead_topics
        self._now_ns = services.clock.now_ns
        self._user_error = services.user_error
        self._tracker = tracker

    def perform(self, session: Session, intended_ns: int, resume: Resume) -> None:
        """Have one user wait for a record (``spi.Perform``)."""
        try:
            name, wanted = self._name(session), self._id(session)
            if self._began is not None:
                intended_ns = self._began(session)
        except ExpressionError as error:
            self._user_error(f"{self._place}: {error}", session)
            resume(session.mark_as_failed(), self._now_ns())
            return
        start_ns = self._now_ns()
        pending = self._tracker.open(
            self._terms, name, session, resume, start_ns, intended_ns, None
        )
        cause = self._dead.get(self._topic)
        if cause is not None:
            self._tracker.unread(pending, start_ns, cause)
            return
        self._topics.open(self._topic).serve(pending, self._way, wanted)

    def _id(self, session: Session) -> bytes:
        """What must stand in the record."""
        if self._wanted is None:
            return b""
        try:
            wanted = as_id(self._wanted(session))
        except CheckFailed as error:
            raise ExpressionError(f"what the record must hold: {error}") from error
        if wanted is None:
            raise ExpressionError(
                "what the record must hold is absent or empty; give it a value, or leave "
                ".match...(...) out for the next record"
            )
        return wanted


def topic_of(expr: Expr, code: CodeTable, what: str) -> Callable[[Session], str]:
    """Return what gives the name of a topic for one user; it raises ExpressionError."""
    resolve = resolver(expr, code)
    return lambda session: topic_name(resolve(session), what)


def text_of(expr: Expr, code: CodeTable, what: str) -> Callable[[Session], str]:
    """Return what gives a text for one user; it raises ExpressionError for an empty one."""
    if isinstance(expr, Const):
        same = str(expr.value)
        return lambda _session: same
    resolve = resolver(expr, code)

    def text(session: Session) -> str:
        value = as_text(resolve(session), what)
        if not value:
            raise ExpressionError(f"{what} is empty")
        return value

    return text
