"""Checks as users write them compile to plans, and are refused where they make no sense."""

import re
from collections.abc import Callable

import pytest

from gatlingpy.dsl.checks import (
    MessageCheck,
    SerializationType,
    as_check,
    as_checks,
    body_bytes,
    body_string,
    check_if,
    compare,
    field,
    header,
    jmes_path,
    json_path,
    key,
    message_check,
    message_function,
    regex,
    response_equals,
    session_check,
    substring,
    x_path,
)
from gatlingpy.errors import UsageError
from gatlingpy.plan.checks import (
    BodyExtract,
    Check,
    Expectation,
    ExtractCheck,
    FieldExtract,
    Find,
    FunctionExtract,
    HeaderExtract,
    JmesPathExtract,
    JsonPathExtract,
    MessageCheckPlan,
    RegexExtract,
    ResponseEqualsCheck,
    SubstringExtract,
    Transform,
    ValueType,
    WithDefault,
    XPathExtract,
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


def test_every_further_extractor_has_its_plan() -> None:
    """Functions and types among them are names in the code table."""
    code = CodeTable()
    assert JmesPathExtract("a") == plan_of(jmes_path("a")).extract
    assert JmesPathExtract("a") == plan_of(jmes_path("a").find_all().find()).extract
    assert JmesPathExtract("a", items=True) == plan_of(jmes_path("a").count()).extract
    assert JmesPathExtract("a", items=True) == plan_of(jmes_path("a").find(0)).extract
    assert (
        XPathExtract("//o:a", FrozenMap({"o": "u"})) == plan_of(x_path("//o:a", {"o": "u"})).extract
    )
    assert RegexExtract("a") == plan_of(regex("a")).extract
    assert RegexExtract("(a)(b)", 1) == plan_of(regex("(a)(b)")).extract
    assert RegexExtract("(a)(b)", 0, 2) == plan_of(regex("(a)(b)").capture_groups(2)).extract
    assert HeaderExtract("h") == plan_of(header("h")).extract
    assert FieldExtract("a.b[0]") == plan_of(field("a.b[0]")).extract
    typed = compiled(field(dict, len), code)
    assert isinstance(typed, ExtractCheck)
    assert isinstance(typed.extract, FieldExtract)
    assert typed.extract.code is not None
    assert typed.extract.kind is not None
    assert (code[typed.extract.code], code[typed.extract.kind]) == (len, dict)
    own = message_function(len).extract_plan("Pay/id", code)
    assert own == FunctionExtract(CodeRef("Pay/id/function"))


def test_ways_to_choose_and_to_change_reach_the_plan() -> None:
    """In their order; the last way to choose counts."""
    code = CodeTable()
    check = (
        json_path("$.a[*]").find_all().find_random(3, fail_if_less=True)
        .transform(len).with_default("#{n}").transform_with_session(max).with_default(min)
    )  # fmt: skip
    plan = compiled(check, code)
    assert isinstance(plan, ExtractCheck)
    assert (plan.find, plan.occurrence, plan.fail_if_less) == (Find.SAMPLE, 3, True)
    assert plan.changes == (
        Transform(CodeRef("Pay/check-1/transform")),
        WithDefault(Template("#{n}")),
        Transform(CodeRef("Pay/check-1/transform~2"), with_session=True),
        WithDefault(CodeRef("Pay/check-1/default")),
    )
    assert Find.RANDOM is plan_of(json_path("$.a").find_random()).find
    validated = plan_of(json_path("$.a").validate("odd", max).name("n"))
    assert (validated.expectation, validated.operation) == (Expectation.VALIDATE, "odd")


def same(request: dict[str, object], reply: dict[str, object]) -> bool:
    """Compare."""
    return request == reply


def test_a_name_and_a_function_are_a_check_and_lists_are_flat() -> None:
    """Of request and reply, or of the reply alone."""
    checks = as_checks(
        key(), "same", same, [body_string(), (regex("a"),)], "alone", lambda reply: None
    )
    plans = [compiled(check) for check in checks]
    assert [type(plan) for plan in plans] == [
        ExtractCheck, MessageCheckPlan, ExtractCheck, ExtractCheck, MessageCheckPlan,
    ]  # fmt: skip
    named, alone = plans[1], plans[4]
    assert isinstance(named, MessageCheckPlan)
    assert isinstance(alone, MessageCheckPlan)
    assert (named.name, named.takes_request, alone.takes_request) == ("same", True, False)
    assert (named.request_serialization, named.response_serialization) == (JSON, JSON)
    assert (alone.response_serialization, alone.response_type) == (None, None)


class Order:
    """A value of a codec."""

    def check(self, request: bytes, reply: "str | None") -> None:
        """Be a method."""


def odd(request: "Nowhere", reply: str) -> None:  # type: ignore[name-defined]  # noqa: F821
    """Be annotated with what there is not."""


@pytest.mark.parametrize(
    ("function", "given", "request_kind", "reply_kind"),
    [
        (lambda request, reply: None, {}, (None, None), (None, None)),
        (same, {}, (dict, JSON), (dict, JSON)),
        (Order().check, {}, (bytes, SerializationType.BYTE_ARRAY), (None, TEXT)),
        (odd, {}, (None, None), (None, None)),
        (max, {}, (None, None), (None, None)),
        (same, {"request_type": str}, (str, TEXT), (dict, JSON)),
        (same, {"response_type": Order}, (dict, JSON), (Order, None)),
        (
            same,
            {"response_type": Order, "response_serialization": SerializationType.AVRO},
            (dict, JSON),
            (Order, SerializationType.AVRO),
        ),
        (
            lambda request, reply: None,
            {"request_type": list, "response_type": int},
            (list, JSON),
            (int, JSON),
        ),
    ],
)
def test_types_tell_how_values_are_read(
    function: Callable[..., None],
    given: dict[str, object],
    request_kind: tuple[type | None, SerializationType | None],
    reply_kind: tuple[type | None, SerializationType | None],
) -> None:
    """Those that are given, else those that the parameters are annotated with."""
    code = CodeTable()
    plan = compiled(message_check("n", **given)(function), code)  # type: ignore[arg-type]
    assert isinstance(plan, MessageCheckPlan)
    kinds = [None if ref is None else code[ref] for ref in (plan.request_type, plan.response_type)]
    assert request_kind == (kinds[0], plan.request_serialization)
    assert reply_kind == (kinds[1], plan.response_serialization)


def test_a_message_check_can_be_called_as_its_function() -> None:
    """So that it can be tested by itself."""
    assert message_check("n")(same)({"a": 1}, {"a": 1}) is True
    assert message_check("n")(lambda reply: f"no {reply}")("a", "b") == "no b"
    positional = MessageCheck("n", object, None, str, None, max)
    assert positional("a", "b") == "b"


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


def one_argument(_value: object) -> bool:
    """Take one argument, where two are given."""
    return True


async def awaited(*_values: object) -> None:
    """Be awaited by nobody."""


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
        (lambda: json_path("$.a").name(""), "text that is not empty"),
        (lambda: json_path("$.a").satisfies(lambda: True), "cannot be called with 1"),
        (lambda: json_path("$.a").satisfies(awaited), "not async"),
        (lambda: json_path("$.a").transform(lambda a, b: a), "cannot be called with 1"),
        (
            lambda: json_path("$.a").transform_with_session(len),
            "a function of the value and the session",
        ),
        (lambda: json_path("$.a").is_(lambda: 1), "a function of the session"),
        (lambda: json_path("$.a").with_default(object()), "can change"),
        (lambda: json_path("$.a").with_default("#{"), "no closing brace"),
        (lambda: json_path("$.a").validate("", bool), "text that is not empty"),
        (
            lambda: json_path("$.a").validate("n", one_argument),
            "a function of the value and the session",
        ),
        (lambda: json_path("$.a").find_random(0), "whole number from 1"),
        (lambda: json_path("$.a").find_random(True), "whole number from 1"),
        (lambda: jmes_path("a["), "is no JMESPath: "),
        (lambda: jmes_path(""), "text that is not empty"),
        (lambda: jmes_path("a[?id=='#{id}']"), "cannot hold placeholders"),
        (lambda: jmes_path("a").find(-1), "whole number from 0"),
        (lambda: x_path("//a["), "is no XPath: "),
        (lambda: x_path("//o:a"), "is no XPath: Undefined namespace prefix"),
        (lambda: x_path("nothing(//a)"), "is no XPath: Unregistered function"),
        (lambda: x_path("$id"), "is no XPath: Undefined variable"),
        (lambda: x_path("//a[@id='#{id}']"), "cannot hold placeholders"),
        (lambda: x_path("//a", {"": "urn:o"}), "a default namespace needs a prefix"),
        (lambda: x_path("//a", {"o": 5}), "a dict of prefixes and URIs"),  # type: ignore[dict-item]
        (lambda: x_path("//a", ["o"]), "a dict of prefixes and URIs"),  # type: ignore[arg-type]
        (lambda: regex("(a)(b)").capture_groups(3), "a whole number from 1 to 2"),
        (lambda: regex("(a)(b)").capture_groups(0), "a whole number from 1 to 2"),
        (lambda: header(""), "text that is not empty"),
        (lambda: field(""), "text that is not empty"),
        (lambda: field(".a"), "names no field: at '.a'"),
        (lambda: field("a..b"), "names no field: at '..b'"),
        (lambda: field("a[x]"), "names no field: at '[x]'"),
        (lambda: field("a b"), "names no field: at ' b'"),
        (lambda: field("__class__"), "names no field"),
        (lambda: field("a._b"), "names no field"),
        (lambda: field("a", "b"), "a type first, then the field"),
        (lambda: field(str), "must be given a function of the decoded reply"),
        (lambda: field(lambda: 1), "cannot be called with 1"),
        (lambda: field(5), "must be given a function of the decoded reply"),  # type: ignore[arg-type]
        (lambda: message_function("key"), "a function of the message"),  # type: ignore[arg-type]
        (
            lambda: compare("$.a", json_path("$.a")),
            "compare(request='$.a') must be given an extractor",
        ),  # type: ignore[arg-type]
        (lambda: compare(json_path("$.a"), json_path("$.a").exists()), "without an expectation"),  # type: ignore[arg-type]
        (
            lambda: compare(json_path("$.a"), key(), one_argument),
            "request's value and the reply's value",
        ),
        (lambda: compare(key(), key()), "the value of the request only"),
        (lambda: compare(message_function(len), key()), "the value of the request only"),
        (lambda: check_if("yes", key()), "is always the same"),
        (lambda: check_if(5, key()), "must be given a condition first"),  # type: ignore[arg-type]
        (lambda: check_if(key(), key()), "must be given a condition first"),  # type: ignore[arg-type]
        (lambda: check_if("#{a}", "b"), "check(...) takes checks, got 'b'"),
        (lambda: check_if(lambda a, b, c: True, key()), "cannot be called with 2"),
        (lambda: compiled(check_if("#{a}")), "has no checks; add .then(...)"),
        (lambda: session_check("", max), "text that is not empty"),
        (lambda: session_check("n", one_argument), "a function of the session and the reply"),
        (
            lambda: json_path("$.a").find(1).extract_plan("a", CodeTable()),
            "the first value as it is",
        ),
        (lambda: key().transform(str).extract_plan("a", CodeTable()), "the first value as it is"),
        (lambda: as_check(lambda request, reply: None), "check(...) takes checks, got <function"),
        (lambda: as_check(re), "check(...) takes checks, got <module"),
        (lambda: as_check(MessageCheck), "check(...) takes checks, got <class"),
        (lambda: as_checks(len), "check(...) takes checks, got <built-in function len>"),
        (lambda: as_checks(key(), "name"), "check(...) takes checks, got 'name'"),
        (lambda: as_checks("n", 5), "needs a function after the name, got 5"),
        (lambda: as_checks("name", key()), "needs a function after the name, got Extractor("),
        (lambda: as_checks("", max), "a MessageCheck needs a name"),
        (lambda: as_checks("n", lambda: None), "nor with the reply alone"),
        (lambda: as_checks("n", awaited), "is async"),
        (lambda: message_check("")(max), "a MessageCheck needs a name"),
        (lambda: message_check("n", 5)(max), "request_type of MessageCheck 'n'"),  # type: ignore[arg-type]
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
