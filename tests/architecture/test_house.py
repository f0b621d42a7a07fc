"""Laws of the house that a linter does not know."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "gatlingpy"
FILES = sorted(PACKAGE.rglob("*.py"))


def relative(path: Path) -> str:
    """Return a path below the package."""
    return path.relative_to(PACKAGE).as_posix()


def nodes(path: Path) -> Iterator[ast.AST]:
    """Yield every node of a file."""
    yield from ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path)))


def mentions(name: str) -> set[str]:
    """Return the files in which a name is imported, read, or read from something."""
    found = set()
    for path in FILES:
        for node in nodes(path):
            match node:
                case ast.Name(id=spelled) | ast.Attribute(attr=spelled) | ast.alias(name=spelled):
                    if spelled == name:
                        found.add(relative(path))
    return found


def calls(owner: str, function: str) -> set[str]:
    """Return the files that call ``owner.function``."""
    found = set()
    for path in FILES:
        for node in nodes(path):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=o), attr=f)):
                    if (o, f) == (owner, function):
                        found.add(relative(path))
    return found


def test_imports_point_down() -> None:
    """The contracts of import-linter hold."""
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    ended = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_nobody_inside_imports_the_facade(path: Path) -> None:
    """It stands above everything: ``import gatlingpy`` within would be a circle."""
    for node in nodes(path):
        match node:
            case ast.ImportFrom(module="gatlingpy"):
                pytest.fail(f"line {node.lineno} imports from the façade")
            case ast.Import(names=names):
                assert not [n.name for n in names if n.name.split(".")[0] == "gatlingpy"]


def test_threads_are_made_in_one_place() -> None:
    """A worker has a name, an owner and an end; the report's readers end before it returns."""
    assert mentions("Thread") == {"mailbox.py"}
    assert mentions("ThreadPoolExecutor") == {"mailbox.py", "report/read.py"}
    assert mentions("ProcessPoolExecutor") == set()
    assert mentions("multiprocessing") == set()
    assert mentions("asyncio") == set()


def test_no_thread_is_a_daemon() -> None:
    """A daemon would be cut off in the middle of what it does.

    The one kind that is one makes calls of which a library says nothing when they will return.
    """
    keywords = [
        relative(path)
        for path in FILES
        for node in nodes(path)
        if isinstance(node, ast.keyword) and node.arg == "daemon"
    ]
    assert keywords == ["mailbox.py"]
    assert mentions("daemon") == set()
    assert mentions("setDaemon") == set()


def test_only_the_command_line_ends_the_process_and_handles_signals() -> None:
    """A run may live inside another program."""
    assert calls("sys", "exit") == {"__main__.py"}
    broker = "protocols/kafka/mock_cluster.py"  # a process of its own
    assert calls("os", "_exit") == {"cli/interrupts.py", broker}
    assert calls("signal", "signal") == {"cli/interrupts.py", broker}
    assert calls("atexit", "register") == set()


def test_the_clock_is_read_in_one_place() -> None:
    """A simulated run has a clock of its own; wall time names folders and is shown to people."""
    assert calls("time", "monotonic_ns") <= {"clock.py", "mailbox.py"}
    assert calls("time", "perf_counter") == set()
    assert calls("time", "time") <= {"clock.py"}
    assert calls("datetime", "now") == set()


def test_no_file_is_longer_than_300_lines() -> None:
    """A file that outgrows this holds two nouns."""
    lengths = {path: len(path.read_text().splitlines()) for path in PACKAGE.rglob("*.py")}
    assert {} == {path: length for path, length in lengths.items() if length > 300}
