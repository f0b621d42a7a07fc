"""What a reply makes of the user that waits for it: passes, failures with their words, saves."""

import re
from collections.abc import Callable

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonpath_ng.ext import parse

from gatlingpy.dsl.checks import (
    MessageCheck,
    SerializationType,
    as_check,
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
    key,
    md5,
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
from gatlingpy.errors import CheckFailed
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.json_path import MISSING, compile_json_path
from gatlingpy.session import Session
from gatlingpy.spi import Message, PlainMessage
from gatlingpy.tracking import decoding
from gatlingpy.tracking.decoding import plain_format
from gatlingpy.tracking.verdict import Verdict, compile_verdict

TEXT, JSON = SerializationType.STRING, SerializationType.JSON
SESSION = Session("Pay", 1, {"id": 5, "text": "5", "ids": [4, 5]})


def verdict_of(*checks: object) -> Verdict:
    code = CodeTable()
    plans = [as_check(check).compile(f"check-{i}", code) for i, check in enumerate(checks)]
    verdict = compile_verdict(plans, code, requests=plain_format(JSON), replies=plain_format(JSON))
    assert verdict is not None
    return verdict


def reply(value: bytes | None) -> Message:
    return PlainMessage("replies", b"key", value, (), 0, 1, 2)


def judge(
    body: object, *checks: object, request: bytes | None = b"", session: Session = SESSION
) -> tuple[Session, str | None]:
    value = body if isinstance(body, bytes) or body is None else orjson.dumps(body)
    return verdict_of(*checks)(request, reply(value), session)


def failure(body: object, *checks: object, request: bytes | None = b"") -> str | None:
    return judge(body, *checks, request=request)[1]


def test_no_checks_make_no_verdict() -> None:
    none = compile_verdict([], CodeTable(), requests=plain_format(TEXT), replies=plain_format(TEXT))
    assert none is None


NESTED = {"id": 5, "name": "Ann", "yes": True, "no": None, "xs": [1, 2, 3], "o": {"p": [{"q": 7}]}}


@pytest.mark.parametrize(
    "check",
    [
        json_path("$.id"),
        json_path("$.id").is_(5),
        json_path("$.id").is_("#{id}"),
        json_path("$.id").is_(lambda s: s["id"]),
        json_path("$.id").of_string().is_("#{text}"),
        json_path("$.id").not_(6),
        json_path("$.id").not_(True),
        json_path("$.nothing").not_(6),
        json_path("$.id").in_(4, 5),
        json_path("$.id").in_("#{ids}"),
        json_path("$.id").lt(6),
        json_path("$.id").lte(5.0),
        json_path("$.id").gt(4),
        json_path("$.id").gte("#{id}"),
        json_path("$.name").gt("Amy"),
        json_path("$.no").exists(),
        json_path("$.no").is_null(),
        json_path("$.no").is_(None),
        json_path("$.name").not_null(),
        json_path("$.nothing").not_exists(),
        json_path("$.nothing").optional(),
        json_path("$.nothing").count().is_(0),
        json_path("$.xs[*]").count().is_(3),
        json_path("$.xs[*]").of_string().count().is_(3),
        json_path("$.name[0]").not_exists(),
        json_path("$.xs[*]").find(1).is_(2),
        json_path("$.xs[*]").find_all().is_([1, 2, 3]),
        json_path("$.xs").is_([1, 2, 3]),
        json_path("$.xs[-1]").is_(3),
        json_path("$.o").is_({"p": [{"q": 7}]}),
        json_path("$.o.p[0]['q']").is_(7),
        json_path("$..q").is_(7),
        json_path("$.xs[?(@ > 1)]").find_all().is_([2, 3]),
        json_path("$.yes").of_boolean().is_(True),
        json_path("$.id").of_float().is_(5.0),
        json_path("$.o").of_string().is_('{"p":[{"q":7}]}'),
        json_path("$.name").transform(str.upper).is_("ANN"),
        json_path("$.nothing").transform(str.upper).not_exists(),
        json_path("$.id").satisfies(lambda value: None),
        json_path("$.id").satisfies(lambda value: value == 5),
        json_path("$.id").satisfies(bool),
        json_path("$.id").transform(str).is_("5"),
        json_path("$.xs").is_((1, 2, 3)),
        json_path("$.yes").not_(1),
        regex("(z)?n", group=1).not_exists(),
        regex('"name":"(.*?)"', group=1).is_("Ann"),
        regex(r"\d").count().is_(5),
        regex(r"\d").find(1).is_("1"),
        regex("z").not_exists(),
        substring("Ann").exists(),
        substring("Ann").is_(16),
        substring("#{text}").count().is_(1),
        substring('"').count().gt(10),
        body_string().satisfies(lambda text: text.startswith("{")),
        body_bytes().transform(len).gt(50),
    ],
)
def test_what_passes(check: object) -> None:
    assert judge(NESTED, check) == (SESSION, None)


def crash(*_values: object) -> None:
    raise KeyError("status")


def fail(_value: object) -> None:
    raise CheckFailed("no good")


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (json_path("$.id").is_(6), "jsonPath($.id).find.is(6), but actually found 5"),
        (json_path("$.x"), "jsonPath($.x).find.exists, found nothing"),
        (json_path("$.x").is_(6), "jsonPath($.x).find.is(6), found nothing"),
        (
            json_path("$.id").is_("#{text}"),
            "jsonPath($.id).find.is(5), but actually found 5 of type int, not str",
        ),
        (
            json_path("$.xs").is_([True, 2, 3]),
            "jsonPath($.xs).find.is([True, 2, 3]), but actually found [1, 2, 3]",
        ),
        (
            json_path("$.o").is_({"p": [{"q": 7.5}]}),
            "jsonPath($.o).find.is({'p': [{'q': 7.5}]}), but actually found {'p': [{'q': 7}]}",
        ),
        (json_path("$.yes").is_(1), "jsonPath($.yes).find.is(1), but actually found True"),
        (
            json_path("$.id").is_("#{gone}"),
            "jsonPath($.id).find.is(#{gone}) crashed: No attribute named 'gone' is defined",
        ),
        (json_path("$.id").not_(5), "jsonPath($.id).find.not(5), unexpectedly found 5"),
        (json_path("$.id").in_(6, 7), "jsonPath($.id).find.in(6,7), but actually found 5"),
        (
            json_path("$.id").in_("#{text}"),
            "jsonPath($.id).find.in(#{text}) crashed: 5 is of type str, no list",
        ),
        (json_path("$.id").not_exists(), "jsonPath($.id).find.notExists, unexpectedly found 5"),
        (json_path("$.id").is_null(), "jsonPath($.id).find.isNull, but actually found 5"),
        (json_path("$.x").is_null(), "jsonPath($.x).find.isNull, found nothing"),
        (json_path("$.no").not_null(), "jsonPath($.no).find.notNull, but actually found None"),
        (json_path("$.id").lt(5), "jsonPath($.id).find.lessThan(5), 5 is not less than 5"),
        (
            json_path("$.id").gte(6),
            "jsonPath($.id).find.greaterThanOrEqual(6), 5 is not greater than or equal to 6",
        ),
        (json_path("$.x").gt(6), "jsonPath($.x).find.greaterThan(6), can't compare nothing and 6"),
        (
            json_path("$.name").gt(6),
            "jsonPath($.name).find.greaterThan(6), can't compare Ann (str) and 6 (int)",
        ),
        (
            json_path("$.yes").lte(6),
            "jsonPath($.yes).find.lessThanOrEqual(6), can't compare True (bool) and 6 (int)",
        ),
        (json_path("$.xs[*]").find(3), "jsonPath($.xs[*]).find(3).exists, found nothing"),
        (json_path("$.y[*]").find_all(), "jsonPath($.y[*]).findAll.exists, found nothing"),
        (
            json_path("$.xs[*]").count().is_(2),
            "jsonPath($.xs[*]).count.is(2), but actually found 3",
        ),
        (
            json_path("$.name").of_int(),
            'jsonPath($.name).find.exists extraction crashed: "Ann" is of type str, not int',
        ),
        (
            json_path("$.yes").of_int(),
            "jsonPath($.yes).find.exists extraction crashed: true is of type bool, not int",
        ),
        (json_path("$.id").is_(6).name("the id"), "the id, but actually found 5"),
        (
            json_path("$.id").satisfies(lambda value: f"{value} is odd"),
            "jsonPath($.id).find.satisfies, 5 is odd",
        ),
        (
            json_path("$.id").satisfies(lambda value: False),
            "jsonPath($.id).find.satisfies, but actually found 5",
        ),
        (json_path("$.x").satisfies(crash), "jsonPath($.x).find.satisfies, found nothing"),
        (json_path("$.id").satisfies(fail), "jsonPath($.id).find.satisfies, no good"),
        (regex("z+"), "regex(z+).find.exists, found nothing"),
        (substring("zz"), "substring(zz).find.exists, found nothing"),
        (substring("#{text}0").exists(), "substring(#{text}0).find.exists, found nothing"),
        (
            substring("#{gone}"),
            "substring(#{gone}).find.exists extraction crashed: No attribute named 'gone' is defined",
        ),
        (
            body_string().is_("x"),
            f"bodyString.find.is(x), but actually found {orjson.dumps(NESTED).decode()}",
        ),
    ],
)
def test_what_fails_and_in_which_words(check: object, message: str) -> None:
    assert (SESSION, message) == judge(NESTED, check)


