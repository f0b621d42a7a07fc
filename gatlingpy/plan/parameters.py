"""The parameters of a simulation, frozen: what was asked for, what was given, and from where."""

from dataclasses import dataclass, field
from typing import TypeAlias

ParameterValue: TypeAlias = bool | int | float | str
"""What a parameter is; a duration is text that can be given again, such as ``1.5s``."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter and the value that it had; never a secret.

    ``type_name`` is ``int``, ``float``, ``str``, ``bool`` or ``duration``; ``source`` is ``-p``,
    ``parameters``, ``default`` or the name of an environment variable.  Where the value came from
    makes no other plan.
    """

    name: str
    type_name: str
    value: ParameterValue
    default: ParameterValue | None = None
    """``None`` if it has to be given."""
    help: str = field(default="", compare=False)
    source: str = field(default="", compare=False)
    where: str = field(default="", compare=False)
    choices: tuple[ParameterValue, ...] = ()

    def describe(self) -> str:
        """Return the line that stands for it in a printed plan."""
        kind = self.type_name
        if self.choices:
            kind += f", one of {', '.join(map(value_text, self.choices))}"
        default = "no default" if self.default is None else f"default {value_text(self.default)}"
        came = "the default" if self.source == "default" else f"from {self.source}; {default}"
        line = f"{self.name} = {value_text(self.value)}   {kind}, {came}"
        return f"{line}   {self.help}" if self.help else line


def value_text(value: ParameterValue) -> str:
    """Return a value as it could be given on the command line."""
    return str(value).lower() if isinstance(value, bool) else str(value)
