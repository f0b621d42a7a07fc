"""Where checks look: in the body, in the headers, at the key, at the record itself."""

import re
from collections.abc import Callable, Mapping
from typing import TypeGuard

from gatlingpy.dsl.check_arguments import (
    check_template,
    must_be_constant,
    must_be_text,
    must_take,
    refused,
)
from gatlingpy.dsl.check_builders import Extractor, GroupExtractor, JmesExtractor, JsonExtractor
from gatlingpy.dsl.check_sources import FieldSource, FunctionSource
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.checks import (
    BodyExtract,
    BodyLengthExtract,
    Checksum,
    ChecksumExtract,
    HeaderExtract,
    JmesPathExtract,
    JsonPathExtract,
    KeyExtract,
    OffsetExtract,
    PartitionExtract,
    RegexExtract,
    SerializationType,
    SubstringExtract,
    TimestampExtract,
    XPathExtract,
)
from gatlingpy.plan.field_path import field_steps
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.plan.jmes_path import compile_jmes_path
from gatlingpy.plan.json_path import compile_json_path
from gatlingpy.plan.x_path import compile_x_path

_CHOOSE = "find more, and choose with .satisfies(...)"

_PLACEHOLDER = re.compile(r"(?<!\\)#\{(?!\d*,?\d*\})")
"""``#{`` where it is neither escaped nor a regular expression's own repetition of ``#``."""


# --- in the body ---------------------------------------------------------------------------------


def json_path(path: str) -> JsonExtractor:
    """Look at what a JSONPath finds in the reply, such as ``$.order.lines[0].id``."""
    must_be_text("json_path", path)
    must_be_constant("json_path", path, _CHOOSE)
    try:
        compile_json_path(path)
    except UsageError as error:
        raise refused(
            f"json_path({path!r}) is no JSONPath: {error}; write it like $.order.lines[0].id"
        ) from None
    return JsonExtractor(JsonPathExtract(path), user_line())


def jmes_path(expression: str) -> JmesExtractor:
    """Look at what a JMESPath expression gives for the reply, such as ``lines[0].id``.

    That is one value, and null is nothing: JMESPath does not tell the two apart.  ``find(n)``,
    ``find_all``, ``find_random`` and ``count`` are of the items, if the value is a list.
    """
    must_be_text("jmes_path", expression)
    must_be_constant("jmes_path", expression, _CHOOSE)
    try:
        compile_jmes_path(expression)
    except UsageError as error:
        raise refused(f"jmes_path({expression!r}) is no JMESPath: {error}") from None
    return JmesExtractor(JmesPathExtract(expression), user_line())


def x_path(path: str, namespaces: Mapping[str, str] | None = None) -> Extractor:
    """Look at what an XPath 1.0 finds in an XML reply, as text.

    ``namespaces`` gives the URIs of the prefixes in the path.  A document with a document type
    declaration fails the check.
    """
    must_be_text("x_path", path)
    must_be_constant("x_path", path, _CHOOSE)
    given: object = {} if namespaces is None else namespaces
    if not _are_namespaces(given):
        raise refused(
            f"x_path(..., namespaces={namespaces!r}) must be given a dict of prefixes and URIs; "
            "a default namespace needs a prefix of its own here"
        )
    try:
        compile_x_path(path, given)
    except UsageError as error:
        raise refused(f"x_path({path!r}) is no XPath: {error}") from None
    return Extractor(XPathExtract(path, FrozenMap(given)), user_line())


def _are_namespaces(given: object) -> TypeGuard[Mapping[str, str]]:
    return isinstance(given, Mapping) and all(
        isinstance(text, str) and text for pair in given.items() for text in pair
    )


