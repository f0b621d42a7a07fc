"""Checks as users write them compile to plans, and are refused where they make no sense."""

import re

import pytest

from gatlingpy.dsl.checks import (
    MessageCheck,
    SerializationType,
    as_check,
    body_bytes,
    body_string,
    json_path,
    regex,
    response_equals,
    substring,
)
from gatlingpy.errors import UsageError
from gatlingpy.plan.checks import (
    BodyExtract,
    Check,
    Expectation,
    ExtractCheck,
    Find,
    JsonPathExtract,
    MessageCheckPlan,
    RegexExtract,
    ResponseEqualsCheck,
    SubstringExtract,
    Transform,
    ValueType,
)
from gatlingpy.plan.code import CodeRef, CodeTable, Const, Template
from gatlingpy.plan.frozen import FrozenMap, thaw_points

TEXT, JSON = SerializationType.STRING, SerializationType.JSON


def compiled(check: object, code: CodeTable | None = None) -> Check:
    return as_check(check).compile("Pay/check-1", CodeTable() if code is None else code)


def plan_of(check: object) -> ExtractCheck:
    plan = compiled(check)
    assert isinstance(plan, ExtractCheck)
    return plan


def test_a_bare_extractor_expects_that_the_first_value_exists() -> None:
    plan = plan_of(json_path("$.id"))
    assert ExtractCheck(JsonPathExtract("$.id"), Find.FIRST, 0) == plan
    assert plan.expectation == Expectation.EXISTS


def test_save_as_on_an_extractor_expects_that_the_value_exists() -> None:
    assert plan_of(json_path("$.id").exists().save_as("x")) == plan_of(
        json_path("$.id").save_as("x")
    )


@pytest.mark.parametrize("pattern", ["#{2}", "#{2,}", "#{,3}", r"\#{id}", "#+"])
def test_a_regular_expression_may_repeat_or_escape_a_hash(pattern: str) -> None:
    assert plan_of(regex(pattern)).extract == RegexExtract(pattern, 0)


def test_every_extractor_has_its_plan() -> None:
    assert RegexExtract("a(b)", 1) == plan_of(regex("a(b)", group=1)).extract
    assert SubstringExtract("ok") == plan_of(substring("ok")).extract
    assert BodyExtract(TEXT) == plan_of(body_string()).extract
    assert BodyExtract(SerializationType.BYTE_ARRAY) == plan_of(body_bytes()).extract
    assert ResponseEqualsCheck("Echo") == compiled(response_equals().name("Echo"))


@pytest.mark.parametrize(
    ("check", "expectation", "expected"),
    [
        (json_path("$.a").is_("x"), Expectation.IS, Const("x")),
        (json_path("$.a").is_("#{x}"), Expectation.IS, Template("#{x}")),
        (json_path("$.a").is_([1, {"b": 2}]), Expectation.IS, Const((1, FrozenMap({"b": 2})))),
        (json_path("$.a").not_(1), Expectation.NOT, Const(1)),
        (json_path("$.a").in_(1, 2), Expectation.IN, Const((1, 2))),
        (json_path("$.a").in_([1, 2]), Expectation.IN, Const((1, 2))),
        (json_path("$.a").in_("x"), Expectation.IN, Const(("x",))),
        (json_path("$.a").in_("#{xs}"), Expectation.IN, Template("#{xs}")),
        (json_path("$.a").exists(), Expectation.EXISTS, Const(None)),
        (json_path("$.a").not_exists(), Expectation.NOT_EXISTS, Const(None)),
        (json_path("$.a").optional(), Expectation.OPTIONAL, Const(None)),
        (json_path("$.a").is_null(), Expectation.IS_NULL, Const(None)),
        (json_path("$.a").not_null(), Expectation.NOT_NULL, Const(None)),
        (json_path("$.a").lt(1), Expectation.LT, Const(1)),
        (json_path("$.a").lte(1), Expectation.LTE, Const(1)),
        (json_path("$.a").gt(1), Expectation.GT, Const(1)),
        (json_path("$.a").gte("#{n}"), Expectation.GTE, Template("#{n}")),
    ],
)
def test_every_validator_has_its_plan(
    check: object, expectation: Expectation, expected: object
) -> None:
    plan = plan_of(check)
    assert (expectation, expected) == (plan.expectation, plan.expected)
    assert thaw_points(plan) == []


def test_find_strategies_types_names_and_keys_reach_the_plan() -> None:
    plan = plan_of(json_path("$.a[*]").of_int().find(2).gt(1).name("third").save_as("n"))
    assert (plan.find, plan.occurrence, plan.value_type) == (Find.FIRST, 2, ValueType.INT)
    assert (plan.name, plan.save_as) == ("third", "n")
    assert Find.ALL is plan_of(json_path("$.a").find_all()).find
    assert Find.COUNT is plan_of(json_path("$.a").count().is_(3)).find


