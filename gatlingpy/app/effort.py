"""What a run costs this process."""

import resource
import time
from collections.abc import Mapping


class Effort:
    """What a run costs this process, from its first user to its last record."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self._cpu_s, self._start_s = _cpu_seconds(), time.monotonic()

    def spent(self) -> Mapping[str, float]:
        return {
            "cpu_s": round(_cpu_seconds() - self._cpu_s, 3),
            "elapsed_s": round(time.monotonic() - self._start_s, 3),
        }


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
