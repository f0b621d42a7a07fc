"""A check that is a function of the request and its reply."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, get_origin

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
    the arguments are in the original's order.
    The check returns ``None`` or ``True`` to pass, and a text to fail with; ``False`` fails with
    the check's name, a raised CheckFailed with its text.  A value that cannot be decoded, or is
    of another type, fails before the function is called; a tombstone is ``None``.
    """

    name: str
    request_type: type[object]
    request_serialization: SerializationType
    response_type: type[object]
    response_serialization: SerializationType
    check: Callable[..., Judgement]
    where: str

    def __init__(
        self,
        name: str,
        request_type: type[object],
        request_serialization: SerializationType,
        response_type: type[object],
        response_serialization: SerializationType,
        check: Callable[..., Judgement],
    ) -> None:
        """Raises UsageError, with the user's line, for an argument that is out of place."""
        where = user_line()
        _must_be_named(where, name)
        if not callable(check):
            raise UsageError(
                f"{where}: MessageCheck {name!r} needs a function (request, reply), got {check!r}"
            )
        values: dict[str, object] = {
            "name": name,
            "request_type": _type(where, name, "request_type", request_type),
            "request_serialization": _serialization(where, name, request_serialization),
            "response_type": _type(where, name, "response_type", response_type),
            "response_serialization": _serialization(where, name, response_serialization),
            "check": check,
            "where": where,
        }
        for field, value in values.items():
            object.__setattr__(self, field, value)

    def compile(self, path: str, code: CodeTable) -> MessageCheckPlan:
        """Return the check for the plan; its function and types go into ``code``."""
        return MessageCheckPlan(
            self.name,
            code.add(f"{path}/check", self.check, function_line(self.check)),
            self.request_serialization,
            self.response_serialization,
            _filed(self.request_type, f"{path}/request_type", code),
            _filed(self.response_type, f"{path}/response_type", code),
            where=self.where,
        )


def _must_be_named(where: str, name: object) -> None:
    if not isinstance(name, str) or not name:
        raise UsageError(f"{where}: a MessageCheck needs a name, got {name!r}")


def _filed(kind: type[object], path: str, code: CodeTable) -> CodeRef:
    return code.add(path, kind, kind.__qualname__)


def _type(where: str, name: str, argument: str, value: object) -> type[object]:
    origin: object = get_origin(value)
    kind = value if origin is None else origin
    if isinstance(kind, type):
        return kind
    raise UsageError(
        f"{where}: {argument} of MessageCheck {name!r} must be a type such as str, bytes or dict, "
        f"got {value!r}"
    )


def _serialization(where: str, name: str, value: object) -> SerializationType:
    if isinstance(value, SerializationType):
        return value
    names = ", ".join(f"SerializationType.{kind.name}" for kind in SerializationType)
    raise UsageError(
        f"{where}: a serialization of MessageCheck {name!r} must be one of {names}, got {value!r}; "
        "the order is name, request type and serialization, response type and serialization, check"
    )
