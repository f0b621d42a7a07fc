"""What the tests of the command line share."""

from pathlib import Path

import pytest

from tests.integration.command_line import Workplace


@pytest.fixture
def work(tmp_path: Path) -> Workplace:
    """An empty folder of a user, and the command line in it."""
    return Workplace(tmp_path)
