"""Paths lead from an attribute to keys, elements and functions, or say what stands in the way."""

import json
import re
import sys
from array import array
from collections import OrderedDict, UserList, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.code import CodeTable, Template
from gatlingpy.plan.dice import Dice
from gatlingpy.plan.expression import resolver
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.session import Session


class Point(NamedTuple):
    """A tuple with names."""

    x: int
    y: int


@dataclass
class Payment:
    """What a user function might have put into a session."""

    amount: float
    lines: tuple[str, ...] = ()

    @property
    def double(self) -> float:
        return self.amount * 2

    @property
    def broken(self) -> float:
        raise ZeroDivisionError("no way")

    @property
    def leaving(self) -> float:
        sys.exit("bye")

    def pay(self) -> None:
        """Do nothing."""


SESSION = Session(
    "Payments",
    7,
    {
        "n": 7,
        "text": "<b>",
        "escaped": "&lt;b&gt; &amp; &eacute;",
        "none": None,
        "i": 1,
        "last": "-1",
        "real": 1.5,
        "list": ["a", "b", "c"],
        "empty": [],
        "tuple": ("x", "y"),
        "map": {"id": 3, "none": None, "list": [{"pair": (1, 2)}]},
        "proxy": MappingProxyType({"id": 4}),
        "frozen": FrozenMap({"id": 5}),
        "default": defaultdict(list, {"id": 6}),
        "nothing": {},
        "many": {f"key{n}": n for n in range(20)},
        "point": Point(1, 2),
        "payment": Payment(2.5, ("one", "two")),
        "space": SimpleNamespace(a=SimpleNamespace(b=[0, 1])),
        "deque": deque([1, 2]),
        "array": array("i", [5, 6]),
        "user_list": UserList([8]),
        "set": {1, 2, 3},
        "bytes": b"ab",
        "unwritable": {1j},
        "kind": list,
    },
)


def resolved(placeholder: str, session: Session = SESSION) -> object:
    return resolver(Template(f"#{{{placeholder}}}"), CodeTable())(session)


@pytest.mark.parametrize(
    ("expected", "placeholder"),
    [
        (7, "n"),
        (None, "none"),
        (3, "map.id"),
        (None, "map.none"),
        (4, "proxy.id"),
        (5, "frozen.id"),
        (6, "default.id"),
        (1, "point.x"),
        (2.5, "payment.amount"),
        (5.0, "payment.double"),
        ("two", "payment.lines(1)"),
        (1, "space.a.b(-1)"),
        ("a", "list(0)"),
        ("c", "list(-1)"),
        ("a", "list(-3)"),
        ("b", "list(i)"),
        ("c", "list(last)"),
        ("y", "tuple(1)"),
        (2, "point(-1)"),
        ("x", "tuple._1"),
        (2, "point._2"),
        ("c", "list._3"),
        (2, "deque(1)"),
        (6, "array(1)"),
        (8, "user_list(0)"),
        (2, "map.list(0).pair._2"),
        (3, "list.size()"),
        (2, "tuple.size()"),
        (3, "map.size()"),
        (3, "set.size()"),
        (0, "empty.size()"),
        (1, "map.list.size()"),
        (True, "n.exists()"),
        (True, "none.exists()"),
        (False, "missing.exists()"),
        (False, "n.isUndefined()"),
        (True, "missing.is_undefined()"),
        (True, "map.id.exists()"),
        (False, "map.x.exists()"),
        (False, "list(3).exists()"),
        (False, "list(missing).exists()"),
        (False, "list(text).exists()"),
        (False, "missing.a(0)._1.exists()"),
        (False, "payment.broken.exists()"),
        (True, "payment.leaving.is_undefined()"),
        (False, "empty.random().exists()"),
        ("<b> & é", "escaped.htmlUnescape()"),
        ("<b>", "text.html_unescape()"),
        ("7", "n.json_stringify()"),
        ('"<b>"', "text.jsonStringify()"),
        ("null", "none.json_stringify()"),
        ('{"id":3,"none":null,"list":[{"pair":[1,2]}]}', "map.json_stringify()"),
        ('{"id":4}', "proxy.json_stringify()"),
        ('{"id":5}', "frozen.json_stringify()"),
        ('{"amount":2.5,"lines":["one","two"]}', "payment.json_stringify()"),
        ('"<b> & é"', "escaped.html_unescape().json_stringify()"),
    ],
)
def test_values(expected: object, placeholder: str) -> None:
    """Each step finds what stands there, and its type is kept."""
    got = resolved(placeholder)
    assert (type(expected), expected) == (type(got), got)
    assert f"<{expected}>" == resolver(Template(f"<#{{{placeholder}}}>"), CodeTable())(SESSION)


