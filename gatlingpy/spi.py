"""The contract between the engine and a protocol, and what both know of a message.

The engine runs protocols that it has never heard of; a protocol reaches the engine only through
the ``Services`` it is lent.  All calls of one run's users happen on one thread, the *user thread*;
a protocol's own threads reach it through ``Services.post``.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeAlias, TypeVar

from gatlingpy.clock import Clock
from gatlingpy.mailbox import Mailbox, Worker
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.steps import ProtocolPlan, RequestPlan
from gatlingpy.session import Session
from gatlingpy.stats.events import Event

T = TypeVar("T")

Resume: TypeAlias = Callable[[Session, int], None]
"""Wakes a user with its new session and its due time (ns): call once, on the user thread."""

Perform: TypeAlias = Callable[[Session, int, Resume], None]
"""Performs one request of a user: its session, its intended start (ns), and how to wake it."""


Settled: TypeAlias = Callable[[], None]
"""Takes note that a request has ended whose user went on before."""


class Tokens:
    """The numbers of a run's sendings, one after another, whatever protocol they go through.

    No two sendings have the same.  Thread: the user thread.
    """

    __slots__ = ("next",)

    def __init__(self, first: int = 0) -> None:
        """Nothing has been numbered."""
        self.next = first
        """The number of the next sending: whoever takes it adds one."""


class Message(Protocol):
    """A message as it crossed the wire."""

    @property
    def topic(self) -> str:
        """The topic it came from."""

    @property
    def key(self) -> bytes | None:
        """Its key."""

    @property
    def value(self) -> bytes | None:
        """Its body; ``None`` is a tombstone."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]:
        """Its headers, in order; a name may occur twice."""

    @property
    def partition(self) -> int:
        """The partition it came from."""

    @property
    def offset(self) -> int:
        """Its place in the partition."""

    @property
    def timestamp_ms(self) -> int:
        """Its timestamp, epoch milliseconds."""


class PlainMessage(NamedTuple):
    """A message held as a value."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    partition: int
    offset: int
    timestamp_ms: int


class Services(Protocol):
    """What the engine lends to a protocol for one run."""

    @property
    def clock(self) -> Clock:
        """The run's clock."""

    @property
    def code(self) -> CodeTable:
        """The user functions that the plan names."""

    @property
    def tokens(self) -> Tokens:
        """The numbers of this run's sendings, shared by all its protocols."""

    @property
    def run_id(self) -> str:
        """Names this run; letters, digits and dashes."""

    @property
    def segment(self) -> tuple[int, int]:
        """Which share of how many this process runs, from 1."""

    @property
    def simulation_folder(self) -> str:
        """The folder of the simulation's file, for relative paths."""

    def record(self, event: Event) -> None:
        """Give an event to the writers; never blocks.  Thread: any."""

    def post(self, call: Callable[..., None], *args: object) -> None:
        """Have ``call(*args)`` run on the user thread, in the order of posting.  Thread: any."""

    def at(self, due_ns: int, call: Callable[..., None], *args: object) -> None:
        """Have ``call(*args)`` run on the user thread when the clock reaches ``due_ns``.

        Thread: the user thread.
        """

    def mailbox(self, tick_ns: int) -> Mailbox[T]:
        """Return a new mailbox; a busy reader takes at most one batch a tick."""

    def spawn(
        self, name: str, step: Callable[[], None], wake: Callable[[], None] | None = None
    ) -> Worker:
        """Start a named thread that repeats ``step`` until it is closed.

        ``step`` must return now and then, or when ``wake`` is called.  A crash stops the run.
        """

    def sleep(self, length_ns: int) -> None:
        """Hold the calling thread for so long.  Thread: one that was spawned."""

    def user_error(self, message: str, session: Session) -> None:
        """Record that something failed for one user that is no request.  Thread: any."""

    def fatal(self, error: BaseException) -> None:
        """Stop the run: what is measured from here on cannot be trusted.  Thread: any."""


class ProtocolRuntime(Protocol):
    """What a protocol gives for one run; one for each protocol of the plan."""

    def prepare(self) -> None:
        """Resolve addresses and start what others need before the run, such as a broker.

        Raises ProtocolError, with the remedy, if the protocol cannot be used.
        """

    @property
    def addresses(self) -> Mapping[str, str]:
        """What the user's ``before`` may need to know, such as ``bootstrap_servers``."""

    @property
    def notes(self) -> Sequence[str]:
        """What a reader must know about every number of this run; shown in the report."""

    def start(self) -> None:
        """Start own threads and return when measuring may begin; raises ProtocolError."""

    def bind(self, request: RequestPlan, settled: Settled | None = None) -> Perform:
        """Compile one request of the plan; called once for each, after ``prepare``.

        ``settled`` is given for some that are ``detached``: call it once for each that is
        performed, when it has ended, or when it turned out that it cannot be sent.  Thread: user.
        """

    def in_flight(self) -> int:
        """How many requests have not ended yet.  Thread: user."""

    def latest_due_ns(self) -> int:
        """When the last request now in flight is due, or 0 if there is none.  Thread: user."""

    def stop(self) -> None:
        """Begin no request any more that waits to begin: wake its user.  Thread: user.

        The users of the run have been told to stop; it may be called again.
        """

    def end_all(self) -> None:
        """End every request still in flight as ``run-ended``.  Thread: user."""

    def counters(self) -> Mapping[str, int]:
        """Whole-run counts for the log: registered, endings, replies.  Thread: user, or after."""

    def close(self) -> None:
        """Flush, then stop and join own threads.  Idempotent."""

    def release(self) -> None:
        """Give back what ``prepare`` took; the last call.  Idempotent."""


class ProtocolFactory(Protocol):
    """Makes the runtime of a protocol; found by the plan's ``kind``."""

    def __call__(self, plan: ProtocolPlan, services: Services) -> ProtocolRuntime:
        """Return a runtime that has not been prepared yet."""
