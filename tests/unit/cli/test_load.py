"""Finding a simulation: what is told when there is none, and what might have been meant."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatlingpy.cli.load import load_compiled, load_simulation
from gatlingpy.dsl.parameter_reads import Given
from gatlingpy.errors import SimulationNotFound

ONE = """
from gatlingpy import *
class {name}(Simulation):
    def __init__(self):
        users = param("users", int, 1)
        self.set_up(scenario("A").exec(dummy("x", 0)).inject_open(at_once_users(users)))
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A user's folder with two simulations, which are forgotten afterwards."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loads").mkdir()
    (tmp_path / "loads" / "payment.py").write_text(ONE.format(name="Payment"))
    (tmp_path / "shop.py").write_text(ONE.format(name="Shop") + ONE.format(name="Browse"))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("target", "wanted", "said"),
    [
        ("loads.paymnt", None, "run simulations.payment`; did you mean 'loads.payment'?"),
        ("shopp", None, "; did you mean 'shop'?"),
        ("loads/paymnt.py", None, "no file loads/paymnt.py; did you mean 'loads/payment.py'?"),
        ("nowhere/x.py", None, "there is no file nowhere/x.py"),
        ("nowhere.x", None, "nor on the Python path; run gatlingpy from the folder"),
        ("shop", "Shpo", "shop.py has no Simulation called Shpo; did you mean 'Shop'?"),
        ("shop", "Payment", "no Simulation called Payment; it has Browse, Shop"),
        ("shop", None, "shop.py has 2 Simulations: Browse, Shop; choose one with --simulation"),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest(
    target: str, wanted: str | None, said: str
) -> None:
    """Modules of the same folder, files beside, simulations of the module."""
    with pytest.raises(SimulationNotFound) as caught:
        load_simulation(target, wanted)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("module", "simulation", "name"),
    [
        ("loads.payment", None, "Payment"),
        ("loads/payment.py", None, "Payment"),
        ("shop", "Browse", "Browse"),
        (None, "shop.Browse", "Browse"),
        (None, "loads.payment.Payment", "Payment"),
    ],
)
def test_a_simulation_is_found_and_given_its_parameters(
    module: str | None, simulation: str | None, name: str
) -> None:
    """By module, by file, or in Gatling's way by its class alone."""
    compiled = load_compiled(module, simulation, Given({"users": "3"}, "-p"))
    assert compiled.plan.name == name
    assert compiled.plan.parameters[0].value == 3
