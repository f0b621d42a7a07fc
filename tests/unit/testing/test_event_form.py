"""An event is well-formed, or it is told what is wrong with it."""

import pytest

from gatlingpy.stats.events import (
    ERROR,
    GAUGE,
    GROUP,
    LEG,
    MARK,
    REPLY,
    REQUEST,
    USER,
    USER_START,
    Event,
    GroupEvent,
    ReplyKind,
)
from gatlingpy.testing.event_form import event_problems

ROW = (REQUEST, ("g",), "Pay", 2, 3, 1, "ok", "", 0, 1, "Shop")
LATE = (REPLY, "Pay", 5, -1, 0, ReplyKind.LATE, "")


@pytest.mark.parametrize(
    "event",
    [
        ROW,
        (LEG, (), "Pay-send", 1, 1, 1, "send", "no broker", 0, 1, "Shop"),
        (USER, "Shop", USER_START, 1, 1, 1),
        GroupEvent(GROUP, ("g",), 1, 2, 1, True, 1, "Shop"),
        (ERROR, "text", 1, 1, "Shop"),
        LATE,
        (GAUGE, "kafka", "queue", 1, 5),
        (GAUGE, "kafka", "queue", 1, 5.5),
        (MARK, "kafka", "text", 1),
    ],
)
def test_what_is_one(event: Event) -> None:
    """Tuples and named tuples, of every kind."""
    assert list(event_problems(event)) == []


def spoilt(field: int, value: object, event: tuple[object, ...] = ROW) -> tuple[object, ...]:
    return (*event[:field], value, *event[field + 1 :])


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (("NOISE", 1), "does not begin with a kind"),
        (ROW[:-1], "has 10 fields, but a RequestEvent has 11"),
        (spoilt(1, ["g"]), "groups must be"),
        (spoilt(1, (1,)), "groups must be"),
        (spoilt(2, None), "name must be str, got None"),
        (spoilt(3, 2.5), "start_ns must be int, got 2.5"),
        (spoilt(3, True), "start_ns must be int, got True"),
        (spoilt(2, ""), "has no name"),
        (spoilt(6, "lost"), "'lost' is no ending"),
        (spoilt(5, 3), "do not follow each other"),
        (spoilt(4, 1), "do not follow each other"),
        (spoilt(7, "text"), "a message belongs to what is not ok"),
        (spoilt(6, "timeout"), "a message belongs to what is not ok"),
        (spoilt(5, "lost", LATE), "'lost' is no kind of reply"),
        ((GAUGE, "kafka", "queue", 1, True), "value must be float, got True"),
        ((GROUP, ("g",), 1, 2, 1, 1, 1, "Shop"), "ok must be bool, got 1"),
    ],
)
def test_what_is_none(event: Event, said: str) -> None:
    """With the field and its value."""
    assert said in "; ".join(event_problems(event))
