"""From when to when a run lasted, and the buckets of its time lines."""

from dataclasses import dataclass
from typing import Final

from gatlingpy.report.columns import Ints
from gatlingpy.report.facts import RunLog


@dataclass(frozen=True, slots=True)
class Window:
    """First and last moment of users, requests and groups, in both resolutions."""

    min_us: int
    max_us: int
    min_ms: int
    max_ms: int

    @property
    def seconds(self) -> float:
        """The length that rates divide by; never 0."""
        return max(1, self.max_us - self.min_us) / 1e6

    @property
    def gatling_seconds(self) -> int:
        """The same by Gatling's rule: rounded up to whole seconds, at least one."""
        return max(1, -(-(self.max_ms - self.min_ms) // 1000))


def _ends(start_us: Ints, duration_us: Ints) -> tuple[int, int]:
    """Return the latest end in microseconds and, rounded as in the log, in milliseconds."""
    milliseconds = start_us // 1000
    milliseconds += (duration_us + 500) // 1000
    return int((start_us + duration_us).max()), int(milliseconds.max())


def window_of(log: RunLog) -> Window:
    """Return the window of a log that has at least one request."""
    starts = [int(log.requests.start_us.min())]
    ends = [_ends(log.requests.start_us, log.requests.duration_us)]
    if len(log.groups.path):
        starts.append(int(log.groups.start_us.min()))
        ends.append(_ends(log.groups.start_us, log.groups.duration_us))
    if len(log.users.at_us):
        last = int(log.users.at_us.max())
        ends.append((last, last // 1000))
        if log.users.started.any():
            starts.append(int(log.users.at_us[log.users.started].min()))
    first = min(starts)
    return Window(first, max(us for us, _ in ends), first // 1000, max(ms for _, ms in ends))


@dataclass(frozen=True, slots=True)
class Buckets:
    """Equal steps of time from ``start``; all in one unit."""

    start: int
    step: int
    count: int
    last: int = 0
    """How long the last one is; it takes what is left of the run, half a step to one and a half."""
    shifted: bool = False
    """Gatling's way: a moment goes to the nearest multiple of ``step``, not to the one before it;
    so the first bucket is half as long as the others, and the last one and a half times."""

    def index(self, times: Ints) -> Ints:
        """Return each moment's bucket; moments outside go to the first or last one."""
        offset = times - self.start
        if self.shifted:
            offset *= 2
            offset += self.step
            offset //= 2 * self.step
        else:
            offset //= self.step
        clipped: Ints = offset.clip(0, self.count - 1, out=offset)
        return clipped


def gatling_buckets(window: Window, max_points: int) -> Buckets:
    """Return Gatling 3.9.5's buckets, in milliseconds."""
    span = -(-window.max_ms // 1000) - window.min_ms // 1000
    step = 1000 if span < max_points else span * 1000 // max_points
    count = max(1, -(-(window.max_ms - window.min_ms) // step))
    return Buckets(window.min_ms, step, count, shifted=True)


_STEPS: Final = (
    100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 15_000_000,
    30_000_000, 60_000_000, 120_000_000, 300_000_000, 600_000_000, 900_000_000, 1_800_000_000,
    3_600_000_000,
)  # fmt: skip


def _least_step(span_us: int) -> int:
    """Short runs have finer buckets, long enough to hold something."""
    if span_us >= 30_000_000:
        return 1_000_000
    return 500_000 if span_us >= 10_000_000 else 200_000


def exact_buckets(window: Window, max_points: int) -> Buckets:
    """Return buckets in microseconds of a length that people know, at most ``max_points``."""
    span = max(1, window.max_us - window.min_us)
    least = max(_least_step(span), -(-span // max_points))
    step = next((step for step in _STEPS if step >= least), least)
    # A last bucket of a tiny length would show rates of nothing: the one before it takes its part.
    count = max(1, (span + step // 2) // step)
    return Buckets(window.min_us, step, count, last=span - (count - 1) * step)
