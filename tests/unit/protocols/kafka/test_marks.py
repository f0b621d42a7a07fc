"""Marks are few enough to be read, and what is left out is told."""

from gatlingpy.protocols.kafka.marks import MOST, MOST_A_SECOND, SECOND_NS, Marks


def made() -> tuple[Marks, list[tuple[object, ...]]]:
    """Return marks, and what they record."""
    events: list[tuple[object, ...]] = []
    return Marks("kafka-2", events.append), events  # type: ignore[arg-type]


def test_a_mark_has_its_source_text_and_moment() -> None:
    """As the log wants it."""
    marks, events = made()
    marks.add("errors", "key", "text", 7)
    marks.close(9)
    assert events == [("MARK", "kafka-2", "text", 7)]


def test_the_same_is_marked_once_a_second() -> None:
    """From the last that was marked."""
    marks, events = made()
    for at in (0, SECOND_NS - 1, SECOND_NS, SECOND_NS + 1):
        marks.add("errors", "key", f"at {at}", at)
    marks.close(5 * SECOND_NS)
    assert [event[2] for event in events] == [
        "at 0", f"at {SECOND_NS}", "2 more marks were left out: 2 about errors",
    ]  # fmt: skip


def test_a_flood_is_cut_off_and_counted() -> None:
    """So many a second, and so many a run; closing twice tells it once."""
    marks, events = made()
    for at in range(1_000):
        marks.add("errors", f"{at}", "x", at * SECOND_NS // 20)
    marks.add("throttling", "one", "y", 1_000 * SECOND_NS)
    marks.close(1_001 * SECOND_NS)
    marks.close(1_002 * SECOND_NS)
    assert len(events) == MOST + 1
    first = [event for event in events if int(str(event[3])) < SECOND_NS]
    assert len(first) == MOST_A_SECOND
    assert events[-1][2] == (
        f"{1_001 - MOST} more marks were left out: {1_000 - MOST} about errors, 1 about throttling"
    )


def test_one_that_is_left_out_is_one() -> None:
    """In good English."""
    marks, events = made()
    marks.add("errors", "key", "x", 0)
    marks.add("errors", "key", "x", 1)
    marks.close(2)
    assert events[-1][2] == "1 more mark was left out: 1 about errors"
