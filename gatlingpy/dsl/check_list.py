"""What a request may be given as checks, and checks that are asked only sometimes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self, TypeAlias, TypeGuard

from gatlingpy.dsl.check_arguments import Held, filed, held, must_take, refused, takes
from gatlingpy.dsl.check_builders import CheckBuilder
from gatlingpy.dsl.check_expected import Expectations, ExpectedCheck
from gatlingpy.dsl.check_pairs import Comparison, ResponseContainsRequest, ResponseEquals
from gatlingpy.dsl.message_check import Judgement, MessageCheck, message_check
from gatlingpy.dsl.session_check import SessionCheck
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.checks import ConditionalCheck
from gatlingpy.plan.code import CodeTable, Const
from gatlingpy.plan.glimpse import brief

CheckCondition: TypeAlias = bool | str | Callable[..., bool]
"""Whether: true or false, a template that gives one of the two, or a function that does."""

CheckArgument: TypeAlias = CheckBuilder | Sequence[CheckBuilder] | str | Callable[..., Judgement]
"""A check or a list of checks; or a name, followed by a function of request and reply, or of the
reply alone."""


@dataclass(frozen=True, slots=True)
class ConditionalChecks:
    """Checks that are asked only if a condition is true when their turn comes."""

    _condition: Held
    _takes_message: bool
    _where: str
    _checks: tuple[CheckBuilder, ...] = ()

    def then(self, *checks: CheckArgument) -> Self:
        """Return it with these checks as well."""
        return replace(self, _checks=(*self._checks, *as_checks(*checks)))

    def compile(self, path: str, code: CodeTable) -> ConditionalCheck:
        """Return it for the plan; raises UsageError if there are no checks."""
        if not self._checks:
            raise UsageError(f"{self._where}: check_if(...) has no checks; add .then(...)")
        inner = [check.compile(f"{path}/{i}", code) for i, check in enumerate(self._checks)]
        condition = filed(self._condition, f"{path}/condition", code)
        return ConditionalCheck(condition, tuple(inner), self._takes_message, self._where)


def check_if(condition: CheckCondition, *checks: CheckArgument) -> ConditionalChecks:
    """Ask these checks only if a condition is true; more may follow with ``then``.

    The condition is a template, a function of the session, or a function that takes two
    arguments: the whole reply, as ``message_function`` has it, and the session.  It is asked once,
    with all that the checks before it saved; one that raises fails the request.
    """
    if callable(condition) and not takes(condition, 1):
        must_take("check_if", condition, "the reply", "the session")
        return ConditionalChecks(condition, True, user_line(), as_checks(*checks))
    if not isinstance(condition, bool | str) and not callable(condition):
        raise refused(
            f"check_if({condition!r}, ...) must be given a condition first: a template, "
            "or a function of the session or of reply and session"
        )
    kept = held(condition)
    if isinstance(kept, Const) and not isinstance(kept.value, bool):
        raise refused(
            f'check_if({condition!r}, ...) is always the same; write a template such as "#{{flag}}"'
        )
    return ConditionalChecks(kept, False, user_line(), as_checks(*checks))


_BUILDERS = (
    Expectations, ExpectedCheck, ResponseEquals, ResponseContainsRequest, Comparison,
    MessageCheck, SessionCheck, ConditionalChecks,
)  # fmt: skip


def _is_check(value: object) -> TypeGuard[CheckBuilder]:
    return isinstance(value, _BUILDERS)


def as_check(value: object) -> CheckBuilder:
    """Return a check as it is; raises UsageError, with the user's line, for anything else."""
    if _is_check(value):
        return value
    raise refused(
        f'check(...) takes checks, got {brief(value)}; write json_path("$.status").is_("OK"), or a '
        'name and a function: check("same", lambda request, reply: request == reply)'
    )


def as_checks(*values: object) -> tuple[CheckBuilder, ...]:
    """Return checks; a text and the function that follows it are one check, of that name.

    A list of checks counts as those in it.  Raises UsageError, with the user's line, for anything
    else.
    """
    checks: list[CheckBuilder] = []
    rest = iter(values)
    for value in rest:
        if isinstance(value, list | tuple):
            checks += as_checks(*value)
        elif isinstance(value, str):
            checks.append(_named(value, next(rest, None)))
        else:
            checks.append(as_check(value))
    return tuple(checks)


def _named(name: str, function: object) -> CheckBuilder:
    if function is None:
        return as_check(name)  # which tells what checks are
    if not callable(function) or _is_check(function):
        raise refused(
            f"check({name!r}, ...) needs a function after the name, got {function!r}; "
            'write check("same", lambda request, reply: request == reply)'
        )
    return message_check(name)(function)
