"""Functions of the user's own, and single values as the Java client writes them."""

from collections.abc import Callable
from uuid import UUID

import orjson
import pytest
from confluent_kafka.serialization import Serializer, StringSerializer

from gatlingpy.errors import ExpressionError, UsageError
from gatlingpy.protocols.kafka.codecs.function_codecs import FunctionCodec, PrimitiveCodec
from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.tracking.decoding import Unreadable
from tests.unit.protocols.kafka.codecs.registry_side import Stage, read, tree


class JavaLike:
    """Has the methods of Java's interfaces, in Java's order."""

    def serialize(self, topic: str, value: object) -> bytes:
        return f"{topic}:{value}".encode()

    def deserialize(self, topic: str, data: bytes) -> object:
        return topic, data.decode()


class Remembering(Serializer):
    """One of Confluent's own kind."""

    def __call__(self, obj: object, ctx: object = None) -> bytes:
        return f"{obj} to {ctx.topic} {ctx.field}".encode()  # type: ignore[attr-defined]


def fail(value: object) -> bytes:
    raise LookupError(f"no {value}")


@pytest.mark.parametrize(
    ("serializer", "written"),
    [
        (lambda value: b"<%d>" % value, b"<7>"),
        (str, b"7"),
        (orjson.dumps, b"7"),
        (lambda value: bytearray(b"b"), b"b"),
        (lambda value, topic: f"{topic}={value}", b"orders=7"),
        (lambda value, topic="x": topic.encode(), b"orders"),
        (JavaLike, b"orders:7"),
        (JavaLike(), b"orders:7"),
        (Remembering(), b"7 to orders value"),
    ],
)
def test_a_function_writes_values(serializer: object, written: bytes) -> None:
    """It is given the topic if it takes it; objects with Java's method will do, and Confluent's."""
    stage = Stage(kafka().bootstrap_servers("fake:9092").value_serializer(serializer))  # type: ignore[arg-type]
    assert stage.write()(7, "orders") == written
    assert stage.write(FunctionCodec(serializer))(7, "orders") == written  # type: ignore[arg-type]


def test_confluents_own_serializers_are_given_their_context() -> None:
    """Rather than the topic."""
    assert Stage().write(FunctionCodec(StringSerializer("utf_8")))("x", "orders") == b"x"


@pytest.mark.parametrize(
    ("serializer", "said"),
    [
        (fail, r"the serializer at .*test_functions\.py:\d+ raised LookupError: no 7"),
        (
            lambda value: value,
            r"the serializer at .*test_functions\.py:\d+ returned a int, not bytes",
        ),
    ],
)
def test_a_function_that_fails_is_named(serializer: object, said: str) -> None:
    """With its line."""
    with pytest.raises(ExpressionError, match=said):
        Stage().write(FunctionCodec(serializer))(7, "orders")  # type: ignore[arg-type]


def test_a_function_reads_replies() -> None:
    """It is given the topic if it takes it; what it gives is looked at by fields and by paths."""
    stage = Stage(kafka().bootstrap_servers("fake:9092").value_deserializer(JavaLike))
    form = stage.replies()
    assert form.serialization == "custom"
    assert read(form, b"x") == ("done", "x")
    assert tree(form, b"x") == ["done", "x"]
    assert read(stage.replies(FunctionCodec(None, len)), b"abc") == 3
    assert tree(stage.replies(FunctionCodec(None, lambda data: data.decode())), b'{"a":1}') == {
        "a": 1
    }
    assert tree(stage.replies(FunctionCodec(None, lambda data: data)), b'{"a":1}') == {"a": 1}


def test_a_deserializer_that_fails_fails_the_check() -> None:
    """With what it raised; a tombstone never reaches it."""
    form = Stage().replies(FunctionCodec(None, fail))
    with pytest.raises(
        Unreadable, match=r"the reply cannot be decoded: .*py:\d+: LookupError: no b'x'"
    ):
        read(form, b"x")
    with pytest.raises(Unreadable, match="tombstone"):
        read(form, None)


def test_requests_are_read_as_replies_are_where_nothing_else_can() -> None:
    """A serializer alone cannot read: the deserializer does, else it is text."""
    protocol = kafka().bootstrap_servers("fake:9092").value_serializer(lambda value: b"x")
    assert read(Stage(protocol).requests(), b"ab") == "ab"
    both = Stage(protocol.value_deserializer(lambda data: data * 2))
    assert read(both.requests(), b"ab") == b"abab"


