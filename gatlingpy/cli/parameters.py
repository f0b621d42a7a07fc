"""``-p NAME=VALUE``, and the environment variables that look like parameters and are none."""

import os
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from gatlingpy.dsl.parameter_reads import VARIABLE, Given, variable_of
from gatlingpy.errors import UsageError
from gatlingpy.plan.simulation import SimulationPlan


def given_on_the_command_line(pairs: Sequence[str]) -> Given:
    """Return what ``-p`` gives; raises UsageError for one without ``=``, or given twice."""
    values: dict[str, object] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UsageError(f"-p takes NAME=VALUE, such as -p users=50, got {pair!r}")
        if values.get(name, value) != value:
            raise UsageError(f"-p gives {name!r} twice, as {values[name]!r} and as {value!r}")
        values[name] = value
    return Given(values, "-p")


def unread_variables(plan: SimulationPlan) -> Iterator[str]:
    """Yield a sentence for each variable that looks like a parameter's and is that of none."""
    known = [variable_of(parameter.name).removeprefix(VARIABLE) for parameter in plan.parameters]
    for variable in sorted(os.environ):
        name = variable.removeprefix(VARIABLE)
        if name != variable and name not in known:
            close = get_close_matches(name, known, 1)
            hint = f"; did you mean {VARIABLE}{close[0]}?" if close else ""
            yield f"{variable} is set, but the simulation has no such parameter{hint}"
