"""A check that is a function of the request and its reply."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from gatlingpy.dsl.check_arguments import takes
from gatlingpy.dsl.value_kinds import Kind, annotated_kinds, kind_of
from gatlingpy.dsl.where import function_line, user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.checks import MessageCheckPlan, SerializationType
from gatlingpy.plan.code import CodeRef, CodeTable

Judgement: TypeAlias = bool | str | None
"""What a check function returns: ``None`` or ``True`` passes, a text fails with that message."""


@dataclass(frozen=True, slots=True, init=False)
class MessageCheck:
    """Asks a named function of yours about the decoded request and reply.

    ``MessageCheck("Echo", str, SerializationType.STRING, str, SerializationType.STRING, check)``:
    the arguments are in the original's order.  A serialization of ``None`` follows from the type,
    or is what the request declares.
    The check returns ``None`` or ``True`` to pass, and a text to fail with; ``False`` fails with
    the check's name, a raised CheckFailed with its text.  A value that cannot be decoded, or is
    of another type, fails before the function is called; a tombstone is ``None``.
    A function that takes one argument is given the reply alone.
    """

    name: str
    request_type: type[object]
    request_serialization: SerializationType | None
    response_type: type[object]
    response_serialization: SerializationType | None
    check: Callable[..., Judgement]
    where: str

    def __init__(
        self,
        name: str,
        request_type: type[object],
        request_serialization: SerializationType | None,
        response_type: type[object],
        response_serialization: SerializationType | None,
        check: Callable[..., Judgement],
    ) -> None:
        """Raises UsageError, with the user's line, for an argument that is out of place."""
        where = user_line()
        _must_be_named(where, name)
        _must_be_check(where, name, check)
        request = _kind(where, name, "request_type", request_type)
        reply = _kind(where, name, "response_type", response_type)
        values: dict[str, object] = {
            "name": name,
            "request_type": request.type,
            "request_serialization": _serialization(where, name, request_serialization, request),
            "response_type": reply.type,
            "response_serialization": _serialization(where, name, response_serialization, reply),
            "check": check,
            "where": where,
        }
        for field, value in values.items():
            object.__setattr__(self, field, value)

    def __call__(self, request: object, reply: object) -> Judgement:
        """Call the function, as a test of it would."""
        return self.check(request, reply) if self._takes_request else self.check(reply)

    @property
    def _takes_request(self) -> bool:
        return takes(self.check, 2)

    def compile(self, path: str, code: CodeTable) -> MessageCheckPlan:
        """Return the check for the plan; its function and types go into ``code``."""
        return MessageCheckPlan(
            self.name,
            code.add(f"{path}/check", self.check, function_line(self.check)),
            self.request_serialization,
            self.response_serialization,
            _filed(self.request_type, f"{path}/request_type", code),
            _filed(self.response_type, f"{path}/response_type", code),
            self._takes_request,
            self.where,
        )


def message_check(
    name: str,
    request_type: type[object] | None = None,
    response_type: type[object] | None = None,
    request_serialization: SerializationType | None = None,
    response_serialization: SerializationType | None = None,
) -> Callable[[Callable[..., Judgement]], MessageCheck]:
    """Make a check of the function below: ``@message_check("Same customer")``.

    Types that are not given are those that the function's parameters are annotated with, if any.
    A serialization that is not given follows from the type: ``str`` is text, ``bytes`` bytes,
    ``dict``, ``list`` and the like JSON; for anything else it is what the request declares.
    """
    _must_be_named(user_line(), name)

    def decorate(function: Callable[..., Judgement]) -> MessageCheck:
        _must_be_check(user_line(), name, function)
        annotated = annotated_kinds(function)
        both = takes(function, 2)
        asked = annotated[0] if both else Kind(object)
        answered = annotated[1] if both else annotated[0]
        return MessageCheck(
            name,
            asked.type if request_type is None else request_type,
            _first(request_serialization, asked if request_type is None else None),
            answered.type if response_type is None else response_type,
            _first(response_serialization, answered if response_type is None else None),
            function,
        )

    return decorate


def _first(given: SerializationType | None, kind: Kind | None) -> SerializationType | None:
    return given if given is not None or kind is None else kind.serialization


def _must_be_named(where: str, name: object) -> None:
    if not isinstance(name, str) or not name:
        raise UsageError(f"{where}: a MessageCheck needs a name, got {name!r}")


def _must_be_check(where: str, name: str, check: object) -> None:
    if not callable(check):
        raise UsageError(
            f"{where}: MessageCheck {name!r} needs a function (request, reply), got {check!r}"
        )
    if inspect.iscoroutinefunction(check):
        raise UsageError(
            f"{where}: the function of MessageCheck {name!r} is async, and nobody would await it"
        )
    if not takes(check, 2) and not takes(check, 1):
        raise UsageError(
            f"{where}: MessageCheck {name!r} needs a function (request, reply), but the one at "
            f"{function_line(check)} cannot be called with two arguments, nor with the reply alone"
        )


def _filed(kind: type[object], path: str, code: CodeTable) -> CodeRef | None:
    return None if kind is object else code.add(path, kind, kind.__qualname__)


def _kind(where: str, name: str, argument: str, value: object) -> Kind:
    kind = kind_of(value)
    if kind is not None:
        return kind
    raise UsageError(
        f"{where}: {argument} of MessageCheck {name!r} must be a type such as str, bytes or dict, "
        f"got {value!r}"
    )


def _serialization(where: str, name: str, value: object, kind: Kind) -> SerializationType | None:
    if value is None:
        return kind.serialization
    if isinstance(value, SerializationType):
        return value
    names = ", ".join(f"SerializationType.{item.name}" for item in SerializationType)
    raise UsageError(
        f"{where}: a serialization of MessageCheck {name!r} must be one of {names}, got {value!r}; "
        "the order is name, request type and serialization, response type and serialization, check"
    )
