"""Which paths a plan can produce, and the nearest to one that it cannot."""

import difflib
from collections.abc import Collection, Iterator
from typing import Final

from gatlingpy.plan.assertions import (
    Assertion,
    CountTarget,
    DetailsPath,
    LagKind,
    LagTarget,
    PercentTarget,
    RequestsPerSecTarget,
    ResponseTimeTarget,
)
from gatlingpy.plan.blocks import Block
from gatlingpy.plan.code import Const, Expr
from gatlingpy.plan.steps import Group, RequestPlan, Step

Path = tuple[str, ...]

_ALIKE: Final = 0.4


def nearest(wanted: Path, paths: Collection[Path]) -> Path | None:
    """Return the path that was probably meant: with the same last name, or spelt nearly alike."""
    if not wanted:
        return None
    same = next((path for path in paths if path and path[-1] == wanted[-1]), None)
    if same is not None:
        return same
    spelt = {" / ".join(path): path for path in paths}
    near = difflib.get_close_matches(" / ".join(wanted), spelt, n=1, cutoff=_ALIKE)
    return spelt[near[0]] if near else None


def details_text(path: Path) -> str:
    """Write a path as a simulation names it."""
    names = ", ".join(f'"{part}"' for part in path)
    return f"details({names})"


class _Unknown(Exception):  # noqa: N818 - a finding, caught in this module
    """A name is known only while users run."""


def _name(expr: Expr) -> str:
    match expr:
        case Const(str() as text):
            return text
    raise _Unknown


def _paths(steps: tuple[Step, ...], around: Path) -> Iterator[tuple[Path, bool]]:
    """Yield every path, and whether it is a request's; raises _Unknown for a name not fixed."""
    for step in steps:
        inside = around
        match step:
            case RequestPlan():
                yield (*around, _name(step.name)), True
            case Group():
                inside = (*around, _name(step.name))
                yield inside, False
        if isinstance(step, Block):
            for body in step.bodies:
                yield from _paths(body, inside)


def _wants_request(assertion: Assertion) -> Path:
    """Return the path of an assertion on requests; none for any other."""
    match assertion:
        case Assertion(
            DetailsPath(parts),
            ResponseTimeTarget() | CountTarget() | PercentTarget() | RequestsPerSecTarget(),
        ):
            return parts
        case Assertion(DetailsPath(parts), LagTarget(LagKind.REQUESTS)):
            return parts
    return ()


def unmatched(
    assertions: tuple[Assertion, ...], scenarios: Collection[tuple[Step, ...]]
) -> Iterator[str]:
    """Yield a sentence for each assertion on a request that these scenarios cannot send.

    Nothing is said where the name of any request or group is known only while users run.
    """
    wanted = [(assertion, _wants_request(assertion)) for assertion in assertions]
    if not any(path for _, path in wanted):
        return
    try:
        known = {path: sent for steps in scenarios for path, sent in _paths(steps, ())}
    except _Unknown:
        return
    # What legs there are is the protocol's business: they begin with the name of a request.
    legs = tuple(f"{path[-1]}-" for path, sent in known.items() if sent)
    for assertion, path in wanted:
        if not path or path in known or (len(path) == 1 and path[0].startswith(legs)):
            continue
        near = nearest(path, known)
        hint = f"; nearest is {details_text(near)}" if near else ""
        yield (
            f"{assertion.where}: {details_text(path)} is no request or group of this simulation, "
            f"so that the assertion will fail{hint}"
        )
