"""Records that came before anybody waited: taken by age or id, once, and never too many."""

import random
from time import process_time

from gatlingpy.protocols.kafka.early_records import EarlyRecords


def early(most: int = 100, ways: int = 0, most_bytes: int = 1_000) -> EarlyRecords[str]:
    return EarlyRecords(most, ways, most_bytes)


def test_the_oldest_is_taken_first_with_the_time_it_was_received() -> None:
    """Until there is none."""
    records = early()
    records.add("a", 5, (), 1)
    records.add("b", 6, (), 1)
    first = records.take()
    assert first is not None
    assert (first.message, first.received_ns) == ("a", 5)
    assert records.take() is not None
    assert records.take() is None
    assert len(records) == records.dropped == 0


def test_a_record_is_found_by_what_each_way_finds_in_it_and_taken_once() -> None:
    """Whoever takes it by one way, or by its age, takes it for the others."""
    records = early(ways=2)
    records.add("a", 1, (b"1", b"x"), 1)
    records.add("b", 2, (b"1", b"y"), 1)
    records.add("c", 3, (None, b"x"), 1)
    by_first = records.take_with(0, b"1")
    assert by_first is not None
    assert by_first.message == "a"
    by_second = records.take_with(1, b"x")
    assert by_second is not None
    assert by_second.message == "c"
    oldest = records.take()
    assert oldest is not None
    assert oldest.message == "b"
    assert records.take_with(0, b"1") is records.take_with(1, b"y") is records.take() is None


def test_the_oldest_make_room_and_are_counted() -> None:
    """By number and by bytes; one that is larger than all that may be kept is kept alone."""
    records = early(most=2)
    for number in range(5):
        records.add(str(number), number, (), 1)
    assert (len(records), records.dropped) == (2, 3)
    large = early(most_bytes=10)
    for size in (4, 4, 4, 50):
        large.add(str(size), 0, (), size)
    assert (len(large), large.dropped) == (1, 3)
    last = large.take()
    assert last is not None
    assert last.size == 50


def test_what_is_dropped_is_found_no_more() -> None:
    """By its id neither."""
    records = early(most=1, ways=1)
    records.add("a", 1, (b"1",), 1)
    records.add("b", 2, (b"2",), 1)
    assert records.take_with(0, b"1") is None
    assert records.take_with(0, b"2") is not None


def test_whatever_is_done_it_is_what_a_list_would_give() -> None:
    """Ten thousand random steps against the plainest model, sweeps included."""
    dice, records, model = random.Random(7), early(most=1_500, ways=2, most_bytes=10**9), []
    dropped = 0
    for number in range(10_000):
        ids = tuple(dice.choice([None, b"%d" % dice.randrange(300)]) for _ in range(2))
        match dice.randrange(5):
            case 0:
                expected = model.pop(0)[0] if model else None
                found = records.take()
            case 1:
                way, wanted = dice.randrange(2), b"%d" % dice.randrange(300)
                place = next((i for i, (_, has) in enumerate(model) if has[way] == wanted), None)
                expected = None if place is None else model.pop(place)[0]
                found = records.take_with(way, wanted)
            case _:
                records.add(str(number), number, ids, 1)
                model.append((str(number), ids))
                if len(model) > 1_500:
                    model.pop(0)
                    dropped += 1
                continue
        assert (None if found is None else found.message) == expected
        assert len(records) == len(model)
    assert records.dropped == dropped > 0


def test_taking_costs_the_same_however_many_there_are() -> None:
    """And what is gone leaves no trace: neither in the queue nor under its id."""
    spent = []
    for count in (2_000, 32_000):
        records = early(most=10**6, ways=1, most_bytes=10**9)
        begun = process_time()
        for number in range(count):
            records.add("x", 0, (b"%d" % number,), 1)
        for number in reversed(range(count)):
            assert records.take_with(0, b"%d" % number) is not None
        spent.append((process_time() - begun) / count)
        assert len(records._all) <= 1_025
        assert records._by_id == [{}]
    assert spent[1] < 10 * spent[0]


def test_bytes_that_were_taken_make_room_for_others() -> None:
    """Only what still waits counts, however much has come and gone."""
    records = early(most_bytes=10)
    for number in range(5):
        records.add(str(number), number, (), 8)
        assert records.take() is not None
    records.add("a", 6, (), 5)
    records.add("b", 7, (), 5)
    assert (len(records), records.dropped) == (2, 0)
