"""For each bug of the original there is a test that it is not here, or a reason that none is needed."""

import subprocess
import sys

from tests.architecture.original_bugs import BUGS
from tests.docs.page import ROOT


def test_every_bug_has_an_answer() -> None:
    """From W1 to W37, none left out."""
    assert list(BUGS) == [f"W{number}" for number in range(1, 38)]
    assert all(BUGS.values())


def test_every_test_of_the_table_is_collected() -> None:
    """A test that is renamed or removed takes its row with it."""
    named = {answer for answers in BUGS.values() for answer in answers if "::" in answer}
    files = sorted({test.partition("::")[0] for test in named})
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files],
        cwd=ROOT, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    collected = {line for line in done.stdout.splitlines() if "::" in line}
    collected |= {line.partition("[")[0] for line in collected}
    assert collected, done.stdout + done.stderr
    assert sorted(named - collected) == []
