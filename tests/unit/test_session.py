"""A session is a value: it never changes, and it knows how its user fares."""

import re

import pytest

from gatlingpy.errors import ExpressionError
from gatlingpy.session import Session, merge_records
from gatlingpy.status import GroupBlock

MS = 1_000_000
EMPTY = Session("Payments", 7)
FULL = Session(
    "Payments",
    7,
    {
        "id": 1, "name": "Ann", "rate": 1.5, "gold": True, "none": None,
        "one": "1", "half": " 0.5", "yes": "True", "items": ["a", "b"], "tags": {"x"}, "map": {"k": 1},
    },
)  # fmt: skip


def test_a_new_session() -> None:
    """A new session knows its scenario and user, and nothing else."""
    assert ("Payments", 7, {}, (), False) == (
        EMPTY.scenario,
        EMPTY.user_id,
        EMPTY.attributes,
        EMPTY.groups,
        EMPTY.is_failed,
    )


def test_what_users_begin_with_is_shared_and_cannot_be_written_into() -> None:
    """One that tries fails itself, and no other finds what it wrote."""
    with pytest.raises(TypeError, match="does not support item assignment"):
        Session("Payments", 1).attributes["id"] = 1  # type: ignore[index]
    assert repr(Session("Payments", 2)) == "Session('Payments', user 2, ok, {})"
    assert Session("Payments", 2).reset() == Session("Payments", 2)


def test_reading() -> None:
    """Attributes are read by key, with or without a default."""
    assert 1 == FULL["id"]
    assert FULL["none"] is None
    assert "Ann" == FULL.get("name")
    assert FULL.get("missing") is None
    assert "x" == FULL.get("missing", "x")
    assert "none" in FULL
    assert FULL.contains("none")
    assert "missing" not in FULL


def test_missing() -> None:
    """An attribute that is not there is named."""
    with pytest.raises(ExpressionError, match=r"^No attribute named 'missing' is defined$"):
        FULL["missing"]


def test_typed() -> None:
    """Typed reading gives the attribute if it has the type; a whole number serves as a float."""
    assert "Ann" == FULL.get_string("name")
    assert 1 == FULL.get_int("id")
    assert 1.5 == FULL.get_float("rate")
    assert FULL.get_boolean("gold") is True
    assert isinstance(FULL.get_float("id"), float)
    assert ["a", "b"] == FULL.get_list("items")
    assert (1,) == FULL.set("items", (1,)).get_list("items")
    assert {"x"} == FULL.get_set("tags")
    assert {"k": 1} == FULL.get_map("map")
    assert (1, 1.5) == (FULL.get_long("id"), FULL.get_double("rate"))


def test_numbers_and_truths_are_read_from_text() -> None:
    """CSV files hold nothing but text."""
    assert 1 == FULL.get_int("one")
    assert 0.5 == FULL.get_float("half")
    assert 1.0 == FULL.get_float("one")
    assert FULL.get_boolean("yes") is True
    assert FULL.set("yes", "FALSE").get_boolean("yes") is False


@pytest.mark.parametrize(
    "method",
    ["get_string", "get_int", "get_float", "get_boolean", "get_list", "get_set", "get_map"],
)
def test_a_default_stands_for_a_missing_attribute(method: str) -> None:
    """``None`` as well; it does not stand for one that is something else."""
    reading = getattr(FULL, method)
    assert reading("missing", None) is None
    assert "x" == reading("missing", "x")
    assert "x" == reading("missing", default="x")
    with pytest.raises(ExpressionError, match="attribute 'none' should be"):
        reading("none", None)
    with pytest.raises(ExpressionError, match=r"^No attribute named 'missing' is defined$"):
        reading("missing")


