"""What the charts show, as plain data; ``report.js`` turns it into pictures in the page's colours.

A chart is ``{"id", "type", "y", "series": [{"name", "color", "v"}]}``.  Lines of a ``time`` chart
have one value a bucket of the run; the buckets themselves are in ``run.js``, once for all pages.
Times are milliseconds with three decimals.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from gatlingpy.report.columns import Ints, Requests
from gatlingpy.report.lag import lag_us
from gatlingpy.report.series import counts_over_time, percentiles_over_time
from gatlingpy.report.window import Buckets

Chart: TypeAlias = dict[str, object]

RANKS: Final = (0, 25, 50, 75, 80, 85, 90, 95, 99, 100)
_RANK_NAMES: Final = ("min", "25%", "50%", "75%", "80%", "85%", "90%", "95%", "99%", "max")
_SHOWN: Final = frozenset({"50%", "95%", "99%", "max"})
"""Lines that are on at first; the others wait in the legend."""
BINS: Final = 100


def line(
    name: str, color: str, values: npt.NDArray[np.generic] | Sequence[object], *, on: bool = True
) -> Chart:
    """Return one line or one row of bars."""
    series: Chart = {"name": name, "color": color, "v": values}
    if not on:
        series["off"] = True
    return series


def milliseconds(values_us: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Turn microseconds into milliseconds with three decimals."""
    return np.round(values_us / 1000, 3)


def rate(counts: Ints, buckets: Buckets) -> npt.NDArray[np.generic]:
    """Turn counts a bucket into counts a second."""
    rates = counts * (1e6 / buckets.step)
    rates[-1] = counts[-1] * (1e6 / buckets.last)
    return np.round(rates, 3)


def percentiles(name: str, label: str, times: Ints, values_us: Ints, buckets: Buckets) -> Chart:
    """Return percentiles over time."""
    table = milliseconds(percentiles_over_time(times, values_us, buckets, RANKS))
    return {
        "id": name,
        "type": "time",
        "y": f"{label} (ms)",
        "series": [
            line(rank, f"rank{place}", table[place], on=rank in _SHOWN)
            for place, rank in enumerate(_RANK_NAMES)
        ],
    }


def requests_per_second(rows: Requests, buckets: Buckets, *, users: bool) -> Chart:
    """Return requests started per second, with the users of the whole run behind them."""
    chart: Chart = {
        "id": "requests",
        "type": "time",
        "y": "Requests / s",
        "series": [
            line("Requests", "all", rate(counts_over_time(rows.start_us, buckets), buckets))
        ],
    }
    if users:
        chart["users"] = True
    return chart


def responses_per_second(rows: Requests, buckets: Buckets, *, users: bool) -> Chart:
    """Return responses per second: all, good and failed."""
    index = buckets.index(rows.start_us + rows.duration_us)
    ok = rows.ending == 0
    every = np.bincount(index, minlength=buckets.count)
    good = np.bincount(index[ok], minlength=buckets.count)
    chart: Chart = {
        "id": "responses",
        "type": "time",
        "y": "Responses / s",
        "series": [
            line("All", "all", rate(every, buckets)),
            line("OK", "ok", rate(good, buckets)),
            line("KO", "ko", rate(every - good, buckets)),
        ],
    }
    if users:
        chart["users"] = True
    return chart


def _edge(value_us: float) -> str:
    return f"{value_us / 1000:.3f}".rstrip("0").rstrip(".")


def distribution(name: str, label: str, ok_us: Ints, ko_us: Ints) -> Chart:
    """Return how many times fall into each of 100 equal bins.

    The bins end where all but a thousandth of the times do; the last one takes what is beyond.
    """
    every = np.concatenate((ok_us, ko_us))
    low, high = int(every.min()), int(np.ceil(np.percentile(every, 99.9)))
    width = max(1, -(-(max(high, low + 1) - low) // BINS))
    # Long bins begin at round numbers.
    width = -(-width // 1000) * 1000 if width >= 5000 else width
    count = min(BINS, max(1, -(-(high + 1 - low) // width)))
    bins = Buckets(low, width, count)
    good, bad = (np.bincount(bins.index(times), minlength=count) for times in (ok_us, ko_us))
    beyond = int(every.max()) >= low + width * count
    return {
        "id": name,
        "type": "bins",
        "x": f"{label} (ms)",
        "low": low / 1000,
        "width": width / 1000,
        "beyond": _edge(int(every.max())) if beyond else "",
        "total": len(every),
        "series": [line("OK", "ok", good), line("KO", "ko", bad)],
    }


def throughput(rows: Requests, all_starts: Ints, buckets: Buckets) -> Chart:
    """Return the 95th percentile of each bucket against the rate of all requests in it."""
    everything = rate(counts_over_time(all_starts, buckets), buckets)
    ok = rows.ending == 0
    series = []
    for name, color, which in (("OK", "ok", ok), ("KO", "ko", ~ok)):
        table = percentiles_over_time(
            rows.start_us[which], rows.duration_us[which], buckets, (95,)
        )[0]
        filled = np.flatnonzero(~np.isnan(table))
        series.append(
            {
                "name": name,
                "color": color,
                "x": everything[filled],
                "v": milliseconds(table[filled]),
            }
        )
    return {
        "id": "throughput",
        "type": "scatter",
        "x": "Requests / s of the whole run",
        "y": "95th percentile (ms)",
        "series": series,
    }


def lag_over_time(rows: Requests, buckets: Buckets) -> Chart:
    """Return how late requests started: median, 99th percentile and the latest."""
    late = lag_us(rows.start_us, rows.intended_us)
    table = milliseconds(percentiles_over_time(rows.start_us, late, buckets, (50, 99, 100)))
    return {
        "id": "lag",
        "type": "time",
        "y": "Start later than intended (ms)",
        "series": [
            line("50%", "rank2", table[0]),
            line("99%", "rank8", table[1]),
            line("max", "rank9", table[2]),
        ],
    }


def legs_over_time(
    parts: Sequence[tuple[str, Requests]], buckets: Buckets, *, whole: Requests | None = None
) -> Chart:
    """Return the medians and 95th percentiles of legs, beside those of the request itself."""
    named = [*parts, *([("whole request", whole)] if whole is not None else [])]
    series = []
    for place, (name, rows) in enumerate(named):
        table = milliseconds(
            percentiles_over_time(rows.start_us, rows.duration_us, buckets, (50, 95))
        )
        color = "all" if rows is whole else f"c{place % 8}"
        series.append(line(f"{name} 50%", color, table[0], on=len(named) <= 4))
        series.append({**line(f"{name} 95%", color, table[1]), "dash": True})
    return {"id": "legs", "type": "time", "y": "Time (ms)", "series": series}


def counts_by_request(named: Sequence[tuple[str, int, int]]) -> Chart:
    """Return the numbers of good and failed requests of each name, in their order."""
    return {
        "id": "counts",
        "type": "counts",
        "x": "Requests",
        "names": [name for name, _, _ in named],
        "series": [
            line("OK", "ok", [ok for _, ok, _ in named]),
            line("KO", "ko", [ko for _, _, ko in named]),
        ],
    }
