"""The façade: what it exports, and what importing it does not do."""

import ast
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import gatlingpy
from tests.architecture.public_api import snapshot

ROOT = Path(__file__).parents[2]
SNAPSHOT = Path(__file__).with_name("public_api.txt")

LATE = (
    "confluent_kafka", "redis", "psycopg", "sqlalchemy", "plotly", "pyarrow", "numpy", "pandas",
    "jinja2", "rich", "lxml", "jmespath", "google.protobuf",
)  # fmt: skip
"""What a plan does not need: a run, a report or a check brings it when it comes to that."""

PROGRAM = f"""
import gc, json, logging, os, resource, signal, sys, threading, warnings
def state():
    return dict(
        handlers=[str(signal.getsignal(n)) for n in signal.valid_signals()],
        switch=sys.getswitchinterval(), gc=[gc.isenabled(), *gc.get_threshold()],
        threads=threading.active_count(), path=sys.path[:], folder=os.getcwd(),
        hooks=[str(h) for h in (sys.excepthook, threading.excepthook, sys.unraisablehook)],
        streams=[str(sys.stdout), str(sys.stderr)], logging=str(logging.root.handlers),
        filters=len(warnings.filters), environment=dict(os.environ),
    )
before = state()
import gatlingpy
print(json.dumps(dict(
    changed=[key for key, value in state().items() if value != before[key]],
    late=[name for name in {LATE!r} if name in sys.modules],
    cpu=resource.getrusage(resource.RUSAGE_SELF).ru_utime,
)))
"""


def test_all_is_sorted_and_complete() -> None:
    """Every public name of the façade is exported, and the other way round."""
    public = {
        name
        for name, value in vars(gatlingpy).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert sorted(public) == gatlingpy.__all__


def test_the_surface_is_the_one_that_was_promised() -> None:
    """The snapshot holds it; ``public_api.py`` says how to write it again."""
    assert SNAPSHOT.read_text(encoding="utf-8").splitlines() == list(snapshot())


def test_everything_exported_says_what_it_is() -> None:
    """Each name has a docstring of its own."""
    for name in gatlingpy.__all__:
        assert inspect.getdoc(getattr(gatlingpy, name)), name


def test_the_facade_holds_nothing_but_imports() -> None:
    """A docstring, imports and ``__all__``."""
    tree = ast.parse(Path(gatlingpy.__file__).read_text(encoding="utf-8"))
    kinds = [type(node) for node in tree.body]
    assert kinds[0] is ast.Expr
    assert kinds[-1] is ast.Assign
    assert set(kinds[1:-1]) == {ast.ImportFrom}


def test_a_star_import_brings_what_a_simulation_needs() -> None:
    """As Gatling's users write it; nothing else comes with it, and ``exec`` is Gatling's."""
    names: dict[str, object] = {}
    exec("from gatlingpy import *", names)
    assert sorted(set(names) - {"__builtins__"}) == gatlingpy.__all__
    assert names["exec"] is gatlingpy.exec


def test_an_import_changes_nothing_and_brings_no_client() -> None:
    """No thread, no handler, no client library, and not a second of work."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60,
    )  # fmt: skip
    told = json.loads(ended.stdout)
    assert told["changed"] == []
    assert told["late"] == []
    assert told["cpu"] < 1.0