def test_what_is_found_is_the_value_itself() -> None:
    """Nothing is copied, and looking makes no keys."""
    assert resolved("map.list") is SESSION.attributes["map"]["list"]
    assert resolved("default.new.exists()") is False
    assert list(SESSION.attributes["default"]) == ["id"]


INDEX = "does not support index access"
TUPLE = "does not support tuple access"
KEYS = "'key0', 'key1', 'key2', 'key3', 'key4', 'key5', 'key6', 'key7', …"


@pytest.mark.parametrize(
    ("placeholder", "message"),
    [
        ("missing", "No attribute named 'missing' is defined"),
        ("missing.a(0)", "No attribute named 'missing' is defined"),
        ("list(missing)", "No attribute named 'missing' is defined"),
        ("map.x", "dict named 'map' does not contain key 'x'; its keys are 'id', 'none', 'list'"),
        ("map.list(0).x", "dict named 'map.list(0)' does not contain key 'x'; its keys are 'pair'"),
        ("nothing.x", "dict named 'nothing' does not contain key 'x'; it is empty"),
        ("many.x", f"dict named 'many' does not contain key 'x'; its keys are {KEYS}"),
        ("default.x", "defaultdict named 'default' does not contain key 'x'; its keys are 'id'"),
        ("payment.x", "Payment named 'payment' has no attribute 'x'"),
        ("n.x", "int named 'n' has no attribute 'x'"),
        ("none.x", "None named 'none' has no attribute 'x'"),
        ("list.size", "list named 'list' has no attribute 'size'; the function is written .size()"),
        ("payment.pay", "Payment named 'payment' has a method 'pay', no value"),
        ("text.upper", "str named 'text' has a method 'upper', no value"),
        ("payment.broken", "'payment.broken' cannot be read: ZeroDivisionError: no way"),
        ("payment.broken.x", "'payment.broken.x' cannot be read: ZeroDivisionError: no way"),
        ("payment.leaving", "'payment.leaving' cannot be read: SystemExit: bye"),
        ("list(3)", "list named 'list' is undefined for index 3; its size is 3"),
        ("list(-4)", "list named 'list' is undefined for index -4; its size is 3"),
        ("list(n)", "list named 'list' is undefined for index 7; its size is 3"),
        ("list(text)", "the index 'text' of 'list' must be a whole number, got str '<b>'"),
        ("list(real)", "the index 'real' of 'list' must be a whole number, got float 1.5"),
        ("n(0)", f"int named 'n' {INDEX}"),
        ("none(0)", f"None named 'none' {INDEX}"),
        ("text(0)", f"str named 'text' {INDEX}"),
        ("bytes(0)", f"bytes named 'bytes' {INDEX}"),
        ("map(0)", f"dict named 'map' {INDEX}"),
        ("set(0)", f"set named 'set' {INDEX}"),
        ("payment(0)", f"Payment named 'payment' {INDEX}"),
        ("kind(0)", f"type named 'kind' {INDEX}"),
        ("map.id(0)", f"int named 'map.id' {INDEX}"),
        ("tuple._3", "tuple named 'tuple' has no element ._3; its size is 2"),
        ("n._1", f"int named 'n' {TUPLE}"),
        ("text._1", f"str named 'text' {TUPLE}"),
        ("n.size()", "int named 'n' does not support .size()"),
        ("text.size()", "str named 'text' does not support .size()"),
        ("none.size()", "None named 'none' does not support .size()"),
        ("empty.random()", "list named 'empty' is empty: .random() finds nothing"),
        ("map.random()", "dict named 'map' does not support .random()"),
        ("set.random()", "set named 'set' does not support .random()"),
        ("n.htmlUnescape()", "int named 'n' does not support .html_unescape()"),
        (
            "unwritable.json_stringify()",
            "set named 'unwritable' does not support .json_stringify(): Type is not JSON serializable: set",
        ),
    ],
)
def test_what_leads_nowhere(placeholder: str, message: str) -> None:
    """The first step that leads nowhere is named, with the kind of what was found there."""
    for template in (f"#{{{placeholder}}}", f"a #{{{placeholder}}} b #{{n}}"):
        with pytest.raises(ExpressionError, match=f"^{re.escape(message)}$"):
            resolver(Template(template), CodeTable())(SESSION)


