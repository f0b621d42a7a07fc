"""Every call of ours in the tables beside Gatling's exists, and can be made as it is written."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import gatlingpy
from gatlingpy.cli import main as command_line
from gatlingpy.dsl.setup import SetUp
from gatlingpy.plan.template import parse
from gatlingpy.session import Session
from tests.docs.page import ROOT, read_page

PAGE = ROOT / "docs" / "from-gatling.md"
_ROW = re.compile(r"^\| (.+) \| (.+) \|$", re.MULTILINE)
_SPAN = re.compile(r"`([^`]+)`")
_A, _B = gatlingpy.dummy("A", "1ms"), gatlingpy.dummy("B", "1ms")
_SCENARIO = gatlingpy.scenario("S").exec(_A)
_POPULATION = _SCENARIO.inject_open(gatlingpy.at_once_users(1))


class Pay(gatlingpy.Simulation):
    """A simulation."""

    def __init__(self) -> None:
        """Compile, and be run."""
        self.set_up(_POPULATION)


def names() -> dict[str, object]:
    """Return what the tables may name: what users import, and the things of their own."""
    return {
        **{name: getattr(gatlingpy, name) for name in gatlingpy.__all__},
        "run": gatlingpy.compile_plan,  # as far as it goes without running
        "a": _A,
        "b": _B,
        "scn": _SCENARIO,
        "population": _POPULATION,
        "other": gatlingpy.scenario("O").exec(_B).inject_open(gatlingpy.at_once_users(1)),
        "protocol": gatlingpy.kafka().bootstrap_servers("localhost:9092"),
        "assertion": gatlingpy.global_().failed_requests().count().is_(0),
        "time": gatlingpy.global_().response_time().mean(),
        "records": [{"id": 1}],
        "condition": lambda session: True,
        "function": lambda session: session,
        "slow": lambda session: session,
        "set_up": lambda *populations: SetUp(populations, "pay.py:1"),
        "session": Session(
            "S",
            1,
            {"k": "v", "n": 1, "yes": True, "list": [1], "set": {1}, "map": {"a": 1}},
        ),
        "Pay": Pay,
    }


def rows() -> Iterator[tuple[str, str]]:
    """Yield Gatling's column and ours of each row."""
    for gatling, ours in _ROW.findall(read_page(PAGE).prose):
        if not gatling.startswith(("Gatling", "extension", "---")):
            yield gatling, ours


OURS = [span for _, ours in rows() for span in _SPAN.findall(ours)]


def test_every_row_has_a_counterpart() -> None:
    """Each of Gatling's calls has one of ours, or a word that there is none."""
    lost = [gatling for gatling, ours in rows() if not _SPAN.search(ours) and "none" not in ours]
    assert lost == []
    assert len(list(rows())) > 100


@pytest.mark.parametrize("call", OURS)
def test_each_can_be_written(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call is made, a placeholder is read, an option is known to the command line."""
    monkeypatch.chdir(tmp_path)
    if call.startswith("-"):
        assert call in options()
    elif call.startswith("python -m gatlingpy "):
        command_line._parser().parse_args(call.split()[3:])
    else:
        value = made(call)
        if call.startswith('"') and isinstance(value, str):
            parse(value)


def options() -> set[str]:
    """Return every option of every command."""
    commands = next(a for a in command_line._parser()._actions if isinstance(a.choices, dict))
    return {
        option
        for parser in commands.choices.values()
        for action in parser._actions
        for option in action.option_strings
    }


def made(call: str) -> object:
    """Make a call and return what it gives; nothing, for what is a statement."""
    known = names()
    try:
        code = compile(call, "from-gatling.md", "eval")
    except SyntaxError:
        exec(call, known)
        return None
    return eval(code, known)


def test_everything_of_ours_is_there() -> None:
    """No block, step or feeder that users can import is left out."""
    text = PAGE.read_text()
    apart = {
        "CheckFailed", "ExitCode", "GatlingError", "InMemoryRequestStore", "MessageCheck",
        "Outcome", "PlanError", "Run", "RunInvalid", "SerializationType", "Session", "Settings",
        "UsageError", "Chain", "embedded_broker", "env", "secret_file", "kafka", "kafka_request_reply",
        "write_report",
    }  # fmt: skip
    shown = {name for name in gatlingpy.__all__ if re.search(rf"`[^`]*\b{name}\b", text)}
    assert set(gatlingpy.__all__) - apart - shown == set()
