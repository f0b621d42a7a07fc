"""Runs the user's own code at the edges of a run: what it raises names the user's line."""

import os
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Final

from gatlingpy.dsl.where import is_ours, short_path
from gatlingpy.errors import PlanError, UsageError
from gatlingpy.plan.glimpse import said

_PLACED: Final = re.compile(r"(?:[^\n:]+\.py|<[^\n>]+>):\d+: ")
_LIBRARY: Final = os.path.dirname(os.__file__) + os.sep  # noqa: PTH120 - compared as text


@contextmanager
def user_code(what: str) -> Iterator[None]:
    """Let whatever is raised inside become a UsageError that begins with the user's ``file:line``.

    ``what`` says whose work failed, such as ``MySimulation.before``.  KeyboardInterrupt passes.
    """
    try:
        yield
    except UsageError as error:
        raise placed(error, user_frame(error)) from error
    except (Exception, SystemExit) as error:
        where = user_frame(error)
        start = f"{where}: " if where else ""
        raise UsageError(f"{start}{what} raised {_told(error)}") from error


def _told(error: BaseException) -> str:
    """Return what an exception says; for an attribute that there is not, which is near."""
    if not isinstance(error, AttributeError) or not error.name:
        return said(error)
    near = get_close_matches(error.name, dir(error.obj), 1)
    return f"{said(error)}; did you mean {near[0]}?" if near else said(error)


@contextmanager
def told_at(where: str) -> Iterator[None]:
    """Let a UsageError raised inside begin with ``where``, unless it names a place already."""
    try:
        yield
    except UsageError as error:
        raise placed(error, where) from error


def placed(error: UsageError, where: str) -> UsageError:
    """Return the error with ``where`` before its text, unless it names a place already."""
    text = str(error)
    if not where or isinstance(error, PlanError) or _PLACED.match(text):
        return error
    return type(error)(f"{where}: {text}")


def user_frame(error: BaseException) -> str:
    """Return ``file:line`` of the innermost of the user's own frames; empty if there is none."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if not is_library(frame.filename):
            return f"{short_path(frame.filename)}:{frame.lineno}"
    return ""


def is_library(path: str) -> bool:
    """Tell whether a source file is gatlingpy's, the standard library's or an installed one."""
    installed = f"{os.sep}site-packages{os.sep}" in path
    return is_ours(path) or installed or path.startswith(("<", _LIBRARY))
