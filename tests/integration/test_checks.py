"""All kinds of checks in a run for real: what passes passes, and what fails says so in the report."""

from collections import Counter
from pathlib import Path

from gatlingpy import (
    Session,
    Settings,
    Simulation,
    at_once_users,
    body_length,
    check_if,
    embedded_broker,
    field,
    header,
    jmes_path,
    json_field_equals,
    json_path,
    kafka,
    key,
    message_check,
    offset,
    partition,
    response_contains_request,
    response_equals,
    run,
    scenario,
    session_check,
    timestamp,
    x_path,
)
from tests.integration.command_line import records

USERS = 20
ORDERS = {"customer": "alice", "lines": [{"sku": "A"}, {"sku": "B"}]}
XML = '<o:r xmlns:o="urn:o"><o:i n="1">a</o:i></o:r>'
NS = {"o": "urn:o"}

order = (
    kafka("Order").request_reply().topics("orders", "orders").loopback()
    .key("k-#{n}").header("kind", "order").as_json()
    .value(lambda session: {**ORDERS, "id": session["n"]})
)  # fmt: skip
xml = kafka("Xml").request_reply().topics("xml", "xml").loopback().value(XML).as_string()


@message_check("echo")
def echo(request: dict[str, object], reply: dict[str, object]) -> bool:
    """Compare."""
    return request == reply


def divide(value: int) -> float:
    """Raise."""
    return value / 0


PASSING = order.check(
    echo,
    json_path("$.id").is_("#{n}").save_as("id"),
    jmes_path("lines[*].sku").is_(["A", "B"]),
    header("kind").is_("order"),
    key().is_("k-#{n}"),
    partition().lt(2),
    timestamp().gt(0),
    offset().gte(0),
    field("lines[1].sku").is_("B"),
    json_path("$.lines[*].sku").find_random(2, fail_if_less=True).transform(sorted).save_as("two"),
    check_if(lambda reply, session: ("kind", b"order") in reply.headers, json_path("$.customer")),
    check_if("#{flag}").then(json_path("$.nothing")),
    session_check("mine", lambda session, reply: reply["id"] == session["n"]),
    json_field_equals("$.id"),
    response_equals(),
    response_contains_request(),
    body_length().gt(10),
    "same id",
    lambda request, reply: request["id"] == reply["id"],
)
FAILING = {
    "jsonPath($.id).find.transform.exists extraction crashed: transform crashed: ": order.check(
        json_path("$.id").transform(divide)
    ),
    "checkIf(#{gone}) crashed: No attribute named 'gone' is defined": order.check(
        check_if("#{gone}", key())
    ),
    "xpath(//a).find.exists preparation crashed: the reply is not XML": order.check(x_path("//a")),
    "by all means": order.check("no", lambda reply: "by all means"),
}
seen: list[tuple[object, object, object, bool]] = []


def keep(session: Session) -> None:
    """Take note of what a user knows in the end."""
    seen.append((session["id"] == session["n"], session["n1"], session["two"], session.is_failed))


class Checked(Simulation):
    """Users with passing checks, then with failing ones."""

    def __init__(self) -> None:
        protocol = (
            kafka().bootstrap_servers(embedded_broker({"orders": 2, "xml": 1}))
            .check("never empty", lambda reply: reply is not None)
        )  # fmt: skip
        users = (
            scenario("S")
            .exec(lambda session: session.set_all({"n": session.user_id, "flag": False}))
            .exec(PASSING)
            .exec(xml.check(x_path("//o:i/@n", NS).is_("1").save_as("n1")))
            .exec(order.skip_payload_storage().check(json_path("$.id").is_("#{n}")))
            .exec(keep)
            .exec(*FAILING.values())
        )
        self.set_up(users.inject_open(at_once_users(USERS))).protocols(protocol)


def test_checks_of_all_kinds(tmp_path: Path) -> None:
    """Each user passes what it should, keeps what it saved, and outlives what fails."""
    seen.clear()
    outcome = run(Checked, Settings(results=tmp_path))
    assert seen == [(True, "1", ["A", "B"], False)] * USERS
    assert outcome.folder is not None
    rows = list(records(outcome.folder, "REQUEST"))
    counted = Counter(row[12] for row in rows)
    assert counted == {"ok": 3 * USERS, "check": len(FAILING) * USERS}
    messages = [row[6] for row in rows if row[12] == "check"]
    for start in FAILING:
        assert sum(message.startswith(start) for message in messages) == USERS, messages
