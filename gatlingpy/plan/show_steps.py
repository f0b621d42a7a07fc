"""What users do, as lines of a printed plan: one for each step, the steps of a block below it."""

from collections.abc import Mapping
from typing import Final

from gatlingpy.plan.branches import (
    Branch,
    If,
    RandomSwitch,
    RoundRobinSwitch,
    Switch,
    UniformRandomSwitch,
)
from gatlingpy.plan.code import Const, Expr
from gatlingpy.plan.conditions import Condition, Equal, Truth
from gatlingpy.plan.exits import ExitHere, ExitHereIfFailed, StopLoadGenerator, TryMax
from gatlingpy.plan.feeders import Feeder, source_text
from gatlingpy.plan.loops import AsLongAs, DoWhile, During, Foreach, Forever, Loop, Repeat
from gatlingpy.plan.pauses import Pace, Pause, RendezVous
from gatlingpy.plan.show_load import pause_type_text
from gatlingpy.plan.show_tree import Line
from gatlingpy.plan.steps import ONE, Exec, Feed, Group, RequestPlan, Step, show_expression

_PRIVATE: Final = "gatling."
"""Attributes of this prefix were named by the compiler, not by the user."""

Leaf = Exec | Feed | Pause | Pace | RendezVous | ExitHere | ExitHereIfFailed | StopLoadGenerator


class StepPrinter:
    """Prints the steps of one plan."""

    def __init__(self, feeders: Mapping[str, Feeder]) -> None:
        """``feeders`` are those of the plan, by id."""
        self._feeders = feeders

    def lines(self, steps: tuple[Step, ...]) -> list[Line]:
        """Return the lines of these steps, in their order."""
        return [self._line(step) for step in steps]

    def _line(self, step: Step) -> Line:
        match step:
            case RequestPlan():
                head, *details = step.describe()
                return Line(head, [Line(detail) for detail in details])
            case Group(name, body, _):
                return Line(f"group  {show_expression(name)}", self.lines(body))
            case Repeat() | Foreach() | During() | AsLongAs() | DoWhile() | Forever():
                return Line(f"{_loop(step)}{_counted(step.counter)}", self.lines(step.body))
            case TryMax(times, counter, body, _):
                head = "once" if times == ONE else f"at most {_times(times)}"
                return Line(f"try    {head}{_counted(counter)}", self.lines(body))
            case If() | Switch() | RandomSwitch() | UniformRandomSwitch() | RoundRobinSwitch():
                return self._branch(step)
            case _:
                return Line(self._leaf(step))

    def _branch(self, step: Branch) -> Line:
        match step:
            case If(condition, then, (), _):
                return Line(f"if     {_condition(condition)}", self.lines(then))
            case If(condition, then, otherwise, _):
                ways = [Line("then", self.lines(then)), Line("else", self.lines(otherwise))]
                return Line(f"if     {_condition(condition)}", ways)
            case Switch(value, cases, otherwise, _):
                ways = [Line(f"case {_value(c.key)}", self.lines(c.body)) for c in cases]
                return Line(f"switch {show_expression(value)}", [*ways, *self._else(otherwise)])
            case RandomSwitch(choices, otherwise, _):
                ways = [Line(f"{c.percent:.9g} %", self.lines(c.body)) for c in choices]
                return Line("switch at random", [*ways, *self._else(otherwise)])
            case UniformRandomSwitch(ways_through, _):
                return Line("switch at random, evenly", self._ways(ways_through))
            case RoundRobinSwitch(ways_through, _):
                return Line("switch in turn", self._ways(ways_through))

    def _ways(self, ways: tuple[tuple[Step, ...], ...]) -> list[Line]:
        return [Line(f"{n} of {len(ways)}", self.lines(way)) for n, way in enumerate(ways, 1)]

    def _else(self, steps: tuple[Step, ...]) -> list[Line]:
        return [Line("else", self.lines(steps))] if steps else []

    def _leaf(self, step: Leaf) -> str:
        match step:
            case Exec(code, blocking, _):
                return f"exec   {show_expression(code)}{', blocking' if blocking else ''}"
            case Feed():
                return f"feed   {self._feed(step)}"
            case Pause() | Pace() | RendezVous():
                return _wait(step)
            case _:
                return _exit(step)

    def _feed(self, step: Feed) -> str:
        feeder = self._feeders.get(step.feeder)
        if feeder is None:
            return step.feeder
        count = "" if step.count == ONE else f", {show_expression(step.count)} at a time"
        transformed = "".join(f", by code {code.where}" for code in feeder.transforms)
        return f"{source_text(feeder.source)}, {feeder.strategy}{transformed}{count}"


def _loop(step: Loop) -> str:
    match step:
        case Repeat(times):
            return f"repeat {_times(times)}"
        case Foreach(items, attribute):
            return f"for    {attribute} in {show_expression(items)}"
        case During(duration, _, exit_asap):
            return f"during {_seconds(duration)} s{_to_the_end(exit_asap)}"
        case AsLongAs(condition, duration, _, exit_asap):
            return f"while  {_condition(condition)}{_limit(duration)}{_to_the_end(exit_asap)}"
        case DoWhile(condition, None):
            return f"do     while {_condition(condition)}"
        case DoWhile(condition, duration, _, exit_asap):
            return f"do     while {_condition(condition)}{_limit(duration)}{_to_the_end(exit_asap)}"
        case Forever():
            return "forever"


def _limit(duration: Expr | None) -> str:
    return "" if duration is None else f", for {_seconds(duration)} s at most"


def _to_the_end(exit_asap: bool) -> str:  # noqa: FBT001 - a field of the plan
    return "" if exit_asap else ", each round to its end"


def _wait(step: Pause | Pace | RendezVous) -> str:
    match step:
        case Pause(duration, until, pause_type, _):
            kind = "" if pause_type is None else f" (pauses: {pause_type_text(pause_type)})"
            return f"pause  {_range(duration, until)}{kind}"
        case Pace(interval, until, counter, _):
            kept = "" if counter.startswith(_PRIVATE) else f", kept in {counter}"
            return f"pace   {_range(interval, until)}{kept}"
        case RendezVous(users, _):
            return f"meet   {users} users"


def _exit(step: ExitHere | ExitHereIfFailed | StopLoadGenerator) -> str:
    match step:
        case ExitHere(condition, _):
            return f"exit   {'here' if condition is None else f'if {_condition(condition)}'}"
        case ExitHereIfFailed():
            return "exit   if failed"
        case StopLoadGenerator(message, condition, crash, _):
            when = "" if condition is None else f", if {_condition(condition)}"
            return f"{'crash' if crash else 'stop '}  {show_expression(message)}{when}"


def _condition(condition: Condition) -> str:
    match condition:
        case Truth(value):
            return show_expression(value)
        case Equal(actual, expected):
            return f"{show_expression(actual)} is {_value(expected)}"


def _value(expr: Expr) -> str:
    """Return an expression as it is compared: constant text in quotes."""
    match expr:
        case Const(str() as text):
            return repr(text)
    return show_expression(expr)


def _times(expr: Expr) -> str:
    return "1 time" if expr == ONE else f"{show_expression(expr)} times"


def _range(low: Expr, until: Expr | None) -> str:
    return f"{_seconds(low)}{'' if until is None else f' to {_seconds(until)}'} s"


def _seconds(expr: Expr) -> str:
    value = expr.value if isinstance(expr, Const) else None
    return f"{value:g}" if isinstance(value, float) else show_expression(expr)


def _counted(counter: str) -> str:
    return "" if counter.startswith(_PRIVATE) else f", counted by {counter}"
