"""A simulation with one of everything, and the demonstration; both compiled."""

from google.protobuf.descriptor_pb2 import FileDescriptorProto

from gatlingpy import (
    AvroCodec,
    FunctionCodec,
    InMemoryRequestStore,
    JsonSchemaCodec,
    MessageCheck,
    PrimitiveCodec,
    ProtobufCodec,
    SerializationType,
    Session,
    Simulation,
    at_once_users,
    body,
    body_length,
    body_string,
    chain,
    check_if,
    compare,
    compile_plan,
    constant_concurrent_users,
    constant_users_per_sec,
    csv,
    custom_pauses,
    details,
    dummy,
    embedded_broker,
    env,
    exit_block_on_fail,
    exponential_pauses,
    feed,
    feeder,
    field,
    for_all,
    global_,
    group,
    header,
    hold_for,
    increment_concurrent_users,
    increment_users_per_sec,
    jmes_path,
    json_field_equals,
    json_file,
    json_lines,
    json_path,
    jump_to_rps,
    kafka,
    key,
    md5,
    message_check,
    message_function,
    nothing_for,
    offset,
    on_case,
    param,
    partition,
    pause,
    percent,
    ramp_concurrent_users,
    ramp_users,
    ramp_users_per_sec,
    reach_rps,
    regex,
    response_contains_request,
    response_equals,
    scenario,
    secret_file,
    session_check,
    sha1,
    sql_feeder,
    stress_peak_users,
    substring,
    timestamp,
    tsv,
    uniform_pauses_plus_or_minus_percentage,
    x_path,
    zipped,
)
from gatlingpy.dsl.chain import Chain
from gatlingpy.dsl.checks import CheckBuilder
from gatlingpy.dsl.setup import Compiled
from gatlingpy.protocols.kafka.request_reply_builder import KafkaRequestReplyBuilder
from simulations.payment import PaymentSimulation


def judge(request: str, reply: str) -> str | None:
    """Compare a request and its reply."""
    return None if request == reply else "not the same"


def keep(session: Session) -> Session:
    """Change nothing."""
    return session


def every_check() -> list[CheckBuilder]:
    """Return one of each check that is not used elsewhere."""
    return [
        MessageCheck("Any", object, None, dict, None, lambda request, reply: None),
        message_check("Reply")(lambda reply: None),
        session_check("Mine", lambda session, reply: None),
        jmes_path("a[*].b").find(2),
        jmes_path("a").of_list().transform_with_session(lambda value, session: value).lt("#{n}"),
        x_path("//o:a/@b", {"o": "urn:o"}).find_random(3, fail_if_less=True),
        regex("(a)(b)").capture_groups(2).find_random(),
        field("a.b[0]").with_default("#{n}").is_(lambda session: 1),
        field(Session, "user_id").with_default([1]),
        field(lambda value: value).validate("odd", lambda value, session: True),
        header("h").not_("x"),
        key(),
        partition().gte(0),
        timestamp(),
        offset(),
        body(),
        body_length(),
        md5(),
        sha1(),
        message_function(lambda message: message.key).optional(),
        response_contains_request(),
        compare(json_path("$.a"), key(), lambda asked, got: asked == got).name("same id"),
        json_field_equals("$.a", "$.b"),
        check_if("#{more}", key(), check_if(lambda session: True).then(body())),
        check_if(lambda reply, session: True, response_equals()),
    ]


def every_block(ask: KafkaRequestReplyBuilder) -> Chain:
    """Return one of each block that is no plain step."""
    return (
        chain()
        .pause(1, custom_pauses(lambda session: 2))
        .pause(1, uniform_pauses_plus_or_minus_percentage(10))
        .pause(1, 2, exponential_pauses)
        .pace("1s", 2, "pace")
        .rendez_vous(2)
        .foreach(["#{name}", {"a": [1]}], "item", "i").on(ask)
        .during("1s", exit_asap=False).on(ask)
        .as_long_as(lambda session: False, ask)
        .do_while("#{more}", ask)
        .as_long_as_during(True, "#{d}", "j", ask)
        .do_while_during("#{more}", 1, ask)
        .do_if("#{more}").then(ask)
        .do_if_equals_or_else("#{name}", lambda session: "n", ask, ask)
        .do_switch_or_else("#{name}").on(on_case("a", ask), on_case("#{b}", ask)).or_else(ask)
        .random_switch(percent(33.3, ask), percent(66.7, ask))
        .uniform_random_switch(ask, [ask, ask])
        .round_robin_switch(ask, exit_block_on_fail(ask))
        .try_max(2, "k").on(ask)
        .exit_here_if(lambda session: False)
        .exit_here_if_failed()
        .stop_load_generator_if("#{name}", "#{more}")
        .crash_load_generator_if(lambda session: "bye", lambda session: False)
    )  # fmt: skip


