"""The calls that steps are written with, so that messages speak the user's language."""

from typing import Final

from gatlingpy.plan.branches import (
    If,
    RandomSwitch,
    RoundRobinSwitch,
    Switch,
    UniformRandomSwitch,
)
from gatlingpy.plan.conditions import Equal
from gatlingpy.plan.exits import ExitHere, ExitHereIfFailed, StopLoadGenerator, TryMax
from gatlingpy.plan.loops import AsLongAs, DoWhile, During, Foreach, Forever, Repeat
from gatlingpy.plan.pauses import Pace, Pause, RendezVous
from gatlingpy.plan.steps import Exec, Feed, Group, Step

_CALLS: Final[dict[type, str]] = {
    Exec: "exec(...)",
    Feed: "feed(...)",
    Group: "group(...)",
    Pause: "pause(...)",
    Pace: "pace(...)",
    RendezVous: "rendez_vous(...)",
    Repeat: "repeat(...)",
    Foreach: "foreach(...)",
    During: "during(...)",
    Forever: "forever()",
    TryMax: "try_max(...)",
    UniformRandomSwitch: "uniform_random_switch()",
    RoundRobinSwitch: "round_robin_switch()",
    ExitHereIfFailed: "exit_here_if_failed()",
}


def call_of(step: Step) -> str:
    """Return the call that a step was written with, such as ``repeat(...)``."""
    match step:
        case AsLongAs():
            return "as_long_as(...)" if step.duration is None else "as_long_as_during(...)"
        case DoWhile():
            return "do_while(...)" if step.duration is None else "do_while_during(...)"
        case If():
            start = "do_if_equals" if isinstance(step.condition, Equal) else "do_if"
            return f"{start}{'_or_else' if step.otherwise else ''}(...)"
        case Switch():
            return f"do_switch{'_or_else' if step.otherwise else ''}(...)"
        case RandomSwitch():
            return f"random_switch{'_or_else' if step.otherwise else ''}()"
        case ExitHere():
            return "exit_here()" if step.condition is None else "exit_here_if(...)"
        case StopLoadGenerator():
            start = "crash_load_generator" if step.crash else "stop_load_generator"
            return f"{start}{'' if step.condition is None else '_if'}(...)"
    return _CALLS.get(type(step), "a request")