@pytest.mark.parametrize(
    ("method", "key", "message"),
    [
        ("get_int", "name", "attribute 'name' should be int, but it is str: 'Ann'"),
        ("get_int", "gold", "attribute 'gold' should be int, but it is bool: True"),
        ("get_int", "rate", "attribute 'rate' should be int, but it is float: 1.5"),
        ("get_float", "name", "attribute 'name' should be float, but it is str: 'Ann'"),
        ("get_string", "id", "attribute 'id' should be str, but it is int: 1"),
        ("get_string", "none", "attribute 'none' should be str, but it is NoneType: None"),
        ("get_boolean", "id", "attribute 'id' should be bool, but it is int: 1"),
        ("get_boolean", "name", "attribute 'name' should be bool, but it is str: 'Ann'"),
        ("get_float", "gold", "attribute 'gold' should be float, but it is bool: True"),
        ("get_list", "name", "attribute 'name' should be list, but it is str: 'Ann'"),
        ("get_list", "map", "attribute 'map' should be list, but it is dict: {'k': 1}"),
        ("get_set", "items", "attribute 'items' should be set, but it is list: ['a', 'b']"),
        ("get_map", "items", "attribute 'items' should be map, but it is list: ['a', 'b']"),
        ("get_boolean", "missing", "No attribute named 'missing' is defined"),
    ],
)
def test_wrong_type(method: str, key: str, message: str) -> None:
    """An attribute of another type is refused with its name, the type wanted and the value got."""
    with pytest.raises(ExpressionError, match=f"^{re.escape(message)}$"):
        getattr(FULL, method)(key)


def test_changes_are_new_sessions() -> None:
    """Setting and removing leave the session itself alone."""
    changed = EMPTY.set("a", 1).set_all({"b": 2, "c": 3}).remove("b").remove_all("c", "x")
    assert {"a": 1} == changed.attributes
    assert {} == EMPTY.attributes
    assert {} == changed.reset().attributes


def test_groups() -> None:
    """Groups are named from the outside in, with the time at which they were entered."""
    session = EMPTY.enter_group("checkout", 5).enter_group("card", 9)
    assert ("checkout", "card") == session.groups
    assert (
        GroupBlock("checkout", 5, 0, failed=False),
        GroupBlock("card", 9, 0, failed=False),
    ) == session.blocks
    assert ("checkout",) == session.leave_group().groups


def test_cumulated_time() -> None:
    """Each request adds its time, at least a millisecond, to every group around it."""
    session = EMPTY.enter_group("outer", 0).after_request(5 * MS, failed=False)
    session = session.enter_group("inner", 0).after_request(10, failed=False)
    assert [6 * MS, MS] == [block.cumulated_ns for block in session.blocks]


def test_a_request_outside_groups() -> None:
    """Outside groups a request changes nothing but the status."""
    assert EMPTY is EMPTY.after_request(MS, failed=False)
    failed = EMPTY.after_request(MS, failed=True)
    assert failed.is_failed
    assert failed is failed.after_request(MS, failed=True)
    assert failed.after_request(MS, failed=False).is_failed


def test_equality() -> None:
    """Sessions that know the same are equal and hash equally."""
    assert EMPTY.set("a", 1) == EMPTY.set("a", 1)
    assert hash(EMPTY.set("a", 1)) == hash(EMPTY.set("a", 1))
    others = [
        EMPTY.set("a", 1),
        EMPTY.mark_as_failed(),
        EMPTY.enter_group("g", 0),
        Session("Payments", 8),
        Session("Refunds", 7),
        "a session",
    ]
    assert [False] * len(others) == [EMPTY == other for other in others]


def test_repr() -> None:
    """A session shows who, how and what."""
    session = EMPTY.set("a", 1).enter_group("checkout", 0).enter_group("card", 0).mark_as_failed()
    assert "Session('Payments', user 7, failed, {'a': 1}, in checkout / card)" == repr(session)
    assert "Session('Payments', user 7, ok, {})" == repr(EMPTY)


def test_merge_records() -> None:
    """Several records become one of lists."""
    assert {"a": [1, 2], "b": [3]} == merge_records([{"a": 1}, {"a": 2, "b": 3}])
