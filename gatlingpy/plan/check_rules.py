"""What checks need of the run: the request's value, the session; and what they put into it."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from gatlingpy.plan.check_words import shown_check
from gatlingpy.plan.checks import (
    Check,
    CompareCheck,
    ConditionalCheck,
    Expectation,
    ExtractCheck,
    MessageCheckPlan,
    ResponseContainsRequestCheck,
    ResponseEqualsCheck,
    SessionCheckPlan,
    SubstringExtract,
    Transform,
    WithDefault,
)
from gatlingpy.plan.code import Const
from gatlingpy.plan.template import has_placeholder


def reads_request(check: Check) -> bool:
    """Tell whether a check needs the request's value, which must then be kept."""
    match check:
        case MessageCheckPlan():
            return check.takes_request
        case ConditionalCheck():
            return any(map(reads_request, check.checks))
        case ResponseEqualsCheck() | ResponseContainsRequestCheck() | CompareCheck():
            return True
        case ExtractCheck() | SessionCheckPlan():
            return False
    assert_never(check)


def payload_problems(label: str, checks: Iterable[Check]) -> Iterator[str]:
    """Yield what is wrong with the checks of a request whose value is not kept."""
    for check in checks:
        if reads_request(check):
            yield (
                f"{label!r} does not keep its request, but the check {shown_check(check)!r} reads "
                "it; take away .skip_payload_storage(), or the check"
            )


def reads_session(check: Check) -> bool:
    """Tell whether a check needs the session, as the checks before it left it."""
    match check:
        case ExtractCheck():
            return _expects_of_session(check) or _looks_at_session(check)
        case CompareCheck():
            return _looks_at_session(check.request) or _looks_at_session(check.reply)
        case ConditionalCheck() | SessionCheckPlan():
            return True
        case MessageCheckPlan() | ResponseEqualsCheck() | ResponseContainsRequestCheck():
            return False
    assert_never(check)


def _expects_of_session(check: ExtractCheck) -> bool:
    if check.expectation is Expectation.SATISFIES:
        return False
    return not isinstance(check.expected, Const)


def _looks_at_session(check: ExtractCheck) -> bool:
    extract = check.extract
    if isinstance(extract, SubstringExtract) and has_placeholder(extract.text):
        return True
    for change in check.changes:
        match change:
            case Transform():
                needed = change.with_session
            case WithDefault(value):
                needed = not isinstance(value, Const)
        if needed:
            return True
    return False


def saved_keys(check: Check) -> Iterator[str]:
    """Yield the attributes that a check may put into the session."""
    match check:
        case ExtractCheck():
            if check.save_as:
                yield check.save_as
        case ConditionalCheck():
            for inner in check.checks:
                yield from saved_keys(inner)
