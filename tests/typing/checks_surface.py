"""Every spelling of checks, as users write them: must pass ``mypy --strict`` and is never run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_type

from gatlingpy import (
    CheckFailed,
    FunctionExtractor,
    HeaderExtractor,
    JsonPathExtractor,
    KeyExtractor,
    MessageCheck,
    RegexExtractor,
    SerializationType,
    Session,
    XPathExtractor,
    body,
    body_bytes,
    body_length,
    body_string,
    check_if,
    compare,
    field,
    header,
    jmes_path,
    json_field_equals,
    json_path,
    kafka,
    key,
    md5,
    message_check,
    message_function,
    offset,
    partition,
    regex,
    response_contains_request,
    response_equals,
    session_check,
    sha1,
    substring,
    timestamp,
    x_path,
)
from gatlingpy.dsl.checks import (
    Comparison,
    ConditionalChecks,
    ExpectedCheck,
    Extractor,
    GroupExtractor,
    JmesExtractor,
    JsonExtractor,
)
from gatlingpy.spi import Message


@dataclass
class Order:
    """A reply."""

    id: int


@message_check("Same")
def same(request: dict[str, object], reply: dict[str, object]) -> str | None:
    """Compare."""
    if not reply:
        raise CheckFailed("empty")
    return None if request == reply else "not the same"


@message_check("Order", response_type=Order, response_serialization=SerializationType.AVRO)
def valid(reply: Order) -> bool:
    """Look at the reply alone."""
    return reply.id > 0


def id_of(message: Message) -> bytes | None:
    """Look into a whole message."""
    return message.key or dict(message.headers).get("id")


def is_offer(reply: Message, session: Session) -> bool:
    """Tell whether a reply is one."""
    return reply.partition == 0 and session.contains("offer")


assert_type(same, MessageCheck)
assert_type(json_path("$.a"), JsonExtractor)
assert_type(json_path("$.a").of_int().find(1), JsonExtractor)
assert_type(jmes_path("a").find().of_list(), JmesExtractor)
assert_type(x_path("//a", {"o": "urn:o"}).find_all(), Extractor)
assert_type(regex("(a)(b)").capture_groups(2).find_random(), GroupExtractor)
assert_type(header("kind").is_("order"), ExpectedCheck)
assert_type(check_if("#{flag}").then(key()), ConditionalChecks)
assert_type(compare(json_path("$.a"), x_path("//a")), Comparison)

ask = (
    kafka("Ask").request_reply()
    .check(same, valid)
    .check([same, valid], key())
    .check("same", lambda request, reply: request == reply)
    .check("reply alone", lambda reply: None, key(), "another", lambda request, reply: "no")
    .checks(
        json_path("$.a").find_random(2, fail_if_less=True).transform(len).gt(1),
        json_path("$.a").transform_with_session(lambda value, session: session["a"]),
        json_path("$.a").with_default("#{a}").with_default(1).with_default(lambda session: 1),
        json_path("$.a").validate("odd", lambda value, session: value % 2 == 1).save_as("a"),
        field("a.b[0]").is_(1),
        field(Order, "id").is_(1),
        field(Order, lambda order: order.id),
        field(lambda order: order.id),
        message_function(id_of).exists(),
        partition().lt(3), timestamp().gt("#{start}"), offset().gte(0), key().is_("#{id}"),
        body(), body_bytes(), body_length().lte(10), body_string(), substring("a").count(),
        md5().is_("d41d8cd98f00b204e9800998ecf8427e"), sha1(),
        response_equals(), response_contains_request().name("echo"),
        json_field_equals("$.a"), json_field_equals("$.a", "$.b").name("same a"),
        compare(request=json_path("$.a"), reply=field("a")),
        compare(body_length(), body_length(), lambda asked, got: got >= asked or "too short"),
        check_if(lambda session: session.get_boolean("flag"), key(), "named", lambda reply: True),
        check_if(is_offer, check_if("#{flag}", key())).then(body(), [key()]),
        session_check("mine", lambda session, reply: reply == session["a"]),
    )
)  # fmt: skip

extractors: list[Extractor] = [
    FunctionExtractor(id_of),
    HeaderExtractor("id"),
    JsonPathExtractor("$.id"),
    KeyExtractor(),
    RegexExtractor("id=(.*)"),
    XPathExtractor("//id"),
]
function: Callable[[object, object], bool | str | None] = same
