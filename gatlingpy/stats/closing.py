"""The records that close a log, and the law that must hold when it is closed."""

import json
from collections.abc import Iterator, Mapping, Sequence

from gatlingpy.stats.events import Ending
from gatlingpy.stats.log_format import END, HEALTH
from gatlingpy.stats.records import Record, StateRecord


def count_problems(counters: Mapping[str, int]) -> Iterator[str]:
    """Yield what breaks conservation: every request registered has ended exactly once."""
    registered = counters.get("registered", 0)
    ended = sum(counters.get(f"ending.{ending}", 0) for ending in Ending)
    in_flight = counters.get("in_flight", 0)
    if registered != ended + in_flight or in_flight:
        yield (
            f"{registered} requests were registered, but {ended} have ended and {in_flight} are "
            "still in flight: this is a fault of gatlingpy, please report it"
        )
    silent = counters.get("silent", 0)
    ended = counters.get("silent_ok", 0) + counters.get("silent_failed", 0)
    if silent != ended:
        yield (
            f"{silent} silent requests were registered, but {ended} have ended: this is a fault of "
            "gatlingpy, please report it"
        )


def closing_records(
    word: str,
    reason: str,
    at_us: int,
    counters: Mapping[str, int],
    health: Mapping[str, float],
    remarks: Sequence[str],
    problems: Sequence[str],
) -> list[Record]:
    """Return ``HEALTH``, with the counters of this segment, and ``END``."""
    rest = {name: n for name, n in counters.items() if not name.startswith(("ending.", "reply."))}
    state = {
        **rest,
        "endings": _under("ending.", counters),
        "replies": _under("reply.", counters),
        **health,
    }
    end = {"reason": reason, "remarks": list(remarks), "problems": list(problems)}
    return [
        StateRecord(HEALTH, "segment", at_us, json.dumps(state)),
        StateRecord(END, word, at_us, json.dumps(end, ensure_ascii=False)),
    ]


def _under(prefix: str, counters: Mapping[str, int]) -> dict[str, int]:
    return {name[len(prefix) :]: n for name, n in counters.items() if name.startswith(prefix)}
