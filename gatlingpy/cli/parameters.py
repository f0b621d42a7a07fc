"""``-p NAME=VALUE``, and the environment variables that look like parameters and are none."""

import os
from collections.abc import Iterator, Sequence

from gatlingpy.dsl.parameter_reads import VARIABLE, Given, nearest, variable_of
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
    """Yield a sentence for each variable of the environment that would give a parameter..

    ... but is the name of none that the simulation has.
    """
    known = [variable_of(parameter.name) for parameter in plan.parameters]
    for name in sorted(os.environ):
        if name.startswith(VARIABLE) and name not in known:
            yield f"{name} is set, but the simulation has no such parameter{nearest(name, known)}"
