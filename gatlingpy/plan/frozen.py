"""A mapping that cannot change, and the check that a plan is frozen all the way down."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import TypeVar

from gatlingpy.errors import UsageError

V = TypeVar("V")


class FrozenMap(Mapping[str, V]):
    """An immutable, hashable mapping from text; keeps the order it was given."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, V] | Iterable[tuple[str, V]] = ()) -> None:
        """Copy ``items``; a later change to them is not seen."""
        self._items: dict[str, V] = dict(items)

    def __getitem__(self, key: str) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FrozenMap) and self._items == other._items

    def __repr__(self) -> str:
        return f"FrozenMap({self._items!r})"

    def merged(self, other: Mapping[str, V]) -> "FrozenMap[V]":
        """Return a map with ``other`` laid over this one."""
        return FrozenMap({**self._items, **other})


def thaw_points(value: object, path: str = "plan") -> list[str]:
    """List the places below ``value`` that could change: empty for a plan that is frozen."""
    match value:
        case None | bool() | int() | float() | str() | bytes() | Enum():
            return []
        case tuple():
            return [p for i, item in enumerate(value) for p in thaw_points(item, f"{path}[{i}]")]
        case FrozenMap():
            return [p for key, item in value.items() for p in thaw_points(item, f"{path}[{key!r}]")]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        params = getattr(type(value), "__dataclass_params__")  # noqa: B009 - no public name
        own = [] if params.frozen else [f"{path} is a {type(value).__name__} that is not frozen"]
        return own + [
            point
            for field in dataclasses.fields(value)
            for point in thaw_points(getattr(value, field.name), f"{path}.{field.name}")
        ]
    return [f"{path} is a {type(value).__name__}"]


def freeze(value: object) -> object:
    """Return a copy of plain data that cannot change.

    Lists become tuples and dicts FrozenMaps.  Raises UsageError for what is no plain data.
    """
    match value:
        case list() | tuple():
            return tuple(freeze(item) for item in value)
        case Mapping():
            return FrozenMap({str(key): freeze(item) for key, item in value.items()})
        case bytearray():
            return bytes(value)
    if dataclasses.is_dataclass(value) or not thaw_points(value):
        return value
    raise UsageError(
        f"{type(value).__name__} {value!r} can change, so it cannot be part of a plan; "
        "give it through a function: lambda session: ..."
    )


def thaw(value: object) -> object:
    """Return frozen plain data as the lists and dicts that it was written as."""
    match value:
        case tuple():
            return [thaw(item) for item in value]
        case FrozenMap():
            return {key: thaw(item) for key, item in value.items()}
    return value
