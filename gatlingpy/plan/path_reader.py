"""Paths to functions of a session."""

from typing import assert_never

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.access import (
    PLAIN_FUNCTIONS,
    any_element,
    element_at,
    element_numbered,
    value_at,
)
from gatlingpy.plan.code import CodeTable, Reader
from gatlingpy.plan.dice import Dice
from gatlingpy.plan.path import Apply, Element, Index, IndexFrom, Key, Path, PathStep
from gatlingpy.plan.values import whole_number
from gatlingpy.session import Session


def path_reader(path: Path, code: CodeTable) -> Reader:
    """Return what follows a path for one user.

    The reader raises ExpressionError, and nothing else: properties and other methods of the user's
    own objects may raise anything.
    """
    read, name = _attribute(path.attribute), path.attribute
    for step in path.steps:
        read = _and_then(step, read, name, code.dice)
        name += str(step)
    return _guarded(read, name) if path.steps else read


def _guarded(read: Reader, name: str) -> Reader:
    def guarded(session: Session) -> object:
        try:
            return read(session)
        except ExpressionError:
            raise
        except BaseException as error:
            text = f"'{name}' cannot be read: {type(error).__name__}: {error}"
            raise ExpressionError(text) from error

    return guarded


def _attribute(name: str) -> Reader:
    def attribute(session: Session) -> object:
        try:
            return session.attributes[name]
        except KeyError:
            return session[name]  # raises what a session always says of a missing attribute

    return attribute


def _and_then(step: PathStep, read: Reader, name: str, dice: Dice) -> Reader:
    """Return what takes one more step; ``name`` is the path that ``read`` follows."""
    match step:
        case Key(key):
            return _key(key, read, name)
        case Index(index):
            return lambda session: element_at(index, read(session), name)
        case IndexFrom(attribute):
            return _index_from(attribute, read, name)
        case Element(number):
            return lambda session: element_numbered(number, read(session), name)
        case Apply(function):
            return _applied(function, read, name, dice)
    assert_never(step)


def _applied(function: str, read: Reader, name: str, dice: Dice) -> Reader:
    match function:
        case "random":
            return _random(read, name, dice)
        case "exists":
            return lambda session: _exists(read, session)
        case "is_undefined":
            return lambda session: not _exists(read, session)
    apply = PLAIN_FUNCTIONS[function]
    return lambda session: apply(read(session), name)


def _key(key: str, read: Reader, name: str) -> Reader:
    def value(session: Session) -> object:
        owner = read(session)
        if type(owner) is dict and key in owner:
            return owner[key]
        return value_at(key, owner, name)

    return value


def _index_from(attribute: str, read: Reader, name: str) -> Reader:
    index_of, what = _attribute(attribute), f"the index '{attribute}' of '{name}'"

    def element(session: Session) -> object:
        return element_at(whole_number(index_of(session), what), read(session), name)

    return element


def _random(read: Reader, name: str, dice: Dice) -> Reader:
    def element(session: Session) -> object:
        user, below = session.user_id, dice.below
        return any_element(lambda size: below(user, size), read(session), name)

    return element


def _exists(read: Reader, session: Session) -> bool:
    try:
        read(session)
    except BaseException:  # noqa: BLE001 - what cannot be read does not exist
        return False
    return True
