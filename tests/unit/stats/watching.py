"""A run to watch: a clock that stands still, and events of a few users."""

from gatlingpy.stats import events as ev

EPOCH_NS = 1_700_000_000_000_000_000
SECOND_NS = 1_000_000_000


class StoppedClock:
    """A clock that shows what it is told; its epoch is 2023-11-14 22:13:20 UTC."""

    def __init__(self) -> None:
        self.time_ns = 0
        self.epoch_offset_ns = EPOCH_NS

    def now_ns(self) -> int:
        return self.time_ns


def answered(
    n: int,
    name: str = "Pay",
    groups: tuple[str, ...] = (),
    message: str = "",
    scenario: str = "Payments",
) -> list[ev.Event]:
    """Return what ``n`` users do that each send one request, failed if there is a message."""
    ending = "check" if message else "ok"
    start = ev.UserEvent(ev.USER, scenario, ev.USER_START, 0, 0, 1)
    end = ev.UserEvent(ev.USER, scenario, ev.USER_END, 0, 0, 1)
    leg = ev.RequestEvent(ev.LEG, groups, f"{name}-send", 0, 9, 0, "ok", "", 1, 1, scenario)
    request = ev.RequestEvent(
        ev.REQUEST, groups, name, 1_500_000, 13_800_000, 1_000_000, ending, message, 1, 1, scenario
    )
    return [start, leg, request, end] * n
