"""What a feeder takes its records from, as users give it, on its way into the plan."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Final, Protocol, TypeAlias

from gatlingpy.dsl.where import function_line
from gatlingpy.plan.code import CodeRef, CodeTable, Const
from gatlingpy.plan.feeders import (
    CodeSource,
    FeederSource,
    FileSource,
    GeneratedSource,
    RecordsSource,
    SqlSource,
)
from gatlingpy.plan.frozen import FrozenMap

Records: TypeAlias = Iterable[Mapping[str, object]]
RecordsFunction: TypeAlias = Callable[[], Records]

_MOST_IN_PLAN: Final = 1_000
"""A plan is printed, hashed and logged: longer lists stay outside it, as a generator's do."""


class SourceBuilder(Protocol):
    """What a feeder is made of."""

    @property
    def endless(self) -> bool:
        """Whether it is known to have no last record, in its own order."""

    @property
    def used_up(self) -> bool:
        """Whether reading it once leaves nothing for the run."""

    def compile(self, identity: str, code: CodeTable, where: str) -> FeederSource:
        """Return the source for the plan; ``identity`` is its feeder's id, ``where`` its line."""


@dataclass(frozen=True, slots=True, eq=False)
class GivenFile:
    """A file, by its name."""

    source: FileSource
    endless: bool = False
    used_up: bool = False

    def compile(self, identity: str, code: CodeTable, where: str) -> FeederSource:  # noqa: ARG002
        """Return the source as it is."""
        return self.source


@dataclass(frozen=True, slots=True, eq=False)
class GivenQuery:
    """A query, and the database that is asked."""

    source: SqlSource
    endless: bool = False
    used_up: bool = False

    def compile(self, identity: str, code: CodeTable, where: str) -> FeederSource:  # noqa: ARG002
        """Return the source as it is."""
        return self.source


@dataclass(frozen=True, slots=True, eq=False)
class GivenRecords:
    """Any iterable of mappings, or a function that gives one."""

    records: Records | RecordsFunction
    endless: bool = False

    @property
    def used_up(self) -> bool:
        """Whether it is an iterator: those can be had once."""
        return isinstance(self.records, Iterator)

    def compile(self, identity: str, code: CodeTable, where: str) -> FeederSource:
        """Return short plain lists as part of the plan, everything else as code."""
        given = self.records
        if isinstance(given, Sequence) and _fits_in_plan(given):
            return RecordsSource(tuple(FrozenMap(record) for record in given))
        if callable(given):
            return CodeSource(code.add(identity, given, line_of(given, where)))
        return CodeSource(code.add(identity, lambda: given, where))


@dataclass(frozen=True, slots=True, eq=False)
class GivenValues:
    """Functions that make a value for each record, beside constants."""

    values: Mapping[str, object]
    endless: bool = True
    used_up: bool = False

    def compile(self, identity: str, code: CodeTable, where: str) -> FeederSource:
        """Return the source; constants that a plan cannot hold become functions that give them."""
        return GeneratedSource(
            FrozenMap(
                {
                    name: self._value(value, f"{identity}/{name}", code, where)
                    for name, value in self.values.items()
                }
            )
        )

    def _value(self, value: object, path: str, code: CodeTable, where: str) -> Const | CodeRef:
        if callable(value):
            return code.add(path, value, line_of(value, where))
        return Const(value) if _is_plain(value) else code.add(path, lambda: value, where)


def line_of(function: Callable[..., object], where: str) -> str:
    """Return ``file:line`` of a function, or ``where`` for one that is not written in Python."""
    has_line = isinstance(getattr(function, "__code__", None), CodeType)
    return function_line(function) if has_line else where


def _fits_in_plan(records: Sequence[Mapping[object, object]]) -> bool:
    return len(records) <= _MOST_IN_PLAN and all(
        isinstance(key, str) and _is_plain(value)
        for record in records
        for key, value in record.items()
    )


def _is_plain(value: object) -> bool:
    """Tell whether the plan may hold a value: a list or dict would come out as something else."""
    return value is None or type(value) in (str, int, float, bool, bytes)
