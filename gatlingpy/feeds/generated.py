"""Records without end, each made anew by functions of the user's."""

from collections.abc import Iterator

from gatlingpy.errors import FeederError
from gatlingpy.feeds.supply import Flow, Record
from gatlingpy.plan.code import CodeRef, CodeTable
from gatlingpy.plan.feeders import GeneratedSource


def supply_of_values(source: GeneratedSource, code: CodeTable) -> Flow:
    """Return records of the source's constants, and of what its functions give each time."""
    stream = GeneratedStream(source, code)
    return Flow(lambda: stream, tuple(source.values))


class GeneratedStream:
    """Calls each function once a record, in the order they were written in."""

    def __init__(self, source: GeneratedSource, code: CodeTable) -> None:
        """Nothing is called yet."""
        self._record = {
            name: None if isinstance(value, CodeRef) else value.value
            for name, value in source.values.items()
        }
        self._functions = [
            (name, code[value], value.where)
            for name, value in source.values.items()
            if isinstance(value, CodeRef)
        ]
        self._number = 0

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        self._number += 1
        record = self._record.copy()
        for name, function, where in self._functions:
            try:
                record[name] = function()
            except (Exception, SystemExit) as error:
                raise FeederError(
                    f"{where}: record {self._number} of the feeder, attribute {name!r}: "
                    f"{type(error).__name__}: {error}"
                ) from error
        return record

    def close(self) -> None:
        """Close nothing."""
