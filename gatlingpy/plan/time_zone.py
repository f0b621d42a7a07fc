"""The machine's time zone: its name in the time zone database, and its distance from UTC."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

_LOCAL: Final = Path("/etc/localtime")


def zone_id(local: time.struct_time) -> str:
    """Return the zone's name, such as ``Europe/Berlin``.

    It is that of ``TZ``, else that of the file which ``/etc/localtime`` points to; where neither
    tells, the zone's distance from UTC at that time stands for it.
    """
    name = os.environ.get("TZ", "").removeprefix(":")
    if not name:
        name = str(_LOCAL.resolve()).partition("zoneinfo/")[2]
    return name or with_z(extended)(local.tm_gmtoff)


# --- seconds east of UTC, in text -----------------------------------------------------------------


def hours(seconds: int) -> str:
    """Write ``+01``, or ``+0530`` where there are minutes."""
    _, _, minutes = _parts(seconds)
    return basic(seconds) if minutes else basic(seconds)[:3]


def basic(seconds: int) -> str:
    """Write ``+0100``."""
    return "{}{:02d}{:02d}".format(*_parts(seconds))


def extended(seconds: int) -> str:
    """Write ``+01:00``."""
    return "{}{:02d}:{:02d}".format(*_parts(seconds))


def localized(seconds: int) -> str:
    """Write ``GMT+01:00``, or ``GMT`` alone for no distance."""
    return f"GMT{extended(seconds)}" if seconds else "GMT"


def short_localized(seconds: int) -> str:
    """Write ``GMT+1``, ``GMT+5:30``, or ``GMT`` alone for no distance."""
    sign, whole, minutes = _parts(seconds)
    return f"GMT{sign}{whole}{f':{minutes:02d}' if minutes else ''}" if seconds else "GMT"


def with_z(write: Callable[[int], str]) -> Callable[[int], str]:
    """Write ``Z`` for no distance."""
    return lambda seconds: write(seconds) if seconds else "Z"


def _parts(seconds: int) -> tuple[str, int, int]:
    """Return sign, hours and minutes: no zone of our time has seconds."""
    whole, minutes = divmod(abs(seconds) // 60, 60)
    return "-" if seconds < 0 else "+", whole, minutes
