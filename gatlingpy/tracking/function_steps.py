"""Checks that are functions of the user's own, of the reply and what belongs to it."""

from collections.abc import Callable

from gatlingpy.errors import CheckFailed
from gatlingpy.plan.checks import MessageCheckPlan, SessionCheckPlan
from gatlingpy.plan.code import CodeRef, CodeTable
from gatlingpy.session import Session
from gatlingpy.tracking.decoding import Decode, Format, Payload, Unreadable
from gatlingpy.tracking.expectations import judge
from gatlingpy.tracking.steps import Evaluate
from gatlingpy.tracking.wording import explain


def message_evaluation(
    check: MessageCheckPlan, code: CodeTable, requests: Format, replies: Format
) -> Evaluate:
    """Compile a function of the decoded request and reply, or of the reply alone."""
    reply_of = _reader(replies.decoder(check.response_serialization), check.response_type, code)
    function = judge(code[check.code], check.code.where)
    if not check.takes_request:
        return _judged(check.name, lambda reply, _request, _session: function(reply_of(reply)))
    request_of = _reader(requests.decoder(check.request_serialization), check.request_type, code)

    def judged(reply: Payload, request: Payload | None, _session: Session) -> object:
        asked = None if request is None else request_of(request)
        return function(asked, reply_of(reply))

    return _judged(check.name, judged)


def session_evaluation(check: SessionCheckPlan, code: CodeTable, replies: Format) -> Evaluate:
    """Compile a function of the session and the decoded reply."""
    reply_of = _reader(replies.decode, None, code)
    function = judge(code[check.code], check.code.where)
    return _judged(check.name, lambda reply, _, session: function(session, reply_of(reply)))


def _judged(name: str, judged: Callable[[Payload, Payload | None, Session], object]) -> Evaluate:
    def evaluate(
        reply: Payload, request: Payload | None, session: Session, _saved: dict[str, object]
    ) -> str | None:
        try:
            verdict = judged(reply, request, session)
        except (CheckFailed, Unreadable) as failed:
            return f"{name}: {failed}"
        except BaseException as error:  # noqa: BLE001 - user code
            return f"{name} crashed: {explain(error)}"
        return None if verdict is True else str(verdict or name)

    return evaluate


def _reader(
    decode: Decode, type_ref: CodeRef | None, code: CodeTable
) -> Callable[[Payload], object]:
    """Return what gives a payload decoded, ``None`` for a tombstone, and of the right type."""
    found = object if type_ref is None else code[type_ref]
    kind = found if isinstance(found, type) else object

    def read(payload: Payload) -> object:
        value = None if payload.data is None else payload.read(decode)
        if not isinstance(value, kind):
            what = "a tombstone" if value is None else f"of type {type(value).__name__}"
            raise CheckFailed(f"the {payload.side} is {what}, not of type {kind.__name__}")
        return value

    return read
