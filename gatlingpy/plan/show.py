"""A plan as a tree for people: what ``python -m gatlingpy plan`` prints.

Secrets cannot show: a plan holds ``Env`` nodes, which print as ``${NAME}``.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from gatlingpy.plan.assertion_text import assertion_text
from gatlingpy.plan.code import Const, Expr
from gatlingpy.plan.codec import fingerprint
from gatlingpy.plan.feeders import Feeder, source_text
from gatlingpy.plan.loops import Forever, Repeat
from gatlingpy.plan.pauses import Pause
from gatlingpy.plan.show_load import duration_text, injection_text
from gatlingpy.plan.simulation import Population, SimulationPlan
from gatlingpy.plan.steps import ONE, Exec, Feed, Group, RequestPlan, Step, show_expression

_LONGEST_LINE: Final = 200
_PRIVATE: Final = "gatling."
"""Counters of this prefix were named by the compiler, not by the user."""


class _Branch(NamedTuple):
    """A line of the tree and what hangs below it."""

    line: str
    below: "Sequence[_Branch]" = ()


def show(plan: SimulationPlan) -> str:
    """Return the whole plan as a tree, line by line; the same plan gives the same text."""
    root = (
        f"{plan.name}   {plan.where or plan.source.module}   fingerprint {fingerprint(plan)[:12]}"
    )
    return "\n".join([_printable(root), *_lines(_branches(plan), "")])


def _lines(branches: Sequence[_Branch], margin: str) -> Iterator[str]:
    for n, branch in enumerate(branches, 1):
        last = n == len(branches)
        yield f"{margin}{'└─' if last else '├─'} {_printable(branch.line)}"
        yield from _lines(branch.below, f"{margin}{'   ' if last else '│  '}")


def _printable(line: str) -> str:
    """Return a line that moves no cursor and fits a wide terminal."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
    return shown if len(shown) <= _LONGEST_LINE else f"{shown[: _LONGEST_LINE - 1]}…"


def _branches(plan: SimulationPlan) -> list[_Branch]:
    feeders = {feeder.id: feeder for feeder in plan.feeders}
    branches = [_Branch(protocol.describe()) for protocol in plan.protocols]
    branches += [_population(plan, population, feeders) for population in plan.populations]
    if plan.max_duration_ns is not None:
        branches.append(_Branch(f"stop      after {duration_text(plan.max_duration_ns)}"))
    if plan.seed:
        branches.append(_Branch(f"seed      {plan.seed}"))
    return branches + [_Branch(f"assert    {assertion_text(a)}") for a in plan.assertions]


def _population(
    plan: SimulationPlan, population: Population, feeders: dict[str, Feeder]
) -> _Branch:
    steps = plan.scenario(population.scenario).steps
    line = f"{population.scenario}   open: {injection_text(population.injection)}"
    return _Branch(line, [_step(step, feeders) for step in steps])


def _step(step: Step, feeders: dict[str, Feeder]) -> _Branch:
    match step:
        case RequestPlan():
            head, *details = step.describe()
            return _Branch(head, [_Branch(detail) for detail in details])
        case Group(name, body, _):
            return _Branch(f"group  {show_expression(name)}", [_step(s, feeders) for s in body])
        case Repeat(times, counter, body, _):
            line = f"repeat {show_expression(times)} times{_counter(counter)}"
            return _Branch(line, [_step(s, feeders) for s in body])
        case Forever(counter, body, _):
            return _Branch(f"forever{_counter(counter)}", [_step(s, feeders) for s in body])
    return _Branch(_leaf(step, feeders))


def _leaf(step: Pause | Exec | Feed, feeders: dict[str, Feeder]) -> str:
    match step:
        case Pause(duration, None):
            return f"pause  {_seconds(duration)} s"
        case Pause(duration, until):
            return f"pause  {_seconds(duration)} to {_seconds(until or duration)} s"
        case Exec(code, blocking, _):
            return f"exec   {show_expression(code)}{', blocking' if blocking else ''}"
        case Feed():
            return f"feed   {_feed(step, feeders)}"


def _seconds(expr: Expr) -> str:
    value = expr.value if isinstance(expr, Const) else None
    return f"{value:g}" if isinstance(value, float) else show_expression(expr)


def _counter(counter: str) -> str:
    return "" if counter.startswith(_PRIVATE) else f", counted by {counter}"


def _feed(step: Feed, feeders: dict[str, Feeder]) -> str:
    feeder = feeders.get(step.feeder)
    if feeder is None:
        return step.feeder
    count = "" if step.count == ONE else f", {show_expression(step.count)} at a time"
    return f"{source_text(feeder.source)}, {feeder.strategy}{count}"
