"""What the simulated runs run: shapes of simulations, and everything that can go wrong in them."""

import os
from dataclasses import dataclass, field, replace
from typing import Final

from hypothesis import Phase, settings
from hypothesis import strategies as st

from gatlingpy.dsl.chain import Chain, chain
from gatlingpy.dsl.checks import body_string, regex, response_equals
from gatlingpy.dsl.compiler import ActionBuilder
from gatlingpy.dsl.open_injection import ramp_users
from gatlingpy.dsl.scenario import scenario
from gatlingpy.dsl.setup import Compiled, Simulation, compile_simulation
from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.protocols.kafka.request_reply_builder import KafkaRequestReplyBuilder
from gatlingpy.protocols.kafka.send_builder import KafkaSendBuilder
from gatlingpy.session import Session
from gatlingpy.spi import Message
from gatlingpy.stats.events import RequestEvent
from gatlingpy.testing.sim import Circumstances, SimulatedOutcome, SimulatedRun
from gatlingpy.testing.threads import Pace
from gatlingpy.testing.truth import MS, Conduct, Delay

MORE: Final = int(os.environ.get("GATLINGPY_SIM_FACTOR", "0"))
"""So many times the usual runs, and other ones each time; 0 plays the same runs every time."""
_MIXED: Final = 2
"""How many requests of a mixed shape are matched by key."""
_SHRINK: Final = os.environ.get("GATLINGPY_SIM_SHRINK", "1") != "0"
"""Whether a run that fails is made as small as it can be: that takes minutes."""


def runs(count: int) -> settings:
    """Return how many runs a test plays."""
    phases = [Phase.explicit, Phase.generate] if not _SHRINK else list(Phase)
    return settings(
        max_examples=count * max(1, MORE), deadline=None, derandomize=MORE == 0, phases=phases
    )


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of a scenario: a request-reply, or a send."""

    kind: str
    """``reply``, ``ack`` or ``send`` for a request-reply by what its user waits for;
    ``acked`` or ``unwatched`` for a send."""
    timeout_ms: int

    @property
    def is_reply(self) -> bool:
        """Tell whether a reply is expected."""
        return self.kind in {"reply", "ack", "send"}


@dataclass(frozen=True, slots=True)
class Shape:
    """A simulation that can be compiled."""

    users: int = 5
    ramp_ms: int = 100
    asks: tuple[Ask, ...] = (Ask("reply", 100),)
    ids: int = 0
    """0: gatlingpy's own.  1: the user's, each different.  More: the user's, n - 1 in turn."""
    by: str = "header"
    """Where users' ids stand: in a ``header``, the ``key`` or the ``body``, or where a ``function``
    finds them.  ``mixed``: in the key for the first two requests; the others have own ids."""
    repeat: int = 1
    pause_ms: int = 0
    grouped: bool = False
    producers: int = 1
    commit: str = ""
    """When transactions are committed, by ``message`` or by ``batch``; none are made by default."""
    batch: int = 1_000
    """How many messages a transaction holds at most."""
    consumers: int = 1
    silent: bool = False
    began: float | None = None
    """Since when every request is measured: epoch seconds."""
    stamped: bool = False
    """Whether response times end at the timestamps of replies."""
    max_duration_ms: int | None = None
    records: int | None = None
    """How many records a queue feeder has, of which each user takes one."""

    @staticmethod
    def number(name: str) -> int:
        """Return which of the asks a request's name stands for."""
        return _number(name)[0]


@dataclass(slots=True)
class Played:
    """A run that is over: what was asked for, what happened, and what users saw."""

    shape: Shape
    outcome: SimulatedOutcome
    seen: dict[tuple[int, str], object] = field(default_factory=dict)
    """What each user had saved from the reply to a request, by user and request."""
    counted: bool = True
    """Whether the shape tells how many users there are, and that they do all of it."""

    def ask(self, name: str) -> Ask:
        """Return what a request's name stands for."""
        return self.shape.asks[self.shape.number(name)]

    def body(self, row: RequestEvent) -> bytes:
        """Return the body of a request, which no other request has."""
        return body_of(self.shape, row.user, row.name)


