"""What checks are called in messages and printed plans, in Gatling's words."""

from typing import Final

from gatlingpy.plan.checks import (
    NOTHING,
    BodyExtract,
    BodyLengthExtract,
    Check,
    ChecksumExtract,
    CompareCheck,
    ConditionalCheck,
    Extract,
    ExtractCheck,
    FieldExtract,
    Find,
    FunctionExtract,
    HeaderExtract,
    JmesPathExtract,
    JsonPathExtract,
    KeyExtract,
    OffsetExtract,
    PartitionExtract,
    RegexExtract,
    ResponseContainsRequestCheck,
    ResponseEqualsCheck,
    SerializationType,
    SubstringExtract,
    TimestampExtract,
    Transform,
    XPathExtract,
)
from gatlingpy.plan.steps import show_expression

_NAMES: Final[dict[type, str]] = {
    BodyExtract: "body",
    JsonPathExtract: "jsonPath",
    JmesPathExtract: "jmesPath",
    XPathExtract: "xpath",
    RegexExtract: "regex",
    SubstringExtract: "substring",
    BodyLengthExtract: "bodyLength",
    ChecksumExtract: "checksum",
    HeaderExtract: "header",
    KeyExtract: "key",
    PartitionExtract: "partition",
    TimestampExtract: "timestamp",
    OffsetExtract: "offset",
    FieldExtract: "field",
    FunctionExtract: "function",
}

_BODY_NAMES: Final[dict[SerializationType | None, str]] = {
    SerializationType.STRING: "String",
    SerializationType.BYTE_ARRAY: "Bytes",
    SerializationType.JSON: "Json",
}


def criterion(extract: Extract) -> str:
    """Return an extract as messages name it, such as ``jsonPath($.id)``."""
    name, what = _NAMES[type(extract)], _what(extract)
    if isinstance(extract, BodyExtract):
        return f"{name}{_BODY_NAMES.get(extract.serialization, '')}"
    if isinstance(extract, ChecksumExtract):
        return str(extract.algorithm)
    return name if what is None else f"{name}({what})"


def _what(extract: Extract) -> str | None:
    match extract:
        case JsonPathExtract(text) | JmesPathExtract(text) | XPathExtract(text):
            return text
        case RegexExtract(text) | SubstringExtract(text) | HeaderExtract(text):
            return text
        case FieldExtract(path, code):
            return path if code is None else code.where
        case FunctionExtract(code):
            return code.where
    return None


def arity(check: ExtractCheck) -> str:
    """Return which of the values a check looks at, and that it changes them, as messages say it."""
    found: str = check.find
    if check.find is Find.FIRST and check.occurrence:
        found = f"{found}({check.occurrence})"
    elif check.find is Find.SAMPLE:
        found = f"findRandom({check.occurrence}, {str(check.fail_if_less).lower()})"
    changes = [
        ".transform" if isinstance(change, Transform) else ".transformOption"
        for change in check.changes
    ]
    return "".join([found, *changes])


def label(check: ExtractCheck) -> str:
    """Return a value that is looked at as messages name it: ``jsonPath($.id).find``."""
    return f"{criterion(check.extract)}.{arity(check)}"


def shown_check(check: Check) -> str:
    """Return a check as a reader of the plan should see it, in one line."""
    if not isinstance(check, ConditionalCheck):
        name = getattr(check, "name", "")
        return _shown_extract(check) if isinstance(check, ExtractCheck) else name or _kind(check)
    inner = ", ".join(map(shown_check, check.checks))
    return f"if {show_expression(check.condition)}: {inner}"


def _kind(check: Check) -> str:
    match check:
        case CompareCheck():
            return compared(check)
        case ResponseEqualsCheck():
            return "responseEquals"
        case ResponseContainsRequestCheck():
            return "responseContainsRequest"
    return type(check).__name__


def compared(check: CompareCheck) -> str:
    """Return a comparison as messages name it, if it has no name of its own."""
    return f"compare({label(check.request)}, {label(check.reply)})"


def _shown_extract(check: ExtractCheck) -> str:
    extract = check.extract
    what = extract.path if isinstance(extract, JsonPathExtract) else criterion(extract)
    which = "" if arity(check) == Find.FIRST else f" {arity(check)}"
    shown = f"{what}{which} {check.operation or check.expectation}"
    if check.expected != NOTHING:
        shown += f" {show_expression(check.expected)}"
    return shown + (f" → {check.save_as}" if check.save_as else "")