def test_functions_go_into_the_code_table_under_the_path() -> None:
    code = CodeTable()
    check = json_path("$.a").transform(len).is_(lambda s: s["n"])
    line = plan_of(check).where
    plan = compiled(check, code)
    assert isinstance(plan, ExtractCheck)
    assert plan.changes == (Transform(CodeRef("Pay/check-1/transform")),)
    assert code[CodeRef("Pay/check-1/transform")] is len
    assert isinstance(plan.expected, CodeRef)
    assert line == plan.expected.where


def test_builders_are_values() -> None:
    first = json_path("$.a")
    second = first.find_all()
    assert plan_of(first).find is Find.FIRST
    assert plan_of(second).find is Find.ALL
    assert plan_of(first) == plan_of(json_path("$.a"))


def test_message_check_takes_the_originals_order_and_keywords() -> None:
    def check(request: str, reply: dict[str, object]) -> str | None:
        return None if request in reply else "no"

    code = CodeTable()
    positional = MessageCheck("Echo", str, TEXT, dict[str, object], JSON, check)
    named = MessageCheck(
        name="Echo",
        request_type=str,
        request_serialization=TEXT,
        response_type=dict,
        response_serialization=JSON,
        check=check,
    )
    plan = compiled(positional, code)
    assert isinstance(plan, MessageCheckPlan)
    assert plan == compiled(named)
    assert (
        plan.name,
        plan.request_serialization,
        plan.response_serialization,
    ) == ("Echo", TEXT, JSON)
    assert code[plan.code] is check
    assert plan.request_type is not None
    assert plan.response_type is not None
    assert (str, dict) == (code[plan.request_type], code[plan.response_type])
    assert plan.where.startswith("test_checks.py:") or "/test_checks.py:" in plan.where


@pytest.mark.parametrize(
    ("write", "reason"),
    [
        (lambda: json_path("$.a["), "is no JSONPath: "),
        (lambda: json_path("a.b"), "does not start with $"),
        (lambda: json_path("$.a[?(@.id == '#{id}')]"), "cannot hold placeholders"),
        (lambda: json_path(""), "text that is not empty"),
        (lambda: json_path(5), "text that is not empty"),  # type: ignore[arg-type]
        (lambda: regex("a("), "is no regular expression: missing )"),
        (lambda: regex('"id":"#{id}"'), "cannot hold placeholders"),
        (lambda: regex("a(b)", group=2), "has no group 2; it has groups 0 to 1"),
        (lambda: substring(""), "text that is not empty"),
        (lambda: substring("#{a"), "no closing brace"),
        (lambda: json_path("$.a").find(-1), "whole number from 0"),
        (lambda: json_path("$.a").find(True), "whole number from 0"),
        (lambda: json_path("$.a").is_("#{}"), "names no attribute"),
        (lambda: json_path("$.a").is_(object()), "can change"),
        (lambda: json_path("$.a").is_(str), "can change"),
        (lambda: json_path("$.a").in_(), "the values that are allowed"),
        (lambda: json_path("$.a").in_("x", "#{y}"), "cannot mix '#{y}'"),
        (lambda: json_path("$.a").transform("upper"), "must be given a function"),  # type: ignore[arg-type]
        (lambda: json_path("$.a").satisfies(5), "must be given a function"),  # type: ignore[arg-type]
        (lambda: json_path("$.a").save_as(""), "text that is not empty"),
        (lambda: json_path("$.a").save_as("#{x}"), "without placeholders"),
        (lambda: as_check(lambda request, reply: None), "check(...) takes checks, got <function"),
        (lambda: as_check(re), "check(...) takes checks, got <module"),
        (lambda: as_check(MessageCheck), "check(...) takes checks, got <class"),
        (lambda: MessageCheck("", str, TEXT, str, TEXT, max), "needs a name, got ''"),
        (lambda: MessageCheck("N", TEXT, str, str, TEXT, max), "request_type of MessageCheck 'N'"),  # type: ignore[arg-type]
        (lambda: MessageCheck("N", str, "x", str, TEXT, max), "SerializationType.JSON"),  # type: ignore[arg-type]
        (lambda: MessageCheck("N", str, TEXT, 5, TEXT, max), "response_type of MessageCheck 'N'"),  # type: ignore[arg-type]
        (lambda: MessageCheck("N", str, TEXT, str, TEXT, 5), "needs a function (request, reply)"),  # type: ignore[arg-type]
    ],
)
def test_what_makes_no_sense_is_refused_with_the_users_line(write: object, reason: str) -> None:
    with pytest.raises(UsageError) as refused:
        write()  # type: ignore[operator]
    assert reason in str(refused.value)
    assert re.match(r"(\S*/)?test_checks\.py:\d+: ", str(refused.value))