@pytest.mark.parametrize(
    ("check", "head", "tail"),
    [
        (
            json_path("$.id").satisfies(crash),
            "jsonPath($.id).find.satisfies crashed: ",
            ": KeyError: 'status'",
        ),
        (
            json_path("$.id").transform(crash).is_(1),
            "jsonPath($.id).find.transform.is(1) extraction crashed: transform crashed: ",
            ": KeyError: 'status'",
        ),
        (
            json_path("$.id").satisfies(lambda value: value),
            "jsonPath($.id).find.satisfies crashed: ",
            ": it returned '5'; return None, True, or the failure as text",
        ),
        (
            json_path("$.id").is_(lambda s: s["gone"]),
            "jsonPath($.id).find.is(",
            ": No attribute named 'gone' is defined",
        ),
        (
            MessageCheck("Deep", str, TEXT, dict, JSON, lambda request, reply: reply["gone"]),
            "Deep crashed: ",
            ": KeyError: 'gone'",
        ),
    ],
)
def test_a_function_that_raises_fails_the_check_and_is_named(
    check: object, head: str, tail: str
) -> None:
    message = failure(NESTED, check)
    assert message is not None
    assert message.startswith(head)
    assert message.endswith(tail)
    assert "test_verdict.py:" in message


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (None, "the reply is a tombstone: it has no value"),
        (b"{", "the reply is not JSON: "),
        (b"", "the reply is not JSON: "),
        (b'{"id": "\xff"}', "the reply is not JSON: "),
    ],
)
@pytest.mark.parametrize(
    "check",
    [
        json_path("$.id"),
        json_path("$.id").not_exists(),
        json_path("$.id").optional().save_as("x"),
        json_path("$.id").count().is_(0),
        json_path("$..id").not_exists(),
    ],
)
def test_a_reply_that_is_no_json_fails_every_json_check(
    body: bytes | None, reason: str, check: object
) -> None:
    session, message = judge(body, check)
    assert session is SESSION
    assert message is not None
    assert f" preparation crashed: {reason}" in message


