"""Where users' data comes from, as users write it: ``csv(...)``, lists, iterables, generators."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from gatlingpy.dsl.where import function_line, user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.feeders import (
    CodeSource,
    CsvSource,
    Feeder,
    FeederSource,
    RecordsSource,
    Strategy,
)
from gatlingpy.plan.frozen import FrozenMap

__all__ = ["FeederBuilder", "as_feeder", "csv", "feeder"]

Records: TypeAlias = Iterable[Mapping[str, object]]
RecordsFunction: TypeAlias = Callable[[], Records]

_MOST_IN_PLAN: Final = 1_000
"""A plan is printed, hashed and logged: longer lists stay outside it, as a generator's do."""


@dataclass(frozen=True, slots=True, eq=False)
class FeederBuilder:
    """A source of records and the order in which they are given out.

    Every ``feed`` of the same object draws from the same feeder, whichever user or scenario it
    is in; each strategy method returns another object, and so another feeder.
    """

    given: CsvSource | Records | RecordsFunction
    strategy: Strategy
    where: str
    origin: object = None
    """What the user gave to ``feed`` in place of a feeder, if that is how this one was made."""

    @property
    def identity(self) -> int:
        """What two builders must have in common to stand for the same feeder."""
        return id(self if self.origin is None else self.origin)

    def queue(self) -> "FeederBuilder":
        """Give each record once, in order; then the run stops."""
        return replace(self, strategy=Strategy.QUEUE)

    def circular(self) -> "FeederBuilder":
        """Give the records in order, and begin again after the last."""
        return replace(self, strategy=Strategy.CIRCULAR)

    def random(self) -> "FeederBuilder":
        """Give any record each time, by the run's seed."""
        return replace(self, strategy=Strategy.RANDOM)

    def shuffle(self) -> "FeederBuilder":
        """Give each record once, in random order by the run's seed; then the run stops."""
        return replace(self, strategy=Strategy.SHUFFLE)

    def compile(self, identity: str, code: CodeTable) -> Feeder:
        """Return the feeder for the plan under the id that it has there."""
        return Feeder(identity, self._source(identity, code), self.strategy, self.where)

    def _source(self, identity: str, code: CodeTable) -> FeederSource:
        given = self.given
        if isinstance(given, CsvSource):
            return given
        if isinstance(given, Sequence) and _fits_in_plan(given):
            return RecordsSource(tuple(FrozenMap(record) for record in given))
        if callable(given):
            return CodeSource(code.add(identity, given, function_line(given)))
        return CodeSource(code.add(identity, lambda: given, self.where))


def csv(path: "str | os.PathLike[str]", separator: str = ",", quote: str = '"') -> FeederBuilder:
    """Read records from a file of separated values whose first line names the attributes.

    RFC 4180, UTF-8.  A relative path is looked up beside the simulation's file, then in the
    working folder.  All values are text.
    """
    where = user_line()
    name = _file_name(path, where)
    _refuse_unless_char(separator, f"{where}: csv({name!r}): separator")
    _refuse_unless_char(quote, f"{where}: csv({name!r}): quote")
    if separator == quote:
        raise UsageError(f"{where}: csv({name!r}): separator and quote are both {quote!r}")
    return FeederBuilder(CsvSource(name, separator, quote), Strategy.QUEUE, where)


def feeder(records: "Records | RecordsFunction") -> FeederBuilder:
    """Take records from a list, any iterable, or a generator function; each is a mapping.

    A function is called once, when the run starts, and may never end.
    """
    where = user_line()
    _refuse_unless_records(records, where)
    return FeederBuilder(records, Strategy.QUEUE, where)


def as_feeder(value: object) -> FeederBuilder:
    """Return what was given to ``feed`` as a feeder; raises UsageError for what is none.

    Two calls with the same list, iterator or function return builders of the same identity.
    """
    if isinstance(value, FeederBuilder):
        return value
    return replace(feeder(value), origin=value)  # type: ignore[arg-type]


def _file_name(path: object, where: str) -> str:
    name = os.fspath(path) if isinstance(path, str | os.PathLike) else None
    if isinstance(name, str) and name:
        return name
    raise UsageError(f"{where}: csv(...) takes the path of a file, got {path!r}")


def _refuse_unless_char(value: object, what: str) -> None:
    if not isinstance(value, str) or len(value) != 1 or value in "\r\n":
        raise UsageError(f"{what} must be one character, got {value!r}")


def _refuse_unless_records(value: object, where: str) -> None:
    remedy = "give a list of dicts, a generator function, or csv(path)"
    if isinstance(value, str | bytes | os.PathLike):
        raise UsageError(f"{where}: a feeder cannot be text, got {value!r}; did you mean csv(...)?")
    if isinstance(value, Mapping):
        raise UsageError(f"{where}: one mapping is one record, not a feeder; put it in a list")
    if not isinstance(value, Iterable) and not callable(value):
        raise UsageError(f"{where}: {type(value).__name__} {value!r} is no feeder; {remedy}")
    if isinstance(value, Sequence):
        for n, record in enumerate(value, 1):
            if not isinstance(record, Mapping):
                raise UsageError(
                    f"{where}: record {n} of the feeder must map attributes to values, "
                    f"got {record!r}; {remedy}"
                )


def _fits_in_plan(records: Sequence[Mapping[object, object]]) -> bool:
    """Tell whether the plan may hold the records themselves.

    Only plain scalars: a list or dict would come out of the plan as something else.
    """
    return len(records) <= _MOST_IN_PLAN and all(
        isinstance(key, str) and (value is None or type(value) in (str, int, float, bool, bytes))
        for record in records
        for key, value in record.items()
    )
