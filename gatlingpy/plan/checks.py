"""What is asked of a reply, frozen: extract, expect, save."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from gatlingpy.plan.code import CodeRef, Const, Expr
from gatlingpy.plan.extracts import (
    BodyExtract,
    BodyLengthExtract,
    Checksum,
    ChecksumExtract,
    Extract,
    FieldExtract,
    FunctionExtract,
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

__all__ = [
    "NOTHING",
    "BodyExtract",
    "BodyLengthExtract",
    "Check",
    "Checksum",
    "ChecksumExtract",
    "CompareCheck",
    "ConditionalCheck",
    "Expectation",
    "Extract",
    "ExtractCheck",
    "FieldExtract",
    "Find",
    "FunctionExtract",
    "HeaderExtract",
    "JmesPathExtract",
    "JsonPathExtract",
    "KeyExtract",
    "MessageCheckPlan",
    "OffsetExtract",
    "PartitionExtract",
    "RegexExtract",
    "ResponseContainsRequestCheck",
    "ResponseEqualsCheck",
    "SerializationType",
    "SessionCheckPlan",
    "SubstringExtract",
    "TimestampExtract",
    "Transform",
    "ValueType",
    "WithDefault",
    "XPathExtract",
]

NOTHING: Final = Const(None)


class ValueType(StrEnum):
    """What a value found in JSON must be; anything but ``STRING`` is taken as it is or refused."""

    STRING = "string"
    """Text as it is; a number, truth value, list or object as its JSON text."""
    INT = "int"
    FLOAT = "float"
    """Any number, as a ``float``."""
    BOOLEAN = "boolean"
    LIST = "list"
    MAP = "map"


class Find(StrEnum):
    """Which of the values found is looked at."""

    FIRST = "find"
    ALL = "findAll"
    COUNT = "count"
    RANDOM = "findRandom"
    """One of them, drawn."""
    SAMPLE = "findRandom(n)"
    """Several of them, drawn, each at most once."""


class Expectation(StrEnum):
    """What a value is held to; the wording of a failure follows Gatling's."""

    IS = "is"
    NOT = "not"
    IN = "in"
    EXISTS = "exists"
    NOT_EXISTS = "notExists"
    OPTIONAL = "optional"
    IS_NULL = "isNull"
    NOT_NULL = "notNull"
    LT = "lessThan"
    LTE = "lessThanOrEqual"
    GT = "greaterThan"
    GTE = "greaterThanOrEqual"
    SATISFIES = "satisfies"
    """A user function of the value: None or True passes, text fails with that message."""
    VALIDATE = "validate"
    """The same of the value, or ``None`` if nothing was found, and the session."""


@dataclass(frozen=True, slots=True)
class Transform:
    """What a user function makes of a value that was found, and of the session if it takes it."""

    code: CodeRef
    with_session: bool = False


@dataclass(frozen=True, slots=True)
class WithDefault:
    """What takes the place of a value where nothing was found."""

    value: Expr


@dataclass(frozen=True, slots=True)
class ExtractCheck:
    """A value taken from the reply, held to an expectation, and kept if it passed."""

    extract: Extract
    find: Find = Find.FIRST
    occurrence: int = 0
    """Which of several values ``FIRST`` takes, from 0; how many ``SAMPLE`` takes."""
    fail_if_less: bool = False
    """Whether ``SAMPLE`` fails where there are not so many."""
    value_type: ValueType | None = None
    """What each value found must be; ``None`` takes any."""
    changes: tuple[Transform | WithDefault, ...] = ()
    """What becomes of the value before it is looked at, in order."""
    expectation: Expectation = Expectation.EXISTS
    expected: Expr = NOTHING
    operation: str = ""
    """What ``VALIDATE`` is called in messages."""
    name: str = ""
    save_as: str = ""
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class MessageCheckPlan:
    """A user function of the decoded request and reply; the original's ``MessageCheck``.

    A type names what the decoded value must be, in the code table like a function; a
    serialization of ``None`` is the one that the request declares.
    """

    name: str
    code: CodeRef
    request_serialization: SerializationType | None = SerializationType.STRING
    response_serialization: SerializationType | None = SerializationType.STRING
    request_type: CodeRef | None = None
    response_type: CodeRef | None = None
    takes_request: bool = True
    """Whether the function takes request and reply, or the reply alone."""
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class SessionCheckPlan:
    """A user function of the session and the reply, decoded as the request declares it."""

    name: str
    code: CodeRef
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ResponseEqualsCheck:
    """The reply's body equals the request's, byte for byte."""

    name: str = ""
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ResponseContainsRequestCheck:
    """The request's body stands somewhere in the reply's, byte for byte."""

    name: str = ""
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class CompareCheck:
    """A value of the request held against one of the reply: equal, or what a function says.

    Of the two checks nothing counts but which value they look at.
    """

    request: ExtractCheck
    reply: ExtractCheck
    code: CodeRef | None = None
    name: str = ""
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ConditionalCheck:
    """Checks that are asked only if a condition is true when their turn comes.

    ``takes_message`` tells a function of the reply and the session from one of the session alone.
    """

    condition: Expr
    checks: "tuple[Check, ...]"
    takes_message: bool = False
    where: str = field(default="", compare=False)


Check: TypeAlias = (
    ExtractCheck
    | MessageCheckPlan
    | SessionCheckPlan
    | ResponseEqualsCheck
    | ResponseContainsRequestCheck
    | CompareCheck
    | ConditionalCheck
)
