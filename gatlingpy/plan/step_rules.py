"""What each step of a plan must keep to, as far as it can be told before a user runs."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from gatlingpy.plan import constant_rules as constants
from gatlingpy.plan.block_rules import block_problems, condition_problems
from gatlingpy.plan.blocks import Block
from gatlingpy.plan.calls import call_of
from gatlingpy.plan.code import Const
from gatlingpy.plan.exits import ExitHere, StopLoadGenerator
from gatlingpy.plan.pauses import Pace, Pause
from gatlingpy.plan.steps import Feed, ProtocolPlan, RequestPlan, Step
from gatlingpy.plan.template_rules import template_problems


class StepRules:
    """The rules of one plan."""

    def __init__(
        self, protocols: Mapping[str, ProtocolPlan], feeders: AbstractSet[str], *, ends: bool
    ) -> None:
        """``protocols`` are found by id; ``ends`` tells whether the run is sure to end."""
        self._protocols = protocols
        self._feeders = feeders
        self._ends = ends

    def problems(self, step: Step) -> Iterator[str]:
        """Yield what is wrong with a step itself; the steps inside it are looked at one by one."""
        match step:
            case RequestPlan():
                yield from self._request(step)
            case Feed():
                yield from self._feed(step)
            case Block():
                yield from block_problems(step, ends=self._ends)
            case Pause() | Pace() | ExitHere() | StopLoadGenerator():
                yield from _leaf(step)
        yield from template_problems(step)

    def _request(self, request: RequestPlan) -> Iterator[str]:
        protocol = self._protocols.get(request.protocol)
        if protocol is not None and protocol.kind == request.kind:
            yield from protocol.request_problems(request)
        else:
            yield (
                f"{request.label!r}: no {request.kind} protocol was given; add "
                f".protocols({request.kind}()...) to set_up(...)"
            )
        name = request.name
        if isinstance(name, Const) and (name.value is None or not str(name.value).strip()):
            yield f'a request has an empty name; name it: {request.kind}("...")'
        yield from request.problems()

    def _feed(self, step: Feed) -> Iterator[str]:
        if step.feeder not in self._feeders:
            yield f"there is no feeder {step.feeder!r} in the plan"
        yield from constants.whole_number(step.count, "the number of records to feed", 1)


def _leaf(step: Pause | Pace | ExitHere | StopLoadGenerator) -> Iterator[str]:
    call = call_of(step)
    match step:
        case Pause():
            yield from constants.time_range(step.duration, step.until, call)
            yield from constants.pause_type(step.pause_type, call)
        case Pace():
            yield from constants.time_range(step.interval, step.until, call)
        case ExitHere():
            yield from condition_problems(step.condition, call)
        case StopLoadGenerator():
            yield from constants.text(step.message, f"the message of {call}")
            yield from condition_problems(step.condition, call)
