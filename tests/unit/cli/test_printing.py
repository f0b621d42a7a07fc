"""Output that nobody reads, and output that cannot be written."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatlingpy.cli.printing import say, write
from gatlingpy.errors import ResultsError


def abandoned() -> io.TextIOWrapper:
    """Return a stream whose reader is gone."""
    read, wrote = os.pipe()
    os.close(read)
    return os.fdopen(wrote, "w")


def test_what_is_asked_for_ends_quietly_when_the_reader_has_seen_enough() -> None:
    """No line is made that nobody reads; closing the stream does not fail."""
    made = 0

    def lines() -> Iterator[str]:
        nonlocal made
        while made < 1_000_000:
            made += 1
            yield f"line {made}\n"

    with abandoned() as stream:
        write(lines(), stream)
    assert made < 10_000


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_told_by_what_was_asked_for_and_not_by_what_stands_beside() -> None:
    """A plan that was not written is a mistake; a run goes on without its table."""
    with Path("/dev/full").open("w") as stream:
        say("text", stream)
    with (
        Path("/dev/full").open("w") as stream,
        pytest.raises(ResultsError, match="the output cannot be written: No space left on device"),
    ):
        write(("text",), stream)


def test_what_stands_beside_never_fails() -> None:
    """Not even on a stream that is closed."""
    with abandoned() as stream:
        say("text", stream)
    closed = io.StringIO()
    closed.close()
    say("text", closed)
    out = io.StringIO()
    say("text", out)
    assert out.getvalue() == "text\n"
