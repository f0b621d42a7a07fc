"""How late requests and users started: the injector's own delay, not the system's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from gatlingpy.report.columns import Ints
from gatlingpy.report.facts import RunLog
from gatlingpy.report.numbers import Numbers, exact_numbers
from gatlingpy.report.options import Options
from gatlingpy.report.window import Window


@dataclass(frozen=True, slots=True)
class Lag:
    """Start minus intended start, in microseconds; no numbers for a log that does not say."""

    requests: Numbers
    users: Numbers
    throttled: bool = False
    """Whether the lag of requests includes the time in a throttle's queue."""

    @property
    def known(self) -> bool:
        """Whether the log says when requests should have started."""
        return self.requests.count > 0


def lag_us(start_us: Ints, intended_us: Ints) -> Ints:
    """Return how late each start was; a start cannot be early, so that less than 0 is 0."""
    late = start_us - intended_us
    clipped: Ints = late.clip(0, None, out=late)
    return clipped


def lag_of(log: RunLog, window: Window, options: Options) -> Lag:
    """Compute the lag of requests and users; Gatling's own logs hold none."""
    throttled = any(map(_throttles, log.facts.plans[:1]))
    nothing = exact_numbers(np.empty(0, np.int64), window.seconds, options.ranks)
    if not log.ours:
        return Lag(nothing, nothing, throttled)
    starts = log.users.started
    samples = (
        lag_us(log.requests.start_us, log.requests.intended_us),
        lag_us(log.users.at_us[starts], log.users.intended_us[starts]),
    )
    for sample in samples:
        sample.sort()
    requests, users = (exact_numbers(sample, window.seconds, options.ranks) for sample in samples)
    return Lag(requests, users, throttled)


def _throttles(plan: object) -> bool:
    """Tell whether a plan, or any of its populations, sets an upper limit on requests a second."""
    if not isinstance(plan, Mapping):
        return False
    return plan.get("throttle") is not None or any(map(_throttles, _populations(plan)))


def _populations(plan: Mapping[str, object]) -> Iterator[object]:
    """Yield the populations of a plan, or of a population's levels of followers."""
    for name in ("populations", "then"):
        level = plan.get(name)
        for item in level if isinstance(level, list) else ():
            yield from item if isinstance(item, list) else (item,)
