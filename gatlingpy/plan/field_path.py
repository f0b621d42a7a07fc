"""Paths to fields of decoded values, such as ``order.lines[0].sku``."""

import re
from typing import Final, TypeAlias

from gatlingpy.errors import UsageError

Step: TypeAlias = str | int
"""The name of a field, or the index of an item."""

_STEP: Final = re.compile(r"\.?([A-Za-z][A-Za-z0-9_]*)|\[(-?\d+)\]")


def field_steps(path: str) -> tuple[Step, ...]:
    """Split a path into its steps; raises UsageError, with the place, if it is none."""
    steps: list[Step] = []
    at = 0
    while at < len(path):
        found = _STEP.match(path, at)
        if found is None or (at == 0 and path[0] == ".") or (at > 0 and found.group()[0].isalpha()):
            raise UsageError(f"at {path[at:]!r} there is neither .name nor [index]")
        name, index = found.groups()
        steps.append(name if index is None else int(index))
        at = found.end()
    return tuple(steps)