def test_random_elements_are_the_users_own() -> None:
    """An element is chosen by the user's dice: repeatable, and after a while each is."""
    items = list(range(10))

    def chosen(user: int) -> list[object]:
        read = resolver(Template("#{items.random()}"), CodeTable(dice=Dice(3)))
        return [read(Session("S", user, {"items": items})) for _ in range(100)]

    assert chosen(1) == chosen(1)
    assert chosen(1) != chosen(2)
    assert set(chosen(1)) == set(items)
    expected = [Dice(3).below(1, 10)]
    assert chosen(1)[:1] == expected


# --- against plain Python -------------------------------------------------------------------------

keys = st.text("abc", min_size=1, max_size=2)
values = st.recursive(
    st.none() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(keys, inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(keys, values, min_size=1), st.data())
def test_paths_reach_what_python_reaches(
    attributes: dict[str, object], data: st.DataObject
) -> None:
    """A path along what is there finds the same object as the subscripts that it stands for."""
    name = data.draw(st.sampled_from(sorted(attributes)))
    path, value = name, attributes[name]
    while isinstance(value, list | tuple | dict) and value and data.draw(st.booleans()):
        if isinstance(value, dict):
            key = data.draw(st.sampled_from(sorted(value)))
            path, value = f"{path}.{key}", value[key]
        else:
            index = data.draw(st.integers(-len(value), len(value) - 1))
            number = index % len(value) + 1
            path += data.draw(st.sampled_from([f"({index})", f"._{number}"]))
            value = value[index]
    session = Session("S", 1, attributes)
    assert resolved(path, session) is value
    assert resolved(f"{path}.exists()", session) is True
    assert json.loads(str(resolved(f"{path}.json_stringify()", session))) == json.loads(
        json.dumps(value)
    )
    if isinstance(value, list | tuple | Mapping):
        assert resolved(f"{path}.size()", session) == len(value)


step_texts = st.one_of(
    keys.map(".{}".format),
    st.integers(-4, 4).map("({})".format),
    st.integers(1, 4).map("._{}".format),
    keys.map("({})".format),
    st.sampled_from([".random()", ".json_stringify()", ".html_unescape()"]),
)


@given(st.dictionaries(keys, values), keys, st.lists(step_texts, max_size=3))
def test_any_path_is_found_or_explained(
    attributes: dict[str, object], name: str, steps: list[str]
) -> None:
    """Whatever the session holds, a path raises nothing but what it is meant to."""
    session = Session("S", 1, OrderedDict(attributes))
    path = name + "".join(steps)
    try:
        found = (resolved(path, session), True)[1]
    except ExpressionError:
        found = False
    if ".random()" not in steps:
        assert resolved(f"{path}.exists()", session) is found
        assert resolved(f"{path}.is_undefined()", session) is not found
