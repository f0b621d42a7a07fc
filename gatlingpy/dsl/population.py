"""``Population``: a scenario, when its users start, and what only these users have."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gatlingpy.dsl.compiler import ActionBuilder, ProtocolBuilder
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.profile import Injection

if TYPE_CHECKING:
    from gatlingpy.dsl.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Population:
    """A scenario and when its users start; made by ``scenario(...).inject_open(...)``."""

    scenario: "Scenario"
    injection: Injection
    own_protocols: tuple[ProtocolBuilder, ...]
    where: str

    def protocols(self, *protocols: ProtocolBuilder) -> "Population":
        """Use these protocols here instead of those of the same kind on the set-up."""
        refuse_unless_protocols(protocols)
        return replace(self, own_protocols=(*self.own_protocols, *protocols))


def refuse_unless_protocols(values: Iterable[object]) -> None:
    """Raise UsageError, with the user's line, for what is no protocol, such as a request."""
    for value in values:
        a_request = isinstance(value, ActionBuilder)
        if a_request or not isinstance(value, ProtocolBuilder):
            what = "a request" if a_request else repr(value)
            raise UsageError(
                f"{user_line()}: protocols(...) takes protocols such as "
                f'kafka().bootstrap_servers("host:9092"), got {what}'
            )
