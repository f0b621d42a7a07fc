"""What a reader of the report may set; the defaults are Gatling's."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """Ranks, bounds and limits of a report."""

    ranks: tuple[float, float, float, float] = (50, 75, 95, 99)
    """The four percentiles of every table."""
    lower_ms: int = 800
    higher_ms: int = 1200
    """The bounds of the response time ranges."""
    max_points: int = 1000
    """Points of a line in a chart; a longer run has wider buckets."""
    max_pages: int = 500
    """Pages of requests and groups; names beyond it stand in the tables only."""
    max_errors: int = 200
    """Rows of an errors table; what is beyond it is summed up in one."""


DEFAULT = Options()
