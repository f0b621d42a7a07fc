"""Frozen maps cannot change, and what could change is found."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.errors import UsageError
from gatlingpy.plan.code import Const, Env
from gatlingpy.plan.frozen import FrozenMap, freeze, thaw, thaw_points

json_like = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def test_a_map_is_a_copy() -> None:
    """A later change to what a map was made from is not seen."""
    items = {"a": 1}
    frozen = FrozenMap(items)
    items["a"] = 2
    assert 1 == frozen["a"]


def test_a_map_cannot_change() -> None:
    """A map has no way to set, delete or add."""
    frozen = FrozenMap({"a": 1})
    with pytest.raises(TypeError):
        frozen["a"] = 2  # type: ignore[index]
    with pytest.raises(AttributeError):
        frozen.extra = 1  # type: ignore[attr-defined]


def test_a_map_keeps_its_order() -> None:
    """Keys come in the order they were given."""
    assert ["b", "a"] == list(FrozenMap([("b", 1), ("a", 2)]))


@given(st.dictionaries(st.text(), st.integers()))
def test_equal_maps_hash_equally(items: dict[str, int]) -> None:
    """Equal maps have equal hashes, whatever order they were given in."""
    turned = FrozenMap(reversed(items.items()))
    assert FrozenMap(items) == turned
    assert hash(FrozenMap(items)) == hash(turned)
    assert FrozenMap(items) != items


def test_merged() -> None:
    """A map laid over another wins, and neither changes."""
    first = FrozenMap({"a": 1, "b": 2})
    assert FrozenMap({"a": 1, "b": 3, "c": 4}) == first.merged({"b": 3, "c": 4})
    assert FrozenMap({"a": 1, "b": 2}) == first


@dataclass
class Melting:
    """A dataclass that is not frozen."""

    inside: object


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Const((1, FrozenMap({"a": None}))), []),
        (Env("A"), []),
        (Const([1]), ["plan.value is a list"]),
        ((1, {"a": 1}), ["plan[1] is a dict"]),
        (FrozenMap({"a": (set(),)}), ["plan['a'][0] is a set"]),
        (Const(print), ["plan.value is a builtin_function_or_method"]),
        (Melting([]), ["plan is a Melting that is not frozen", "plan.inside is a list"]),
    ],
)
def test_thaw_points(value: object, expected: list[str]) -> None:
    """Every place that could change is named by its path."""
    assert expected == thaw_points(value)


@given(json_like)
def test_freeze_and_thaw(value: object) -> None:
    """Plain data comes back from being frozen as it was written, and was frozen in between."""
    frozen = freeze(value)
    assert [] == thaw_points(frozen)
    assert value == thaw(frozen)


@pytest.mark.parametrize("value", [object(), {1}, [object()], {"a": print}])
def test_what_cannot_be_frozen(value: object) -> None:
    """What is no plain data is refused with the way to give it."""
    with pytest.raises(UsageError, match="give it through a function: lambda session"):
        freeze(value)
