"""Spellings that ``mypy --strict`` must refuse: each line would be reported if it did not."""

from gatlingpy import (
    Simulation,
    at_once_users,
    constant_users_per_sec,
    delivery,
    details,
    dummy,
    embedded_broker,
    exec,  # noqa: A004
    global_,
    json_path,
    kafka,
    nothing_for,
    param,
    ramp_users_per_sec,
    run,
    scenario,
)

ask = kafka("Ask").request_reply().topics("requests", "replies")

# A request is not a protocol, and neither is unfinished business.
kafka("Ask").topic("requests")  # type: ignore[attr-defined]
kafka("Ask").bootstrap_servers("host:9092")  # type: ignore[attr-defined]
kafka().send()  # type: ignore[attr-defined]
kafka("Tell").send().check(json_path("$.id"))  # type: ignore[attr-defined]
kafka("Tell").send().request_topic("requests")  # type: ignore[attr-defined]
kafka("Ask").request_reply().no_ack()  # type: ignore[attr-defined]
kafka(1, 2)  # type: ignore[call-overload]
kafka("name", "topic", "key", "value", True, 5, 6)  # type: ignore[call-overload]

# Values of the wrong type.
ask.timeout([5])  # type: ignore[arg-type]
ask.timeout(None)  # type: ignore[arg-type]
ask.resume_on("receipt")  # type: ignore[arg-type]
ask.check(5)  # type: ignore[arg-type]
ask.headers(["source"])  # type: ignore[arg-type]
kafka().num_producers("two")  # type: ignore[arg-type]
kafka().bootstrap_servers(9092)  # type: ignore[arg-type]
kafka().producer_properties({"acks": None})  # type: ignore[dict-item]
kafka().create_topics(["requests"])  # type: ignore[arg-type]
embedded_broker({"requests": "four"})  # type: ignore[dict-item]

# Steps and scenarios.
scenario(5)  # type: ignore[arg-type]
exec(5)  # type: ignore[arg-type]
exec("Ask")  # type: ignore[arg-type]
exec(kafka("Ask"))  # type: ignore[arg-type]
exec(kafka())  # type: ignore[arg-type]
exec(lambda: None)  # type: ignore[arg-type, misc]
exec(ask).inject_open(at_once_users(1))  # type: ignore[attr-defined]
scenario("A").exec(ask).assertions()  # type: ignore[attr-defined]

# Dummies and parameters.
dummy("Pay")  # type: ignore[call-arg]
dummy("Pay", None)  # type: ignore[arg-type]
dummy("Pay", lambda session: ["soon"])  # type: ignore[arg-type, return-value]
dummy("Pay", 0).with_session_update("x")  # type: ignore[arg-type]
dummy("Pay", 0).with_session_update(lambda session: None)  # type: ignore[arg-type, return-value]
dummy("Pay", 0).check(json_path("$.id"))  # type: ignore[attr-defined]
param("users", list)  # type: ignore[arg-type]
param("users", int, "5")  # type: ignore[arg-type]
param("users", int, None)  # type: ignore[call-overload]
param("host", int, choices=("a", "b"))  # type: ignore[arg-type]
param("users", int, 5, "how many")  # type: ignore[call-overload]
word: str = param("users", int, 5)  # type: ignore[assignment]

# Injection.
at_once_users("5")  # type: ignore[arg-type]
nothing_for([5])  # type: ignore[arg-type]
constant_users_per_sec(5).to(6)  # type: ignore[attr-defined]
ramp_users_per_sec(5).during(6)  # type: ignore[attr-defined]

# Assertions.
global_().lt(5)  # type: ignore[attr-defined]
global_().response_time().lt(5)  # type: ignore[attr-defined]
global_().response_time().percentile("99")  # type: ignore[arg-type]
global_().failed_requests().is_(0)  # type: ignore[attr-defined]
global_().failed_requests().count().lt("5")  # type: ignore[arg-type]
details(5)  # type: ignore[arg-type]
details("Kafka Metrics").max().lt(5)  # type: ignore[call-arg]
details("Kafka Metrics").max(5)  # type: ignore[arg-type]
global_().max("kafka-consumer-lag-max")  # type: ignore[attr-defined]
global_().arrival_lag().lt(5)  # type: ignore[attr-defined]
delivery().is_(0)  # type: ignore[attr-defined]

# Checks.
json_path(5)  # type: ignore[arg-type]
json_path("$.id").is_("a").is_("b")  # type: ignore[attr-defined]
json_path("$.id").save_as(5)  # type: ignore[arg-type]


class Wrong(Simulation):
    """Set-ups that cannot be."""

    def __init__(self) -> None:
        """Write them."""
        people = scenario("A").exec(ask)
        self.set_up(people)  # type: ignore[arg-type]
        ready = people.inject_open(at_once_users(1))
        self.set_up(ready).protocols("host:9092")  # type: ignore[arg-type]
        self.set_up(ready).protocols(kafka("Ask"))  # type: ignore[arg-type]
        self.set_up(ready).assertions(global_().failed_requests())  # type: ignore[arg-type]
        self.set_up(ready).max_duration([5])  # type: ignore[arg-type]


run(Wrong())  # type: ignore[arg-type]
