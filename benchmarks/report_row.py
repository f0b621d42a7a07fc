"""The report of a log of ten million records: time, memory, and whether it is linear."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.report_log import write_log

_MEASURE = (
    "import sys, time, resource; from pathlib import Path; "
    "from gatlingpy.report.build import build_report; "
    "start = time.monotonic(); build_report(Path(sys.argv[1])); "
    "print(time.monotonic() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
)


def report_row() -> Iterator[tuple[str, float, str, str, str]]:
    """Yield name, figure, unit, bound and detail."""
    seconds = {}
    for records in (1_000_000, 10_000_000):
        with tempfile.TemporaryDirectory() as folder:
            write_log(records, Path(folder) / "simulation.log")
            done = subprocess.run(
                [sys.executable, "-c", _MEASURE, folder],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
        took_s, rss_mb = (float(word) for word in done.stdout.split()[-2:])
        seconds[records] = took_s
    linear = seconds[10_000_000] / seconds[1_000_000] / 10
    detail = f"{linear:.2f} of ten times the time of 1 000 000 records"
    yield "report of 10 000 000 records", seconds[10_000_000], "s", "≤ 30", detail
    yield "memory for it", rss_mb / 1024, "GB", "≤ 1.5", ""
