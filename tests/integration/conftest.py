"""What the tests of the command line share."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.integration.command_line import Workplace
from tests.integration.secure_kafka import SecureKafka
from tests.services.offer import or_refuse


@pytest.fixture
def work(tmp_path: Path) -> Workplace:
    """An empty folder of a user, and the command line in it."""
    return Workplace(tmp_path)


@pytest.fixture(scope="session")
def secure_kafka() -> Iterator[SecureKafka]:
    """A real broker that listens with TLS and SASL, shared: leave it running."""
    with closing(or_refuse(SecureKafka().open)) as cluster:
        yield cluster
