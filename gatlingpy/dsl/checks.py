"""Checks as users write them: extract, find, transform, expect, name, save.

``json_path("$.status").is_("APPROVED")`` reads as in Gatling.  What is left out has a default: an
extractor alone takes the first value and expects that there is one.
"""

import re

from gatlingpy.dsl.check_builders import (
    CheckBuilder,
    ExpectedCheck,
    Extractor,
    JsonExtractor,
    ResponseEquals,
    check_template,
    must_be_text,
    refused,
)
from gatlingpy.dsl.message_check import MessageCheck
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.checks import (
    BodyExtract,
    ExtractCheck,
    HeaderExtract,
    JsonPathExtract,
    KeyExtract,
    RegexExtract,
    ResponseEqualsCheck,
    SerializationType,
    SubstringExtract,
)
from gatlingpy.plan.json_path import compile_json_path
from gatlingpy.plan.template import has_placeholder

__all__ = [
    "CheckBuilder",
    "ExpectedCheck",
    "Extractor",
    "JsonExtractor",
    "MessageCheck",
    "ResponseEquals",
    "SerializationType",
    "as_check",
    "body_bytes",
    "body_string",
    "json_path",
    "regex",
    "response_equals",
    "substring",
]


_PLACEHOLDER = re.compile(r"(?<!\\)#\{(?!\d*,?\d*\})")
"""``#{`` where it is neither escaped nor a regular expression's own repetition of ``#``."""


def as_check(value: object) -> CheckBuilder:
    """Return a check as it is; raises UsageError, with the user's line, for anything else."""
    if isinstance(value, Extractor | ExpectedCheck | ResponseEquals | MessageCheck):
        return value
    raise refused(
        f"check(...) takes checks, got {value!r}; "
        'write json_path("$.status").is_("OK"), or MessageCheck(...) for a function of your own'
    )


# --- extractors ----------------------------------------------------------------------------------


def json_path(path: str) -> JsonExtractor:
    """Look at what a JSONPath finds in the reply, such as ``$.order.lines[0].id``."""
    must_be_text("json_path", path)
    if has_placeholder(path):
        raise refused(
            f"json_path({path!r}) cannot hold placeholders: the path is compiled before the run; "
            "find more, and choose with .satisfies(...)"
        )
    try:
        compile_json_path(path)
    except UsageError as error:
        raise refused(
            f"json_path({path!r}) is no JSONPath: {error}; write it like $.order.lines[0].id"
        ) from None
    return JsonExtractor(ExtractCheck(JsonPathExtract(path), where=user_line()))


def regex(pattern: str, group: int = 0) -> Extractor:
    """Look at what a regular expression finds in the reply's text: a group, or 0 for all of it."""
    must_be_text("regex", pattern)
    if _PLACEHOLDER.search(pattern):
        raise refused(
            f"regex({pattern!r}) cannot hold placeholders: the pattern is compiled before the run; "
            r"find more and choose with .satisfies(...), or write \#{ for the characters themselves"
        )
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        raise refused(f"regex({pattern!r}) is no regular expression: {error}") from None
    if type(group) is not int or not 0 <= group <= groups:
        raise refused(f"regex({pattern!r}) has no group {group!r}; it has groups 0 to {groups}")
    return Extractor(ExtractCheck(RegexExtract(pattern, group), where=user_line()))


def substring(text: str) -> Extractor:
    """Look at where a text, or what a template gives, stands in the reply: indices from 0."""
    must_be_text("substring", text)
    check_template(text)
    return Extractor(ExtractCheck(SubstringExtract(text), where=user_line()))


def body_string() -> Extractor:
    """Look at the whole reply as text; nothing is found in a tombstone."""
    extract = BodyExtract(SerializationType.STRING)
    return Extractor(ExtractCheck(extract, where=user_line()))


def body_bytes() -> Extractor:
    """Look at the whole reply as bytes; nothing is found in a tombstone."""
    extract = BodyExtract(SerializationType.BYTE_ARRAY)
    return Extractor(ExtractCheck(extract, where=user_line()))


def header(name: str) -> Extractor:
    """Look at the values of a header of the reply, as text."""
    must_be_text("header", name)
    return Extractor(ExtractCheck(HeaderExtract(name), where=user_line()))


def key() -> Extractor:
    """Look at the key of the reply, as text; nothing is found where there is none."""
    return Extractor(ExtractCheck(KeyExtract(), where=user_line()))


# --- the reply against the request ---------------------------------------------------------------


def response_equals() -> ResponseEquals:
    """Expect that the reply's value equals the request's, byte for byte."""
    return ResponseEquals(ResponseEqualsCheck(where=user_line()))
