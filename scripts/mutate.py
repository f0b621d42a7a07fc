"""Break the code on purpose, and see that the tests notice: ``python -m scripts.mutate``.

Each fault of the ``*_mutations.py`` files is put into a copy of the tree, and the fast tests of
what it is in are run, unit tests first and whole simulated runs after them.
Prints which test killed it.
Exits with 1 if any fault survives, with 2 if one no longer fits the code.

``--by sim`` or ``--by unit`` asks only one kind of tests; words select the faults that hold them.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scripts.consume_mutations import CONSUME_MUTATIONS
from scripts.core_mutations import CORE_MUTATIONS
from scripts.correlation_mutations import CORRELATION_MUTATIONS
from scripts.edge_mutations import EDGE_MUTATIONS
from scripts.jump_mutations import JUMP_MUTATIONS
from scripts.language_mutations import LANGUAGE_MUTATIONS
from scripts.mutation import Mutation
from scripts.transaction_mutations import TRANSACTION_MUTATIONS
from scripts.waiting_mutations import WAITING_MUTATIONS

MUTATIONS = (
    *CONSUME_MUTATIONS,
    *CORE_MUTATIONS,
    *CORRELATION_MUTATIONS,
    *EDGE_MUTATIONS,
    *JUMP_MUTATIONS,
    *LANGUAGE_MUTATIONS,
    *TRANSACTION_MUTATIONS,
    *WAITING_MUTATIONS,
)
_ROOT = Path(__file__).resolve().parent.parent
_COPIED = ("gatlingpy", "tests", "pyproject.toml")
_SIM = ("tests/sim",)
_UNIT = {
    "gatlingpy/tracking": (
        "tests/unit/tracking/test_tracker.py",
        "tests/unit/tracking/test_ids.py",
        "tests/unit/tracking/test_deadlines.py",
        "tests/unit/tracking/test_terms.py",
        "tests/unit/tracking/test_unread.py",
        "tests/unit/protocols/kafka/test_correlation.py",
        "tests/unit/protocols/kafka/test_consume.py",
    ),
    "gatlingpy/engine": ("tests/unit/engine",),
    "gatlingpy/protocols/kafka": ("tests/unit/protocols/kafka",),
    "gatlingpy/stats": ("tests/unit/stats/test_log_format.py",),
    "gatlingpy/load": ("tests/unit/load",),
    "gatlingpy/mailbox.py": ("tests/unit/test_mailbox.py",),
    "gatlingpy/session.py": (
        "tests/unit/test_session.py",
        "tests/unit/test_status.py",
        "tests/unit/engine",
    ),
    "gatlingpy/status.py": (
        "tests/unit/test_session.py",
        "tests/unit/test_status.py",
        "tests/unit/engine",
    ),
}
"""Which unit tests are to notice a fault; the first that the file's path begins with."""
_SIMULATED = ("gatlingpy/tracking", "gatlingpy/engine", "gatlingpy/protocols/kafka")
_LIMIT_S = 300


def stale(mutation: Mutation) -> bool:
    """Tell whether a fault no longer fits the code."""
    return (_ROOT / mutation.file).read_text().count(mutation.old) != 1


def copy_tree(into: Path) -> None:
    """Copy what the tests need."""
    for name in _COPIED:
        source = _ROOT / name
        if source.is_dir():
            shutil.copytree(source, into / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, into / name)


def suites(mutation: Mutation, by: str) -> list[tuple[str, ...]]:
    """Return the tests that are to notice a fault, those to be run first in front."""
    unit = next(tests for path, tests in _UNIT.items() if mutation.file.startswith(path))
    simulated = mutation.file.startswith(_SIMULATED)
    return [
        *([unit] if by in {"", "unit"} else []),
        *([_SIM] if by in {"", "sim"} and simulated else []),
    ]


def killer(tree: Path, tests: tuple[str, ...]) -> str | None:
    """Run tests in a tree and return the one that failed, or ``None`` if all passed."""
    command = [
        sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider",
        f"--timeout={120 if tests is _SIM else 20}",
        "--ignore=tests/unit/protocols/kafka/test_embedded.py",
        "--ignore=tests/unit/protocols/kafka/test_mock_cluster.py", *tests,
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(tree), "GATLINGPY_SIM_SHRINK": "0",
                   "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
    try:
        run = subprocess.run(
            command, cwd=tree, env=environment, capture_output=True, text=True, check=False,
            timeout=_LIMIT_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"no end within {_LIMIT_S} s"
    if run.returncode == 0:
        return None
    failed = re.search(r"^(?:FAILED|ERROR) \S*?([\w.]+::\S+|\S+)", run.stdout, re.MULTILINE)
    return failed.group(1) if failed else "the test run broke off"


def judge(mutation: Mutation, tree: Path, by: str) -> str | None:
    """Put a fault into a tree, run its tests, take it out again; return what killed it."""
    path = tree / mutation.file
    sound = path.read_text()
    path.write_text(sound.replace(mutation.old, mutation.new))
    try:
        for tests in suites(mutation, by):
            killed_by = killer(tree, tests)
            if killed_by is not None:
                return killed_by
    finally:
        path.write_text(sound)
    return None


def main() -> int:
    """Judge every fault and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--by", choices=["", "unit", "sim"], default="")
    parser.add_argument("words", nargs="*")
    arguments = parser.parse_args()
    chosen = [
        m for m in MUTATIONS if all(word in f"{m.file} {m.fault}" for word in arguments.words)
    ]
    unfit = [mutation for mutation in chosen if stale(mutation)]
    for mutation in unfit:
        print(f"no longer fits {mutation.file}: {mutation.fault}")
    if unfit:
        return 2
    survivors = 0
    with tempfile.TemporaryDirectory(prefix="gatlingpy-mutants-") as folder:
        copy_tree(Path(folder))
        for mutation in chosen:
            start = time.monotonic()
            killed_by = judge(mutation, Path(folder), arguments.by)
            survivors += killed_by is None
            verdict = "SURVIVED" if killed_by is None else "killed"
            seconds = time.monotonic() - start
            print(f"{verdict:8}  {mutation.fault}  [{killed_by}, {seconds:.0f} s]", flush=True)
    print(f"{len(chosen) - survivors} of {len(chosen)} killed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
