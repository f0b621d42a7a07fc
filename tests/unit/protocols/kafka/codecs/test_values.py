"""Objects and the plain data that schemas speak of."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.protocols.kafka.codecs.values import json_like, plain, typed


class Colour(Enum):
    RED = "red"


@dataclass
class Point:
    x: int
    y: int = 0


@dataclass
class Shape:
    name: str
    corners: list[Point]
    centre: Point | None = None
    by_name: dict[str, Point] = field(default_factory=dict)
    path: tuple[Point, ...] = ()
    colour: Colour = Colour.RED
    either: Point | str = ""
    inner: "Shape | None" = None
    derived: int = field(default=7, init=False)


class Pair(NamedTuple):
    a: Point
    b: int


class Written:
    def model_dump(self) -> dict[str, object]:
        return {"point": Point(1)}


def test_objects_become_dicts_all_the_way_down() -> None:
    """Dataclasses, named tuples, mappings, and what can say itself."""
    assert plain([Point(1), {"p": Pair(Point(2), 3)}, FrozenMap({"w": Written()})]) == [
        {"x": 1, "y": 0}, {"p": {"a": {"x": 2, "y": 0}, "b": 3}}, {"w": {"point": {"x": 1, "y": 0}}},
    ]  # fmt: skip
    assert plain(("shop.Point", Point(1))) == ("shop.Point", {"x": 1, "y": 0})
    other = object()
    assert plain(other) is other


def test_dicts_become_dataclasses_all_the_way_down() -> None:
    """By the annotations; what is not there has its default, what is unknown is left out."""
    shape = typed(Shape)({
        "name": "a", "corners": [{"x": 1, "y": 2}], "centre": {"x": 3}, "path": [{"x": 4}],
        "by_name": {"p": {"x": 5}}, "colour": "red", "either": "text", "unknown": 9,
        "inner": {"name": "b", "corners": [], "centre": None},
    })  # fmt: skip
    assert shape == Shape(
        "a", [Point(1, 2)], Point(3), {"p": Point(5)}, (Point(4),), Colour.RED, "text",
        Shape("b", []),
    )  # fmt: skip


def test_what_makes_no_object_says_so() -> None:
    """Whatever Python says of it."""
    with pytest.raises(ValueError, match="not a Point: it is a list"):
        typed(Point)([])
    with pytest.raises(TypeError, match="x"):
        typed(Point)({})


def test_other_classes_and_functions_are_called() -> None:
    """A class by keywords if it is given a dict; dict itself changes nothing."""
    assert typed(Pair)({"a": 1, "b": 2}) == Pair(1, 2)  # type: ignore[arg-type]
    assert typed(str)(7) == "7"
    assert typed(dict)({"a": 1}) == {"a": 1}
    assert typed(lambda value: value["a"])({"a": 1}) == 1


@pytest.mark.parametrize(
    ("value", "like"),
    [
        ({"c": Colour.RED, 1: UUID(int=1)}, {"c": "red", "1": str(UUID(int=1))}),
        ([Point(1), bytearray(b"a"), None, True], [{"x": 1, "y": 0}, "YQ==", None, True]),
        (Pair(Point(1), 2), {"a": {"x": 1, "y": 0}, "b": 2}),
        ((1, 2), [1, 2]),
    ],
)
def test_values_for_paths_are_those_of_json(value: Any, like: object) -> None:
    """Whatever they were."""
    assert json_like(value) == like


def test_what_json_cannot_hold_is_told() -> None:
    """With its type."""
    with pytest.raises(ValueError, match="not JSON-like: it is a object"):
        json_like({"a": [object()]})
