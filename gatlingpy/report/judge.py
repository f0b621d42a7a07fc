"""Holds the assertions of a plan against what was found, with Gatling's meaning and wording."""

from collections.abc import Iterator, Sequence

from gatlingpy.plan.assertion_text import (
    assertion_text,
    condition_text,
    expected_values,
    path_text,
    target_text,
)
from gatlingpy.plan.assertions import Assertion, Condition, DetailsPath, ForAllPath, GaugeTarget
from gatlingpy.report.evidence import Evidence, Finding
from gatlingpy.report.verdict import Verdict, meets


def _verdict(assertion: Assertion, finding: Finding, message: str = "", *, passed: bool) -> Verdict:
    return Verdict(
        message or assertion_text(assertion, finding.path),
        passed,
        finding.actual,
        finding.path,
        target_text(assertion.target),
        condition_text(assertion.condition),
        expected_values(assertion.condition),
        finding.hint,
    )


def _holds(finding: Finding, condition: Condition) -> bool:
    """Tell whether the condition holds, whatever the log does not tell."""
    if finding.actual is None:
        return False
    return all(meets(finding.actual + more, condition) for more in range(finding.more + 1))


def _not_found(evidence: Evidence, assertion: Assertion) -> Verdict:
    path, target = assertion.path, assertion.target
    if not isinstance(path, DetailsPath):
        nobody = Finding(path_text(path), None, "the log tells of none")
        return _verdict(assertion, nobody, passed=False)
    parts = (*path.parts, target.name) if isinstance(target, GaugeTarget) else path.parts
    finding = Finding(path_text(path), None, evidence.hint(path.parts, target))
    message = f"Could not find stats matching assertion path List({', '.join(parts)})"
    return _verdict(assertion, finding, message, passed=False)


def _judge_one(evidence: Evidence, assertion: Assertion) -> Iterator[Verdict]:
    if evidence.is_empty(assertion.target) and evidence.warm_up is not None:
        why = f"warm-up: {evidence.warm_up.sentence}"
        yield _verdict(assertion, Finding(path_text(assertion.path), None, why), passed=False)
        return
    found = False
    for finding in evidence.find(assertion.path, assertion.target):
        found = True
        yield _verdict(assertion, finding, passed=_holds(finding, assertion.condition))
    # Gatling's: what must hold for all holds where there is none.
    if not found and not isinstance(assertion.path, ForAllPath):
        yield _not_found(evidence, assertion)


def judge(evidence: Evidence, assertions: Sequence[Assertion]) -> tuple[Verdict, ...]:
    """Return a verdict for each assertion, and for each request of a ``for_all``."""
    return tuple(verdict for assertion in assertions for verdict in _judge_one(evidence, assertion))
