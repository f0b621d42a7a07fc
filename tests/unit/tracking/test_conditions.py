"""Checks that are asked only sometimes, of the session, and of the request beside the reply."""

import pytest

from gatlingpy.dsl.checks import (
    MessageCheck,
    SerializationType,
    body_length,
    body_string,
    check_if,
    compare,
    field,
    header,
    jmes_path,
    json_field_equals,
    json_path,
    regex,
    response_contains_request,
    response_equals,
    session_check,
    x_path,
)
from gatlingpy.errors import CheckFailed
from gatlingpy.session import Session
from gatlingpy.spi import Message
from gatlingpy.tracking.decoding import plain_format
from tests.unit.tracking.judging import JSON, SESSION, failure, judge, message

REPLY = {"id": 7, "text": "a", "list": [1, 2], "none": None}
REQUEST = {"id": 7, "ref": 8, "list": [1, 2, 3], "none": None}
FAILS = json_path("$.z")
NOTHING_FOUND = "jsonPath($.z).find.exists, found nothing"


def crash(*_values: object) -> bool:
    raise KeyError("status")


def leave(*_values: object) -> bool:
    raise SystemExit(2)


def disagree(*_values: object) -> bool:
    raise CheckFailed("no good")


# --- conditions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "asked"),
    [
        ("#{yes}", True),
        ("#{no}", False),
        (lambda session: session["yes"], True),
        (lambda session: session["no"], False),
        (lambda session: "TRUE", True),
        (lambda reply, session: reply.partition == 3 and session["yes"], True),
        (lambda reply, session: reply.partition == 4, False),
        (lambda reply, session: ("h", b"1") in reply.headers, True),
        (True, True),
        (False, False),
    ],
)
def test_checks_are_asked_if_the_condition_is_true(condition: object, asked: bool) -> None:
    """A template, a function of the session, or of the reply and the session."""
    reply = message(REPLY, headers=[("h", b"1")])
    checks = check_if(condition, json_path("$.id").save_as("v"), FAILS)  # type: ignore[arg-type]
    session, failed = judge(reply, checks)
    assert failed == (NOTHING_FOUND if asked else None)
    assert ("v" in session) is asked


def test_all_checks_of_a_condition_are_asked_in_their_order() -> None:
    """The first failure counts, passing ones save, and later ones see it, there and behind."""
    session, failed = judge(
        REPLY,
        json_path("$.id").save_as("a"),
        check_if("#{yes}", FAILS, json_path("$.id").is_("#{a}").save_as("b")).then(
            json_path("$.y"), json_path("$.id").is_("#{b}").save_as("c")
        ),
        json_path("$.id").is_("#{c}").save_as("d"),
    )
    assert failed == NOTHING_FOUND
    assert [session[name] for name in "abcd"] == [7, 7, 7, 7]


def test_a_condition_sees_what_was_saved_before_it_and_is_asked_once() -> None:
    """However many checks it has."""
    asked: list[object] = []
    reply = {**REPLY, "flag": True}
    condition = check_if(
        lambda session: asked.append(session["flag"]) or session["flag"], FAILS, FAILS
    )
    assert failure(reply, json_path("$.flag").save_as("flag"), condition) == NOTHING_FOUND
    assert asked == [True]


def test_conditions_stand_inside_each_other() -> None:
    """All must hold."""
    assert failure(REPLY, check_if("#{yes}", check_if("#{no}", FAILS))) is None
    assert failure(REPLY, check_if("#{yes}", check_if("#{yes}", FAILS))) == NOTHING_FOUND


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("#{gone}", "checkIf(#{gone}) crashed: No attribute named 'gone' is defined"),
        ("#{text}", "checkIf(#{text}) crashed: the condition must be true or false, got str '5'"),
        (crash, "KeyError: 'status'"),
        (leave, "SystemExit: 2"),
        (lambda reply, session: crash(), "KeyError: 'status'"),
    ],
)
def test_a_condition_that_is_none_fails_the_request(condition: object, message: str) -> None:
    """Its checks are not asked; those behind it are."""
    session, failed = judge(
        REPLY, check_if(condition, FAILS.save_as("a")), json_path("$.id").save_as("b")  # type: ignore[arg-type]
    )  # fmt: skip
    assert failed is not None
    assert failed.startswith("checkIf(")
    assert message in failed
    assert ("a" in session, session["b"]) == (False, 7)


# --- the session ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda session, reply: None, None),
        (lambda session, reply: reply["id"] == session["saved"], None),
        (lambda session, reply: False, "mine"),
        (lambda session, reply: f"{session['id']} is no {reply['id']}", "5 is no 7"),
        (disagree, "no good"),
    ],
)
def test_a_session_check_sees_the_session_as_checks_left_it(
    function: object, message: str | None
) -> None:
    """And the reply as the request declares it."""
    check = session_check("mine", function)  # type: ignore[arg-type]
    assert failure(REPLY, json_path("$.id").save_as("saved"), check) == message


