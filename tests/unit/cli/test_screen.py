"""What a run shows on the terminal besides its numbers."""

import io
from pathlib import Path

import pytest

from gatlingpy.app import Outcome
from gatlingpy.cli.screen import Screen
from gatlingpy.errors import ExitCode


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (ExitCode.OK, "No request was sent, so there is nothing to report on.\n"),
        (ExitCode.ASSERTION, "there is nothing to report on, and no assertion holds.\n"),
    ],
)
def test_a_run_without_requests_says_what_came_of_its_assertions(code: ExitCode, said: str) -> None:
    """No line of an assertion is there that could explain the exit code."""
    out = io.StringIO()
    Screen(out).ended(Outcome(code, Path("results/quiet-1"), "all users have ended", None))
    assert said in out.getvalue()
    assert out.getvalue().endswith("quiet-1\n")
