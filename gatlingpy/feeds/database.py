"""Databases that SQLAlchemy reaches: the engine for a URL, and what errors are said as.

SQLAlchemy is imported when a feeder needs it; a plan does not.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gatlingpy.errors import FeederError, UsageError
from gatlingpy.feeds.data_file import find_file
from gatlingpy.plan.code import Env
from gatlingpy.plan.feeders import SqlSource

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Engine

_OUR_DRIVERS: Final = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
"""What a URL without a driver gets: the driver that is installed with gatlingpy."""


class Database:
    """Where a query goes.  No message holds the URL or the password."""

    def __init__(self, source: SqlSource, folders: Sequence[Path], where: str) -> None:
        """Nothing is resolved yet; ``where`` is the user's ``file:line``."""
        self._source = source
        self._folders = folders
        self.call = f"{where}: sql_feeder(...)"
        """How messages begin."""
        self._secrets: list[str] = []

    def check(self) -> None:
        """Raise FeederError for a URL or driver that cannot be used; connects to nothing.

        What is in the environment is looked at when the run starts, not before.
        """
        if not isinstance(self._source.url, Env):
            self._engine(self._source.url, None)

    def engine(self) -> "Engine":
        """Return what connects to the database; raises FeederError."""
        source = self._source
        url = source.url if isinstance(source.url, str) else self._resolved(source.url)
        password = None if source.password is None else self._resolved(source.password)
        return self._engine(url, password)

    def error(self, error: Exception) -> str:
        """Say what SQLAlchemy or a driver raised, in one line and without secrets."""
        original = getattr(error, "orig", None) or error
        text = " ".join(f"{type(original).__name__}: {original}".split())
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return f"{self.call}: {text}"

    def _resolved(self, variable: Env) -> str:
        try:
            value = str(variable.resolve())
        except UsageError as error:
            raise FeederError(f"{self.call}: {error}") from None
        self._secrets.append(value)
        return value

    def _engine(self, text: str, password: str | None) -> "Engine":
        from sqlalchemy import create_engine
        from sqlalchemy.exc import ArgumentError, NoSuchModuleError
        from sqlalchemy.pool import NullPool

        try:
            url = self._url(text, password)
            driver = url.get_driver_name()
            # The run opens a feeder on one thread, reads it on another and closes it on the first.
            arguments = {"check_same_thread": False} if driver == "pysqlite" else {}
            return create_engine(url, poolclass=NullPool, connect_args=arguments)
        except NoSuchModuleError:
            raise FeederError(
                f"{self.call}: SQLAlchemy knows no database {text.partition(':')[0]!r}; write a "
                "URL such as postgresql://user@host/database"
            ) from None
        except (ArgumentError, ValueError):
            raise FeederError(
                f"{self.call}: SQLAlchemy cannot read the URL of the database; write one such as "
                "postgresql://user@host/database"
            ) from None
        except ImportError as error:
            raise FeederError(
                f"{self.call}: the driver for {text.partition(':')[0]!r} is not installed "
                f"({error}); install it, or name another one, as in mysql+pymysql://…"
            ) from None

    def _url(self, text: str, password: str | None) -> "URL":
        from sqlalchemy.engine import make_url

        url = make_url(text)
        if "@" in (url.host or ""):
            # Drivers name the host in their errors, and this one holds the end of the password.
            raise FeederError(
                f"{self.call}: the URL of the database has a second '@' before its host; write "
                "one that belongs to the user or the password as %40"
            )
        if url.password is not None:
            self._secrets.append(str(url.password))
        if password is not None:
            url = url.set(password=password)
        url = url.set(drivername=_OUR_DRIVERS.get(url.drivername, url.drivername))
        if url.get_backend_name() == "sqlite" and _is_file(url.database):
            # SQLite would make an empty database of a file that is not there.
            url = url.set(database=str(find_file(str(url.database), self._folders, self._shown)))
        return url

    @property
    def _shown(self) -> str:
        """How a message begins that may show the URL; one of the environment is nobody's."""
        url = self._source.url
        return self.call if isinstance(url, Env) else self.call.replace("...", repr(url))


def _is_file(database: str | None) -> bool:
    return bool(database) and not str(database).startswith((":memory:", "file:"))
