"""``run``, ``report`` and ``plan``: arguments, signals and exit codes."""

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from gatlingpy.app import Settings, compile_plan, run
from gatlingpy.cli.interrupts import Interrupts
from gatlingpy.cli.load import load_simulation
from gatlingpy.cli.screen import Screen
from gatlingpy.errors import ExitCode, GatlingError, RunInvalid
from gatlingpy.plan.show import show
from gatlingpy.report.build import build_report
from gatlingpy.report.console import end_of_run_text
from gatlingpy.stats.opening import installed_version


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # names may hold what a terminal cannot show
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return command(arguments)
    except GatlingError as error:
        print(f"gatlingpy: {error}", file=sys.stderr)  # noqa: T201
        return ExitCode.INVALID if isinstance(error, RunInvalid) else ExitCode.MISTAKE
    except KeyboardInterrupt:
        print("gatlingpy: interrupted", file=sys.stderr)  # noqa: T201
        return ExitCode.INTERRUPTED


class _Parser(argparse.ArgumentParser):
    """argparse exits with 2, which means a failed assertion here."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(ExitCode.MISTAKE, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m gatlingpy",
        description="Load and resilience tests for applications that talk over Kafka.",
        epilog="Exit codes: 0 all well, 1 a mistake or a crash, 2 an assertion failed, "
        "3 the run is invalid, 130 interrupted.",
    )
    parser.add_argument(
        "--version", action="version", version=f"gatlingpy {installed_version('gatlingpy')}"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands)
    _add_report(commands)
    _add_plan(commands)
    return parser


def _add_run(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser("run", help="run a simulation, write its report, judge it")
    _add_simulation(parser)
    parser.add_argument(
        "-rf", "--results", type=Path, default=Path("results"), metavar="DIR",
        help="where the run's folder is made (default: results)",
    )  # fmt: skip
    parser.add_argument(
        "-rd", "--run-description", default="", metavar="TEXT", help="shown in the report"
    )
    parser.add_argument(
        "-nr", "--no-reports", action="store_true", help="write no pages; assertions are judged"
    )
    parser.set_defaults(command=_run)


def _add_report(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser("report", help="write the report of a run's folder again")
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder with a simulation.log")
    parser.set_defaults(command=_report)


def _add_plan(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser("plan", help="print what a simulation would do")
    _add_simulation(parser)
    parser.set_defaults(command=_plan)


def _add_simulation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("module", help="such as simulations.payment, or a .py file")
    parser.add_argument("-s", "--simulation", metavar="NAME", help="one of several in the module")


def _run(arguments: argparse.Namespace) -> int:
    screen = Screen(sys.stdout)
    with Interrupts(screen.interrupted):
        return _run_and_show(arguments, screen)


def _run_and_show(arguments: argparse.Namespace, screen: Screen) -> int:
    compiled = compile_plan(load_simulation(arguments.module, arguments.simulation))
    settings = Settings(
        results=arguments.results,
        description=arguments.run_description,
        reports=not arguments.no_reports,
    )
    outcome = run(compiled, settings, screen)
    screen.ended(outcome)
    return outcome.exit_code


def _report(arguments: argparse.Namespace) -> int:
    report = build_report(arguments.folder)
    print(end_of_run_text(report))  # noqa: T201
    print(report.index)  # noqa: T201
    if not report.summary.card.trusted:
        return ExitCode.INVALID
    passed = all(verdict.passed for verdict in report.verdicts)
    return ExitCode.OK if passed else ExitCode.ASSERTION


def _plan(arguments: argparse.Namespace) -> int:
    compiled = compile_plan(load_simulation(arguments.module, arguments.simulation))
    print(show(compiled.plan))  # noqa: T201
    return ExitCode.OK
