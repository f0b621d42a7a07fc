"""Messages made for one user: what is constant is written once, the rest for each."""

import pytest

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import CodeTable, Const, Expr, Template
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.protocols.kafka.message import MessageTemplate
from gatlingpy.session import Session

ANN = Session("Shop", 1, {"id": 7, "topic": "orders", "nothing": None, "empty": ""})


PAY, REQUESTS, HELLO = Const("Pay"), Const("requests"), Const("hello")


def template(
    name: Expr = PAY,
    topic: Expr = REQUESTS,
    key: Expr | None = None,
    value: Expr = HELLO,
    serialization: SerializationType | None = None,
    code: CodeTable | None = None,
    **headers: Expr,
) -> MessageTemplate:
    return MessageTemplate(name, topic, key, value, headers, serialization, code or CodeTable())


def test_constants_are_the_same_for_every_user() -> None:
    """Each user gets headers of its own to add to."""
    make = template(key=Const(5)).make
    first, second = make(ANN), make(ANN)
    assert first == ("Pay", "requests", b"5", b"hello", [])
    assert first[4] is not second[4]


def test_every_part_may_depend_on_the_user() -> None:
    """Name, topic, key, value and headers."""
    code = CodeTable()
    ref = code.add("value", lambda s: {"id": s["id"]}, "sim.py:1")
    made = template(
        Template("Pay #{id}"), Template("#{topic}"), Template("#{id}"), ref, None, code,
        kind=Template("k-#{id}"), raw=Const(b"\x00"), number=Const(3),
    ).make(ANN)  # fmt: skip
    assert made == (
        "Pay 7", "orders", b"7", b'{"id":7}',
        [("kind", b"k-7"), ("raw", b"\x00"), ("number", b"3")],
    )  # fmt: skip


def test_a_value_of_none_is_a_tombstone_and_a_header_of_none_is_left_out() -> None:
    """A key of none is no key."""
    none = Template("#{nothing}")
    assert template(key=none, value=none, kind=none).make(ANN) == (
        "Pay", "requests", None, None, [],
    )  # fmt: skip
    assert template(value=Const(None)).make(ANN)[3] is None


def test_a_name_or_topic_that_comes_out_empty_is_refused() -> None:
    """It would be a request that nobody can find."""
    with pytest.raises(ExpressionError, match="the topic is empty"):
        template(topic=Template("#{empty}")).make(ANN)
    with pytest.raises(ExpressionError, match="the request's name is empty"):
        template(name=Template("#{empty}")).make(ANN)


def test_what_is_missing_or_raises_is_an_expression_error() -> None:
    """That names the attribute, or the line of the function."""
    with pytest.raises(ExpressionError, match="No attribute named 'who' is defined"):
        template(key=Template("#{who}")).make(ANN)
    code = CodeTable()
    ref = code.add("value", lambda s: 1 / 0, "sim.py:9")
    with pytest.raises(ExpressionError, match=r"sim\.py:9: ZeroDivisionError"):
        template(value=ref, code=code).make(ANN)
    with pytest.raises(ExpressionError, match="the header 'kind' must be text, bytes or a number"):
        template(kind=Template("#{list}")).make(ANN.set("list", [1]))


def test_a_constant_structure_is_written_once_as_json() -> None:
    """Frozen as it stands in the plan."""
    value = Const(FrozenMap({"a": (1, 2), "b": FrozenMap({"c": None})}))
    assert template(value=value).make(ANN)[3] == b'{"a":[1,2],"b":{"c":null}}'