def test_a_wrong_encoding_fails_text_checks() -> None:
    message = "substring(a).find.exists preparation crashed: the reply is not UTF-8 text: "
    assert failure(b"a\xff", substring("a")) == f"{message}invalid start byte at position 1"


def test_true_is_not_1_however_deep_it_lies() -> None:
    body = {"a": [{"b": True}]}
    assert failure(body, json_path("$").is_(body)) is None
    assert failure(body, json_path("$").is_({"a": [{"b": 1}]})) is not None


def test_a_long_value_is_cut_in_a_message() -> None:
    message = failure(b"x" * 1000, body_string().is_("y"))
    assert message == f"bodyString.find.is(y), but actually found {'x' * 200}…"


def test_places_of_a_text_do_not_overlap() -> None:
    places = substring("aa").find_all().is_([0, 2])
    assert failure(b"aaaaa", places) is None
    everywhere = substring("#{id}").count().is_(3)
    assert judge(b"ab", everywhere, session=SESSION.set("id", ""))[1] is None


def test_a_tombstone_has_no_body() -> None:
    assert failure(None, body_string().not_exists()) is None
    assert failure(None, body_string()) == "bodyString.find.exists, found nothing"
    assert (
        failure(None, regex("a"))
        == "regex(a).find.exists preparation crashed: the reply is a tombstone: it has no value"
    )


