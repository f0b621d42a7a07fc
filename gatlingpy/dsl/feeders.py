"""Feeders: where users' data comes from, and the order in which users get it."""

import inspect
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self, TypeAlias

from gatlingpy.dsl.feeder_sources import (
    GivenRecords,
    GivenValues,
    Records,
    RecordsFunction,
    SourceBuilder,
    line_of,
)
from gatlingpy.dsl.where import function_line, user_folder, user_line
from gatlingpy.errors import FeederExhausted, UsageError
from gatlingpy.feeds.source import RecordSource, open_feeder
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.feeders import Feeder, FeederSource, Strategy, ZippedSource

__all__ = ["FeederBuilder", "as_feeder", "feeder", "zipped"]


@dataclass(frozen=True, slots=True, eq=False)
class FeederBuilder:
    """A source of records and the order in which they are given out.

    Every ``feed`` of the same object draws from the same feeder, whichever user or scenario it
    is in; each of the methods that change something returns another object, and so another feeder.
    """

    made_of: SourceBuilder
    where: str
    strategy: Strategy = Strategy.QUEUE
    transforms: tuple[Callable[..., object], ...] = ()
    origin: object = None
    """What the user gave to ``feed`` in place of a feeder, if that is how this one was made."""

    @property
    def identity(self) -> int:
        """What two builders must have in common to stand for the same feeder."""
        return id(self if self.origin is None else self.origin)

    def queue(self) -> Self:
        """Give each record once, in order; then the run stops."""
        return self._ordered(Strategy.QUEUE)

    def circular(self) -> Self:
        """Give the records in order, and begin again after the last."""
        return self._ordered(Strategy.CIRCULAR)

    def random(self) -> Self:
        """Give any record each time, by the run's seed."""
        return self._ordered(Strategy.RANDOM)

    def shuffle(self) -> Self:
        """Give each record once, in random order by the run's seed; then the run stops."""
        return self._ordered(Strategy.SHUFFLE)

    def transform(self, function: Callable[..., object]) -> Self:
        """Let ``function(attribute, value)`` make each value of each record another one.

        It is called on the user thread when a record is given out; what it raises is a failure of
        that user.  A second function gets what the first one made.
        """
        what = f"{user_line()}: transform(...)"
        _refuse_unless_called_with(function, ("attribute", "value"), what)
        return replace(self, transforms=(*self.transforms, function), origin=None)

    def shard(self) -> Self:
        """Return this same feeder: the segments of a run share every feeder's records anyway."""
        return self

    def read_records(self) -> list[dict[str, object]]:
        """Read all records now, transformed, in the order of the source whatever the strategy.

        A relative path counts from the file that this call stands in, then from the working
        folder.  Raises UsageError for a source that has no end, and for an iterator, which would
        be used up.
        """
        with closing(self._opened("read_records()")) as source:
            return [dict(record) for record in _until_the_end(source)]

    def records_count(self) -> int:
        """Count the records now, as ``read_records`` reads them, without keeping them."""
        with closing(self._opened("records_count()")) as source:
            size = source.size
            return sum(1 for _ in _until_the_end(source)) if size is None else size

    def compile(self, identity: str, code: CodeTable) -> Feeder:
        """Return the feeder for the plan under the id that it has there."""
        transforms = tuple(
            code.add(f"{identity}/transform", function, line_of(function, self.where))
            for function in self.transforms
        )
        source = self.made_of.compile(identity, code, self.where)
        return Feeder(identity, source, self.strategy, self.where, transforms)

    def _ordered(self, strategy: Strategy) -> Self:
        if self.made_of.endless and strategy in (Strategy.RANDOM, Strategy.SHUFFLE):
            raise UsageError(
                f"{user_line()}: {strategy}() needs a last record, and this feeder makes records "
                "without end; leave it out, or draw inside a function"
            )
        return replace(self, strategy=strategy, origin=None)

    def _opened(self, call: str) -> RecordSource:
        where = user_line()
        if self.made_of.endless:
            raise UsageError(f"{where}: {call} would never end: the feeder has no last record")
        if self.made_of.used_up:
            raise UsageError(
                f"{where}: {call} would leave nothing of an iterator for the run; give feeder(...) "
                "a list, or a function that makes the iterator"
            )
        code = CodeTable()
        plan = replace(self, strategy=Strategy.QUEUE).compile("feeder", code)
        return open_feeder(plan, code, [user_folder(), Path.cwd()], seed=0)


Feedable: TypeAlias = FeederBuilder | Records | RecordsFunction | Mapping[str, object]
"""A feeder, or what ``feeder(...)`` makes one of."""


