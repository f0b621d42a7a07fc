"""The checks of a request, compiled: what a reply makes of the user that waits for it.

Guarantees:
  * Every check is evaluated, in order, even after one has failed; the first failure's message is
    the verdict's, and what passing checks save is kept.
  * A later check's templates see what earlier checks saved.
  * Nothing that a reply holds, and nothing that a user's function raises, leaves as an exception.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias, assert_never

from gatlingpy.errors import CheckFailed
from gatlingpy.plan.checks import (
    Check,
    Expectation,
    ExtractCheck,
    Find,
    MessageCheckPlan,
    ResponseEqualsCheck,
)
from gatlingpy.plan.code import CodeRef, CodeTable, Const, Structure, Template
from gatlingpy.plan.expression import Resolver, resolver
from gatlingpy.plan.frozen import thaw
from gatlingpy.plan.json_path import MISSING
from gatlingpy.session import Session
from gatlingpy.spi import Message
from gatlingpy.tracking.decoding import Exchange, Format
from gatlingpy.tracking.expectations import explain, hold, judge, show
from gatlingpy.tracking.extraction import compile_look, criterion, reads_session
from gatlingpy.tracking.pending import Verdict

_Evaluate: TypeAlias = Callable[[Exchange, Session, dict[str, object]], str | None]
"""Runs one check: puts what it saves into the dict, returns its failure or None."""


class _Step(NamedTuple):
    evaluate: _Evaluate
    reads_session: bool


def compile_verdict(
    checks: Sequence[Check],
    code: CodeTable,
    *,
    requests: Format,
    replies: Format,
) -> Verdict | None:
    """Compile a request's checks once, for all its replies; ``None`` if there are none.

    The formats are the request's own: they serve checks that declare none.
    """
    if not checks:
        return None
    if len(checks) == 1 and isinstance(checks[0], ResponseEqualsCheck):
        return _only_equals(checks[0].name)
    steps = tuple([_compile(check, code, requests, replies) for check in checks])

    def verdict(
        value: bytes | None, reply: Message, session: Session
    ) -> tuple[Session, str | None]:
        exchange = Exchange(value, reply)
        saved: dict[str, object] = {}
        failure = None
        for evaluate, needs_session in steps:
            if needs_session and saved:
                session = session.set_all(saved)
                saved = {}
            message = evaluate(exchange, session, saved)
            if failure is None:
                failure = message
        return (session.set_all(saved) if saved else session), failure

    return verdict


def _compile(check: Check, code: CodeTable, requests: Format, replies: Format) -> _Step:
    match check:
        case ExtractCheck():
            return _extract_step(check, code, replies)
        case MessageCheckPlan():
            return _Step(_message_check(check, code, requests, replies), reads_session=False)
        case ResponseEqualsCheck(name):
            return _Step(_response_equals(name), reads_session=False)
    assert_never(check)


# --- extract, expect, save -----------------------------------------------------------------------


def _extract_step(check: ExtractCheck, code: CodeTable, replies: Format) -> _Step:
    expected = check.expected
    from_session = check.expectation is not Expectation.SATISFIES and not isinstance(
        expected, Const
    )
    look = compile_look(check, code, replies)
    evaluate = _evaluation(check, look, _expected(check, code))
    return _Step(evaluate, reads_session=from_session or reads_session(check.extract))


def _expected(check: ExtractCheck, code: CodeTable) -> Resolver:
    expected = check.expected
    if isinstance(expected, Const):
        value = thaw(expected.value)
        return lambda _session: value
    if check.expectation is Expectation.SATISFIES and isinstance(expected, CodeRef):
        function = judge(code[expected], expected.where)
        return lambda _session: function
    return resolver(expected, code)


def _evaluation(
    check: ExtractCheck, look: Callable[[Exchange, Session], object], resolve: Resolver
) -> _Evaluate:
    holds, key = hold(check.expectation), check.save_as

    def evaluate(exchange: Exchange, session: Session, saved: dict[str, object]) -> str | None:
        try:
            actual = look(exchange, session)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - user code, or whatever the reply holds
            return f"{_label_as_written(check)} extraction crashed: {explain(error)}"
        try:
            expected = resolve(session)
            reason = holds(actual, expected)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - user code, or values that cannot be compared
            return f"{_label_as_written(check)} crashed: {explain(error)}"
        if reason is not None:
            return f"{_label(check, expected)}, {reason}"
        if key and actual is not MISSING:
            saved[key] = actual
        return None

    return evaluate


_WITHOUT_VALUE: Final = frozenset(
    {
        Expectation.EXISTS,
        Expectation.NOT_EXISTS,
        Expectation.OPTIONAL,
        Expectation.IS_NULL,
        Expectation.NOT_NULL,
        Expectation.SATISFIES,
    }
)


def _label_as_written(check: ExtractCheck) -> str:
    match check.expected:
        case Const(value) | Structure(value):
            return _label(check, thaw(value))
        case Template(text):
            return _label(check, text)
        case CodeRef(_, where):
            return _label(check, where)


def _label(check: ExtractCheck, expected: object) -> str:
    if check.name:
        return check.name
    found: str = check.find
    if check.find is Find.FIRST and check.occurrence:
        found = f"{found}({check.occurrence})"
    expectation: str = check.expectation
    if check.expectation is Expectation.IN and isinstance(expected, list | tuple):
        expectation = f"{expectation}({show(','.join(map(str, expected)))})"
    elif check.expectation not in _WITHOUT_VALUE:
        expectation = f"{expectation}({show(expected)})"
    return f"{criterion(check.extract)}.{found}.{expectation}"


# --- user functions of request and reply ---------------------------------------------------------


def _message_check(
    check: MessageCheckPlan,
    code: CodeTable,
    requests: Format,
    replies: Format,
) -> _Evaluate:
    read_request = requests.decoder(check.request_serialization)
    read_reply = replies.decoder(check.response_serialization)
    request_type = _type(check.request_type, code)
    reply_type = _type(check.response_type, code)
    function, name = judge(code[check.code], check.code.where), check.name

    def evaluate(exchange: Exchange, _session: Session, _saved: dict[str, object]) -> str | None:
        try:
            request = None if exchange.request is None else exchange.request_as(read_request)
            reply = None if exchange.reply.value is None else exchange.reply_as(read_reply)
            _must_be(request, request_type, "request")
            _must_be(reply, reply_type, "reply")
            judged = function(request, reply)
        except CheckFailed as failed:
            return f"{name}: {failed}"
        except (Exception, SystemExit) as error:  # noqa: BLE001 - user code
            return f"{name} crashed: {explain(error)}"
        return None if judged is True else judged or name

    return evaluate


def _type(ref: CodeRef | None, code: CodeTable) -> type:
    found = object if ref is None else code[ref]
    return found if isinstance(found, type) else object


def _must_be(value: object, kind: type, side: str) -> None:
    if not isinstance(value, kind):
        what = "a tombstone" if value is None else f"of type {type(value).__name__}"
        raise CheckFailed(f"the {side} is {what}, not of type {kind.__name__}")


def _response_equals(name: str) -> _Evaluate:
    def evaluate(exchange: Exchange, _session: Session, _saved: dict[str, object]) -> str | None:
        return _difference(name, exchange.request, exchange.reply.value)

    return evaluate


def _only_equals(name: str) -> Verdict:
    """Return the verdict of a request that asks this alone: nothing need be decoded."""

    def verdict(
        value: bytes | None, reply: Message, session: Session
    ) -> tuple[Session, str | None]:
        return session, _difference(name, value, reply.value)

    return verdict


def _difference(name: str, request: bytes | None, reply: bytes | None) -> str | None:
    if request == reply:
        return None
    label = name or f"responseEquals({_body(request)})"
    return f"{label}, but actually found {_body(reply)}"


def _body(data: bytes | None) -> str:
    return "a tombstone" if data is None else show(data.decode(errors="backslashreplace"))
