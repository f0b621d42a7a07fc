"""The checks of a request, compiled: what a reply makes of the user that waits for it.

Guarantees:
  * Every check is evaluated, in order, even after one has failed; the first failure's message is
    the verdict's, and what passing checks save is kept.
  * A later check's templates see what earlier checks saved.
  * A payload is decoded at most once in each way, whatever the number of checks.
  * Nothing that a reply holds, and nothing that a user's function raises, leaves as an exception.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias, assert_never

from gatlingpy.plan.check_rules import reads_request, reads_session
from gatlingpy.plan.check_words import shown_check
from gatlingpy.plan.checks import (
    Check,
    CompareCheck,
    ConditionalCheck,
    ExtractCheck,
    MessageCheckPlan,
    ResponseContainsRequestCheck,
    ResponseEqualsCheck,
    SessionCheckPlan,
)
from gatlingpy.plan.code import CodeRef, CodeTable, Const, Template
from gatlingpy.plan.expression import guarded, resolver, truth
from gatlingpy.session import Session
from gatlingpy.spi import Message
from gatlingpy.tracking.decoding import Format, Payload
from gatlingpy.tracking.extract_step import extract_evaluation
from gatlingpy.tracking.function_steps import message_evaluation, session_evaluation
from gatlingpy.tracking.pair_steps import (
    compare_evaluation,
    contains_evaluation,
    difference,
    equals_evaluation,
)
from gatlingpy.tracking.pending import Verdict
from gatlingpy.tracking.steps import Evaluate, Step, run_steps
from gatlingpy.tracking.wording import LONGEST_MESSAGE, cut, explain


def compile_verdict(
    checks: Sequence[Check],
    code: CodeTable,
    *,
    requests: Format,
    replies: Format,
    then: Sequence[Step] = (),
    side: str = "reply",
) -> Verdict | None:
    """Compile a request's checks once, for all its replies; ``None`` if there are none.

    ``then`` holds further steps, taken after the checks; ``side`` is what messages call a reply.

    The formats are the request's own: they serve checks that declare none.  Where ``requests``
    says that values are not kept, what needs them fails and says so.  Raises UsageError for a
    check that the formats cannot serve.
    """
    if not checks and not then:
        return None
    if (
        len(checks) == 1
        and isinstance(checks[0], ResponseEqualsCheck)
        and requests.kept
        and not then
    ):
        return _only_equals(checks[0].name)
    steps = [*(_step(check, code, requests, replies) for check in checks), *then]
    needs_request = requests.kept and any(map(reads_request, checks))
    return _verdict(tuple(steps), side, needs_request=needs_request)


def _verdict(steps: tuple[Step, ...], side: str, *, needs_request: bool) -> Verdict:
    alone = steps[0].evaluate if len(steps) == 1 else None

    def verdict(
        value: bytes | None, reply: Message, session: Session
    ) -> tuple[Session, str | None]:
        answer = Payload(reply.value, reply, side)
        request = Payload(value, None, "request") if needs_request else None
        saved: dict[str, object] = {}
        if alone is None:
            failure = run_steps(steps, answer, request, session, saved)
        else:  # as most requests have it
            failure = alone(answer, request, session, saved)
        if failure is not None and len(failure) > LONGEST_MESSAGE:
            failure = cut(failure)
        return (session.set_all(saved) if saved else session), failure

    return verdict


def _only_equals(name: str) -> Verdict:
    """Return the verdict of a request that asks this alone: nothing need be decoded."""

    def verdict(
        value: bytes | None, reply: Message, session: Session
    ) -> tuple[Session, str | None]:
        return session, difference(name, value, reply.value)

    return verdict


def _step(check: Check, code: CodeTable, requests: Format, replies: Format) -> Step:
    if isinstance(check, ConditionalCheck):
        return Step(_conditional(check, code, requests, replies), reads_session=True)
    if reads_request(check) and not requests.kept:
        return Step(_without_request(check), reads_session=False)
    evaluate = _evaluation(check, code, requests, replies)
    return Step(evaluate, reads_session(check))


_Alone: TypeAlias = (
    ExtractCheck
    | MessageCheckPlan
    | SessionCheckPlan
    | ResponseEqualsCheck
    | ResponseContainsRequestCheck
    | CompareCheck
)


def _evaluation(check: _Alone, code: CodeTable, requests: Format, replies: Format) -> Evaluate:
    match check:
        case ExtractCheck():
            return extract_evaluation(check, code, replies)
        case MessageCheckPlan():
            return message_evaluation(check, code, requests, replies)
        case SessionCheckPlan():
            return session_evaluation(check, code, replies)
        case ResponseEqualsCheck(name):
            return equals_evaluation(name)
        case ResponseContainsRequestCheck(name):
            return contains_evaluation(name)
        case CompareCheck():
            return compare_evaluation(check, code, requests, replies)
    assert_never(check)


def _without_request(check: Check) -> Evaluate:
    reason = f"{shown_check(check)}: the value of the request is not kept, or nothing was sent"
    return lambda _reply, _request, _session, _saved: reason


# --- conditions ----------------------------------------------------------------------------------


def _conditional(
    check: ConditionalCheck, code: CodeTable, requests: Format, replies: Format
) -> Evaluate:
    holds = _condition(check, code)
    steps = [_step(inner, code, requests, replies) for inner in check.checks]

    def evaluate(
        reply: Payload, request: Payload | None, session: Session, saved: dict[str, object]
    ) -> str | None:
        try:
            asked = truth(holds(reply, session), "the condition")
        except BaseException as error:  # noqa: BLE001 - user code
            return f"{_condition_label(check)} crashed: {explain(error)}"
        return run_steps(steps, reply, request, session, saved) if asked else None

    return evaluate


def _condition(check: ConditionalCheck, code: CodeTable) -> Callable[[Payload, Session], object]:
    condition = check.condition
    if check.takes_message and isinstance(condition, CodeRef):
        function = guarded(code[condition], condition.where)
        return lambda reply, session: function(reply.message, session)
    resolve = resolver(condition, code)
    return lambda _reply, session: resolve(session)


def _condition_label(check: ConditionalCheck) -> str:
    match check.condition:
        case Template(text):
            return f"checkIf({text})"
        case CodeRef(_, where):
            return f"checkIf({where})"
        case Const(value):
            return f"checkIf({value})"
    return "checkIf"