def feeder(records: "Records | RecordsFunction | Mapping[str, object]") -> FeederBuilder:
    """Take records from a list, any iterable, or a generator function; each is a mapping.

    A function is called once, when the run starts, and may never end.  A mapping with functions,
    ``{"id": make_id, "shop": "corner"}``, makes records without end: each calls the functions,
    with no argument, and has the constants as they are.
    """
    where = user_line()
    if isinstance(records, Mapping):
        _refuse_unless_generates(records, where)
        return FeederBuilder(GivenValues(dict(records)), where)
    _refuse_unless_records(records, where)
    return FeederBuilder(GivenRecords(records), where)


def as_feeder(value: object) -> FeederBuilder:
    """Return what was given to ``feed`` as a feeder; raises UsageError for what is none.

    Two calls with the same list, iterator or function return builders of the same identity.
    """
    if isinstance(value, FeederBuilder):
        return value
    return replace(feeder(value), origin=value)  # type: ignore[arg-type]


def zipped(*feeders: Feedable) -> FeederBuilder:
    """Join one record of each feeder into one; the shortest feeder ends it.

    Each part keeps its own strategy and is read for this feeder alone.  No attribute may occur in
    two of them.
    """
    where = user_line()
    if len(feeders) < 2:
        raise UsageError(f"{where}: zipped(...) takes two feeders or more, got {len(feeders)}")
    return FeederBuilder(GivenParts(tuple(map(as_feeder, feeders))), where)


@dataclass(frozen=True, slots=True, eq=False)
class GivenParts:
    """The feeders of a zipped one."""

    parts: tuple[FeederBuilder, ...]

    @property
    def endless(self) -> bool:
        """Whether no part is known to end."""
        again = (Strategy.CIRCULAR, Strategy.RANDOM)
        return all(part.made_of.endless or part.strategy in again for part in self.parts)

    @property
    def used_up(self) -> bool:
        """Whether one of them can be had once."""
        return any(part.made_of.used_up for part in self.parts)

    def compile(self, identity: str, code: CodeTable, where: str) -> FeederSource:  # noqa: ARG002
        """Return the source with its parts, whose ids are ``identity/1`` and so on."""
        return ZippedSource(
            tuple(part.compile(f"{identity}/{n}", code) for n, part in enumerate(self.parts, 1))
        )


def _until_the_end(source: RecordSource) -> Iterator[Mapping[str, object]]:
    while True:
        try:
            record = source.next()
        except FeederExhausted:
            return
        yield record


def _refuse_unless_generates(values: Mapping[str, object], where: str) -> None:
    for name in values:
        if not isinstance(name, str):
            raise UsageError(f"{where}: the name of an attribute must be text, got {name!r}")
    functions = {name: value for name, value in values.items() if callable(value)}
    if not functions:
        raise UsageError(
            f"{where}: one mapping is one record, not a feeder; put it in a list, or give it a "
            'function for a value that each record makes anew, as in {"id": uuid4}'
        )
    for name, function in functions.items():
        _refuse_unless_called_with(function, (), f"{where}: the feeder's {name!r}")


def _refuse_unless_called_with(function: object, words: Sequence[str], what: str) -> None:
    """Raise UsageError for a function that cannot be called so, as far as it can be told."""
    wanted = f"a function of ({', '.join(words)})" if words else "a function without arguments"
    if not callable(function):
        raise UsageError(f"{what} takes {wanted}, got {function!r}")
    if inspect.iscoroutinefunction(function):
        raise UsageError(f"{what} takes {wanted}, and {function_line(function)} is async")
    try:
        signature = inspect.signature(function)
    except (ValueError, TypeError):
        return  # not written in Python: it will say so itself
    try:
        signature.bind(*words)
    except TypeError as error:
        raise UsageError(f"{what} takes {wanted}: {function_line(function)}: {error}") from None


def _refuse_unless_records(value: object, where: str) -> None:
    remedy = "give a list of dicts, a generator function, or csv(path)"
    if isinstance(value, str | bytes | os.PathLike):
        raise UsageError(f"{where}: a feeder cannot be text, got {value!r}; did you mean csv(...)?")
    if not isinstance(value, Iterable) and not callable(value):
        raise UsageError(f"{where}: {type(value).__name__} {value!r} is no feeder; {remedy}")
    if isinstance(value, Sequence):
        for n, record in enumerate(value, 1):
            if not isinstance(record, Mapping):
                raise UsageError(
                    f"{where}: record {n} of the feeder must map attributes to values, "
                    f"got {record!r}; {remedy}"
                )
