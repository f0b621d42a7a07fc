"""Extracts at work outside of checks: in ids of requests and replies, and in matching."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.dsl.checks import (
    Extractor,
    FunctionExtractor,
    HeaderExtractor,
    JsonPathExtractor,
    KeyExtractor,
    RegexExtractor,
    XPathExtractor,
    body,
    body_string,
    field,
    jmes_path,
    substring,
)
from gatlingpy.errors import CheckFailed
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.json_path import MISSING
from gatlingpy.spi import Message, PlainMessage
from gatlingpy.tracking.decoding import plain_format
from gatlingpy.tracking.extraction import compile_reader
from tests.unit.tracking.judging import message

TEXT = plain_format(SerializationType.STRING)
KEY = KeyExtractor()
REPLY = message({"id": "7", "n": 7}, headers=[("id", b"first"), ("id", b"second")])


def read(extractor: Extractor, reply: Message, side: str = "message") -> object:
    """Return what an extractor reads of a message."""
    code = CodeTable()
    return compile_reader(extractor.extract_plan("Pay/id", code), code, TEXT, side)(reply)


@pytest.mark.parametrize(
    ("extractor", "value"),
    [
        (JsonPathExtractor("$.id"), "7"),
        (JsonPathExtractor("$.n"), 7),
        (HeaderExtractor("id"), "first"),
        (KeyExtractor(), "key"),
        (FunctionExtractor(lambda message: message.offset), 44),
        (RegexExtractor('"id":"(.*?)"'), "7"),
        (jmes_path("id"), "7"),
        (field("id"), "7"),
        (substring("id"), 2),
        (JsonPathExtractor("$.z"), MISSING),
        (HeaderExtractor("z"), MISSING),
        (FunctionExtractor(lambda message: None), MISSING),
        (RegexExtractor("z"), MISSING),
    ],
)
def test_the_first_value_is_read(extractor: Extractor, value: object) -> None:
    """Or MISSING, where there is none."""
    assert read(extractor, REPLY) == value


def test_xml_is_read() -> None:
    """By the original's name as well."""
    assert read(XPathExtractor("//id"), message(b"<a><id>7</id></a>")) == "7"
    assert read(KeyExtractor(), message(b"", key=None)) is MISSING
    assert read(body_string(), message(None)) is MISSING


def crash(message: Message) -> object:
    """Raise."""
    raise SystemExit(1)


@pytest.mark.parametrize(
    ("extractor", "reply", "reason"),
    [
        (JsonPathExtractor("$.id"), message(b"{"), "the request is not JSON: "),
        (JsonPathExtractor("$.id"), message(None), "the request is a tombstone"),
        (XPathExtractor("//id"), message(b"{}"), "the request is not XML: "),
        (RegexExtractor("a"), message(b"\xff"), "the request is not UTF-8 text: "),
        (KeyExtractor(), message(b"", key=b"\xff"), "the key is not UTF-8 text"),
        (FunctionExtractor(crash), REPLY, "test_reader.py:"),
        (jmes_path("abs(id)"), REPLY, "invalid"),
    ],
)
def test_what_cannot_be_read_raises_check_failed_alone(
    extractor: Extractor, reply: PlainMessage, reason: str
) -> None:
    """With a short reason that names the side."""
    with pytest.raises(CheckFailed) as failed:
        read(extractor, reply, "request")
    assert reason in str(failed.value)
    assert len(str(failed.value)) < 1100


@given(st.binary(max_size=30), st.none() | st.binary(max_size=9))
def test_whatever_a_message_holds_nothing_else_is_raised(data: bytes, key: bytes | None) -> None:
    """It gives a value, MISSING, or CheckFailed."""
    for extractor in (JsonPathExtractor("$..a"), XPathExtractor("//a"), body(), field("a"), KEY):
        with contextlib.suppress(CheckFailed):
            read(extractor, message(data, key))
