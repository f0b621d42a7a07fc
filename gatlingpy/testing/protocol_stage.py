"""A protocol in the hands of a test: its requests are performed, its threads played, by and by."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from gatlingpy.plan.steps import RequestPlan
from gatlingpy.session import Session
from gatlingpy.spi import Perform, ProtocolRuntime
from gatlingpy.stats.events import REQUEST, RequestEvent
from gatlingpy.testing.services import ManualServices

MS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Subject:
    """A protocol under test, before ``prepare``, and a request of each kind that matters.

    They are performed with a session that has no attributes.
    """

    runtime: ProtocolRuntime
    services: ManualServices
    succeeds: RequestPlan
    """Ends well, within ``answered_ms``."""
    fails: RequestPlan
    """Ends badly, within ``answered_ms``."""
    lasts: RequestPlan
    """Has not ended after ``answered_ms``, unless it is ended."""
    cannot: RequestPlan
    """Cannot be made, such as of a template whose attribute is missing."""
    detached: RequestPlan | None = None
    """Ends well, but its user goes on before; ``None`` for a protocol that has no such."""
    answered_ms: int = 50


@dataclass(slots=True)
class Performed:
    """A request that was performed, and what woke its user."""

    plan: RequestPlan
    session: Session
    start_ns: int
    resumes: list[tuple[Session, int]] = field(default_factory=list)
    settled: int = 0
    """How often it was told to have ended, where its user went on before."""


class ProtocolStage:
    """A prepared and started protocol on ``ManualServices``; threads run when they are played."""

    def __init__(self, subject: Subject) -> None:
        """Prepare it, compile its requests and start it."""
        self.runtime = subject.runtime
        self.services = subject.services
        self.performed: list[Performed] = []
        self.astray: list[str] = []
        """What was called on another thread than the user's."""
        self._on_a_worker = ""
        self._answered_ms = subject.answered_ms
        self.runtime.prepare()
        requests = (subject.succeeds, subject.fails, subject.lasts, subject.cannot)
        self._performs: dict[int, Perform] = {
            id(request): self.runtime.bind(request) for request in requests
        }
        if subject.detached is not None:
            self._performs[id(subject.detached)] = self.runtime.bind(
                subject.detached, self._settled
            )
        self._detached: list[Performed] = []
        self.runtime.start()

    @property
    def now_ns(self) -> int:
        """What the clock reads."""
        return self.services.clock.now_ns()

    def perform(self, plan: RequestPlan, *groups: str, intended_ns: int | None = None) -> Performed:
        """Have a new user, inside these groups, perform a request."""
        session = Session("Contract", len(self.performed) + 1)
        for group in groups:
            session = session.enter_group(group, self.now_ns)
        performed = Performed(plan, session, self.now_ns)
        self.performed.append(performed)
        if plan.detached:
            self._detached.append(performed)

        def resume(after: Session, due_ns: int) -> None:
            self._note(f"the resume of user {session.user_id}")
            performed.resumes.append((after, due_ns))

        intended = self.now_ns if intended_ns is None else intended_ns
        self._performs[id(plan)](session, intended, resume)
        return performed

    def _settled(self) -> None:
        self._note("settled()")
        unsettled = [performed for performed in self._detached if not performed.settled]
        (unsettled or self._detached)[0].settled += 1

    def _note(self, what: str) -> None:
        if self._on_a_worker:
            self.astray.append(f"{what} was called on the thread {self._on_a_worker}")

    def play(self, length_ms: int | None = None) -> None:
        """Let time pass, a millisecond at a time; each thread takes a step in each.

        Without a length, until everything that is answered has been.
        """
        for _ in range(self._answered_ms if length_ms is None else length_ms):
            self.services.advance(MS)
            for name, worker in list(self.services.workers.items()):
                if not worker.closed:
                    self._on_a_worker = name
                    try:
                        worker.step()
                    finally:
                        self._on_a_worker = ""
                    self.services.settle()

    def rows(self) -> Iterator[RequestEvent]:
        """Yield the rows of requests that have been recorded."""
        return (RequestEvent(*e) for e in self.services.events if e[0] == REQUEST)

    def row_of(self, performed: Performed) -> RequestEvent | None:
        """Return the first row of a request, if there is one."""
        user = performed.session.user_id
        return next((row for row in self.rows() if row.user == user), None)