@pytest.mark.parametrize("given", [7, "text", [len]])
def test_what_cannot_be_called_is_refused(given: object) -> None:
    """With the user's line."""
    with pytest.raises(
        UsageError, match=r"test_functions\.py:\d+: FunctionCodec\(encode=\.\.\.\) takes a function"
    ):
        FunctionCodec(given)  # type: ignore[arg-type]
    with pytest.raises(
        UsageError, match=r"test_functions\.py:\d+: value_serializer\(\.\.\.\) takes a function"
    ):
        kafka().value_serializer(given)  # type: ignore[arg-type]


def test_functions_that_nobody_would_await_are_refused() -> None:
    """As everywhere."""

    async def serializer(value: object) -> bytes:
        return b""

    with pytest.raises(UsageError, match="is async, and nobody would await it"):
        FunctionCodec(serializer)


# --- single values -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("primitive", "value", "written", "back"),
    [
        ("short", 258, b"\x01\x02", 258),
        ("integer", -2, b"\xff\xff\xff\xfe", -2),
        ("long", 7, b"\0\0\0\0\0\0\0\x07", 7),
        ("long", "7", b"\0\0\0\0\0\0\0\x07", 7),
        ("float", 1, b"\x3f\x80\0\0", 1.0),
        ("double", 1.5, b"\x3f\xf8\0\0\0\0\0\0", 1.5),
        ("uuid", UUID(int=7), b"00000000-0000-0000-0000-000000000007", UUID(int=7)),
        ("uuid", str(UUID(int=7)), b"00000000-0000-0000-0000-000000000007", UUID(int=7)),
        ("string", 7, b"7", "7"),
        ("string", "x", b"x", "x"),
        ("bytes", b"\xff", b"\xff", b"\xff"),
        ("bytes", memoryview(b"ab"), b"ab", b"ab"),
    ],
)
def test_single_values_are_written_as_java_does(
    primitive: str, value: object, written: bytes, back: object
) -> None:
    """The highest byte first; and read back."""
    stage, codec = Stage(), PrimitiveCodec(primitive)  # type: ignore[arg-type]
    assert stage.write(codec)(value, "orders") == written
    assert read(stage.replies(codec), written) == back


@pytest.mark.parametrize(
    ("primitive", "value"),
    [
        ("short", 2**15), ("integer", 2**31), ("long", 2**63), ("long", 1.5), ("long", "x"),
        ("long", True), ("long", None.__class__), ("double", "x"), ("float", 1e300),
        ("uuid", "x"), ("string", {}), ("bytes", object()),
    ],
)  # fmt: skip
def test_values_out_of_range_are_refused(primitive: str, value: object) -> None:
    """With what would do."""
    with pytest.raises(ExpressionError, match="the value must be "):
        Stage().write(PrimitiveCodec(primitive))(value, "orders")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("primitive", "said"),
    [("long", "not a whole number of 64 bits: it has 1 b"), ("uuid", "not a UU")],
)
def test_bytes_of_another_length_fail_the_check(primitive: str, said: str) -> None:
    """With the length."""
    with pytest.raises(Unreadable, match=f"the reply is {said}"):
        read(Stage().replies(PrimitiveCodec(primitive)), b"x")  # type: ignore[arg-type]


def test_paths_look_into_single_values() -> None:
    """A number is JSON already, a UUID text, text JSON text."""
    stage = Stage()
    assert tree(stage.replies(PrimitiveCodec("short")), b"\0\x07") == 7
    assert tree(stage.replies(PrimitiveCodec("uuid")), str(UUID(int=7)).encode()) == str(
        UUID(int=7)
    )
    assert tree(stage.replies(PrimitiveCodec("string")), b'{"a":1}') == {"a": 1}
    assert tree(stage.replies(PrimitiveCodec("bytes")), b'{"a":1}') == {"a": 1}


def test_a_type_that_there_is_not_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(UsageError, match=r"takes one of string, bytes, short, .* got 'int'"):
        PrimitiveCodec("int")  # type: ignore[arg-type]


@pytest.mark.parametrize("function", [lambda: b"", lambda _a, _b, _c: b""])
def test_a_function_that_cannot_be_called_is_refused(function: Callable[..., object]) -> None:
    """It would fail every request."""
    for given in ({"encode": function}, {"decode": function}):
        with pytest.raises(UsageError, match="of the value, or of the value and the topic, but"):
            FunctionCodec(**given)
    with pytest.raises(UsageError, match=r"FunctionCodec\(\) has no function; give encode"):
        FunctionCodec()
