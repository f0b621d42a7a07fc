"""The attributes in which loops and tries count: each from 0, and gone when the user is out.

A counter that the user gave no name has one that begins with ``gatling.``, as all private
attributes do.
"""

from collections.abc import Mapping
from typing import Final

_PRIVATE: Final = "gatling."
_TIMESTAMP: Final = "timestamp."
_NAMED: Final = "gatling.counters"
"""Holds the counters in use that are not private, the outermost first: they survive a reset."""


def is_private(counter: str) -> bool:
    """Tell whether a counter was not named by the user, who then has no business with it."""
    return counter.startswith(_PRIVATE)


def counting(
    attributes: Mapping[str, object], counter: str, start_ns: int | None
) -> dict[str, object]:
    """Return attributes in which ``counter`` is 0; ``start_ns`` becomes its timestamp."""
    changed = {**attributes, counter: 0}
    if start_ns is not None:
        changed[timestamp(counter)] = start_ns
    if not is_private(counter):
        changed[_NAMED] = (*_named(attributes), counter)
    return changed


def not_counting(attributes: Mapping[str, object], counter: str) -> dict[str, object]:
    """Return attributes without a counter and its timestamp."""
    changed = dict(attributes)
    changed.pop(counter, None)
    changed.pop(timestamp(counter), None)
    if not is_private(counter):
        rest = _named(attributes)[:-1]
        if rest:
            changed[_NAMED] = rest
        else:
            changed.pop(_NAMED, None)
    return changed


def following(attributes: Mapping[str, object], counter: str, done: int) -> int:
    """Return the count after this one; ``done`` stands in for a counter that is gone.

    The attribute counts, as in Gatling: a session function that sets it steers the loop.
    """
    count = attributes.get(counter)
    return (count if type(count) is int else done) + 1


def timestamp(counter: str) -> str:
    """Return the attribute that holds when a loop was entered, in ns of the run's clock."""
    return _TIMESTAMP + counter


def only_counters(attributes: Mapping[str, object]) -> dict[str, object]:
    """Return what a reset leaves: counters in use, their timestamps, and what is private."""
    named = _named(attributes)
    return {
        key: value
        for key, value in attributes.items()
        if (name := key.removeprefix(_TIMESTAMP)) in named or name.startswith(_PRIVATE)
    }


def _named(attributes: Mapping[str, object]) -> tuple[str, ...]:
    named = attributes.get(_NAMED, ())
    return named if isinstance(named, tuple) else ()