def _number(name: str) -> tuple[int, int]:
    """Return which of the asks a name stands for, and in which round."""
    number, again = name[1:].split(".")
    return int(number), int(again)


def _name(number: int, session: Session) -> str:
    return f"r{number}.{session.get('n', 0)}"


def body_of(shape: Shape, user: int, name: str) -> bytes:
    """Return the body of a user's request, which no other request has."""
    body = f"{user}/{name}".encode()
    return body if not gives_ids(shape, name) else b"%b|%b|" % (body, id_of(shape, user, name))


def gives_ids(shape: Shape, name: str) -> bool:
    """Tell whether the ids of a request are the user's."""
    return shape.ids > 0 and (shape.by != "mixed" or _number(name)[0] < _MIXED)


def is_scoped(shape: Shape, name: str) -> bool:
    """Tell whether the ids of a request mean something on its own reply topic only."""
    return shape.by != "header" and gives_ids(shape, name)


def id_of(shape: Shape, user: int, name: str) -> bytes:
    """Return the correlation id that the user gives to a request."""
    if shape.ids == 1:
        return f"own-{user}/{name}".encode()
    number, again = _number(name)
    return f"shared-{(user * 31 + number * 7 + again) % (shape.ids - 1)}".encode()


def reply_topic(number: int) -> str:
    """Return the topic on which a request is answered; there are two."""
    return f"replies-{number % 2}"


def _action(shape: Shape, number: int, ask: Ask) -> ActionBuilder:
    action = _request(shape, number, ask)
    if shape.began is not None:
        action = action.start_time(shape.began)
    return action.silent() if shape.silent else action


def _request(shape: Shape, number: int, ask: Ask) -> KafkaRequestReplyBuilder | KafkaSendBuilder:
    def name(session: Session) -> str:
        return _name(number, session)

    def body(session: Session) -> str:
        return body_of(shape, session.user_id, _name(number, session)).decode()

    if not ask.is_reply:
        send = kafka(name).send().topic("events").value(body).timeout(ask.timeout_ms / 1000)
        return send if ask.kind == "acked" else send.no_ack()
    request = kafka(name).request_reply().value(body)
    request = request.topics(f"requests-{number % 2}", reply_topic(number))
    request = request.timeout(ask.timeout_ms / 1000).check(response_equals())
    if ask.kind == "reply":
        request = request.check(body_string().save_as("saved"))
    else:
        request = request.resume_on(ask.kind)  # type: ignore[arg-type]
    return _identified(shape, number, request) if shape.ids else request


def _identified(
    shape: Shape, number: int, request: KafkaRequestReplyBuilder
) -> KafkaRequestReplyBuilder:
    """Return a request that gives its ids as the shape says."""

    def own(session: Session) -> bytes:
        return id_of(shape, session.user_id, _name(number, session))

    match shape.by:
        case "key":
            return request.key(own).correlate_by_key()
        case "body":
            return request.correlate(regex(r"\|(.+)\|"), regex(r"\|(.+)\|"))
        case "function":
            return request.key(own).correlate(_key_of, _key_of)
        case "mixed":
            # Those with ids of our own bear the same keys as the others, which must not matter.
            request = request.key(own)
            return request.correlate_by_key() if number < _MIXED else request
    return request.header("correlationId", own)


def _key_of(message: Message) -> bytes | None:
    return message.key


CARRIES: Final = {
    "header": ("header",), "key": ("key",), "body": (), "function": ("key",),
    "mixed": ("header", "key"),
}  # fmt: skip
"""Where the answers bear ids, by where the requests do."""


def steps_of(shape: Shape, played: Played) -> Chain:
    """Return what each user does, once."""
    steps = chain()
    for number, ask in enumerate(shape.asks):

        def note(session: Session, number: int = number) -> Session:
            played.seen[session.user_id, _name(number, session)] = session.get("saved")
            return session.remove("saved")

        steps = steps.exec(_action(shape, number, ask)).exec(note)
        if shape.pause_ms:
            steps = steps.pause(0, shape.pause_ms / 1000)
    return steps