def test_every_check_is_evaluated_the_first_failure_wins_and_passing_ones_save() -> None:
    called = []
    session, message = judge(
        NESTED,
        json_path("$.id").save_as("first"),
        json_path("$.id").is_(6).save_as("second"),
        json_path("$.x").exists().save_as("third"),
        json_path("$.x").optional().save_as("fourth"),
        json_path("$.name").satisfies(called.append).save_as("fifth"),
    )
    assert message == "jsonPath($.id).find.is(6), but actually found 5"
    assert {k: v for k, v in session.attributes.items() if k not in SESSION} == {
        "first": 5,
        "fifth": "Ann",
    }
    assert called == ["Ann"]


def test_a_later_check_sees_what_earlier_ones_saved() -> None:
    session, message = judge(
        NESTED, json_path("$.id").save_as("fresh"), json_path("$.id").is_("#{fresh}").save_as("b")
    )
    assert message is None
    assert (session["fresh"], session["b"]) == (5, 5)


def test_a_payload_is_decoded_once_a_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = []
    loads = orjson.loads
    monkeypatch.setattr(decoding.orjson, "loads", lambda data: loaded.append(data) or loads(data))
    passes = MessageCheck("M", dict, JSON, dict, JSON, lambda request, reply: None)
    checks = [json_path("$.id"), json_path("$..id"), passes, passes]
    assert failure(b'{"id":1}', *checks, request=b'{"id":2}') is None
    assert loaded == [b'{"id":1}', b'{"id":2}']
    loaded.clear()
    assert failure(b"{", *checks, request=b"{") is not None
    assert loaded == [b"{", b"{"]


def test_response_equals_compares_bytes() -> None:
    assert failure(b"\xff\x00", response_equals(), request=b"\xff\x00") is None
    assert failure(None, response_equals(), request=None) is None
    assert failure(b"ab", response_equals(), request=b"ac") is not None
    assert (
        failure(b"\xff", response_equals(), request=b"a")
        == r"responseEquals(a), but actually found \xff"
    )
    assert (
        failure(None, response_equals().name("Echo"), request=b"a")
        == "Echo, but actually found a tombstone"
    )


# --- MessageCheck --------------------------------------------------------------------------------


def message_check(
    check: Callable[..., bool | str | None],
    types: tuple[type[object], type[object]] = (str, dict),
    serializations: tuple[SerializationType, SerializationType] = (TEXT, JSON),
) -> MessageCheck:
    return MessageCheck("Echo", types[0], serializations[0], types[1], serializations[1], check)


@pytest.mark.parametrize("passing", [None, True])
def test_a_message_check_passes_with_none_or_true(passing: bool | None) -> None:
    seen = []
    check = message_check(lambda request, reply: seen.append((request, reply)) or passing)
    assert failure(b'{"a":1}', check, request=b"hello") is None
    assert seen == [("hello", {"a": 1})]


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (lambda request, reply: "no echo", "no echo"),
        (lambda request, reply: False, "Echo"),
        (lambda request, reply: "", "Echo"),
        (lambda request, reply: fail(reply), "no good"),
    ],
)
def test_a_message_check_fails_with_its_text_or_its_name(
    check: Callable[..., bool | str | None], message: str
) -> None:
    assert message == failure(b'{"a":1}', message_check(check))


@pytest.mark.parametrize(
    ("request_value", "body", "message"),
    [
        (b"x", b"[1]", "Echo: the reply is of type list, not of type dict"),
        (b"x", b"[", "Echo: the reply is not JSON: "),
        (b"\xff", b"{}", "Echo: the request is not UTF-8 text: "),
        (b"x", None, "Echo: the reply is a tombstone, not of type dict"),
        (None, b"{}", "Echo: the request is a tombstone, not of type str"),
    ],
)
def test_a_message_check_is_not_called_with_another_type(
    request_value: bytes | None, body: bytes | None, message: str
) -> None:
    failed = failure(body, message_check(crash), request=request_value)
    assert failed is not None
    assert failed.startswith(message)


def test_a_message_check_may_ask_for_a_tombstone() -> None:
    check = message_check(lambda request, reply: reply is None, types=(str, object))
    assert failure(None, check) is None


