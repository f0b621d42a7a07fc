"""A session is a value: it never changes, and it knows how its user fares."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.errors import ExpressionError
from gatlingpy.session import GroupBlock, Session, merge_records

MS = 1_000_000
EMPTY = Session("Payments", 7)
FULL = Session("Payments", 7, {"id": 1, "name": "Ann", "rate": 1.5, "gold": True, "none": None})


def test_a_new_session() -> None:
    """A new session knows its scenario and user, and nothing else."""
    assert ("Payments", 7, {}, (), False) == (
        EMPTY.scenario,
        EMPTY.user_id,
        EMPTY.attributes,
        EMPTY.groups,
        EMPTY.is_failed,
    )


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


@pytest.mark.parametrize(
    ("method", "key", "message"),
    [
        ("get_int", "name", "attribute 'name' should be int, but it is str: 'Ann'"),
        ("get_int", "gold", "attribute 'gold' should be int, but it is bool: True"),
        ("get_int", "rate", "attribute 'rate' should be int, but it is float: 1.5"),
        ("get_float", "gold", "attribute 'gold' should be float, but it is bool: True"),
        ("get_float", "name", "attribute 'name' should be float, but it is str: 'Ann'"),
        ("get_string", "id", "attribute 'id' should be str, but it is int: 1"),
        ("get_string", "none", "attribute 'none' should be str, but it is NoneType: None"),
        ("get_boolean", "id", "attribute 'id' should be bool, but it is int: 1"),
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


@given(st.lists(st.sampled_from(["fail", "succeed", "enter", "leave", "ok", "ko"]), max_size=30))
def test_status(moves: list[str]) -> None:
    """Failing marks the user and every group it is in; succeeding mends the user alone."""
    session, failed, groups = EMPTY, False, []
    for n, move in enumerate(moves):
        match move:
            case "fail":
                session, failed, groups = session.mark_as_failed(), True, [True] * len(groups)
            case "succeed":
                session, failed = session.mark_as_succeeded(), False
            case "enter":
                session = session.enter_group(f"g{n}", n)
                groups.append(False)
            case "leave" if groups:
                session = session.leave_group()
                groups.pop()
            case "ok":
                session = session.after_request(MS, failed=False)
            case "ko":
                session = session.after_request(MS, failed=True)
                failed, groups = True, [True] * len(groups)
        assert failed == session.is_failed
        assert groups == [block.failed for block in session.blocks]
    assert not EMPTY.is_failed


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
