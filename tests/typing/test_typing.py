"""What mypy says of simulations: all that users may write is accepted, and mistakes are not."""

from pathlib import Path

import pytest
from mypy import api

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.mark.slow
def test_the_types_of_the_dsl(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every spelling passes; a wrong one that passed would leave its ``type: ignore`` unused."""
    monkeypatch.chdir(ROOT)
    files = [
        str(path) for path in sorted(HERE.glob("*_surface.py")) + sorted(HERE.glob("*_refused.py"))
    ]
    files.append("simulations/payment.py")
    said, trouble, code = api.run(["--strict", "--warn-unused-ignores", *files])
    assert trouble == ""
    assert code == 0, said
