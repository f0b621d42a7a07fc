"""Text for a terminal, a pipe or a file, and what happens when nobody reads any more."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from gatlingpy.errors import ResultsError


def say(text: str, stream: TextIO) -> None:
    """Print a text and a line feed beside what matters more: never fails."""
    try:
        print(text, file=stream, flush=True)
    except (OSError, ValueError):
        _silence(stream)


def write(texts: Iterable[str], stream: TextIO) -> None:
    """Write texts, as they come, that were asked for.

    Ends early, and quietly, where the reader has seen enough, as after ``| head``.  Raises
    ResultsError for a disk that is full and the like.
    """
    try:
        stream.writelines(texts)
        stream.flush()
    except BrokenPipeError:
        _silence(stream)
    except OSError as error:
        _silence(stream)
        raise ResultsError(f"the output cannot be written: {error.strerror or error}") from error


def _silence(stream: TextIO) -> None:
    """Send what is still in a stream's buffer nowhere, so that the exit does not fail on it."""
    with contextlib.suppress(OSError, ValueError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())
