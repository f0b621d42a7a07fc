"""A check that takes a value from the reply, holds it to an expectation and keeps it."""

from collections.abc import Callable
from typing import Final

from gatlingpy.plan.check_words import label
from gatlingpy.plan.checks import Expectation, ExtractCheck
from gatlingpy.plan.code import CodeRef, CodeTable, Const, Structure, Template
from gatlingpy.plan.expression import Resolver, resolver
from gatlingpy.plan.frozen import thaw
from gatlingpy.session import Session
from gatlingpy.tracking.decoding import Format, Payload, Unreadable
from gatlingpy.tracking.expectations import hold, judge
from gatlingpy.tracking.extraction import MISSING, compile_look
from gatlingpy.tracking.steps import Evaluate
from gatlingpy.tracking.wording import explain, show


def extract_evaluation(check: ExtractCheck, code: CodeTable, replies: Format) -> Evaluate:
    """Compile a check of the reply alone."""
    look, holds, key = compile_look(check, code, replies), hold(check.expectation), check.save_as
    constant, resolve = _expected(check, code)

    def evaluate(
        reply: Payload, _request: Payload | None, session: Session, saved: dict[str, object]
    ) -> str | None:
        try:
            actual = look(reply, session)
        except Unreadable as error:
            return f"{_label_as_written(check)} preparation crashed: {error}"
        except BaseException as error:  # noqa: BLE001 - user code, or whatever the reply holds
            return f"{_label_as_written(check)} extraction crashed: {explain(error)}"
        try:
            expected = constant if resolve is None else resolve(session)
            reason = holds(actual, expected)
        except BaseException as error:  # noqa: BLE001 - user code, or values that cannot be compared
            return f"{_label_as_written(check)} crashed: {explain(error)}"
        if reason is not None:
            return f"{_label(check, expected)}, {reason}"
        if key and actual is not MISSING:
            saved[key] = actual
        return None

    return evaluate


def _expected(check: ExtractCheck, code: CodeTable) -> tuple[object, Resolver | None]:
    """Return what is expected, or what gives it for a session.

    What is a function of the value stays a function: the expectation calls it.
    """
    expected = check.expected
    if isinstance(expected, Const):
        return thaw(expected.value), None
    if isinstance(expected, CodeRef):
        match check.expectation:
            case Expectation.SATISFIES:
                return judge(code[expected], expected.where), None
            case Expectation.VALIDATE:
                return None, _with_session(judge(code[expected], expected.where))
    return None, resolver(expected, code)


def _with_session(function: Callable[..., object]) -> Resolver:
    return lambda session: lambda value: function(value, session)


_WITHOUT_VALUE: Final = frozenset(
    {
        Expectation.EXISTS,
        Expectation.NOT_EXISTS,
        Expectation.OPTIONAL,
        Expectation.IS_NULL,
        Expectation.NOT_NULL,
        Expectation.SATISFIES,
        Expectation.VALIDATE,
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
    expectation = check.operation or str(check.expectation)
    if check.expectation is Expectation.IN and isinstance(expected, list | tuple):
        expectation = f"{expectation}({show(','.join(map(show, expected)))})"
    elif check.expectation not in _WITHOUT_VALUE:
        expectation = f"{expectation}({show(expected)})"
    return f"{label(check)}.{expectation}"
