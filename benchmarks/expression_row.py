"""What it costs to resolve a text with two placeholders, beside the same written in Python."""

import timeit
from collections.abc import Callable

from gatlingpy import Session
from gatlingpy.plan.code import CodeTable, Template
from gatlingpy.plan.expression import resolver

_TEXT = "user-#{id} pays #{amount}"
_TIMES = 50_000


def _by_hand(session: Session) -> object:
    return f"user-{session['id']} pays {session['amount']}"


def expression_row() -> tuple[float, float]:
    """Return the microseconds of a template and of the function by hand, the best of many tries."""
    session = Session("Payments", 1, {"id": "ACC-001", "amount": 125, "currency": "EUR"})
    template = resolver(Template(_TEXT), CodeTable())
    if template(session) != _by_hand(session):
        raise AssertionError(f"{_TEXT} gives {template(session)!r}")
    return _best_us(template, session), _best_us(_by_hand, session)


def _best_us(function: Callable[[Session], object], session: Session) -> float:
    tries = timeit.repeat(lambda: function(session), number=_TIMES, repeat=9)
    return min(tries) / _TIMES * 1e6
