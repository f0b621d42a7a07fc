"""What a number of the run must be: the last word of an assertion."""

import math
from dataclasses import dataclass

from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.assertions import (
    Assertion,
    AssertionPath,
    Between,
    Compare,
    Comparison,
    Condition,
    GaugeTarget,
    In,
    LagTarget,
    Target,
)


@dataclass(frozen=True, slots=True)
class ConditionBuilder:
    """A number of the run; it still wants a condition, and then is an assertion."""

    path: AssertionPath
    target: Target

    def _must(self, condition: Condition) -> Assertion:
        return Assertion(self.path, self.target, condition, user_line())

    def _compare(self, comparison: Comparison, value: float) -> Assertion:
        call = "is_" if comparison is Comparison.IS else comparison.value
        return self._must(Compare(comparison, number_of(value, f"{call}(...)")))

    def lt(self, value: float) -> Assertion:
        """Demand that it is less than ``value``."""
        return self._compare(Comparison.LT, value)

    def lte(self, value: float) -> Assertion:
        """Demand that it is at most ``value``."""
        return self._compare(Comparison.LTE, value)

    def gt(self, value: float) -> Assertion:
        """Demand that it is greater than ``value``."""
        return self._compare(Comparison.GT, value)

    def gte(self, value: float) -> Assertion:
        """Demand that it is at least ``value``."""
        return self._compare(Comparison.GTE, value)

    def is_(self, value: float) -> Assertion:
        """Demand that it equals ``value``."""
        return self._compare(Comparison.IS, value)

    def in_(self, *values: float) -> Assertion:
        """Demand that it equals one of ``values``."""
        if not values:
            raise UsageError(f"{user_line()}: in_(...) needs at least one number")
        numbers = [number_of(value, "in_(...)") for value in values]
        return self._must(In(tuple(dict.fromkeys(numbers))))  # a set, as in Gatling

    def between(
        self,
        low: float,
        high: float,
        inclusive: bool = True,  # noqa: FBT001, FBT002 - Gatling's spelling
    ) -> Assertion:
        """Demand that it lies between two numbers; ``inclusive`` lets it equal either."""
        bounds = number_of(low, "between(...)"), number_of(high, "between(...)")
        if bounds[0] > bounds[1]:
            raise UsageError(
                f"{user_line()}: between({low!r}, {high!r}) can never hold; put the lower number "
                "first"
            )
        return self._must(Between(*bounds, bool(inclusive)))

    def around(
        self,
        value: float,
        plus_or_minus: float,
        inclusive: bool = True,  # noqa: FBT001, FBT002 - Gatling's spelling
    ) -> Assertion:
        """Demand that it is at most ``plus_or_minus`` away from ``value``."""
        middle = number_of(value, "around(...)")
        margin = _not_negative(plus_or_minus, "around(...)")
        return self._must(Between(middle - margin, middle + margin, bool(inclusive)))

    def deviates_around(
        self,
        value: float,
        ratio: float,
        inclusive: bool = True,  # noqa: FBT001, FBT002 - Gatling's spelling
    ) -> Assertion:
        """Demand that it is away from ``value`` by no more than a share of it; 0.1 is a tenth.

        The margin is cut to a whole number, as in Gatling; that of a lag or gauge is not.
        """
        middle = number_of(value, "deviates_around(...)")
        margin = abs(middle) * _not_negative(ratio, "deviates_around(...)")
        if not isinstance(self.target, LagTarget | GaugeTarget):
            margin = math.floor(margin)
        return self._must(Between(middle - margin, middle + margin, bool(inclusive)))


def number_of(value: object, what: str) -> float:
    """Return a number as a double; ``what`` is the call that was given it."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise UsageError(f"{user_line()}: {what} takes a number, got {value!r}")
    return float(value)


def _not_negative(value: object, what: str) -> float:
    number = number_of(value, what)
    if number < 0:
        raise UsageError(f"{user_line()}: {what} takes a distance of 0 or more, got {value!r}")
    return number
