"""What each step of a plan must keep to, as far as it can be told before a user runs."""

import dataclasses
import math
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from gatlingpy.errors import UsageError
from gatlingpy.plan.code import Const, Expr, Template
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.plan.loops import Forever, Repeat
from gatlingpy.plan.pauses import Pause
from gatlingpy.plan.steps import Feed, ProtocolPlan, RequestPlan, Step
from gatlingpy.plan.template import parse


class StepRules:
    """The rules of one plan."""

    def __init__(
        self, protocols: Mapping[str, ProtocolPlan], feeders: AbstractSet[str], *, ends: bool
    ) -> None:
        """``protocols`` are found by id; ``ends`` tells whether the run has a longest duration."""
        self._protocols = protocols
        self._feeders = feeders
        self._ends = ends

    def problems(self, step: Step) -> Iterator[str]:
        """Yield what is wrong with a step itself; the steps inside it are looked at one by one."""
        match step:
            case RequestPlan():
                yield from self._request(step)
            case Pause():
                yield from _pause(step)
            case Repeat():
                yield from _whole_number(step.times, "repeat(...)")
            case Forever():
                yield from self._forever(step)
            case Feed():
                yield from self._feed(step)
        for template in _templates_of(step):
            try:
                parse(template.text)
            except UsageError as error:
                yield str(error)

    def _request(self, request: RequestPlan) -> Iterator[str]:
        protocol = self._protocols.get(request.protocol)
        if protocol is not None and protocol.kind == request.kind:
            yield from protocol.request_problems(request)
        else:
            yield (
                f"{request.label!r}: no {request.kind} protocol was given; add "
                f".protocols({request.kind}()...) to set_up(...)"
            )
        if isinstance(request.name, Const) and not str(request.name.value).strip():
            yield f'a request has an empty name; name it: {request.kind}("...")'
        yield from request.problems()

    def _forever(self, step: Forever) -> Iterator[str]:
        if not self._ends:
            yield (
                "forever() would never end; add .max_duration(seconds) to set_up(...), or use "
                "repeat(n)"
            )
        if not step.body:
            yield "forever() has no steps; give it some"

    def _feed(self, step: Feed) -> Iterator[str]:
        if step.feeder not in self._feeders:
            yield f"there is no feeder {step.feeder!r} in the plan"
        yield from _whole_number(step.count, "the number of records to feed")


def _pause(step: Pause) -> Iterator[str]:
    low, high = _number(step.duration), _number(step.until)
    for expr, number in ((step.duration, low), (step.until, high)):
        if isinstance(expr, Const) and (number is None or not 0 <= number < math.inf):
            yield f"pause(...) must be seconds, 0 or more, got {expr.value!r}"
    if low is not None and high is not None and high < low:
        yield f"pause({low:g}, {high:g}) ends before it begins; put the shorter time first"


def _whole_number(expr: Expr, what: str) -> Iterator[str]:
    if not isinstance(expr, Const):
        return
    number = _number(expr)
    if number is None or number < 1 or not number.is_integer():
        yield f"{what} must be a whole number from 1, got {expr.value!r}"


def _number(expr: Expr | None) -> float | None:
    """Return a constant's number, or ``None`` for what is no constant or no number."""
    if not isinstance(expr, Const):
        return None
    try:
        number = float(str(expr.value))
    except ValueError:
        return None
    return None if math.isnan(number) else number


def _templates_of(step: Step) -> Iterator[Template]:
    """Find the templates of a step, but for those of the steps inside it."""
    for field in dataclasses.fields(step):
        yield from _templates(getattr(step, field.name))


def _templates(value: object) -> Iterator[Template]:
    match value:
        case Template():
            yield value
        case tuple():
            for item in value:
                yield from _templates(item)
        case FrozenMap():
            yield from _templates(tuple(value.values()))
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, Step):
            for field in dataclasses.fields(value):
                yield from _templates(getattr(value, field.name))
