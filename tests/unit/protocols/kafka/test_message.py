"""Messages made for one user: what is constant is written once, the rest for each."""

from datetime import UTC, datetime

import pytest

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import CodeTable, Const, Expr, Template
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.protocols.kafka.encodings import Encodings
from gatlingpy.protocols.kafka.message import MessageTemplate
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.protocols.kafka.requests import KafkaSend
from gatlingpy.session import Session
from gatlingpy.testing.services import ManualServices

ANN = Session("Shop", 1, {"id": 7, "topic": "orders", "nothing": None, "empty": ""})


PAY, REQUESTS, HELLO = Const("Pay"), Const("requests"), Const("hello")


def template(
    name: Expr = PAY,
    topic: Expr = REQUESTS,
    key: Expr | None = None,
    value: Expr = HELLO,
    serialization: SerializationType | None = None,
    code: CodeTable | None = None,
    partition: Expr | None = None,
    timestamp: Expr | None = None,
    **headers: Expr,
) -> MessageTemplate:
    services = ManualServices()
    plan = KafkaSend(
        name=name, protocol="kafka", topic=topic, key=key, value=value,
        headers=FrozenMap(headers), partition=partition, timestamp=timestamp,
    )  # fmt: skip
    encodings = Encodings(KafkaProtocol(id="kafka"), services)
    return MessageTemplate(plan, topic, serialization, encodings, code or CodeTable())


def test_constants_are_the_same_for_every_user() -> None:
    """Each user gets headers of its own to add to."""
    make = template(key=Const(5)).make
    first, second = make(ANN), make(ANN)
    assert first == ("Pay", "requests", b"5", b"hello", [], -1, 0)
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
        [("kind", b"k-7"), ("raw", b"\x00"), ("number", b"3")], -1, 0,
    )  # fmt: skip


def test_a_value_of_none_is_a_tombstone_and_a_header_of_none_is_left_out() -> None:
    """A key of none is no key."""
    none = Template("#{nothing}")
    assert template(key=none, value=none, kind=none).make(ANN) == (
        "Pay", "requests", None, None, [], -1, 0,
    )  # fmt: skip
    assert template(value=Const(None)).make(ANN)[3] is None


def test_a_header_may_occur_more_than_once() -> None:
    """A list of values, constant or not, writes one header for each that is not none."""
    made = template(tag=Template("#{list}"), kind=Const(("x", 1))).make(
        ANN.set("list", [b"a", None, "b"])
    )
    assert made[4] == [("tag", b"a"), ("tag", b"b"), ("kind", b"x"), ("kind", b"1")]


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
        template(kind=Template("#{map}")).make(ANN.set("map", {"a": 1}))


def test_a_constant_structure_is_written_once_as_json() -> None:
    """Frozen as it stands in the plan."""
    value = Const(FrozenMap({"a": (1, 2), "b": FrozenMap({"c": None})}))
    assert template(value=value).make(ANN)[3] == b'{"a":[1,2],"b":{"c":null}}'


def test_a_partition_and_a_timestamp_may_be_chosen() -> None:
    """The partition as a number, the timestamp in seconds; both may depend on the user."""
    made = template(partition=Template("#{id}"), timestamp=Const(1_700_000_000.25)).make(ANN)
    assert made[5:] == (7, 1_700_000_000_250)
    moment = ANN.set("when", datetime(2024, 1, 1, tzinfo=UTC))
    assert template(timestamp=Template("#{when}")).make(moment)[6] == 1_704_067_200_000


@pytest.mark.parametrize("wrong", [-1, 1.5, True, "first", None, 2**31])
def test_a_partition_must_be_a_number_from_0(wrong: object) -> None:
    """Anything else is told before it is sent."""
    with pytest.raises(ExpressionError, match="the partition must be a whole number from 0"):
        template(partition=Template("#{p}")).make(ANN.set("p", wrong))


@pytest.mark.parametrize("wrong", [0, 1_700_000_000_000, "soon", None, True])
def test_a_timestamp_must_be_epoch_seconds(wrong: object) -> None:
    """Milliseconds are told apart by their size."""
    with pytest.raises(ExpressionError, match="the timestamp must be epoch seconds"):
        template(timestamp=Template("#{t}")).make(ANN.set("t", wrong))
