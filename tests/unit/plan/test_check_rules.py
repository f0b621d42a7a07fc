"""What checks need of a run is known before it, and how a printed plan shows them."""

import pytest

from gatlingpy.dsl.checks import (
    MessageCheck,
    as_checks,
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
    substring,
    timestamp,
    x_path,
)
from gatlingpy.plan.check_rules import payload_problems, reads_request, reads_session, saved_keys
from gatlingpy.plan.check_words import shown_check
from gatlingpy.plan.checks import Check
from gatlingpy.plan.code import CodeTable


def compiled(*checks: object) -> Check:
    (check,) = as_checks(*checks)
    return check.compile("Pay/check", CodeTable())


@pytest.mark.parametrize(
    ("check", "of_request", "of_session"),
    [
        (json_path("$.a").is_(1), False, False),
        (json_path("$.a").satisfies(bool), False, False),
        (json_path("$.a").transform(len).with_default(1).save_as("a"), False, False),
        (json_path("$.a").is_("#{a}"), False, True),
        (json_path("$.a").is_(lambda session: 1), False, True),
        (json_path("$.a").validate("n", max), False, True),
        (json_path("$.a").with_default("#{a}"), False, True),
        (json_path("$.a").transform_with_session(max), False, True),
        (substring("#{a}"), False, True),
        (substring("a"), False, False),
        (response_equals(), True, False),
        (response_contains_request(), True, False),
        (json_field_equals("$.a"), True, False),
        (compare(json_path("$.a").with_default("#{a}"), key()), True, True),
        (compare(json_path("$.a"), key().transform_with_session(max)), True, True),
        (MessageCheck("n", str, None, str, None, max), True, False),
        (["n", lambda reply: None], False, False),
        (session_check("n", max), False, True),
        (check_if("#{a}", key()), False, True),
        (check_if("#{a}", key(), check_if("#{b}", response_equals())), True, True),
    ],
)
def test_what_a_check_needs(check: object, of_request: bool, of_session: bool) -> None:
    """The value of the request, and the session as the checks before left it."""
    plan = compiled(check)
    assert reads_request(plan) is of_request
    assert reads_session(plan) is of_session
    problems = list(payload_problems("Pay", [plan]))
    assert len(problems) == of_request
    assert all("take away .skip_payload_storage(), or the check" in text for text in problems)


def test_what_checks_save() -> None:
    """Also those that are asked only sometimes."""
    saving = check_if("#{a}", key().save_as("x"), check_if("#{b}", body().save_as("y"), body()))
    assert list(saved_keys(compiled(saving))) == ["x", "y"]
    assert list(saved_keys(compiled(response_equals()))) == []


@pytest.mark.parametrize(
    ("check", "shown"),
    [
        (json_path("$.a"), "$.a exists"),
        (json_path("$.a").is_("x").save_as("a"), "$.a is x → a"),
        (json_path("$.a[*]").find_all().not_("#{a}"), "$.a[*] findAll not #{a}"),
        (json_path("$.a").find(2).transform(len).lt(1), "$.a find(2).transform lessThan 1"),
        (
            json_path("$.a").find_random(2).validate("odd", max),
            "$.a findRandom(2, false) odd code max",
        ),
        (jmes_path("a.b"), "jmesPath(a.b) exists"),
        (x_path("//a"), "xpath(//a) exists"),
        (regex("a(b)").count().gt(1), "regex(a(b)) count greaterThan 1"),
        (substring("a"), "substring(a) exists"),
        (header("h"), "header(h) exists"),
        (field("a.b"), "field(a.b) exists"),
        (field(len), "field(len) exists"),
        (message_function(len), "function(len) exists"),
        (key(), "key exists"),
        (partition(), "partition exists"),
        (offset(), "offset exists"),
        (timestamp(), "timestamp exists"),
        (body(), "body exists"),
        (body_string(), "bodyString exists"),
        (body_bytes(), "bodyBytes exists"),
        (body_length(), "bodyLength exists"),
        (md5(), "md5 exists"),
        (MessageCheck("n", str, None, str, None, max), "n"),
        (session_check("mine", max), "mine"),
        (response_equals(), "responseEquals"),
        (response_equals().name("echo"), "echo"),
        (response_contains_request(), "responseContainsRequest"),
        (json_field_equals("$.a", "$.b"), "compare(jsonPath($.a).find, jsonPath($.b).find)"),
        (check_if("#{a}", key(), response_equals()), "if #{a}: key exists, responseEquals"),
    ],
)
def test_a_check_is_shown_in_one_line(check: object, shown: str) -> None:
    """As what it looks at, what it expects, and what it saves."""
    assert shown_check(compiled(check)) == shown
