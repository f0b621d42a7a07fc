"""How a reply is matched to its request, frozen."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from gatlingpy.plan.checks import (
    FieldExtract,
    FunctionExtract,
    HeaderExtract,
    JmesPathExtract,
    JsonPathExtract,
    KeyExtract,
    RegexExtract,
    XPathExtract,
)

HEADER: Final = "correlationId"
"""The header that carries the id, both ways, unless another is named."""

Source: TypeAlias = (
    HeaderExtract
    | KeyExtract
    | JsonPathExtract
    | JmesPathExtract
    | XPathExtract
    | RegexExtract
    | FieldExtract
    | FunctionExtract
)
"""Where in a message the id stands."""


class IdKind(StrEnum):
    """What an id that gatlingpy makes looks like."""

    COUNTER = "counter"
    """A prefix of the run and a number: short, and every reply to it can be told apart."""
    UUID = "uuid"
    """A random UUID, for systems that take nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """Where the id stands in requests and in replies."""

    request: Source | None = None
    """Where the id stands in what the user sends; ``None``: gatlingpy makes one, unless the user
    gives ``header`` a value."""
    reply: Source = field(default_factory=lambda: HeaderExtract(HEADER))
    header: str = HEADER
    """The header of the request that carries the id; empty for none."""
    ids: IdKind = IdKind.COUNTER
    reply_topic_header: str = ""
    """The header of the request that names the reply topic, as Spring wants it; empty for none."""

    def problems(self) -> Iterator[str]:
        """Yield what would keep replies from being matched."""
        if not self.header and self.request is None:
            yield "correlation_header_name(...) is empty; name the header that carries the id"
        if isinstance(self.reply, HeaderExtract) and not self.reply.name:
            yield "the header of the reply that carries the id has no name"

    def describe(self) -> str:
        """Return a few words for a printed plan."""
        match self.reply:
            case HeaderExtract(name):
                return f"header {name}"
            case KeyExtract():
                return "key"
            case source:
                return type(source).__name__.removesuffix("Extract")
