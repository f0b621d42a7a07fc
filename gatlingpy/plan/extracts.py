"""Where in a message a value stands, frozen."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from gatlingpy.plan.code import CodeRef
from gatlingpy.plan.frozen import FrozenMap


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
