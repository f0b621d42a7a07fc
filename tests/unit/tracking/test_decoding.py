"""Bytes become values once, in each way that somebody asks for."""

import pytest

from gatlingpy.dsl.checks import (
    MessageCheck,
    SerializationType,
    body,
    body_string,
    compare,
    field,
    jmes_path,
    json_path,
    regex,
    session_check,
)
from gatlingpy.errors import UsageError
from gatlingpy.tracking.decoding import Derived, Format, Payload, Unreadable, plain_format
from tests.unit.tracking.judging import failure

AVRO = SerializationType.AVRO


class Codec:
    """Counts what it is asked to do."""

    def __init__(self) -> None:
        self.decoded: list[bytes] = []
        self.simplified = 0

    def decode(self, data: bytes) -> object:
        """Return a record whose id is the bytes."""
        self.decoded.append(data)
        if data == b"broken":
            raise KeyError("schema")
        return {"id": data}

    def simplify(self, value: object) -> object:
        """Return it as JSON has it."""
        self.simplified += 1
        assert isinstance(value, dict)
        return {"id": value["id"].decode()}

    def form(self) -> Format:
        """Return its format."""
        decode = self.decode
        return Format(AVRO, decode, Derived(decode, self.simplify))


def passes(request: object, reply: object) -> bool:
    """Pass."""
    return request == reply


CHECKS = [
    json_path("$.id").is_("7"),
    json_path("$..id").find_all().is_(["7"]),
    jmes_path("id").is_("7"),
    field("id").is_(b"7"),
    body().exists(),
    MessageCheck("Both", dict, AVRO, dict, AVRO, passes),
    MessageCheck("Declared", object, None, object, None, passes),
    session_check("Session", lambda session, reply: reply == {"id": b"7"}),
    compare(json_path("$.id"), json_path("$.id")),
]


def test_a_codec_decodes_each_side_once() -> None:
    """However many checks see its value, or the JSON of it."""
    codec, requests = Codec(), Codec()
    assert (
        failure(b"7", *CHECKS, request=b"7", replies=codec.form(), requests=requests.form()) is None
    )
    assert (codec.decoded, codec.simplified) == ([b"7"], 1)
    assert (requests.decoded, requests.simplified) == ([b"7"], 1)


def test_a_codec_that_fails_is_asked_once() -> None:
    """And each check fails with its words."""
    codec = Codec()
    failed = failure(
        b"broken", *CHECKS, request=b"7", replies=codec.form(), requests=Codec().form()
    )
    assert failed == (
        "jsonPath($.id).find.is(7) preparation crashed: "
        "the reply cannot be decoded: KeyError: 'schema'"
    )
    assert codec.decoded == [b"broken"]


def test_what_no_check_asks_for_is_not_decoded() -> None:
    """Neither the request, nor a reply that is only looked at as bytes."""
    codec, requests = Codec(), Codec()
    form = {"replies": codec.form(), "requests": requests.form()}
    assert failure(b"7", regex("7"), body_string(), request=b"7", **form) is None
    assert failure(b"7", json_path("$.id"), request=b"7", **form) is None
    assert (codec.decoded, requests.decoded) == ([b"7"], [])


def exits(data: bytes) -> object:
    """Leave the program."""
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("decode", "reason"),
    [
        (exits, "cannot be decoded: SystemExit: 3"),
        (int, "cannot be decoded: ValueError: invalid literal for int"),
        (lambda data: data.decode("ascii"), "cannot be decoded: UnicodeDecodeError: "),
    ],
)  # fmt: skip
def test_a_decoder_of_the_users_own_may_raise_anything(decode: object, reason: str) -> None:
    """It is a failed check."""
    form = Format(SerializationType.CUSTOM, decode, decode)  # type: ignore[arg-type]
    failed = failure(b"\xff", json_path("$.a").not_exists(), replies=form)
    assert failed is not None
    assert f"notExists preparation crashed: the reply {reason}" in failed


def test_a_long_reason_is_cut() -> None:
    """A decoder may quote all that it was given."""

    def quote(data: bytes) -> object:
        raise KeyError(data.decode())

    form = Format(SerializationType.CUSTOM, quote, quote)
    failed = failure(
        b"x" * 1_000_000, body(), MessageCheck("M", str, None, str, None, passes), replies=form
    )
    assert failed is not None
    assert len(failed) < 1100


def test_a_way_that_was_not_declared_needs_a_codec() -> None:
    """Text, bytes and JSON do not."""
    form = plain_format(SerializationType.JSON)
    assert form.decoder(SerializationType.BYTE_ARRAY)(b"1") == b"1"
    assert form.decoder(None)(b"1") == 1
    with pytest.raises(
        UsageError, match="a check reads avro values, but the request declares json"
    ):
        form.decoder(AVRO)


def test_a_payload_keeps_what_it_could_not_be_read_as() -> None:
    """It is tried once, and fails each time."""
    tried: list[bytes] = []

    def decode(data: bytes) -> object:
        tried.append(data)
        raise ValueError("not a number")

    payload = Payload(b"x", None, "reply")
    for _ in range(3):
        with pytest.raises(Unreadable, match=r"^the reply is not a number$"):
            payload.read(decode)
    assert tried == [b"x"]
