"""Values that functions of the user's change on their way into the session."""

from collections.abc import Callable, Iterator, Sequence

from gatlingpy.errors import FeederError
from gatlingpy.feeds.supply import Record, Stream
from gatlingpy.plan.code import CodeRef, CodeTable

Transform = tuple[Callable[..., object], str]
"""A function of (attribute, value), and its ``file:line``."""


def transformed(records: Stream, transforms: Sequence[CodeRef], code: CodeTable) -> Stream:
    """Return the records with every value changed by each function, in order."""
    if not transforms:
        return records
    return Transformed(records, [(code[ref], ref.where) for ref in transforms])


class Transformed:
    """Records with changed values; what a function raises is an error for its record alone."""

    def __init__(self, records: Stream, transforms: Sequence[Transform]) -> None:
        """Nothing is read yet."""
        self.close = records.close
        self._records = records
        self._transforms = transforms
        self._number = 0

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        record = next(self._records)
        self._number += 1
        for function, where in self._transforms:
            record = self._changed(record, function, where)
        return record

    def _changed(self, record: Record, function: Callable[..., object], where: str) -> Record:
        changed = {}
        for name, value in record.items():
            try:
                changed[name] = function(name, value)
            except (Exception, SystemExit) as error:
                raise FeederError(
                    f"{where}: record {self._number} of the feeder, attribute {name!r}: "
                    f"{type(error).__name__}: {error}"
                ) from error
        return changed
