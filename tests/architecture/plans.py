"""A simulation with one of everything, and the demonstration; both compiled."""

from gatlingpy import (
    InMemoryRequestStore,
    MessageCheck,
    SerializationType,
    Session,
    Simulation,
    at_once_users,
    body_string,
    compile_plan,
    constant_users_per_sec,
    csv,
    details,
    dummy,
    embedded_broker,
    env,
    feed,
    feeder,
    for_all,
    global_,
    group,
    json_path,
    kafka,
    nothing_for,
    pause,
    ramp_users,
    ramp_users_per_sec,
    regex,
    response_equals,
    scenario,
    substring,
)
from gatlingpy.dsl.setup import Compiled
from simulations.payment import PaymentSimulation


def judge(request: str, reply: str) -> str | None:
    """Compare a request and its reply."""
    return None if request == reply else "not the same"


def keep(session: Session) -> Session:
    """Change nothing."""
    return session


class Everything(Simulation):
    """One of each step, injection, feeder, check, assertion and property."""

    def __init__(self) -> None:
        topics = {"a": 1, "b": 2}
        protocol = (
            kafka()
            .bootstrap_servers(env("NOSUCH_SERVERS", embedded_broker(topics, brokers=2)))
            .group_id("mine")
            .num_producers(2)
            .num_consumers(2)
            .producer_properties({"acks": "all", "linger.ms": 5, "sasl.password": env("SECRET")})
            .consumer_properties({"check.crcs": True, "isolation.level": "read_committed"})
            .correlation_header_name("id")
            .poll_timeout("50ms")
            .timeout_check_interval(2.5)
            .request_store(InMemoryRequestStore())
            .create_topics(topics)
        )
        check = MessageCheck(
            "Mine", str, SerializationType.STRING, str, SerializationType.STRING, judge
        )
        ask = (
            kafka("#{name}")
            .request_reply()
            .topics("a", "b")
            .key(lambda session: session["key"])
            .value({"list": [1, 2.5, None, True, b"raw".hex()], "text": "#{name}"})
            .header("h", "v")
            .headers({"n": 5})
            .as_json()
            .check(
                check,
                response_equals().name("same"),
                json_path("$.a[*].b").of_int().find_all().in_([1], [2]).save_as("all"),
                json_path("$.c").find(2).transform(str).not_("x"),
                regex("a(b)", 1).count().gte(1),
                substring("#{name}").exists(),
                body_string().satisfies(bool),
            )
            .timeout("750ms")
        )
        tell = kafka("Tell").send().topic("#{topic}").key(b"k").value(b"v").as_bytes().no_ack()
        steps = (
            feed([{"name": "n", "key": 1, "topic": "a"}])
            .feed(csv("../../simulations/payments.csv").random(), 2)
            .feed(feeder(lambda: iter([{"x": 1}])).circular())
            .exec(lambda session: session)
            .exec(lambda session: session, blocking=True)
            .pause(1)
            .pause("10ms", "#{longest}")
            .group("outer").on(ask, group("inner", tell))
            .repeat(3, "i").on(ask)
            .repeat("#{n}", tell)
            .exec(dummy("Rest", 0.5).with_success("#{good}").with_session_update(keep))
            .forever(ask, pause("1s"))
        )  # fmt: skip
        first = scenario("First").exec(steps).inject_open(
            nothing_for(1),
            at_once_users(2),
            ramp_users(3).during("2s"),
            constant_users_per_sec(0.5).during(4),
            ramp_users_per_sec(1).to(2).during(5),
        )  # fmt: skip
        second = (
            scenario("Second")
            .exec(tell)
            .inject_open(at_once_users(1))
            .protocols(kafka().bootstrap_servers("h:1"))
        )
        time = global_().response_time()
        self.set_up(first, second).protocols(protocol).assertions(
            time.percentile(99.9).lt(500), time.mean().between(1, 2), time.max().around(5, 1),
            for_all().failed_requests().percent().in_(0, 1),
            details("outer", "inner").requests_per_sec().deviates_around(10, 0.1),
            details("Tell-send").all_requests().count().gte(0),
        ).max_duration("1h").seed(7)  # fmt: skip


def compiled() -> list[Compiled]:
    """Return both, compiled."""
    return [compile_plan(Everything), compile_plan(PaymentSimulation)]