def compile_shape(shape: Shape, played: Played) -> Compiled:
    """Compile a shape through the DSL, as a user's simulation would be."""

    class Shaped(Simulation):
        def __init__(self) -> None:
            steps = chain().repeat(shape.repeat, "n", steps_of(shape, played))
            if shape.grouped:
                steps = chain().group("outer", chain().group("inner", steps))
            if shape.records is not None:
                steps = chain().feed([{"record": i} for i in range(shape.records)]).exec(steps)
            protocol = (
                kafka().bootstrap_servers("fake:9092")
                .num_producers(shape.producers).num_consumers(shape.consumers)
                .use_timestamp_header(shape.stamped)
            )  # fmt: skip
            if shape.commit:
                protocol = protocol.transactional_id("sim", shape.commit, shape.batch)  # type: ignore[arg-type]
            users = ramp_users(shape.users).during(shape.ramp_ms / 1000)
            set_up = self.set_up(scenario("Shaped").exec(steps).inject_open(users))
            set_up.protocols(protocol)
            if shape.max_duration_ms is not None:
                set_up.max_duration(shape.max_duration_ms / 1000)

    return compile_simulation(Shaped)


def play(shape: Shape, circumstances: Circumstances, seed: int) -> Played:
    """Run a shape to its end."""
    played = Played(shape, None)  # type: ignore[arg-type]
    conduct = replace(circumstances.conduct, carries=CARRIES[shape.by if shape.ids else "header"])
    circumstances = replace(circumstances, conduct=conduct)
    run = SimulatedRun(compile_shape(shape, played), circumstances, seed=seed)
    played.outcome = run.run()
    return played


# --- strategies ----------------------------------------------------------------------------------

chances = st.sampled_from([0.0, 0.0, 0.1, 0.5])
delays = st.one_of(
    st.just(Delay()),
    st.builds(
        Delay,
        st.just(0),
        st.sampled_from([0, 1 * MS, 30 * MS]),
        st.sampled_from([0.0, 0.1, 0.5]),
        st.just(15 * MS),
        st.sampled_from([30 * MS, 500 * MS]),
    ),
)
conducts = st.builds(
    Conduct,
    ack=delays,
    reply=delays,
    lost=chances,
    doubled=chances,
    corrupted=chances,
    refused=st.sampled_from([0.0, 0.0, 0.0, 0.1]),
    failed=chances,
    failed_but_written=st.sampled_from([0.0, 0.5, 1.0]),
    stray=chances,
    queue_size=st.sampled_from([1_000, 1_000, 3, 1]),
    death_chance=st.sampled_from([0.0, 0.0, 0.0, 0.5]),
)
asks = st.builds(
    Ask,
    st.sampled_from(["reply", "reply", "reply", "ack", "send", "acked", "unwatched"]),
    st.sampled_from([20, 60, 300]),
)
shapes = st.builds(
    Shape,
    users=st.integers(1, 12),
    ramp_ms=st.sampled_from([0, 50, 300]),
    asks=st.lists(asks, min_size=1, max_size=4).map(tuple),
    ids=st.sampled_from([0, 0, 0, 1, 2, 3, 5]),
    by=st.sampled_from(["header", "header", "key", "body", "function", "mixed"]),
    repeat=st.integers(1, 2),
    pause_ms=st.sampled_from([0, 0, 20]),
    grouped=st.booleans(),
    producers=st.integers(1, 2),
    consumers=st.integers(1, 2),
)
paces = st.sampled_from(
    [Pace(), Pace(step_ns=500_000), Pace(stall_chance=0.02, stall_ns=30 * MS), Pace(step_ns=0)]
)
seeds = st.integers(0, 2**32 - 1)
troubles = st.builds(Circumstances, conduct=conducts, pace=paces)
