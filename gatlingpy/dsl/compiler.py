"""From builders to a plan: names user functions, shares feeders, binds requests to protocols."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Protocol, TypeAlias, runtime_checkable

from gatlingpy.dsl.feeders import FeederBuilder
from gatlingpy.dsl.session_function import refuse_unless_takes_session
from gatlingpy.dsl.where import function_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import CodeTable, Const, Expr, Structure, Template
from gatlingpy.plan.feeders import Feeder
from gatlingpy.plan.frozen import FrozenMap, freeze
from gatlingpy.plan.steps import ProtocolPlan, RequestPlan, Step
from gatlingpy.plan.template import has_placeholder
from gatlingpy.session import Session

Expression: TypeAlias = object | Callable[[Session], object]
"""A value, text with ``#{attribute}`` placeholders, or a function of the session."""

_DEEPEST: Final = 64
"""How many chains may stand inside each other, the scenario's own included."""


class StepBuilder(Protocol):
    """A part of a chain that compiles to one step."""

    @property
    def where(self) -> str:
        """The user's ``file:line``."""

    def compile(self, compiler: "Compiler", path: str) -> Step:
        """Return the step; ``path`` names its place in the plan."""


@runtime_checkable
class ActionBuilder(Protocol):
    """A protocol's request while it is being written."""

    @property
    def kind(self) -> str:
        """The protocol's own name, such as ``kafka``."""

    @property
    def where(self) -> str:
        """The user's ``file:line``."""

    def compile(self, compiler: "Compiler", path: str) -> RequestPlan:
        """Return the request; ``path`` names its place in the plan."""


@runtime_checkable
class ProtocolBuilder(Protocol):
    """A protocol's set-up while it is being written."""

    @property
    def kind(self) -> str:
        """The protocol's own name, such as ``kafka``."""

    def compile(self, compiler: "Compiler", identity: str) -> ProtocolPlan:
        """Return the set-up under the id that it has in the plan."""


class Compiler:
    """Collects what the parts of one simulation share."""

    def __init__(self) -> None:
        """Nothing has been compiled."""
        self.code = CodeTable()
        self._feeders: dict[int, tuple[FeederBuilder, Feeder]] = {}
        self._protocols: dict[int, tuple[ProtocolBuilder, ProtocolPlan]] = {}
        self._bound: Mapping[str, str] = {}
        self._depth = 0

    @contextmanager
    def one_deeper(self) -> Iterator[None]:
        """Compile the steps of a block; raises UsageError for one that stands in too many others.

        What works on a plan follows it by recursion, which Python bounds.
        """
        self._depth += 1
        try:
            if self._depth > _DEEPEST:
                raise UsageError(
                    f"blocks stand inside each other more than {_DEEPEST} deep; put some of them "
                    "side by side"
                )
            yield
        finally:
            self._depth -= 1

    def expression(self, value: Expression, path: str) -> Expr:
        """Return a value as an expression; raises UsageError for one that can change."""
        if callable(value) and not isinstance(value, type):
            refuse_unless_takes_session(value)
            return self.code.add(path, value, function_line(value))
        frozen = _templated(freeze(value))
        if isinstance(frozen, Template):
            return frozen
        return Structure(frozen) if _has_template(frozen) else Const(frozen)

    def feeder(self, builder: FeederBuilder) -> str:
        """Return the id of a feeder; the same builder is the same feeder wherever it is used."""
        known = self._feeders.get(builder.identity)
        if known is None:
            identity = f"feeder-{len(self._feeders) + 1}"
            known = builder, builder.compile(identity, self.code)
            self._feeders[builder.identity] = known
        return known[1].id

    def bind(self, protocols: tuple[ProtocolBuilder, ...]) -> None:
        """Let requests compiled from here on use these protocols; a later one of a kind wins."""
        self._bound = {protocol.kind: self._protocol(protocol).id for protocol in protocols}

    def _protocol(self, builder: ProtocolBuilder) -> ProtocolPlan:
        known = self._protocols.get(id(builder))
        if known is None:
            same = sum(other.kind == builder.kind for other, _ in self._protocols.values())
            identity = builder.kind if same == 0 else f"{builder.kind}-{same + 1}"
            known = builder, builder.compile(self, identity)
            self._protocols[id(builder)] = known
        return known[1]

    def use(self, protocol: ProtocolBuilder) -> str:
        """Return the id of a protocol that a request names itself, bound or not."""
        return self._protocol(protocol).id

    def protocol(self, kind: str, default: ProtocolBuilder | None = None) -> str:
        """Return the id of the protocol bound for this kind, or the empty text if there is none.

        ``default`` is bound where the user has given none of the kind.
        """
        if kind not in self._bound and default is not None:
            return self._protocol(default).id
        return self._bound.get(kind, "")

    @property
    def feeders(self) -> tuple[Feeder, ...]:
        """The feeders used so far."""
        return tuple(feeder for _, feeder in self._feeders.values())

    @property
    def protocols(self) -> tuple[ProtocolPlan, ...]:
        """The protocols bound so far."""
        return tuple(plan for _, plan in self._protocols.values())


def _templated(value: object) -> object:
    """Return frozen data in which each text with a placeholder is a template."""
    match value:
        case str() if has_placeholder(value):
            return Template(value)
        case tuple():
            return tuple(_templated(item) for item in value)
        case FrozenMap():
            return FrozenMap({key: _templated(item) for key, item in value.items()})
    return value


def _has_template(value: object) -> bool:
    match value:
        case Template():
            return True
        case tuple():
            return any(_has_template(item) for item in value)
        case FrozenMap():
            return any(_has_template(item) for item in value.values())
    return False
