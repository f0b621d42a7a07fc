"""How replies are matched, while it is being written."""

from dataclasses import dataclass, replace
from typing import Self

from gatlingpy.plan.checks import HeaderExtract
from gatlingpy.plan.code import CodeTable
from gatlingpy.protocols.kafka import arguments
from gatlingpy.protocols.kafka.correlation import Correlation


@dataclass(frozen=True, slots=True)
class CorrelationBuilder:
    """Collects how replies are matched; each method returns a new builder."""

    plan: Correlation = Correlation()  # noqa: RUF009 - frozen

    def header_name(self, name: str) -> Self:
        """Carry the id in this header, both ways."""
        header = arguments.text(name, "correlation_header_name(...)")
        return replace(self, plan=replace(self.plan, header=header, reply=HeaderExtract(header)))

    def compile(self, path: str, code: CodeTable) -> Correlation:  # noqa: ARG002
        """Return the plan; functions go into ``code`` under ``path``."""
        return self.plan
