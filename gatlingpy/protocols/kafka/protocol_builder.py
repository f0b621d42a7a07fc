"""``kafka()``: a cluster and how to talk to it, written step by step."""

from dataclasses import dataclass, replace
from typing import Final, Self

from gatlingpy.dsl.checks import CheckArgument, as_checks
from gatlingpy.dsl.compiler import Compiler
from gatlingpy.dsl.where import function_line
from gatlingpy.plan.code import CodeRef, CodeTable
from gatlingpy.protocols.kafka.codec_methods import CodecMethods
from gatlingpy.protocols.kafka.connection_methods import ConnectionMethods
from gatlingpy.protocols.kafka.consumer_methods import ConsumerMethods
from gatlingpy.protocols.kafka.correlation_methods import CorrelationMethods
from gatlingpy.protocols.kafka.measuring_methods import MeasuringMethods
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.protocols.kafka.producer_methods import ProducerMethods
from gatlingpy.protocols.kafka.security_methods import SecurityMethods

KIND: Final = "kafka"


@dataclass(frozen=True, slots=True)
class KafkaProtocolBuilder(
    ConnectionMethods,
    SecurityMethods,
    ProducerMethods,
    ConsumerMethods,
    CorrelationMethods,
    CodecMethods,
    MeasuringMethods,
):
    """A cluster and how to talk to it; each method returns a new builder."""

    @property
    def kind(self) -> str:
        """``kafka``."""
        return KIND

    def check(self, *checks: CheckArgument) -> Self:
        """Ask these of every reply and every consumed record, before the request's own checks."""
        return replace(self, _checks=(*self._checks, *as_checks(*checks)))

    checks = check

    def compile(self, compiler: Compiler, identity: str) -> KafkaProtocol:
        """Return the frozen protocol."""
        code = compiler.code
        checks = enumerate(self._checks)
        return replace(
            self.plan,
            id=identity,
            correlation=self._correlation.compile(f"{identity}/correlation", code),
            checks=tuple(c.compile(f"{identity}/check/{i}", code) for i, c in checks),
            **self._codecs(identity, code),
            oauth_token=self._token_function(f"{identity}/oauth_token", code),
        )

    def _token_function(self, path: str, code: CodeTable) -> CodeRef | None:
        function = self._oauth_token
        return None if function is None else code.add(path, function, function_line(function))
