"""The parts of an extractor that are functions, until they get names in the plan."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from gatlingpy.dsl.check_arguments import Held, filed
from gatlingpy.dsl.where import function_line
from gatlingpy.plan.checks import Extract, FieldExtract, FunctionExtract, Transform, WithDefault
from gatlingpy.plan.code import CodeTable


@dataclass(frozen=True, slots=True)
class FieldSource:
    """A field of the decoded body: a path, or a function; of a body of one type, if given."""

    what: str | Callable[..., object]
    kind: type[object] | None = None

    def compile(self, path: str, code: CodeTable) -> FieldExtract:
        """Return it for the plan."""
        ref = None
        if self.kind is not None:
            ref = code.add(f"{path}/type", self.kind, self.kind.__qualname__)
        if isinstance(self.what, str):
            return FieldExtract(self.what, kind=ref)
        function = code.add(f"{path}/field", self.what, function_line(self.what))
        return FieldExtract(code=function, kind=ref)


@dataclass(frozen=True, slots=True)
class FunctionSource:
    """What a function makes of the whole message."""

    function: Callable[..., object]

    def compile(self, path: str, code: CodeTable) -> FunctionExtract:
        """Return it for the plan."""
        return FunctionExtract(
            code.add(f"{path}/function", self.function, function_line(self.function))
        )


Source: TypeAlias = FieldSource | FunctionSource | Extract
"""A place in a message: where it holds functions, one that must be compiled first."""


def compile_source(source: Source, path: str, code: CodeTable) -> Extract:
    """Return a place in a message for the plan."""
    if isinstance(source, FieldSource | FunctionSource):
        return source.compile(path, code)
    return source


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a value: a function of it, and of the session if it takes that as well."""

    function: Callable[..., object]
    with_session: bool = False

    def compile(self, path: str, code: CodeTable) -> Transform:
        """Return it for the plan."""
        ref = code.add(f"{path}/transform", self.function, function_line(self.function))
        return Transform(ref, self.with_session)


@dataclass(frozen=True, slots=True)
class Default:
    """What takes the place of a value that is missing."""

    value: Held

    def compile(self, path: str, code: CodeTable) -> WithDefault:
        """Return it for the plan."""
        return WithDefault(filed(self.value, f"{path}/default", code))
