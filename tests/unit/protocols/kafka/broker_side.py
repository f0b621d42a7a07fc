"""A fake cluster and what stands before it, for tests that go step by step."""

from collections.abc import Mapping

from gatlingpy.dsl.compiler import ActionBuilder, Compiler
from gatlingpy.plan.steps import RequestPlan
from gatlingpy.protocols.kafka.protocol_builder import KafkaProtocolBuilder
from gatlingpy.protocols.kafka.runtime import KafkaRuntime
from gatlingpy.session import Session
from gatlingpy.stats.events import (
    LEG,
    MARK,
    REPLY,
    REQUEST,
    MarkEvent,
    ReplyEvent,
    RequestEvent,
)
from gatlingpy.testing.broker import FakeCluster
from gatlingpy.testing.services import ManualServices
from gatlingpy.testing.statistics import WatchedCluster
from gatlingpy.testing.truth import MS, Conduct, Delay

PROMPT = Delay(1 * MS, 1 * MS)
ANN = Session("Shop", 1)


def compiled(
    protocol: KafkaProtocolBuilder,
    *actions: ActionBuilder,
    conduct: Conduct | None = None,
    topics: Mapping[str, int] | None = None,
) -> tuple[KafkaRuntime, ManualServices, list[RequestPlan], FakeCluster]:
    """Return a runtime that is not prepared yet, what it runs on, requests, and its cluster."""
    services, compiler = ManualServices(), Compiler()
    cluster = FakeCluster(
        services.clock,
        topics or {"requests": 1, "replies": 1, "events": 1},
        conduct or Conduct(ack=PROMPT, reply=PROMPT),
        answers={"requests": "replies"},
    )
    services.code = compiler.code
    compiler.bind((protocol,))
    (plan,) = compiler.protocols
    requests = [action.compile(compiler, f"Shop/{i}") for i, action in enumerate(actions)]
    runtime = KafkaRuntime(
        plan,  # type: ignore[arg-type]
        services,
        lambda *told: WatchedCluster(cluster, told[-1]),
    )
    return runtime, services, requests, cluster


class Bench:
    """A Kafka runtime on a fake cluster, whose threads the test plays step by step."""

    def __init__(
        self,
        protocol: KafkaProtocolBuilder,
        *actions: ActionBuilder,
        conduct: Conduct | None = None,
        topics: Mapping[str, int] | None = None,
    ) -> None:
        self.runtime, self.services, self.requests, self.cluster = compiled(
            protocol, *actions, conduct=conduct, topics=topics
        )
        self.runtime.prepare()
        self.performs = [self.runtime.bind(request) for request in self.requests]
        self.runtime.start()
        self.resumed: list[tuple[Session, int]] = []

    @property
    def now(self) -> int:
        return self.services.clock.now_ns()

    def perform(self, number: int = 0, session: Session = ANN) -> None:
        """Have a user perform a request; what wakes it is kept in ``resumed``."""
        self.performs[number](
            session, self.now, lambda session, due_ns: self.resumed.append((session, due_ns))
        )

    def play(self, name: str) -> None:
        """Play one step of a thread, and then what it posted."""
        self.services.workers[name].step()
        self.services.settle()

    def after_ms(self, length: int, *names: str) -> None:
        """Let time pass, then play one step of each of these threads, or of all."""
        self.services.advance(length * MS)
        for name in names or [n for n in self.services.workers if n != "kafka-watch"]:
            self.play(name)

    def rows(self) -> list[RequestEvent]:
        return [RequestEvent(*e) for e in self.services.events if e[0] == REQUEST]

    def legs(self) -> list[RequestEvent]:
        return [RequestEvent(*e) for e in self.services.events if e[0] == LEG]

    def replies(self) -> list[ReplyEvent]:
        return [ReplyEvent(*e) for e in self.services.events if e[0] == REPLY]

    def marks(self) -> list[MarkEvent]:
        return [MarkEvent(*e) for e in self.services.events if e[0] == MARK]

    def endings(self) -> list[str]:
        return [row.ending for row in self.rows()]
