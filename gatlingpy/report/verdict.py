"""One assertion judged: what was wanted, what was found, and whether that will do."""

from dataclasses import dataclass
from typing import assert_never

from gatlingpy.plan.assertion_text import double_text
from gatlingpy.plan.assertions import Between, Compare, Comparison, Condition, In


@dataclass(frozen=True, slots=True)
class Verdict:
    """One assertion, or one request of a ``for_all``, judged."""

    message: str
    """Gatling's sentence, without the result."""
    passed: bool
    actual: float | None
    """The value found; ``None`` if there is none."""
    path: str
    target: str
    condition: str
    expected: tuple[float, ...]
    hint: str = ""
    """Why there is no value, or what else may have been meant."""

    @property
    def actual_text(self) -> str:
        """The value found as Gatling prints it, ``-`` if there is none."""
        return "-" if self.actual is None else double_text(self.actual)

    @property
    def line(self) -> str:
        """The line of the terminal."""
        hint = f"; {self.hint}" if self.hint else ""
        result = "true" if self.passed else "false"
        return f"{self.message} : {result} (actual : {self.actual_text}){hint}"


def _compare(actual: float, comparison: Comparison, value: float) -> bool:
    match comparison:
        case Comparison.LT:
            return actual < value
        case Comparison.LTE:
            return actual <= value
        case Comparison.GT:
            return actual > value
        case Comparison.GTE:
            return actual >= value
        case Comparison.IS:
            return actual == value
    assert_never(comparison)


def meets(actual: float, condition: Condition) -> bool:
    """Tell whether a value meets a condition."""
    match condition:
        case Compare(comparison, value):
            return _compare(actual, comparison, value)
        case Between(low, high, inclusive=True):
            return low <= actual <= high
        case Between(low, high):
            return low < actual < high
        case In(values):
            return actual in values
    assert_never(condition)
