"""What a dummy request is for one user: its name, how long it takes, whether it succeeds."""

from collections.abc import Callable
from typing import Final, TypeAlias

from gatlingpy.attributes import as_number
from gatlingpy.errors import ExpressionError
from gatlingpy.plan.code import CodeTable, Const
from gatlingpy.plan.duration import duration_ns
from gatlingpy.plan.expression import resolver, text
from gatlingpy.plan.glimpse import glimpse
from gatlingpy.plan.values import truth
from gatlingpy.protocols.dummy.plan import DummyRequest
from gatlingpy.session import Session

Told: TypeAlias = tuple[str, int, bool, Session]
"""A request's name, its response time (ns), whether it succeeds, and the session after it."""

_SUCCESS: Final = "with_success(...)"


def compile_request(plan: DummyRequest, code: CodeTable) -> Callable[[Session], Told]:
    """Return the function that tells what a request is for one user; it raises ExpressionError.

    User code runs in it.  What is the same for every user is found out once, here.
    """
    match plan:
        case DummyRequest(
            name=Const(name),
            response_time=Const(response_time),
            success=Const(success),
            session_update=None,
        ):
            same = str(name), response_time_ns(response_time), truth(success, _SUCCESS)
            return lambda session: (*same, session)
    return _varying(plan, code)


def _varying(plan: DummyRequest, code: CodeTable) -> Callable[[Session], Told]:
    name_of = resolver(plan.name, code)
    length_of, success_of = resolver(plan.response_time, code), resolver(plan.success, code)
    update = plan.session_update
    updated = (lambda session: session) if update is None else resolver(update, code)
    where = "" if update is None else update.where

    def tell(session: Session) -> Told:
        name = text(name_of(session), "the request's name")
        if not name:
            raise ExpressionError("the request's name is empty")
        after = updated(session)
        if not isinstance(after, Session):
            raise ExpressionError(
                f"{where}: with_session_update(...) must return the session, got "
                f"{glimpse(after)}; end it with `return session`"
            )
        return name, response_time_ns(length_of(after)), truth(success_of(after), _SUCCESS), after

    return tell


def response_time_ns(value: object) -> int:
    """Return a response time, as a user or a file gives it, in whole nanoseconds.

    A text that is a number, as in a CSV file, is seconds.  Raises ExpressionError.
    """
    length_ns = duration_ns(value)
    if length_ns is None and isinstance(value, str):
        length_ns = duration_ns(as_number(value))
    if length_ns is None or length_ns < 0:
        raise ExpressionError(
            "the response time must be seconds, 0 or more, a timedelta or text such as '50ms', "
            f"got {glimpse(value)}"
        )
    return length_ns