def regex(pattern: str, group: int | None = None) -> GroupExtractor:
    """Look at what a regular expression finds in the reply's text.

    That is its first group, or the whole match if it has none; ``group`` names another, 0 the
    whole match.  ``capture_groups(n)`` takes several.
    """
    must_be_text("regex", pattern)
    if _PLACEHOLDER.search(pattern):
        raise refused(
            f"regex({pattern!r}) cannot hold placeholders: the pattern is compiled before the run; "
            rf"{_CHOOSE}, or write \#{{ for the characters themselves"
        )
    try:
        groups = re.compile(pattern).groups
    except (re.error, RecursionError, OverflowError) as error:
        raise refused(f"regex({pattern!r}) is no regular expression: {error}") from None
    wanted = min(1, groups) if group is None else group
    if type(wanted) is not int or not 0 <= wanted <= groups:
        raise refused(f"regex({pattern!r}) has no group {group!r}; it has groups 0 to {groups}")
    return GroupExtractor(RegexExtract(pattern, wanted), user_line(), _groups=groups)


def substring(text: str) -> Extractor:
    """Look at where a text, or what a template gives, stands in the reply: indices from 0."""
    must_be_text("substring", text)
    check_template(text)
    return Extractor(SubstringExtract(text), user_line())


def body_string() -> Extractor:
    """Look at the whole reply as text; nothing is found in a tombstone."""
    return Extractor(BodyExtract(SerializationType.STRING), user_line())


def body_bytes() -> Extractor:
    """Look at the whole reply as bytes; nothing is found in a tombstone."""
    return Extractor(BodyExtract(SerializationType.BYTE_ARRAY), user_line())


def body() -> Extractor:
    """Look at the whole reply as the request declares it; nothing is found in a tombstone."""
    return Extractor(BodyExtract(), user_line())


def body_length() -> Extractor:
    """Look at how many bytes the reply has; 0 for a tombstone."""
    return Extractor(BodyLengthExtract(), user_line())


def md5() -> Extractor:
    """Look at the MD5 digest of the reply's bytes: 32 lower-case hexadecimal digits."""
    return Extractor(ChecksumExtract(Checksum.MD5), user_line())


def sha1() -> Extractor:
    """Look at the SHA-1 digest of the reply's bytes: 40 lower-case hexadecimal digits."""
    return Extractor(ChecksumExtract(Checksum.SHA1), user_line())


def field(
    what: str | type[object] | Callable[..., object],
    of_type: str | Callable[..., object] | None = None,
) -> Extractor:
    """Look at a field of the decoded reply: of a dict, Avro record, Protobuf message or object.

    ``field("order.lines[0].sku")`` names it, ``field(lambda order: order.total())`` makes it.
    ``field(Order, "id")`` and ``field(Order, lambda order: ...)`` fail for a reply of another type.
    """
    kind, wanted = (what, of_type) if isinstance(what, type) else (None, what)
    if kind is None and of_type is not None:
        raise refused(f"field({what!r}, ...) must be given a type first, then the field")
    if isinstance(wanted, str):
        must_be_text("field", wanted)
        try:
            field_steps(wanted)
        except UsageError as error:
            raise refused(
                f"field({wanted!r}) names no field: {error}; write it like order.lines[0].sku"
            ) from None
    else:
        must_take("field", wanted, "the decoded reply")
    return Extractor(FieldSource(wanted, kind), user_line())  # type: ignore[arg-type]


# --- at the record -------------------------------------------------------------------------------


def header(name: str) -> Extractor:
    """Look at the values of a header of the reply, as text; ``None`` for one without a value."""
    must_be_text("header", name)
    return Extractor(HeaderExtract(name), user_line())


def key() -> Extractor:
    """Look at the key of the reply, as text; nothing is found where there is none."""
    return Extractor(KeyExtract(), user_line())


def partition() -> Extractor:
    """Look at the number of the partition that the reply stood in."""
    return Extractor(PartitionExtract(), user_line())


def timestamp() -> Extractor:
    """Look at the timestamp of the reply: epoch milliseconds, or nothing if it has none."""
    return Extractor(TimestampExtract(), user_line())


def offset() -> Extractor:
    """Look at the place of the reply in its partition."""
    return Extractor(OffsetExtract(), user_line())


def message_function(function: Callable[..., object]) -> Extractor:
    """Look at what a function of the whole message gives; ``None`` is nothing.

    A message has ``topic``, ``key``, ``value``, ``headers``, ``partition``, ``offset`` and
    ``timestamp_ms``; key, value and the values of headers are bytes, or ``None``.
    """
    must_take("message_function", function, "the message")
    return Extractor(FunctionSource(function), user_line())