def test_a_session_check_is_given_a_tombstone_as_none() -> None:
    """And fails for what cannot be read, or what it raises."""
    check = session_check("mine", lambda session, reply: reply is None)
    assert failure(None, check) is None
    assert str(failure(b"{", check)).startswith("mine: the reply is not JSON: ")
    failed = str(failure(REPLY, session_check("mine", leave)))
    assert failed.startswith("mine crashed: ")
    assert failed.endswith("SystemExit: 2")


def test_functions_see_the_session_while_a_value_is_made_and_held() -> None:
    """Transformed, replaced and validated."""
    session, failed = judge(
        REPLY,
        json_path("$.id").transform_with_session(lambda value, s: value + s["id"]).is_(12),
        json_path("$.id").transform(str).transform(lambda text: text * 2).is_("77").save_as("a"),
        json_path("$.z").with_default("#{id}").is_(5),
        json_path("$.z").with_default("#{gone}").with_default(1).not_exists().name("gone"),
        json_path("$.id").validate("odd", lambda value, s: value % 2 == 1).save_as("b"),
        json_path("$.z").validate("none", lambda value, s: value is None).save_as("c"),
    )
    assert failed == "gone extraction crashed: No attribute named 'gone' is defined"
    assert (session["a"], session["b"], "c" in session) == ("77", 7, False)
    validated = json_path("$.id").validate("even", lambda value, s: value % 2 == 0)
    assert failure(REPLY, validated) == "jsonPath($.id).find.even, but actually found 7"
    nothing = json_path("$.z").validate("even", lambda value, s: "")
    assert failure(REPLY, nothing) == "jsonPath($.z).find.even, found nothing"
    crashed = str(failure(REPLY, json_path("$.id").validate("even", crash)))
    assert crashed.startswith("jsonPath($.id).find.even crashed: ")
    default = json_path("$.z").with_default([1]).transform(len)
    assert failure(REPLY, default.is_(2)) == (
        "jsonPath($.z).find.transformOption.transform.is(2), but actually found 1"
    )


# --- the request ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (json_field_equals("$.id"), None),
        (json_field_equals("$.none"), None),
        (
            json_field_equals("$.ref", "$.id"),
            "compare(jsonPath($.ref).find, jsonPath($.id).find), the request has 8, the reply 7",
        ),
        (json_field_equals("$.ref", "$.id").name("same id"), "same id, the request has 8, the reply 7"),
        (
            compare(json_path("$.id"), json_path("$.id").of_string()),
            "compare(jsonPath($.id).find, jsonPath($.id).find), the request has 7 of type int, the reply of type str",
        ),
        (json_field_equals("$.text").name("N"), "N, found nothing in the request"),
        (json_field_equals("$.ref").name("N"), "N, found nothing in the reply"),
        (compare(request=field("id"), reply=jmes_path("id")), None),
        (compare(json_path("$.list[*]").count(), jmes_path("list").transform(len), max), "_"),
        (compare(json_path("$.list[*]").count(), jmes_path("length(list)"), lambda a, b: a > b), None),
        (compare(body_length(), body_length(), lambda asked, got: got >= asked), None),
        (compare(json_path("$.id"), json_path("$.id"), lambda asked, got: "bad").name("N"), "N, bad"),
        (compare(json_path("$.id"), json_path("$.id"), disagree).name("N"), "N, no good"),
        (compare(json_path("$.id"), regex('"text":"(.)')).name("N"), "N, the request has 7, the reply a"),
        (
            compare(x_path("//id"), json_path("$.id")).name("N"),
            "N preparation crashed: the request is not XML: ",
        ),
        (
            compare(json_path("$.id").of_list(), json_path("$.id")).name("N"),
            "N extraction crashed: 7 is of type int, not list",
        ),
    ],
)  # fmt: skip
def test_values_of_request_and_reply_are_compared(check: object, message: str | None) -> None:
    """By whatever extractor; what is missing on either side fails."""
    failed = failure(REPLY, check, request=REQUEST)
    if message == "_":  # a function that returns neither a verdict nor a text
        assert "it returned '3'; return None, True, or the failure as text" in str(failed)
    elif message is None:
        assert failed is None
    else:
        assert str(failed).startswith(message)


def test_a_predicate_that_raises_is_named() -> None:
    """With its line."""
    failed = str(
        failure(REPLY, compare(field("id"), field("id"), leave).name("N"), request=REQUEST)
    )
    assert failed.startswith("N crashed: ")
    assert failed.endswith("SystemExit: 2")


@pytest.mark.parametrize(
    ("request_value", "reply", "message"),
    [
        (b"b", b"abc", None),
        (b"", b"abc", None),
        (b"\xff", b"a\xff", None),
        (b"z", b"abc", "responseContainsRequest(z), but actually found abc"),
        (None, b"abc", "responseContainsRequest(a tombstone), but actually found abc"),
        (b"b", None, "responseContainsRequest(b), but actually found a tombstone"),
        (None, None, "responseContainsRequest(a tombstone), but actually found a tombstone"),
    ],
)
def test_a_reply_may_have_to_contain_its_request(
    request_value: bytes | None, reply: bytes | None, message: str | None
) -> None:
    """As bytes."""
    assert failure(reply, response_contains_request(), request=request_value) == message
    named = failure(reply, response_contains_request().name("N"), request=request_value)
    assert (named is None) is (message is None)
    assert named is None or named.startswith("N, but ")


