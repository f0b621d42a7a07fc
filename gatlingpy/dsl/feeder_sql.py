"""Feeders from databases."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from gatlingpy.dsl.feeder_sources import GivenQuery
from gatlingpy.dsl.feeders import FeederBuilder
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import Env
from gatlingpy.plan.feeders import SqlSource
from gatlingpy.plan.frozen import FrozenMap

__all__ = ["sql_feeder"]

Scalar = str | int | float | bool | bytes | None

_PASSWORD: Final = re.compile(r"^[\w+.-]+://[^:/@]*:[^@]+@")
"""The part of a URL that SQLAlchemy takes for user and password, with one in it."""
_SECRET_NAME: Final = re.compile(r"pass|pwd|secret|token", re.IGNORECASE)
_SECRET_IN_VALUE: Final = re.compile(r"(pwd|password)\s*=", re.IGNORECASE)


def sql_feeder(
    url: str | Env,
    query: str,
    parameters: Mapping[str, Scalar] | None = None,
    *,
    password: Env | None = None,
) -> FeederBuilder:
    """Read records from the rows of a query, through SQLAlchemy; columns name the attributes.

    ``url`` is SQLAlchemy's, such as ``postgresql://user@host/database``, or ``env("DB_URL")``.
    ``parameters`` are what ``:name`` stands for in the query.  Values are the driver's.  The query
    is sent before the run begins; a long result is read while it goes on.
    """
    where = user_line()
    call = f"{where}: sql_feeder(...)"
    _refuse_bad_url(url, call)
    _refuse_unless_text(query, call)
    _refuse_literal(password, call)
    given = _checked_parameters(parameters, call)
    return FeederBuilder(GivenQuery(SqlSource(url, query, given, password)), where)


def _refuse_bad_url(url: object, call: str) -> None:
    if isinstance(url, Env) and url.default is None:
        return
    text = url.default if isinstance(url, Env) else url
    if not isinstance(text, str) or "://" not in text:
        # A text without scheme may be anything, a password too: it is not shown.
        got = "a text that is none" if isinstance(text, str) else repr(text)
        raise UsageError(
            f'{call}: the URL must be text such as "postgresql://user@host/database", or '
            f'env("DB_URL"); got {got}'
        )
    if text.startswith("jdbc:"):
        raise UsageError(
            f"{call}: a URL that begins with jdbc: is Java's; SQLAlchemy wants one such as "
            "postgresql://user@host/database"
        )
    if _holds_secret(text):
        raise UsageError(
            f"{call}: the URL holds a password, and what stands in a simulation is printed and "
            'logged; leave it out and add password=env("DB_PASSWORD"), or give all of the URL as '
            'env("DB_URL")'
        )


def _refuse_unless_text(query: object, call: str) -> None:
    if not isinstance(query, str) or not query.strip():
        raise UsageError(f"{call}: the query must be text such as 'SELECT ...', got {query!r}")


def _refuse_literal(password: object, call: str) -> None:
    if password is None or (isinstance(password, Env) and password.default is None):
        return
    raise UsageError(
        f"{call}: a password that stands in a simulation is printed and logged; give it as "
        'password=env("DB_PASSWORD"), without a default'
    )


def _holds_secret(url: str) -> bool:
    if _PASSWORD.match(url):
        return True
    return any(
        (value and _SECRET_NAME.search(name)) or _SECRET_IN_VALUE.search(value)
        for name, value in parse_qsl(urlsplit(url).query)
    )


def _checked_parameters(parameters: object, call: str) -> "FrozenMap[Scalar]":
    if parameters is None:
        return FrozenMap()
    if not isinstance(parameters, Mapping):
        raise UsageError(f"{call}: parameters must map names to values, got {parameters!r}")
    for name, value in parameters.items():
        if not isinstance(name, str) or not isinstance(value, Scalar):
            raise UsageError(
                f"{call}: the parameter {name!r} must be text, a number, bytes, true, false or "
                f"None, got {value!r}"
            )
    return FrozenMap(parameters)
