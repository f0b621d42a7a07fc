"""The rows of the performance table: each measures, and says what it must reach."""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from benchmarks.avro_row import avro_pairs
from benchmarks.cluster import Bench
from benchmarks.expression_row import expression_row
from benchmarks.report_row import report_row

PAIRS = 3
TRIES = 3


@dataclass(frozen=True)
class Row:
    """One measured figure beside its bound and its floor."""

    name: str
    broker: str
    measured: float
    unit: str
    must: str
    floor: float | None = None
    detail: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the row for ``--json``."""
        return asdict(self)


def cpu(bench: Bench, seconds: float) -> Iterator[Row]:
    """Processor time per request-reply at 30 000/s, divided by the hand-written loop's."""
    rate = 30_000 if bench.kind == "embedded broker" else 8_000
    pairs = [
        (bench.floor(rate, seconds), bench.drive("EchoSimulation", rate=rate, seconds=seconds))
        for _ in range(PAIRS)
    ]
    ratios = [ours["cpu_us"] / floor["cpu_us"] for floor, ours in pairs]
    ours_us = statistics.median(ours["cpu_us"] for _, ours in pairs)
    floor_us = statistics.median(floor["cpu_us"] for floor, _ in pairs)
    yield Row(
        f"processor time per request-reply at {rate:,}/s ÷ hand-written loop",
        bench.kind, statistics.median(ratios), "ratio", "≤ 2.0", 1.0,
        f"{ours_us:.1f} µs against {floor_us:.1f} µs; ratios of the pairs "
        + ", ".join(f"{ratio:.2f}" for ratio in sorted(ratios)),
    )  # fmt: skip


def sustained(bench: Bench, seconds: float) -> Iterator[Row]:
    """The highest rate that is kept up, and the lag at half of it."""
    first, step = (20_000, 5_000) if bench.kind == "embedded broker" else (4_000, 2_000)

    def ours_keeps_up(rate: int) -> bool:
        return _kept_up(bench.drive("EchoSimulation", rate=rate, seconds=seconds), rate)

    def floor_keeps_up(rate: int) -> bool:
        done = bench.floor(rate, seconds)
        return done["answered"] == done["requests"] and done["rate"] >= 0.97 * rate

    best = _highest(ours_keeps_up, first, step)
    floor_best = _highest(floor_keeps_up, first, 2 * step)
    yield Row(
        "sustained request-replies per second, one process, memory store",
        bench.kind, best, "/s", "≥ 40 000", floor_best,
        f"steps of {step}; kept up: all answered, at 97 % of the rate, p99 of lag below 100 ms, "
        f"in one of {TRIES} tries",
    )  # fmt: skip
    if best:
        half = bench.drive("EchoSimulation", rate=best / 2, seconds=seconds)
        yield Row(
            "p99 of arrival lag at half the sustained rate",
            bench.kind, half["lag_p99_us"] / 1000, "ms", "≤ 2",
            detail=f"at {best // 2:,}/s; p50 {half['lag_p50_us'] / 1000:.2f} ms, "
            f"max {half['lag_max_us'] / 1000:.1f} ms",
        )  # fmt: skip


def _highest(keeps_up: Callable[[int], bool], first: int, step: int) -> int:
    """Return the highest rate that is kept up; a shared machine gets several tries at each."""
    best, rate = 0, first
    while any(keeps_up(rate) for _ in range(TRIES)):
        best, rate = rate, rate + step
    return best


def _kept_up(run: dict[str, float], rate: float) -> bool:
    answered = run["ok"] == run["requests"]
    return answered and run["rate"] >= 0.97 * rate and run["lag_p99_us"] < 100_000


def fire(bench: Bench, seconds: float) -> Iterator[Row]:  # noqa: ARG001 - the rows' shape
    """Messages that nobody waits for, with delivery reports."""
    run = bench.drive("FireSimulation", users=20, messages=50_000)
    yield Row(
        "fire-and-forget with delivery reports, one process",
        bench.kind, run["requests"] / run["elapsed_s"], "/s", "≥ 200 000",
        detail=f"{run['requests']:,.0f} messages of 200 bytes, {run['cpu_us']:.1f} µs each",
    )  # fmt: skip


def waiting(bench: Bench, seconds: float) -> Iterator[Row]:  # noqa: ARG001 - the rows' shape
    """Memory of users that wait."""
    few = bench.drive("WaitSimulation", users=1_000, seconds=5)
    many = bench.drive("WaitSimulation", users=1_000_000, seconds=30)
    each = (many["peak_rss_mb"] - few["peak_rss_mb"]) * 1024 / 999_000
    yield Row("memory per waiting user", "none", each, "KB", "≤ 1")
    yield Row(
        "1 000 000 waiting users", "none", many["peak_rss_mb"] / 1024, "GB", "≤ 2",
        detail=f"exit code {many['exit_code']:.0f}",
    )  # fmt: skip


def report(bench: Bench, seconds: float) -> Iterator[Row]:  # noqa: ARG001 - the rows' shape
    """The report of a large log."""
    for name, measured, unit, must, detail in report_row():
        yield Row(name, "none", measured, unit, must, detail=detail)


def expression(bench: Bench, seconds: float) -> Iterator[Row]:  # noqa: ARG001 - the rows' shape
    """A text with two placeholders, resolved for one user."""
    ours_us, by_hand_us = expression_row()
    yield Row("template of two placeholders", "none", ours_us, "µs", "≤ 2", by_hand_us)


def avro(bench: Bench, seconds: float) -> Iterator[Row]:
    """Processor time per request-reply in Avro, divided by that of the same in JSON."""
    rate = 10_000 if bench.kind == "embedded broker" else 5_000
    pairs = list(avro_pairs(bench, rate, seconds))
    if not pairs:
        return
    ratios = [pair.avro_us / pair.json_us for pair in pairs]
    avro_us = statistics.median(pair.avro_us for pair in pairs)
    json_us = statistics.median(pair.json_us for pair in pairs)
    yield Row(
        f"processor time per Avro request-reply with a registry at {rate:,}/s ÷ JSON",
        bench.kind, statistics.median(ratios), "ratio", "≤ 1.3", 1.0,
        f"{avro_us:.1f} µs against {json_us:.1f} µs; ratios of the pairs "
        + ", ".join(f"{ratio:.2f}" for ratio in sorted(ratios)),
    )  # fmt: skip


ON_BROKERS: dict[str, Callable[[Bench, float], Iterator[Row]]] = {
    "cpu": cpu,
    "sustained": sustained,
    "fire": fire,
    "avro": avro,
}
ALONE: dict[str, Callable[[Bench, float], Iterator[Row]]] = {
    "expression": expression,
    "waiting": waiting,
    "report": report,
}