def every_codec() -> list[AvroCodec | FunctionCodec | JsonSchemaCodec | ProtobufCodec]:
    """Return one of each codec that is no single value's."""
    named = {"type": "enum", "name": "Named", "symbols": ["A"]}
    avro: dict[str, object] = {"type": "array", "items": "Named"}
    return [
        AvroCodec(avro, list, references=[named], subject_name_strategy="record"),
        FunctionCodec(lambda value, topic: topic, lambda data: data),
        JsonSchemaCodec({"title": "T"}, references=[("a.json", "a", 1)], validate=False),
        ProtobufCodec(FileDescriptorProto, registry=False, use_latest_version=True),
    ]


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
            .producer_properties({"acks": "all", "linger.ms": 5})
            .producer_properties({"ssl.key.password": env("SECRET")})
            .consumer_properties({"check.crcs": True, "isolation.level": "read_committed"})
            .tls("ca.pem", "client.pem", "client.key", secret_file("key-password"))
            .sasl_oauthbearer(lambda config: ("token", 1.0))
            .schema_registry("http://registry:8081", ("me", env("REGISTRY_PASSWORD")))
            .value_codec(every_codec()[0])
            .reply_codec(every_codec()[1])
            .key_codec(PrimitiveCodec("string"))
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
                *every_check(),
            )
            .timeout("750ms")
        )
        written = (
            kafka("Written")
            .request_reply()
            .topics("a", "b")
            .value(lambda session: {})
            .serialization(*every_codec()[2:])
        )
        tell = kafka("Tell").send().topic("#{topic}").key(b"k").value(b"v").as_bytes().no_ack()
        steps = (
            feed([{"name": "n", "key": 1, "topic": "a"}])
            .feed(csv("../../simulations/payments.csv").random(), 2)
            .feed(feeder(lambda: iter([{"x": 1}])).circular())
            .feed(sql_feeder(env("NOSUCH_DB"), "SELECT :a AS a", {"a": 1}, password=env("SECRET")))
            .feed(
                zipped(
                    tsv("../../simulations/payments.csv", quote="'").transform(lambda k, v: v),
                    json_file("words.json").shuffle(),
                    json_lines("words.jsonl"),
                    {"made": int, "constant": "x", "list": [1]},
                ).circular()
            )
            .exec(lambda session: session)
            .exec(lambda session: session, blocking=True)
            .pause(1)
            .pause("10ms", "#{longest}")
            .group("outer").on(ask, written, group("inner", tell))
            .repeat(3, "i").on(ask)
            .repeat("#{n}", tell)
            .exec(dummy("Rest", 0.5).with_success("#{good}").with_session_update(keep))
            .exec(every_block(ask))
            .forever(ask, pause("1s"))
        )  # fmt: skip
        first = scenario("First").exec(steps).inject_open(
            nothing_for(1),
            at_once_users(param("users", int, 2, help="how many", choices=(1, 2))),
            ramp_users(3).during("2s"),
            constant_users_per_sec(0.5).during(4),
            ramp_users_per_sec(1).to(2).during(5).randomized(),
            stress_peak_users(5).during(5),
            increment_users_per_sec(1).times(2).each_level_lasting(5).separated_by_ramps_lasting(1),
        )  # fmt: skip
        second = (
            scenario("Second")
            .exec(tell)
            .inject_open(at_once_users(1))
            .protocols(kafka().bootstrap_servers("h:1"))
        )
        third = (
            scenario("Third")
            .exec(tell)
            .inject_closed(
                constant_concurrent_users(1).during(1),
                ramp_concurrent_users(1).to(2).during(1),
                increment_concurrent_users(1).times(2).each_level_lasting(1).starting_from(1),
            )
            .throttle(reach_rps(5).in_(10), hold_for(5), jump_to_rps(2), hold_for(3600), queue=9)
            .max_in_flight(5)
            .exponential_pauses()
            .and_then(scenario("Fourth").exec(tell).inject_open(at_once_users(1)))
        )
        time = global_().response_time()
        self.set_up(first, second, third).protocols(protocol).assertions(
            time.percentile(99.9).lt(500), time.mean().between(1, 2), time.max().around(5, 1),
            for_all().failed_requests().percent().in_(0, 1),
            details("outer", "inner").requests_per_sec().deviates_around(10, 0.1),
            details("Tell-send").all_requests().count().gte(0),
        ).max_duration("1h").warm_up(5).uniform_pauses(10).throttle(
            jump_to_rps(5), hold_for(7200)
        ).seed(7)  # fmt: skip


def compiled() -> list[Compiled]:
    """Return both, compiled."""
    return [compile_plan(Everything), compile_plan(PaymentSimulation)]
