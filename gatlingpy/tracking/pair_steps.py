"""Checks that hold the reply against the request, without a name for what is between them."""

from gatlingpy.plan.check_words import compared
from gatlingpy.plan.checks import CompareCheck
from gatlingpy.plan.code import CodeTable
from gatlingpy.session import Session
from gatlingpy.tracking.decoding import Format, Payload, Unreadable
from gatlingpy.tracking.expectations import judge, same
from gatlingpy.tracking.extraction import MISSING, compile_look
from gatlingpy.tracking.steps import Evaluate
from gatlingpy.tracking.wording import explain, show


def equals_evaluation(name: str) -> Evaluate:
    """Compile that both have the same bytes."""
    return lambda reply, request, _session, _saved: difference(name, _data(request), reply.data)


def difference(name: str, request: bytes | None, reply: bytes | None) -> str | None:
    """Return how a reply differs from its request, or ``None`` if it does not."""
    if request == reply:
        return None
    label = name or f"responseEquals({_body(request)})"
    return f"{label}, but actually found {_body(reply)}"


def contains_evaluation(name: str) -> Evaluate:
    """Compile that the request's bytes stand in the reply's."""

    def evaluate(
        reply: Payload, request: Payload | None, _session: Session, _saved: dict[str, object]
    ) -> str | None:
        part, whole = _data(request), reply.data
        if part is not None and whole is not None and part in whole:
            return None
        label = name or f"responseContainsRequest({_body(part)})"
        return f"{label}, but actually found {_body(whole)}"

    return evaluate


def compare_evaluation(
    check: CompareCheck, code: CodeTable, requests: Format, replies: Format
) -> Evaluate:
    """Compile that a value of the request and one of the reply go together."""
    look_asked = compile_look(check.request, code, requests)
    look_answered = compile_look(check.reply, code, replies)
    holds = _equal if check.code is None else judge(code[check.code], check.code.where)
    name = check.name or compared(check)

    def evaluate(
        reply: Payload, request: Payload | None, session: Session, _saved: dict[str, object]
    ) -> str | None:
        try:
            asked = look_asked(_kept(request), session)
            answered = look_answered(reply, session)
        except Unreadable as error:
            return f"{name} preparation crashed: {error}"
        except BaseException as error:  # noqa: BLE001 - user code, or whatever they hold
            return f"{name} extraction crashed: {explain(error)}"
        if asked is MISSING or answered is MISSING:
            return f"{name}, found nothing in the {'request' if asked is MISSING else 'reply'}"
        try:
            judged = holds(asked, answered)
        except BaseException as error:  # noqa: BLE001 - user code
            return f"{name} crashed: {explain(error)}"
        if judged is True:
            return None
        reason = judged or f"the request has {show(asked)}, the reply {show(answered)}"
        return f"{name}, {reason}"

    return evaluate


def _equal(asked: object, answered: object) -> bool | str:
    if same(asked, answered):
        return True
    if show(asked) != show(answered):
        return False
    kinds = f"of type {type(asked).__name__}, the reply of type {type(answered).__name__}"
    return f"the request has {show(asked)} {kinds}"


def _kept(request: Payload | None) -> Payload:
    return Payload(None, None, "request") if request is None else request


def _data(request: Payload | None) -> bytes | None:
    return None if request is None else request.data


def _body(data: bytes | None) -> str:
    return "a tombstone" if data is None else show(data.decode(errors="backslashreplace"))
