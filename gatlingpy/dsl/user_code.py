"""Runs the user's own code at the edges of a run: what it raises names the user's line."""

import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from gatlingpy.dsl.where import is_ours, short_path
from gatlingpy.errors import GatlingError, PlanError, UsageError

_PLACED: Final = re.compile(r"[^\n]*?:\d+: ")


@contextmanager
def user_code(what: str) -> Iterator[None]:
    """Let whatever is raised inside become a UsageError that begins with the user's ``file:line``.

    ``what`` says whose work failed, such as ``MySimulation.before``.  KeyboardInterrupt passes.
    """
    try:
        yield
    except GatlingError as error:
        raise placed(error, _last_line(error)) from error
    except (Exception, SystemExit) as error:
        where = _last_line(error)
        start = f"{where}: " if where else ""
        raise UsageError(f"{start}{what} raised {type(error).__name__}: {error}") from error


def placed(error: GatlingError, where: str) -> GatlingError:
    """Return the error with ``where`` before its text, unless it names a place already."""
    text = str(error)
    if not where or isinstance(error, PlanError) or _PLACED.match(text):
        return error
    again: Callable[[str], GatlingError] = type(error)
    return again(f"{where}: {text}")


def _last_line(error: BaseException) -> str:
    """Return ``file:line`` of the innermost frame that is not gatlingpy's nor the library's."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if not is_ours(frame.filename) and not frame.filename.startswith("<"):
            return f"{short_path(frame.filename)}:{frame.lineno}"
    return ""
