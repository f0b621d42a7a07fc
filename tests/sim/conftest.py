"""Simulated runs leave the interpreter's garbage collector and thread switching alone."""

from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from gatlingpy.engine import run


@pytest.fixture(autouse=True, scope="session")
def _untuned() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "_collecting_seldom", nullcontext)
        patch.setattr(run, "_switching_fast", nullcontext)
        yield
