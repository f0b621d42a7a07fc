"""One measured run of gatlingpy, in a process of its own; prints what it measured as JSON.

BENCH_SERVERS=... BENCH_RATE=30000 BENCH_SECONDS=5 python -m benchmarks.drive EchoSimulation
"""

import json
import resource
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks import formats, simulations
from gatlingpy import Settings, run


def main(name: str) -> dict[str, float]:
    """Run a simulation and return its figures; times in microseconds."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(results=Path(folder), reports=False)
        kind = getattr(simulations, name, None) or getattr(formats, name)
        outcome = run(kind, settings)
        lag, took, span_us = _from_log(outcome.folder / "simulation.log")
    counters = outcome.counters
    requests = counters.get("registered", 0)
    return {
        "exit_code": int(outcome.exit_code),
        "requests": requests,
        "ok": counters.get("ending.ok", 0),
        "queue_full": counters.get("queue_full", 0),
        "cpu_us": outcome.health["cpu_s"] / max(1, requests) * 1e6,
        "elapsed_s": outcome.health["elapsed_s"],
        "rate": requests / (span_us / 1e6) if span_us else 0.0,
        "lag_p50_us": _percentile(lag, 50),
        "lag_p99_us": _percentile(lag, 99),
        "lag_max_us": _percentile(lag, 100),
        "response_p50_us": _percentile(took, 50),
        "response_p99_us": _percentile(took, 99),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _from_log(log: Path) -> tuple[np.ndarray, np.ndarray, int]:
    """Return arrival lags, response times and the span from first start to last end."""
    starts, lags, took = [], [], []
    with log.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("REQUEST\t"):
                fields = line.split("\t")
                starts.append(int(fields[7]))
                lags.append(int(fields[7]) - int(fields[9]))
                took.append(int(fields[8]))
    if not starts:
        return np.zeros(0), np.zeros(0), 0
    ends = np.array(starts) + np.array(took)
    return np.array(lags), np.array(took), int(ends.max() - min(starts))


def _percentile(values: np.ndarray, rank: float) -> float:
    return float(np.percentile(values, rank)) if len(values) else 0.0


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
