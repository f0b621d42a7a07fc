"""``dummy("name", response_time)``: the fluent face of the dummy protocol."""

from dataclasses import dataclass, replace
from typing import Final

from gatlingpy.dsl.arguments import Time, seconds
from gatlingpy.dsl.compiler import Compiler, Expression
from gatlingpy.dsl.duration import to_ns
from gatlingpy.dsl.step_builders import SessionFunction
from gatlingpy.dsl.where import function_line, user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.template import has_placeholder
from gatlingpy.protocols.dummy.plan import KIND, DummyProtocol, DummyRequest


@dataclass(frozen=True, slots=True)
class DummyProtocolBuilder:
    """The protocol of all dummy requests; a simulation need not name it."""

    @property
    def kind(self) -> str:
        """``dummy``."""
        return KIND

    def compile(self, compiler: Compiler, identity: str) -> DummyProtocol:  # noqa: ARG002
        """Return the frozen protocol."""
        return DummyProtocol(id=identity)


DUMMY: Final = DummyProtocolBuilder()
"""What dummy requests use; there is nothing about it that could differ."""


@dataclass(frozen=True, slots=True)
class DummyBuilder:
    """A request that crosses no wire; each method returns a new builder."""

    name: Expression
    response_time: Time
    where: str
    _success: Expression = True
    _update: SessionFunction | None = None

    @property
    def kind(self) -> str:
        """``dummy``."""
        return KIND

    def with_success(self, success: Expression) -> "DummyBuilder":
        """Let the response be good, or bad with the message ``Dummy error``.

        ``success`` is a truth value, a template, or a function of the session.
        """
        if not (callable(success) or isinstance(success, bool) or _is_template(success)):
            raise UsageError(
                f"{user_line()}: with_success(...) takes True, False, text with a placeholder such "
                f'as "#{{paid}}", or a function of the session, got {success!r}'
            )
        return replace(self, _success=success)

    def with_session_update(self, update: SessionFunction) -> "DummyBuilder":
        """Let this function change the session, as a check's ``save_as`` would.

        As in Gatling it is called before the wait, also when the response is bad, and response
        time and success are told from the session that it returns.
        """
        if not callable(update):
            raise UsageError(
                f"{user_line()}: with_session_update(...) takes a function of the session, "
                f"got {update!r}"
            )
        return replace(self, _update=update)

    def compile(self, compiler: Compiler, path: str) -> DummyRequest:
        """Return the frozen request."""
        update = self._update
        return DummyRequest(
            name=compiler.expression(self.name, f"{path}/name"),
            protocol=compiler.protocol(KIND, DUMMY),
            where=self.where,
            response_time=seconds(compiler, self.response_time, f"{path}/response-time"),
            success=compiler.expression(self._success, f"{path}/success"),
            session_update=None
            if update is None
            else compiler.code.add(f"{path}/update", update, function_line(update)),
        )


def dummy(name: Expression, response_time: Time) -> DummyBuilder:
    """Begin a request that crosses no wire: it takes ``response_time`` and then is answered.

    ``response_time`` is a duration as everywhere here, seconds or text such as ``"50ms"``, where
    Gatling takes milliseconds; or a template, or a function of the session, that gives one.  No
    protocol has to be set up for it.
    """
    where = user_line()
    if not callable(response_time) and not _is_template(response_time):
        to_ns(response_time, f"{where}: dummy(name, response_time)")
    return DummyBuilder(name, response_time, where)


def _is_template(value: object) -> bool:
    return isinstance(value, str) and has_placeholder(value)