# --- JSONPath ------------------------------------------------------------------------------------

KEYS = st.sampled_from(["a", "b", "c-d", "true", "null", "*", "e f", "len"])
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)
STEPS = (
    st.sampled_from([".a", ".b", ".c-d", ".true", ".null", ".len"])
    | KEYS.map(lambda key: f"['{key}']")
    | KEYS.map(lambda key: f'["{key}"]')
    | st.integers(-3, 3).map(lambda index: f"[{index}]")
)


@settings(deadline=None)
@given(DOCUMENTS, st.lists(STEPS, max_size=4).map(lambda steps: "$" + "".join(steps)))
def test_a_plain_path_finds_what_jsonpath_ng_finds(document: object, path: str) -> None:
    plain = compile_json_path(path)
    expected = [found.value for found in parse(path).find(document)]
    assert expected == plain.find_all(document)
    first = plain.first(document)
    assert first is (expected[0] if expected else MISSING) or first == expected[0]


EVERYWHERE = [
    json_path("$.a"),
    json_path("$.a.b"),
    json_path("$..a").of_list(),
    json_path("$.b[?(@.a > 1)]"),
    jmes_path("a.b"),
    jmes_path("sort(a)"),
    jmes_path("b[?a > `1`]").find_all(),
    x_path("//a"),
    x_path("//@a"),
    x_path("sum(//a)"),
    regex("a+"),
    regex("(a)|(b)").capture_groups(2),
    substring("a"),
    field("a.b[0]"),
    field(lambda value: value["a"]),
    field(dict, "a"),
    header("h"),
    key(),
    partition(),
    timestamp(),
    offset(),
    body(),
    body_string(),
    body_bytes(),
    body_length(),
    md5(),
    sha1(),
    message_function(lambda message: message.value.decode()),
]
EVERYTHING = [
    check
    for place in EVERYWHERE
    for found in (place, place.find(1), place.find_all(), place.find_random(2), place.count())
    for check in (
        found.is_("x"),
        found.in_(1, "a").save_as("v"),
        found.gt(1),
        found.with_default("#{id}").transform(len).not_(1),
        found.validate("any", lambda value, session: value == session["id"]),
    )
]
BODIES = (
    st.binary(max_size=40)
    | DOCUMENTS.map(orjson.dumps)
    | st.text("<>/ab &;=\"'![]-?", max_size=30).map(str.encode)
    | st.text(max_size=20).map(lambda text: f"<a b='1'>{text}</a>".encode())
)
VERDICT = verdict_of(
    *EVERYTHING,
    response_equals(),
    response_contains_request(),
    json_field_equals("$.a"),
    compare(x_path("//a"), jmes_path("a"), lambda asked, got: asked < got),
    check_if(lambda message, session: message.value[0] == session["id"], json_path("$.a")),
    session_check("S", lambda session, reply: reply["a"] == session["id"]),
    MessageCheck("M", dict, JSON, dict, JSON, lambda request, reply: request["a"]),
)


@settings(deadline=None)
@given(
    st.none() | BODIES,
    st.none() | BODIES,
    st.none() | st.binary(max_size=5),
    st.lists(st.tuples(st.sampled_from(["h", "g"]), st.none() | st.binary(max_size=5)), max_size=3),
)
def test_no_message_makes_a_verdict_raise(
    request: bytes | None,
    body: bytes | None,
    key: bytes | None,
    headers: list[tuple[str, bytes | None]],
) -> None:
    """Whatever request and reply hold, it is a session and a message that is not long."""
    answer = PlainMessage("replies", key, body, headers, 0, 1, 2)
    session, message = VERDICT(request, answer, SESSION)
    assert isinstance(session, Session)
    assert message
    assert len(message) <= 1001


VERDICTS = [verdict_of(check) for check in EVERYTHING[::3]]


@settings(deadline=None, max_examples=30)
@given(st.none() | BODIES)
def test_each_check_alone_says_what_it_found_wrong(body: bytes | None) -> None:
    """Under its own name, in Gatling's words."""
    for verdict in VERDICTS:
        message = verdict(b"", reply(body), SESSION)[1]
        assert message is None or re.match(r"\w+(\(.*?\))?\.(find|count)", message)
        assert message is None or "Traceback" not in message
