"""Every snippet of the documentation works as it stands there.

The Python blocks of a page are executed in order, as one module; each Simulation in them compiles,
and the marked ones run for real, shortened.  Command lines run where they are marked; the others
are parsed.
"""

import importlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

import gatlingpy
from gatlingpy.app import Compiled
from gatlingpy.cli import main as command_line
from gatlingpy.errors import ExitCode
from gatlingpy.report.judge import Verdict
from tests.docs.page import ROOT, Block, DocPage, pages
from tests.docs.short import shortened

_COMMAND_S: Final = 60
_PLACE: Final = re.compile(r"[\w/.-]+\.py:\d+")
_MODULE: Final = "snippets"
PAGES = [page for page in pages() if page.of("python", "console", "sh")]


@pytest.fixture
def folder(page: DocPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Make a working folder that holds the page's files and the project's simulations."""
    shutil.copytree(ROOT / "simulations", tmp_path / "simulations")
    for block in page.blocks:
        if block.mark == "file":
            path = tmp_path / block.argument
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{ROOT}")
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]


def by_name(page: DocPage) -> str:
    """Name a page in a test's id."""
    return page.name


# --- Python --------------------------------------------------------------------------------------


@pytest.mark.timeout(120)
@pytest.mark.parametrize("page", [page for page in PAGES if page.of("python")], ids=by_name)
def test_python_works(page: DocPage, folder: Path) -> None:
    """Every Python block of the page does what stands beside it."""
    module = _new_module(folder)
    blocks = page.blocks
    for number, block in enumerate(blocks):
        if block.language != "python":
            continue
        if block.mark == "file":
            _compile_simulations(vars(_imported(block)))
        elif block.mark == "raises":
            message = _raised(block, module)
            following = blocks[number + 1] if number + 1 < len(blocks) else None
            if following is not None and following.language == "text":
                assert _comparable(following.text, folder) == _comparable(message, folder)
        else:
            _execute(block, module)
            defined = _compile_simulations(vars(module), block.text)
            if block.mark == "run":
                assert defined, f"{page.name}:{block.line} is to be run, and holds no Simulation"
                _run(defined[-1], _expected(block))


def _new_module(folder: Path) -> ModuleType:
    module = ModuleType(_MODULE)
    module.__file__ = str(folder / f"{_MODULE}.py")
    Path(module.__file__).touch()
    sys.modules[_MODULE] = module
    return module


def _execute(block: Block, module: ModuleType) -> None:
    """Run a block with the line numbers that it has on its page."""
    source = "\n" * (block.line - 1) + block.text
    exec(compile(source, str(module.__file__), "exec", dont_inherit=True), vars(module))


def _imported(block: Block) -> ModuleType:
    return importlib.import_module(block.argument.removesuffix(".py").replace("/", "."))


def _compile_simulations(names: dict[str, object], text: str = "") -> list[Compiled]:
    """Compile every Simulation that a block defines, the first first."""
    return [
        gatlingpy.compile_plan(value)
        for name, value in list(names.items())
        if isinstance(value, type)
        and issubclass(value, gatlingpy.Simulation)
        and value.__module__ == names["__name__"]
        and (not text or f"class {name}(" in text)
    ]


def _raised(block: Block, module: ModuleType) -> str:
    with pytest.raises(Exception) as caught:
        _execute(block, module)
    assert type(caught.value).__name__ == block.argument
    return str(caught.value)


def _comparable(text: str, folder: Path) -> str:
    """Return a text without what differs from run to run and from page to page."""
    text = text.strip().replace(str(folder), "FOLDER").replace(folder.name, "FOLDER")
    text = _PLACE.sub("FILE:LINE", text)
    text = re.sub(r"fingerprint [0-9a-f]+", "fingerprint …", text)
    text = re.sub(r"127\.0\.0\.1:(\d+|PORT)", "127.0.0.1:…", text)
    return re.sub(r"-\d{17}\b", "-…", text)


# --- runs ----------------------------------------------------------------------------------------


def _expected(block: Block) -> ExitCode:
    return ExitCode(int(block.argument.removeprefix("exit "))) if block.argument else ExitCode.OK


def _run(compiled: Compiled, expected: ExitCode) -> None:
    outcome = gatlingpy.run(replace(compiled, plan=shortened(compiled.plan)))
    code = outcome.exit_code
    if code is ExitCode.ASSERTION and outcome.report is not None:
        # A busy machine is slow, and that is not what these tests are about.
        failed = [verdict for verdict in outcome.report.verdicts if not verdict.passed]
        code = ExitCode.OK if all(map(_is_about_time, failed)) else code
    assert (code, outcome.problems) == (expected, ()), outcome.reason
    errors = outcome.report.summary.statistics.errors if outcome.report else ()
    assert expected is not ExitCode.OK or errors == ()


def _is_about_time(verdict: Verdict) -> bool:
    return "response time" in verdict.target or "per second" in verdict.target


# --- command lines -------------------------------------------------------------------------------


@pytest.mark.timeout(120)
@pytest.mark.parametrize("page", [page for page in PAGES if page.of("console", "sh")], ids=by_name)
def test_command_lines_work(page: DocPage, folder: Path) -> None:
    """Every ``python -m gatlingpy`` of the page runs if it is marked, and is well-formed if not."""
    for block in page.of("console", "sh"):
        for command, output in _commands(block):
            words = _words(command)
            if words is None:
                continue
            if block.mark == "run":
                _run_command(words, _expected(block), output, folder)
            else:
                arguments = command_line._parser().parse_args(words)
                if module := getattr(arguments, "module", ""):
                    assert _exists(module, folder), f"{page.name}:{block.line}: no {module}"


def _commands(block: Block) -> Iterator[tuple[str, list[str]]]:
    """Yield each command of a block and the lines that it is said to print."""
    command, output = "", list[str]()
    for line in block.text.splitlines():
        if block.language == "sh" or line.startswith("$ "):
            if command:
                yield command, output
            command, output = line.removeprefix("$ "), []
        else:
            output.append(line)
    if command:
        yield command, output


def _words(command: str) -> list[str] | None:
    """Return what a command gives to gatlingpy, or ``None`` if it starts something else."""
    words = shlex.split(command, comments=True)
    while words and "=" in words[0]:
        del words[0]
    return words[3:] if words[:3] == ["python", "-m", "gatlingpy"] else None


def _exists(module: str, folder: Path) -> bool:
    path = module if module.endswith(".py") else module.replace(".", "/") + ".py"
    return (folder / path).is_file()


def _run_command(words: list[str], expected: ExitCode, output: list[str], folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gatlingpy", *words],
        capture_output=True, text=True, timeout=_COMMAND_S, check=False,
    )  # fmt: skip
    printed = done.stdout + done.stderr
    assert done.returncode == expected, printed
    printed_lines = iter([_comparable(line, folder) for line in printed.splitlines()])
    for line in output:
        wanted = _comparable(line, folder)
        assert wanted in ("", "…") or wanted in printed_lines, f"{line!r} is not in:\n{printed}"
