"""The wheel alone, in an empty environment beside a copy of ``simulations/``, does the whole job."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.services.offer import refuse

ROOT = Path(__file__).parents[2]

TINY = """
import sys
from gatlingpy import *
from simulations.payment import payment

TOPICS = {"payment-requests": 2, "payment-responses": 2}

class Tiny(Simulation):
    def __init__(self):
        pay = (kafka("Pay").request_reply().topics("payment-requests", "payment-responses")
            .value(payment).as_json().check(json_path("$.status").is_("APPROVED")))
        people = scenario("Payments").feed(csv("simulations/payments.csv").circular()).exec(pay)
        (self.set_up(people.inject_open(constant_users_per_sec(20).during(1)))
            .protocols(kafka().bootstrap_servers(embedded_broker(TOPICS)))
            .assertions(global_().all_requests().count().is_(20)))

    def before(self, run):
        service = [sys.executable, "-m", "simulations.payment_service", run.bootstrap_servers]
        run.start_process(service, ready="subscribed")
"""


def done(command: Sequence[str], folder: Path) -> str:
    """Run a command that must succeed, without the environment of the tests; return its output."""
    foreign = ("PYTHON", "VIRTUAL_ENV", "KAFKA_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(foreign)}
    ended = subprocess.run(
        list(command),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the source as it stands; building it leaves nothing in the source."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    done([*build, str(ROOT)], folder)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def place(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``simulations/`` and an environment that holds the wheel and what it needs."""
    folder = tmp_path_factory.mktemp("user")
    done([sys.executable, "-m", "venv", "env"], folder)
    pip = ["env/bin/python", "-m", "pip", "--disable-pip-version-check", "--quiet"]
    install = [*pip, "install", "--constraint", str(ROOT / "constraints.txt"), str(wheel)]
    ended = subprocess.run(
        install, cwd=folder, capture_output=True, text=True, timeout=240, check=False
    )
    if ended.returncode and "No matching distribution found" in ended.stderr:
        refuse("no package index can be reached, from which the wheel's requirements would come")
    assert ended.returncode == 0, ended.stderr
    shutil.copytree(ROOT / "simulations", folder / "simulations")
    return folder


def test_the_wheel_holds_what_a_run_needs(wheel: Path) -> None:
    """Code, types, templates and SQL; no tests, no simulations, no results."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    templates = {
        f"gatlingpy/_templates/{path.relative_to(ROOT / 'templates').as_posix()}"
        for path in (ROOT / "templates").rglob("*")
        if path.is_file()
    }
    sql = {f"gatlingpy/_sql/{path.name}" for path in (ROOT / "sql").iterdir() if path.is_file()}
    assert templates
    assert templates | sql <= names
    assert "gatlingpy/py.typed" in names
    tops = {name.split("/")[0] for name in names}
    assert {top.partition("-")[0] for top in tops} == {"gatlingpy"}
    modules = {p.relative_to(ROOT).as_posix() for p in (ROOT / "gatlingpy").rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules


@pytest.mark.slow
def test_an_empty_environment_runs_the_demonstration(place: Path) -> None:
    """The payment simulation compiles, and a short one runs to its report and its verdict."""
    python = "env/bin/python"
    where = done([python, "-c", "import gatlingpy; print(gatlingpy.__file__)"], place)
    assert Path(where.strip()).is_relative_to(place / "env")
    plan = done([python, "-m", "gatlingpy", "plan", "simulations.payment"], place)
    assert plan.startswith("PaymentSimulation ")
    assert plan == done(["env/bin/gatlingpy", "plan", "simulations.payment"], place)

    (place / "tiny.py").write_text(TINY, encoding="utf-8")
    said = done([python, "-m", "gatlingpy", "run", "tiny"], place)
    assert "Global: count of all events is 20.0 : true (actual : 20.0)" in said
    index = place / said.splitlines()[-1]
    assert index.name == "index.html"
    assert "Pay" in index.read_text(encoding="utf-8")
    assert sorted(index.parent.rglob("plotly*.js"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = done([python, "-m", "gatlingpy", "--version"], place)
    assert version.strip() == f"gatlingpy {project['version']}"
