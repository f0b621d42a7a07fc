"""``run``, ``report`` and ``plan``: arguments, signals and exit codes."""

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from gatlingpy.app import Compiled, Settings, run
from gatlingpy.cli.arrivals import print_arrivals
from gatlingpy.cli.interrupts import Interrupts
from gatlingpy.cli.load import load_compiled
from gatlingpy.cli.parameters import given_on_the_command_line, unread_variables
from gatlingpy.cli.printing import say, write
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
        say(f"gatlingpy: {error}", sys.stderr)
        return ExitCode.INVALID if isinstance(error, RunInvalid) else ExitCode.MISTAKE
    except KeyboardInterrupt:
        say("gatlingpy: interrupted", sys.stderr)
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
        "-rf", "--results", "--results-folder", type=Path, default=Path("results"), metavar="DIR",
        help="where the run's folder is made (default: results)",
    )  # fmt: skip
    parser.add_argument(
        "-rd", "--run-description", default="", metavar="TEXT", help="shown in the report"
    )
    parser.add_argument(
        "-nr", "--no-reports", action="store_true", help="write no pages; assertions are judged"
    )
    parser.add_argument(
        "-ro", "--reports-only", type=Path, metavar="FOLDER",
        help="run nothing: write the report of this run's folder again, as `report` does",
    )  # fmt: skip
    parser.set_defaults(command=_run)


def _add_report(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser("report", help="write the report of a run's folder again")
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder with a simulation.log")
    parser.set_defaults(command=lambda arguments: _report(arguments.folder))


def _add_plan(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser("plan", help="print what a simulation would do")
    _add_simulation(parser)
    parser.add_argument(
        "--arrivals", action="store_true",
        help="print when each user of an open profile would start: offset in ms, tab, scenario",
    )  # fmt: skip
    parser.set_defaults(command=_plan)


def _add_simulation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "module", nargs="?", metavar="MODULE", help="such as simulations.payment, or a .py file"
    )
    parser.add_argument(
        "-s", "--simulation", metavar="NAME",
        help="one of several in MODULE; or, without MODULE, package.module.Class",
    )  # fmt: skip
    parser.add_argument(
        "-p", "--parameter", action="append", default=[], dest="parameters", metavar="NAME=VALUE",
        help="a value for what the simulation reads with param(); repeatable",
    )  # fmt: skip
    parser.set_defaults(parser=parser)


def _compiled(arguments: argparse.Namespace) -> Compiled:
    if arguments.module is None and "." not in (arguments.simulation or ""):
        arguments.parser.error("say which MODULE holds the simulation, such as simulations.payment")
    given = given_on_the_command_line(arguments.parameters)
    compiled = load_compiled(arguments.module, arguments.simulation, given)
    for text in unread_variables(compiled.plan):
        say(f"Warning: {text}", sys.stderr)
    return compiled


def _run(arguments: argparse.Namespace) -> int:
    if arguments.reports_only is not None:
        return _reports_only(arguments)
    screen = Screen(sys.stdout)
    with Interrupts(screen.interrupted):
        return _run_and_show(arguments, screen)


def _run_and_show(arguments: argparse.Namespace, screen: Screen) -> int:
    compiled = _compiled(arguments)
    settings = Settings(
        results=arguments.results,
        description=arguments.run_description,
        reports=not arguments.no_reports,
    )
    outcome = run(compiled, settings, screen)
    screen.ended(outcome)
    return outcome.exit_code


def _reports_only(arguments: argparse.Namespace) -> int:
    """Write a report again; the folder may be named as it stands in the results folder."""
    of_a_run = (
        arguments.module, arguments.simulation, arguments.parameters, arguments.run_description,
        arguments.no_reports,
    )  # fmt: skip
    if any(of_a_run):
        arguments.parser.error(
            "-ro writes the report of a run that is over: it takes no MODULE, -s, -p, -rd nor -nr"
        )
    folder = arguments.reports_only
    below = arguments.results / folder
    return _report(below if below.exists() and not folder.exists() else folder)


def _report(folder: Path) -> int:
    report = build_report(folder)
    write((end_of_run_text(report), "\n", f"{report.index}\n"), sys.stdout)
    if not report.summary.card.trusted:
        return ExitCode.INVALID
    passed = all(verdict.passed for verdict in report.verdicts)
    return ExitCode.OK if passed else ExitCode.ASSERTION


def _plan(arguments: argparse.Namespace) -> int:
    plan = _compiled(arguments).plan
    if arguments.arrivals:
        print_arrivals(plan, sys.stdout, sys.stderr)
    else:
        write((show(plan), "\n"), sys.stdout)
    return ExitCode.OK
