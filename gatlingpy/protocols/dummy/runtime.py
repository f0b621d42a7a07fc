"""The dummy protocol of one run: a timer for each request, and no thread.

    perform ──▶ waiting ──response time over──▶ ok │ check     stamped at its due time exactly
                        ──end of run─────────▶ run-ended

Everything happens on the user thread.  A response that takes no time comes at once.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.steps import ProtocolPlan, RequestPlan
from gatlingpy.protocols.dummy.plan import DummyProtocol, DummyRequest
from gatlingpy.protocols.dummy.request import compile_request
from gatlingpy.session import Session
from gatlingpy.spi import Perform, Resume, Services, Settled
from gatlingpy.stats.events import REQUEST, Ending

ERROR: Final = "Dummy error"
"""The message of a response that is bad, as in Gatling."""

_OK: Final = Ending.OK.value
_CHECK: Final = Ending.CHECK.value
_RUN_ENDED: Final = Ending.RUN_ENDED.value


class _Pending(NamedTuple):
    """A request that has not been answered yet."""

    token: int
    name: str
    session: Session
    resume: Resume
    start_ns: int
    intended_ns: int
    due_ns: int
    success: bool


_Fields: TypeAlias = tuple[int, str, Session, Resume, int, int, int, bool]
_pending_of: Final[Callable[[_Fields], _Pending]] = partial(tuple.__new__, _Pending)


class DummyRuntime:
    """The dummy protocol at work (``spi.ProtocolRuntime``)."""

    def __init__(self, services: Services) -> None:
        """Nothing is in flight."""
        self._services = services
        self._now_ns = services.clock.now_ns
        self._at = services.at
        self._record = services.record
        self._waiting: dict[int, _Pending] = {}
        self._tokens = services.tokens
        self._registered = 0
        self._latest_due_ns = 0
        self._endings: dict[str, int] = dict.fromkeys(Ending, 0)

    # --- before the run --------------------------------------------------------------------------

    def prepare(self) -> None:
        """Do nothing: there is nobody to reach."""

    @property
    def addresses(self) -> Mapping[str, str]:
        """None."""
        return {}

    @property
    def notes(self) -> Sequence[str]:
        """None."""
        return ()

    def start(self) -> None:
        """Do nothing: there is no thread."""

    def bind(self, request: RequestPlan, settled: Settled | None = None) -> Perform:  # noqa: ARG002
        """Compile a dummy request; its user waits for the response, so that none is detached."""
        if not isinstance(request, DummyRequest):
            raise TypeError(f"{type(request).__name__} is no dummy request")
        tell = compile_request(request, self._services.code)
        place, user_error, now_ns = request.place, self._services.user_error, self._now_ns
        opened = self._open

        def perform(session: Session, intended_ns: int, resume: Resume) -> None:
            try:
                name, length_ns, success, after = tell(session)
            except ExpressionError as error:
                user_error(f"{place}: {error}", session)
                resume(session.mark_as_failed(), now_ns())
                return
            opened(name, length_ns, success, after, intended_ns, resume)

        return perform

    # --- the run ---------------------------------------------------------------------------------

    def _open(
        self,
        name: str,
        length_ns: int,
        success: bool,  # noqa: FBT001 - private and hot
        session: Session,
        intended_ns: int,
        resume: Resume,
    ) -> None:
        token = self._tokens.next
        self._tokens.next = token + 1
        self._registered += 1
        start_ns = self._now_ns()
        due_ns = start_ns + length_ns
        pending = _pending_of(
            (token, name, session, resume, start_ns, intended_ns, due_ns, success)
        )
        if not length_ns:
            # A timer would wait for the loop's next tick: a millisecond of lag for what follows.
            self._answer(pending)
            return
        self._waiting[token] = pending
        self._latest_due_ns = max(self._latest_due_ns, due_ns)
        self._at(due_ns, self._due, token)

    def _due(self, token: int) -> None:
        pending = self._waiting.pop(token, None)
        if pending is not None:
            self._answer(pending)

    def _answer(self, pending: _Pending) -> None:
        if pending.success:
            self._settle(pending, _OK, pending.due_ns, "")
        else:
            self._settle(pending, _CHECK, pending.due_ns, ERROR)

    def _settle(self, pending: _Pending, ending: str, end_ns: int, message: str) -> None:
        """End a request that waits no more: the one door."""
        token, name, session, resume, start_ns, intended_ns, _, _ = pending
        self._endings[ending] += 1
        groups = session.groups if session.blocks else ()
        self._record(
            (REQUEST, groups, name, start_ns, end_ns, intended_ns, ending, message, token,
             session.user_id, session.scenario)  # type: ignore[arg-type]
        )  # fmt: skip
        if session.blocks or ending != _OK:
            session = session.after_request(end_ns - start_ns, failed=ending != _OK)
        resume(session, end_ns)

    # --- figures and the end ---------------------------------------------------------------------

    def in_flight(self) -> int:
        """Return how many requests wait for their response."""
        return len(self._waiting)

    def latest_due_ns(self) -> int:
        """Return when the last of them is due, or 0.

        Those that have been answered count as long as one waits: their time has passed, so that
        nobody waits longer for it.
        """
        return self._latest_due_ns if self._waiting else 0

    def stop(self) -> None:
        """Do nothing: a request begins at once."""

    def end_all(self) -> None:
        """End what waits; those whose response was due before now have had it."""
        now = self._now_ns()
        for token in list(self._waiting):
            pending = self._waiting.pop(token)
            if pending.due_ns <= now:
                self._answer(pending)
            else:
                message = "the run ended before the response was due"
                self._settle(pending, _RUN_ENDED, now, message)

    def counters(self) -> Mapping[str, int]:
        """Return what was registered and how it ended."""
        return {
            "registered": self._registered,
            "in_flight": len(self._waiting),
            **{f"ending.{ending}": self._endings[ending] for ending in Ending},
        }

    def close(self) -> None:
        """Do nothing: there is no thread to join."""

    def release(self) -> None:
        """Do nothing: nothing was taken."""


def dummy_runtime(plan: ProtocolPlan, services: Services) -> DummyRuntime:
    """Return the runtime of the dummy protocol (``spi.ProtocolFactory``)."""
    if not isinstance(plan, DummyProtocol):
        raise TypeError(f"{type(plan).__name__} is no dummy protocol")
    return DummyRuntime(services)