@pytest.mark.parametrize(
    ("check", "name"),
    [
        (response_equals(), "responseEquals"),
        (response_equals().name("Echo"), "Echo"),
        (response_contains_request(), "responseContainsRequest"),
        (json_field_equals("$.id"), "compare(jsonPath($.id).find, jsonPath($.id).find)"),
        (MessageCheck("M", object, None, object, None, lambda a, b: None), "M"),
        (check_if("#{yes}", response_equals()), "responseEquals"),
    ],
)
def test_what_reads_a_request_that_is_not_kept_fails_and_says_so(check: object, name: str) -> None:
    """It is not taken for a tombstone; checks of the reply alone are as ever."""
    forgotten = JSON._replace(kept=False)
    failed = failure(REPLY, check, request=None, requests=forgotten)
    assert failed == f"{name}: the value of the request is not kept, or nothing was sent"
    alone = MessageCheck("M", object, None, dict, None, lambda reply: None)
    assert failure(REPLY, alone, json_path("$.id"), requests=forgotten) is None


# --- hostile values ------------------------------------------------------------------------------


class Nasty:
    """Raises whatever is done with it."""

    def __str__(self) -> str:
        raise SystemExit(4)

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        raise KeyError("eq")

    def __hash__(self) -> int:
        raise KeyError("hash")


class Mute:
    """Is an object like any other, but cannot be written as text."""

    def __str__(self) -> str:
        raise SystemExit(4)


@pytest.mark.parametrize(
    "check",
    [
        body_string().is_(lambda session: Mute()),
        body_string().in_(lambda session: ["x", Mute()]),
        body_string().transform(lambda text: Mute()).is_("x"),
        body_string().transform(lambda text: Mute()).not_exists(),
        compare(body_string(), body_string().transform(lambda text: Mute())),
        body_string().transform(lambda text: Nasty()).is_("x"),
        body_string().transform(lambda text: Nasty()).not_exists(),
        body_string().transform(lambda text: Nasty()).lt(5),
        body_string().transform(lambda text: Nasty()).in_("x", "y"),
        body_string().is_(lambda session: Nasty()),
        body_string().in_(lambda session: [Nasty()]),
        body_string().satisfies(lambda text: Nasty()),  # type: ignore[arg-type, return-value]
        session_check("N", lambda session, reply: Nasty()),  # type: ignore[arg-type, return-value]
        check_if(lambda session: Nasty(), FAILS),  # type: ignore[arg-type, return-value]
        compare(body_string().transform(lambda text: Nasty()), body_string()),
        field(lambda reply: Nasty()).is_null(),
    ],
)
def test_values_that_raise_by_themselves_are_failed_checks(check: object) -> None:
    """With a message that is not long."""
    failed = failure(b'"x"', check, request=b'"x"')
    assert failed
    assert len(failed) < 1100


def test_no_message_is_longer_than_a_thousand_characters() -> None:
    """However long names, values, reasons and texts of exceptions are."""
    long = "x" * 20_000

    def talk(*_values: object) -> str:
        return long

    def fail(*_values: object) -> str:
        raise KeyError(long)

    for check in (
        body_string().is_("y").name(long),
        body_string().is_(long),
        body_string().in_(long, long + "y"),
        body_string().satisfies(talk),
        body_string().satisfies(fail),
        body_string().transform(fail),
        session_check("N", talk),
        MessageCheck("N", object, None, object, None, fail),
        regex(f"({long}|b)+z"),
        header(long),
        check_if(fail, body_string()),  # type: ignore[arg-type]
        compare(body_string(), body_string().transform(str.upper)),
    ):
        failed = failure(f'"{long}"'.encode(), check, request=b'"y"')
        assert failed is not None
        assert len(failed) <= 1001


def test_text_formats_serve_what_needs_no_json() -> None:
    """And JSON paths parse the text."""
    text = plain_format(SerializationType.STRING)
    checks = [json_path("$.id").is_(7), session_check("N", lambda s, reply: reply.startswith("{"))]
    assert failure(REPLY, *checks, requests=text, replies=text) is None


def told_apart(reply: Message, session: Session) -> bool:
    """Take two arguments."""
    return reply.offset == 44 and session is not None


def test_a_function_of_reply_and_session_is_known_by_its_arguments() -> None:
    """One that can be called with one is a function of the session."""
    assert failure(REPLY, check_if(told_apart, FAILS)) == NOTHING_FOUND
    assert failure(REPLY, check_if(lambda session, more=None: more is not None, FAILS)) is None
    assert judge(REPLY, check_if(lambda *both: len(both) == 2, FAILS)) == (SESSION, None)
