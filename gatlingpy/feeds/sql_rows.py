"""The rows of an SQL query: held where they are few, read as they are used where not."""

import weakref
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from gatlingpy.errors import FeederError
from gatlingpy.feeds.code_records import MOST_REMEMBERED
from gatlingpy.feeds.database import Database
from gatlingpy.feeds.supply import Breakable, Flow, HeldRows, Record, Stock, Supply
from gatlingpy.plan.feeders import SqlSource

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, CursorResult

    Result = CursorResult[tuple[object, ...]]

MOST_IN_MEMORY: Final = 50_000
"""Results of up to so many rows are read whole when a run starts; longer ones as they are used."""

_AT_ONCE: Final = 1_000
"""Rows to fetch in one round trip."""

Row = Sequence[object]


def supply_of_sql(source: SqlSource, database: Database, *, any_order: bool) -> Supply:
    """Send the query and read what a run needs before it begins; raises FeederError.

    A stream is sent the query anew each time that it begins again.
    """
    with ExitStack() as opened:
        stream = SqlStream(source, database)
        opened.callback(stream.close)
        if stream.read_ahead(MOST_IN_MEMORY) or any_order:
            _read_all(stream, database)
            return Stock(HeldRows(stream.names, list(stream.ahead)), stream.names)
        opened.pop_all()
    begun = [stream]
    return Flow(lambda: begun.pop() if begun else SqlStream(source, database), stream.names)


def _read_all(stream: "SqlStream", database: Database) -> None:
    if not stream.read_ahead(MOST_REMEMBERED):
        raise FeederError(
            f"{database.call}: the query gives more than {MOST_REMEMBERED:,} rows, too many to "
            "hold; random and shuffle need them all: use .queue(), or a LIMIT"
        )


class SqlStream(Breakable):
    """The rows of one execution of a query, over a connection of its own.

    A lost connection ends it: a query that is sent again may give other rows.
    """

    def __init__(self, source: SqlSource, database: Database) -> None:
        """Connect and send the query; raises FeederError."""
        from sqlalchemy.exc import SQLAlchemyError

        self._database = database
        self._errors = SQLAlchemyError, ValueError, OSError
        self.ahead: deque[Row] = deque()
        """Rows that have been read and not given out."""
        engine = database.engine()
        # The result first: SQLite keeps its file open as long as there is a statement under way.
        used = ExitStack()
        self.close = weakref.finalize(self, used.close)
        try:
            connection = used.enter_context(engine.connect())
            result = _executed(connection, source)
        except self._errors as error:
            self.close()
            raise FeederError(database.error(error)) from error
        used.callback(result.close)
        self.names = self._columns(result)
        # Said again here: where the query is plain text, the option alone leaves small batches.
        self._rows: Iterator[Row] = iter(result.yield_per(_AT_ONCE))

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        row = self.ahead.popleft() if self.ahead else self._next_row()
        return dict(zip(self.names, row, strict=True))

    def read_ahead(self, most: int) -> bool:
        """Read until so many rows are ahead; tells whether those are all. Raises FeederError."""
        while len(self.ahead) <= most:
            try:
                self.ahead.append(tuple(self._next_row()))
            except StopIteration:
                return True
        return False

    def _next_row(self) -> Row:
        self.refuse_if_broken()
        try:
            return next(self._rows)
        except self._errors as error:
            raise self.broken(self._database.error(error)) from error

    def _columns(self, result: "Result") -> tuple[str, ...]:
        names = tuple(result.keys()) if result.returns_rows else ()
        problem = None
        if not names:
            problem = "the query gives no rows; it must be one that reads, such as a SELECT"
        elif "" in names:
            problem = f"column {names.index('') + 1} of the result has no name; give it one with AS"
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            problem = f"two columns of the result are called {twice!r}; rename one with AS"
        if problem is not None:
            self.close()
            raise FeederError(f"{self._database.call}: {problem}")
        return names


def _executed(connection: "Connection", source: SqlSource) -> "Result":
    from sqlalchemy import text

    if source.parameters:
        streamed = connection.execution_options(yield_per=_AT_ONCE)
        return streamed.execute(text(source.query), dict(source.parameters))
    # The driver gets the text as it is: neither ``:`` nor ``%`` in it means anything.
    streamed = connection.execution_options(yield_per=_AT_ONCE, no_parameters=True)
    return streamed.exec_driver_sql(source.query)
