"""What is asked of a reply, frozen: extract, expect, save."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from gatlingpy.plan.code import CodeRef, Const, Expr
from gatlingpy.plan.frozen import FrozenMap

NOTHING: Final = Const(None)


class SerializationType(StrEnum):
    """Names how bytes on the wire become a value that checks can read."""

    STRING = "string"
    """UTF-8 text."""
    BYTE_ARRAY = "bytes"
    """The bytes as they are."""
    JSON = "json"
    """Parsed JSON: dict, list, str, int, float, bool or None."""
    AVRO = "avro"
    """An Avro record, by the codec of the request or of its protocol."""
    PROTOBUF = "protobuf"
    """A Protobuf message, by the codec of the request or of its protocol."""
    JSON_SCHEMA = "json-schema"
    """JSON held to a schema, by the codec of the request or of its protocol."""
    CUSTOM = "custom"
    """What the user's own functions write and read."""


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


@dataclass(frozen=True, slots=True)
class BodyExtract:
    """The whole body, decoded one way; ``None`` is the way that the request declares."""

    serialization: SerializationType | None = None


@dataclass(frozen=True, slots=True)
class JsonPathExtract:
    """What a JSONPath finds in the body, parsed as JSON."""

    path: str


@dataclass(frozen=True, slots=True)
class JmesPathExtract:
    """What a JMESPath expression gives for the body, parsed as JSON; null is nothing.

    ``items`` tells that a list it gives counts as the values in it, not as one value.
    """

    path: str
    items: bool = False


@dataclass(frozen=True, slots=True)
class XPathExtract:
    """What an XPath finds in the body, parsed as XML; ``namespaces`` maps prefixes to URIs."""

    path: str
    namespaces: FrozenMap[str] = field(default_factory=FrozenMap)


@dataclass(frozen=True, slots=True)
class RegexExtract:
    """What one group of a regular expression finds in the body as text; 0 is the whole match.

    ``capture_groups`` tells how many of the groups, from the first, make a tuple instead; 0 tells
    that there is none.
    """

    pattern: str
    group: int = 0
    capture_groups: int = 0


@dataclass(frozen=True, slots=True)
class SubstringExtract:
    """The places at which a text, or what a template gives, stands in the body as text."""

    text: str


@dataclass(frozen=True, slots=True)
class BodyLengthExtract:
    """How many bytes the body has."""


@dataclass(frozen=True, slots=True)
class HeaderExtract:
    """The values of a header, as text."""

    name: str


@dataclass(frozen=True, slots=True)
class KeyExtract:
    """The key, as text."""


@dataclass(frozen=True, slots=True)
class PartitionExtract:
    """The number of the partition that the reply stood in."""


@dataclass(frozen=True, slots=True)
class TimestampExtract:
    """The timestamp of the record, epoch milliseconds."""


@dataclass(frozen=True, slots=True)
class OffsetExtract:
    """The place of the record in its partition."""


class Checksum(StrEnum):
    """Names a digest of the body, as lower-case hexadecimal digits."""

    MD5 = "md5"
    SHA1 = "sha1"


@dataclass(frozen=True, slots=True)
class ChecksumExtract:
    """A digest of the body's bytes."""

    algorithm: Checksum


@dataclass(frozen=True, slots=True)
class FieldExtract:
    """A field of the decoded body: of an Avro record, a Protobuf message, a dataclass or a dict.

    ``path`` names it, fields of fields with dots between, items of lists as ``[0]``; else ``code``
    is a function of the decoded body.  ``kind`` names the type that the decoded body must be of.
    """

    path: str = ""
    code: CodeRef | None = None
    kind: CodeRef | None = None


@dataclass(frozen=True, slots=True)
class FunctionExtract:
    """What a user function of the whole message (``spi.Message``) gives; ``None`` is nothing."""

    code: CodeRef


Extract: TypeAlias = (
    BodyExtract
    | JsonPathExtract
    | JmesPathExtract
    | XPathExtract
    | RegexExtract
    | SubstringExtract
    | BodyLengthExtract
    | ChecksumExtract
    | HeaderExtract
    | KeyExtract
    | PartitionExtract
    | TimestampExtract
    | OffsetExtract
    | FieldExtract
    | FunctionExtract
)


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
