"""What the types of a check function say of the values that it is given."""

import inspect
import types
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints, is_typeddict

from gatlingpy.plan.checks import SerializationType


class Kind(NamedTuple):
    """What a decoded value must be, and how bytes become one."""

    type: type[object]
    """``object`` takes anything."""
    serialization: SerializationType | None = None
    """``None`` is what the request declares."""


_JSON = (dict, list, int, float, bool, Mapping, Sequence)


def serialization_of(kind: object) -> SerializationType | None:
    """Return how bytes become a value of a type; ``None``, if the type does not tell."""
    if kind is str:
        return SerializationType.STRING
    if kind is bytes:
        return SerializationType.BYTE_ARRAY
    return SerializationType.JSON if kind in _JSON else None


def kind_of(hint: object) -> Kind | None:
    """Return what a type says, such as ``str``, ``dict[str, int]`` or ``Order | None``.

    ``None`` for what is no type.  A union takes any value; if its members are all of one
    serialization, so is it.
    """
    origin = get_origin(hint)
    if origin in {Union, types.UnionType}:
        return _union(get_args(hint))
    kind = hint if origin is None else origin
    if is_typeddict(kind):
        return Kind(dict, SerializationType.JSON)
    if not isinstance(kind, type):
        return None
    return Kind(kind, serialization_of(kind))


def _union(members: tuple[object, ...]) -> Kind | None:
    kinds = [kind_of(member) for member in members if member is not type(None)]
    if None in kinds:
        return None
    found = {kind.serialization for kind in kinds if kind is not None}
    return Kind(object, found.pop() if len(found) == 1 else None)


def annotated_kinds(function: Callable[..., object]) -> tuple[Kind, Kind]:
    """Return what the first two parameters are annotated with; anything, where they are not."""
    try:
        names = [*inspect.signature(function).parameters, "", ""]
        hints = get_type_hints(function)
    except (Exception, SystemExit):  # noqa: BLE001 - annotations are the user's own code
        return Kind(object), Kind(object)
    return _annotated(hints.get(names[0])), _annotated(hints.get(names[1]))


def _annotated(hint: object) -> Kind:
    if hint is None or isinstance(hint, TypeVar):
        return Kind(object)
    return kind_of(hint) or Kind(object)
