"""How a reply is matched to its request, frozen."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias, get_args

from gatlingpy.plan.check_words import criterion
from gatlingpy.plan.checks import (
    BodyExtract,
    FieldExtract,
    FunctionExtract,
    HeaderExtract,
    JmesPathExtract,
    JsonPathExtract,
    KeyExtract,
    RegexExtract,
    XPathExtract,
)
from gatlingpy.plan.code import Const, Expr
from gatlingpy.plan.frozen import FrozenMap

HEADER: Final = "correlationId"
"""The header that carries the id, both ways, unless another is named."""
SPRING_HEADER: Final = "kafka_correlationId"
"""The header that carries the id in Spring's convention."""
SPRING_REPLY_TOPIC: Final = "kafka_replyTopic"
"""The header that tells the system, in Spring's convention, where the reply is expected."""

_EMPTY: Final = (None, Const(""), Const(None), Const(b""))

Source: TypeAlias = (
    HeaderExtract
    | KeyExtract
    | BodyExtract
    | JsonPathExtract
    | JmesPathExtract
    | XPathExtract
    | RegexExtract
    | FieldExtract
    | FunctionExtract
)
"""Where in a message the id stands."""

SOURCES: Final[tuple[type, ...]] = get_args(Source)
"""The extracts that an id can be found with."""


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

    @property
    def scoped(self) -> bool:
        """Whether an id means something only on its own reply topic, in its own place."""
        return self.request is not None and not isinstance(self.reply, HeaderExtract)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where the id is looked for in a reply, one after another."""
        if self.request is None and self.header and not isinstance(self.reply, HeaderExtract):
            return HeaderExtract(self.header), self.reply
        return (self.reply,)

    def problems(self) -> Iterator[str]:
        """Yield what would keep replies from being matched."""
        if not self.header and self.request is None:
            yield "correlation_header_name(...) is empty; name the header that carries the id"
        elif isinstance(self.reply, HeaderExtract) and not self.reply.name:
            yield "the header of the reply that carries the id has no name"

    def request_problems(
        self, key: Expr | None, value: Expr, headers: FrozenMap[Expr]
    ) -> Iterator[str]:
        """Yield why a request that is the same for every user has no id."""
        match self.request:
            case None if self.header in headers and headers[self.header] in _EMPTY:
                yield (
                    f"the header {self.header!r}, which carries the correlation id, is empty; give "
                    "it a value, or leave the header out and gatlingpy makes an id"
                )
            case KeyExtract() if key in _EMPTY:
                yield (
                    "its key is the correlation id, but it has none; add .key(...), or match by a "
                    "header, for which gatlingpy makes an id"
                )
            case HeaderExtract(name) if headers.get(name) in _EMPTY:
                yield (
                    f"its header {name!r} is the correlation id, but it has none; add "
                    f".header({name!r}, ...)"
                )
            case None | KeyExtract() | HeaderExtract() | FunctionExtract():
                return
            case source if value in _EMPTY:
                yield (
                    f"{criterion(source)} of its value is the correlation id, but it has no "
                    "value; add .value(...)"
                )

    def describe(self) -> str:
        """Return a few words for a printed plan."""
        reply = _words(self.reply)
        if self.request is None:
            other = isinstance(self.reply, HeaderExtract)
            return reply if other else f"header {self.header}, else {reply} of the reply"
        if self.request == self.reply:
            return reply
        return f"{_words(self.request)} of the request and {reply} of the reply"


def _words(source: Source) -> str:
    return f"header {source.name}" if isinstance(source, HeaderExtract) else criterion(source)
