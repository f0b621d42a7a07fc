"""What all of Kafka's requests have in common while they are being written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Self, TypeAlias, TypedDict

from gatlingpy.dsl.compiler import Compiler, Expression
from gatlingpy.dsl.duration import Duration, to_ns
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import Expr
from gatlingpy.protocols.kafka.arguments import flag
from gatlingpy.protocols.kafka.codecs.builder import CodecBuilder
from gatlingpy.protocols.kafka.protocol_builder import KIND, KafkaProtocolBuilder
from gatlingpy.protocols.kafka.requests import Encoding

Headers: TypeAlias = Mapping[str, Expression]

EncodingGiven: TypeAlias = SerializationType | CodecBuilder | None
"""How a value is written or read, as the builder keeps it."""

_DEFAULT_TIMEOUT_NS: Final = 30_000_000_000


class ActionParts(TypedDict):
    """The compiled parts that every request has."""

    name: Expr
    protocol: str
    where: str
    timeout_ns: int
    silent: bool
    start_time: Expr | None


@dataclass(frozen=True, slots=True)
class ActionBuilder:
    """A request while it is being written; each method returns a new builder."""

    name: Expression
    where: str
    _timeout_ns: int = _DEFAULT_TIMEOUT_NS
    _silent: bool = False
    _start_time: Expression | None = None
    _protocol: KafkaProtocolBuilder | None = None

    @property
    def kind(self) -> str:
        """``kafka``."""
        return KIND

    def timeout(self, timeout: Duration) -> Self:
        """Fail the request if what it waits for has not come after so long.

        By default a request-reply waits 10 s, a send and a consume 30 s.
        """
        return replace(self, _timeout_ns=to_ns(timeout, f"{user_line()}: timeout(...)"))

    def silent(self, silent: bool = True) -> Self:  # noqa: FBT001, FBT002
        """Leave the request out of all statistics, such as one that warms the system up."""
        return replace(self, _silent=flag(silent, "silent(...)"))

    def start_time(self, start: Expression) -> Self:
        """Measure from this moment, epoch seconds as of ``time.time()``, where it is earlier.

        For what began before: an HTTP call whose effect is a record, say.
        """
        return replace(self, _start_time=start)

    def protocol(self, protocol: KafkaProtocolBuilder) -> Self:
        """Use this cluster, whatever ``.protocols(...)`` says."""
        if not isinstance(protocol, KafkaProtocolBuilder):
            raise UsageError(f"{user_line()}: protocol(...) takes kafka()..., got {protocol!r}")
        return replace(self, _protocol=protocol)

    def _action(self, compiler: Compiler, path: str) -> ActionParts:
        chosen = self._protocol
        return ActionParts(
            name=compiler.expression(self.name, f"{path}/name"),
            protocol=compiler.protocol(KIND) if chosen is None else compiler.use(chosen),
            where=self.where,
            timeout_ns=self._timeout_ns,
            silent=self._silent,
            start_time=optional(compiler, self._start_time, f"{path}/start_time"),
        )


def optional(compiler: Compiler, value: Expression | None, path: str) -> Expr | None:
    """Return a value as an expression, ``None`` as it is."""
    return None if value is None else compiler.expression(value, path)


def encoding(compiler: Compiler, given: EncodingGiven, path: str) -> Encoding:
    """Return how a value is written or read, for the plan."""
    return given.compile(path, compiler.code) if isinstance(given, CodecBuilder) else given
