"""Every spelling of the DSL, as users write it: must pass ``mypy --strict`` and is never run."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import assert_type

from gatlingpy import (
    CheckFailed,
    ExitCode,
    GatlingError,
    InMemoryRequestStore,
    MessageCheck,
    Outcome,
    PlanError,
    Run,
    RunInvalid,
    SerializationType,
    Session,
    Settings,
    Simulation,
    UsageError,
    at_once_users,
    body_string,
    chain,
    compile_plan,
    constant_users_per_sec,
    csv,
    delivery,
    details,
    dummy,
    embedded_broker,
    env,
    exec,  # noqa: A004
    feed,
    feeder,
    for_all,
    forever,
    global_,
    group,
    json_path,
    kafka,
    kafka_request_reply,
    nothing_for,
    param,
    pause,
    ramp_users,
    ramp_users_per_sec,
    regex,
    repeat,
    response_equals,
    run,
    scenario,
    substring,
    write_report,
)
from gatlingpy.dsl.chain import Chain
from gatlingpy.dsl.population import Population
from gatlingpy.dsl.scenario import Scenario
from gatlingpy.dsl.setup import SetUp
from gatlingpy.dsl.stages import Block
from gatlingpy.plan.assertions import Assertion
from gatlingpy.plan.injection import AtOnceUsers, RampUsers
from gatlingpy.protocols.dummy.dsl import DummyBuilder
from gatlingpy.protocols.kafka.protocol_builder import KafkaProtocolBuilder
from gatlingpy.protocols.kafka.request_builders import KafkaRequest
from gatlingpy.protocols.kafka.request_reply_builder import KafkaRequestReplyBuilder
from gatlingpy.protocols.kafka.send_builder import KafkaSendBuilder


def rename(session: Session) -> Session:
    """Change a session in every way there is."""
    assert_type(session["id"], object)
    assert_type(session.get("id", 5), object)
    number: int = session.get_int("n")
    text: str = session.get_string("id")
    share: float = session.get_float("share")
    ready: bool = session.get_boolean("ready") and session.contains("id")
    changed = session.set("a", number).set_all({"b": text, "c": share}).remove("d").remove_all("e")
    return changed.mark_as_failed() if ready else changed.mark_as_succeeded()


def body(session: Session) -> dict[str, object]:
    """Write a value."""
    return {"id": session["id"], "user": session.user_id, "scenario": session.scenario}


def same(request: str, reply: dict[str, object]) -> str | None:
    """Judge a reply."""
    if not reply:
        raise CheckFailed("nothing")
    return None if request else "nothing"


def records() -> Iterator[dict[str, object]]:
    """Make records for ever."""
    while True:
        yield {"id": 1}


# --- requests ------------------------------------------------------------------------------------

assert_type(kafka(), KafkaProtocolBuilder)
assert_type(kafka("Ask"), KafkaRequest)
assert_type(kafka("Ask").request_reply(), KafkaRequestReplyBuilder)
assert_type(kafka("Tell").send(), KafkaSendBuilder)
assert_type(kafka("topic", "key", "value"), KafkaSendBuilder)
assert_type(kafka("topic", "key", "value", wait_for_ack=False, timeout="5s"), KafkaSendBuilder)
assert_type(kafka("name", "topic", "key", "value"), KafkaSendBuilder)
assert_type(kafka("name", "topic", "key", body, False, 5), KafkaSendBuilder)
assert_type(kafka("name", "topic", "key", "value", wait_for_ack=True, timeout=30), KafkaSendBuilder)

assert_type(dummy("Pay", 0.05), DummyBuilder)
assert_type(dummy("#{name}", "50ms").with_success("#{good}"), DummyBuilder)
assert_type(dummy("Pay", timedelta(seconds=1)).with_session_update(rename), DummyBuilder)
dummy(lambda session: session["name"], lambda session: 0.5).with_success(lambda session: True)

assert_type(param("users", int), int)
assert_type(param("users", int, 10, choices=(5, 10)), int)
assert_type(param("share", float, default=1, help="of all"), float)
assert_type(param("host"), str)
assert_type(param("host", default="h:1", choices=["h:1", "h:2"]), str)
assert_type(param("host", str, "h:1"), str)
assert_type(param("dry", bool, False), bool)
assert_type(param("ramp", timedelta, "30s"), timedelta)
assert_type(param("ramp", timedelta, 30, choices=("30s", timedelta(minutes=1))), timedelta)

checks = (
    MessageCheck("Same", str, SerializationType.STRING, dict, SerializationType.JSON, same),
    json_path("$.status").is_("PAID"),
    json_path("$.status").not_("LATE").name("status"),
    json_path("$.n").of_int().in_(1, 2, 3).save_as("n"),
    json_path("$.n").of_float().gte(1.5),
    json_path("$.ready").of_boolean().is_(True),
    json_path("$.all[*]").of_string().find_all().in_(["a"], ["b"]),
    json_path("$.map").of_map().exists(),
    json_path("$.list").of_list().not_null(),
    json_path("$.list[*]").find(2).lt(5),
    json_path("$.list[*]").count().gt(1),
    json_path("$.none").is_null(),
    json_path("$.none").not_exists(),
    json_path("$.none").optional().save_as("none"),
    json_path("$.text").transform(len).lte(5),
    json_path("$.text").satisfies(lambda value: len(value) > 3),
    json_path("$.text").is_(lambda session: session["text"]),
    json_path("$.text").is_("#{text}"),
    json_path("$.text"),
    regex("a(b)", 1).save_as("b"),
    substring("#{text}").exists(),
    body_string().is_("text"),
    response_equals().name("echo"),
)
ask = (
    kafka(lambda session: f"Ask {session['id']}")
    .request_reply()
    .request_topic("requests")
    .response_topic("replies")
    .topics("requests-#{id}", "replies")
    .key("#{id}")
    .key(lambda session: session["id"])
    .key(b"raw")
    .value(body)
    .value({"id": "#{id}"})
    .value([1, 2])
    .value(None)
    .header("source", "tests")
    .headers({"id": "#{id}", "n": 5})
    .as_string()
    .as_bytes()
    .as_json()
    .check(*checks)
    .checks(json_path("$.id"))
    .timeout(10)
    .timeout(0.5)
    .timeout("500ms")
    .timeout(timedelta(seconds=5))
    .resume_on("ack")
    .loopback()
)
assert_type(ask, KafkaRequestReplyBuilder)
tell = (
    kafka("Tell").send().topic("events").topic(lambda session: "events").key("k").value("v")
    .header("a", None).headers({}).as_string().as_bytes().as_json()
    .wait_for_ack().wait_for_ack(False).no_ack().timeout("1m")
)  # fmt: skip
assert_type(tell, KafkaSendBuilder)
short = kafka_request_reply("requests", "replies", "#{id}", body)
long = kafka_request_reply(
    "requests", "replies", "#{id}", body, SerializationType.JSON, [json_path("$.id"), checks[0]],
    timeout=10, name="Ask",
)  # fmt: skip
assert_type(short, KafkaRequestReplyBuilder)

# --- what users do -------------------------------------------------------------------------------

steps = (
    exec(ask, tell, short, long, rename, lambda session: session)
    .exec([ask, tell], (rename, [ask]))
    .exec(rename, blocking=True)
    .exec(chain(ask, rename).exec(tell))
    .pause(1)
    .pause(0.5, 1.5)
    .pause("100ms", until="2s")
    .pause(timedelta(seconds=1))
    .pause("#{wait}")
    .pause(lambda session: 1)
    .group("g").on(ask, tell)
    .group("g", ask, tell)
    .group("#{name}", group("inner", ask))
    .repeat(3).on(ask)
    .repeat(3, "i").on(ask)
    .repeat(3, counter="i").on(ask)
    .repeat(3, ask, tell)
    .repeat(3, "i", ask)
    .repeat("#{n}", repeat(2).on(ask))
    .repeat(lambda session: 3, ask)
    .forever().on(ask)
    .forever("i").on(ask)
    .forever(ask, pause(1))
    .forever("i", ask)
    .feed(csv("users.csv"))
    .feed(csv(Path("users.csv"), separator=";", quote="'").circular())
    .feed(csv("users.csv").queue(), 2)
    .feed(csv("users.csv").random(), "#{n}")
    .feed([{"id": 1}, {"id": 2}])
    .feed(feeder([{"id": 1}]).shuffle())
    .feed(feeder(records))
    .feed(records)
)  # fmt: skip
assert_type(steps, Chain)
assert_type(repeat(3), Block[Chain])
assert_type(repeat(3).on(ask), Chain)
assert_type(forever(ask), Chain)
assert_type(feed([{"id": 1}]).exec(ask), Chain)
people = scenario("People").exec(steps).pause(1).group("g").on(ask).repeat(2).on(ask)
assert_type(people, Scenario)
assert_type(scenario("A").group("g"), Block[Scenario])

# --- when users start ----------------------------------------------------------------------------

assert_type(at_once_users(5), AtOnceUsers)
assert_type(ramp_users(5).during(10), RampUsers)
assert_type(ramp_users(5, during="10s"), RampUsers)
population = people.inject_open(
    nothing_for(5),
    nothing_for("500ms"),
    at_once_users(10),
    ramp_users(100).during(timedelta(minutes=1)),
    ramp_users(100, 60),
    constant_users_per_sec(20).during(60),
    constant_users_per_sec(0.5, during="1m"),
    ramp_users_per_sec(10).to(100).during(60),
    ramp_users_per_sec(10).to(100, during=60),
)
assert_type(population, Population)

# --- protocols -----------------------------------------------------------------------------------

protocol = (
    kafka()
    .bootstrap_servers("localhost:9092,other:9092")
    .bootstrap_servers(env("KAFKA"))
    .bootstrap_servers(env("KAFKA", "localhost:9092"))
    .bootstrap_servers(embedded_broker({"requests": 4}))
    .bootstrap_servers(env("KAFKA", embedded_broker({"requests": 4}, brokers=3)))
    .group_id("group")
    .num_producers(1)
    .num_consumers(2)
    .producer_properties({"acks": "all", "linger.ms": 5, "enable.idempotence": True})
    .producer_properties({"sasl.password": env("PASSWORD")})
    .consumer_properties({"fetch.wait.max.ms": 10})
    .correlation_header_name("correlationId")
    .poll_timeout("100ms")
    .timeout_check_interval(5)
    .request_store(InMemoryRequestStore())
    .create_topics({"requests": 4, "replies": 4})
)
assert_type(protocol, KafkaProtocolBuilder)

# --- what must hold ------------------------------------------------------------------------------

time = global_().response_time()
assertions = [
    time.min().lt(1), time.max().lte(2.5), time.mean().gt(1), time.std_dev().gte(1),
    time.percentile(99.9).is_(5), time.percentile1().in_(1, 2), time.percentile2().lt(1),
    time.percentile3().between(1, 2), time.percentile4().between(1, 2, inclusive=False),
    time.percentile50().around(5, 1), time.percentile75().deviates_around(5, 0.1),
    time.percentile90().lt(1), time.percentile95().lt(1), time.percentile99().lt(1),
    for_all().all_requests().count().gt(1),
    details("Ask").failed_requests().percent().is_(0),
    details("outer", "inner", "Ask").successful_requests().count().gte(5),
    details("Ask-send").requests_per_sec().gt(1),
    details("Ask").successful_requests().response_time().percentile(99).lt(500),
    for_all().failed_requests().response_time().mean().gt(1),
    details("Ask").arrival_lag().percentile99().lt(5), global_().arrival_lag().std_dev().lt(5),
    global_().user_start_lag().max().lt(5), details("People").user_start_lag().min().gte(0),
    details("Kafka Metrics").max("kafka-consumer-lag-max").is_(0.0),
    details("Kafka Metrics").min("depth").lt(1), details("Kafka Metrics").mean("depth").lt(1),
    details("Kafka Metrics").last("depth").between(0, 1),
    delivery().duplicates().is_(0), delivery().orphans().is_(0), delivery().foreign().is_(0),
    details("Ask").delivery().late().is_(0), for_all().delivery().late_deliveries().lte(1),
]  # fmt: skip
assert_type(assertions, list[Assertion])


class Everything(Simulation):
    """The whole of a simulation."""

    def __init__(self) -> None:
        """Write the set-up."""
        set_up = (
            self.set_up(population, people.inject_open(at_once_users(1)).protocols(kafka()))
            .protocols(protocol)
            .assertions(*assertions)
            .max_duration("5m")
            .max_duration(timedelta(minutes=5))
            .seed(7)
        )
        assert_type(set_up, SetUp)

    def before(self, run: Run) -> None:
        """Start the service."""
        argv = ["service", run.bootstrap_servers, str(run.folder), run.run_id]
        run.start_process(argv)
        run.start_process(argv, ready="ready", timeout="10s")

    def after(self, run: Run) -> None:
        """Stop nothing."""


def embedded() -> int:
    """Run it from another program."""
    try:
        compile_plan(Everything)
        compile_plan(Everything, {"users": 5, "ramp": "30s"})
        run(Everything, Settings(parameters={"users": 5}))
        outcome = run(Everything)
        outcome = run(Everything, Settings(results=Path("out"), description="d", reports=False))
    except PlanError as error:
        problems: tuple[str, ...] = error.problems
        return len(problems)
    except (UsageError, RunInvalid, GatlingError):
        return 1
    assert_type(outcome, Outcome)
    assert_type(outcome.exit_code, ExitCode)
    ok: int = outcome.counters["ending.ok"]
    if outcome.report is not None:
        passed: bool = all(verdict.passed for verdict in outcome.report.verdicts)
        index = write_report(outcome.folder).index
        return ok if passed and index is not None else 1
    return outcome.exit_code
