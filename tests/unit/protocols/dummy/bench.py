"""A dummy runtime in the hands of a test."""

from gatlingpy.dsl.compiler import ActionBuilder, Compiler
from gatlingpy.plan.steps import RequestPlan
from gatlingpy.protocols.dummy.runtime import DummyRuntime, dummy_runtime
from gatlingpy.session import Session
from gatlingpy.stats.events import REQUEST, RequestEvent
from gatlingpy.testing.services import ManualServices

MS = 1_000_000
ANN = Session("Shop", 1)


def compiled(*actions: ActionBuilder) -> tuple[DummyRuntime, ManualServices, list[RequestPlan]]:
    """Return a runtime that is not prepared yet, what it runs on, and these requests."""
    services, compiler = ManualServices(), Compiler()
    services.code = compiler.code
    requests = [action.compile(compiler, f"Shop/{i}") for i, action in enumerate(actions)]
    (plan,) = compiler.protocols
    return dummy_runtime(plan, services), services, requests


class Bench:
    """Dummy requests that a test performs, and what becomes of them."""

    def __init__(self, *actions: ActionBuilder) -> None:
        self.runtime, self.services, self.requests = compiled(*actions)
        self.runtime.prepare()
        self.performs = [self.runtime.bind(request) for request in self.requests]
        self.runtime.start()
        self.resumed: list[tuple[Session, int]] = []

    @property
    def now(self) -> int:
        return self.services.clock.now_ns()

    def perform(
        self, number: int = 0, session: Session = ANN, intended_ns: int | None = None
    ) -> None:
        """Have a user perform a request; what wakes it is kept in ``resumed``."""
        intended = self.now if intended_ns is None else intended_ns
        self.performs[number](session, intended, lambda *woken: self.resumed.append(woken))

    def after_ms(self, length: float) -> None:
        """Let time pass; timers fire when they are due."""
        self.services.advance(round(length * MS))

    def rows(self) -> list[RequestEvent]:
        return [RequestEvent(*event) for event in self.services.events if event[0] == REQUEST]
