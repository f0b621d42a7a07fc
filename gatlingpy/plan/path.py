"""The way from a session attribute to the value that a placeholder stands for."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Key:
    """A mapping's key, or an attribute of an object."""

    name: str

    def __str__(self) -> str:
        return f".{self.name}"


@dataclass(frozen=True, slots=True)
class Index:
    """An element by its index from 0, negative from the end."""

    number: int

    def __str__(self) -> str:
        return f"({self.number})"


@dataclass(frozen=True, slots=True)
class IndexFrom:
    """An element by the index that an attribute of the session holds."""

    attribute: str

    def __str__(self) -> str:
        return f"({self.attribute})"


@dataclass(frozen=True, slots=True)
class Element:
    """An element by its number from 1."""

    number: int

    def __str__(self) -> str:
        return f"._{self.number}"


@dataclass(frozen=True, slots=True)
class Apply:
    """A function of the value so far, by its name in snake case."""

    function: str

    def __str__(self) -> str:
        return f".{self.function}()"


PathStep: TypeAlias = Key | Index | IndexFrom | Element | Apply


@dataclass(frozen=True, slots=True)
class Path:
    """A session attribute, and the steps from it to what is meant."""

    attribute: str
    steps: tuple[PathStep, ...] = ()
