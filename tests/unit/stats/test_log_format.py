"""Every record comes back from its line unchanged, whatever its texts hold."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatlingpy.stats import events as ev
from gatlingpy.stats.event_lines import encode_events
from gatlingpy.stats.log_format import COLUMNS, decode, encode
from gatlingpy.stats.records import (
    AssertionRecord,
    ErrorRecord,
    GaugeRecord,
    GroupRecord,
    LegRecord,
    MarkRecord,
    Record,
    ReplyRecord,
    RequestRecord,
    RunRecord,
    StateRecord,
    TextRecord,
    UserRecord,
)

NASTY = "\t\n\r\\,\0\x1b\x85\u2028\u2029\ud800\udfff <&\"'é😀snrtceu0"
texts = st.one_of(
    st.text(st.sampled_from(NASTY), max_size=12),
    st.text(st.characters(exclude_categories=()), max_size=12),
)
groups = st.lists(texts, max_size=3).map(tuple)
times = st.integers(0, 2**62)
numbers = st.integers(0, 2**62)
unknown_or = st.integers(-1, 2**62)
endings = st.sampled_from([ending.value for ending in ev.Ending])

records: st.SearchStrategy[Record] = st.one_of(
    st.builds(RunRecord, texts, texts, times, texts, st.just("3.9.5"), texts),
    st.builds(TextRecord, st.just("PLAN"), texts),
    st.builds(AssertionRecord, st.from_regex(r"[A-Za-z0-9+/]{4,40}={0,2}", fullmatch=True), texts),
    st.builds(
        RequestRecord,
        groups, texts, times, numbers, times, endings, texts, numbers, numbers, texts,
    ),
    st.builds(LegRecord, texts, times, numbers, endings, texts, numbers, numbers, texts),
    st.builds(UserRecord, texts, st.just("START"), times, times, numbers),
    st.builds(UserRecord, texts, st.just("END"), times, st.none(), numbers),
    st.builds(GroupRecord, groups, times, numbers, numbers, st.booleans(), numbers, texts),
    st.builds(ErrorRecord, texts, times, numbers, texts),
    st.builds(
        ReplyRecord, texts, times, unknown_or, unknown_or,
        st.sampled_from([kind.value for kind in ev.ReplyKind]), texts,
    ),
    st.builds(GaugeRecord, texts, texts, times, st.floats(allow_nan=False)),
    st.builds(MarkRecord, texts, texts, times),
    st.builds(StateRecord, st.sampled_from(["HEALTH", "END"]), texts, times, texts),
)  # fmt: skip


@given(records)
@settings(max_examples=400, deadline=None)
def test_round_trip(record: Record) -> None:
    """``decode(encode(x)) == x`` for every record, of the same class."""
    again = decode(encode(record))
    assert record == again
    assert type(record) is type(again)


@given(records)
@settings(max_examples=200, deadline=None)
def test_lines(record: Record) -> None:
    """A line has all its columns, no line break of any kind, and is valid UTF-8."""
    line = encode(record)
    assert COLUMNS == len(line.split("\t"))
    assert 1 == len(line.splitlines())
    assert line == line.encode().decode()


@given(records.filter(lambda record: isinstance(record, RequestRecord | GroupRecord | ErrorRecord)))
@settings(deadline=None)
def test_gatling_drops_nothing(record: RequestRecord | GroupRecord | ErrorRecord) -> None:
    """The fields in which Gatling would drop a record or a name if they were empty are not."""
    fields = encode(record).split("\t")
    match record:
        case ErrorRecord():
            assert fields[1] != ""
        case GroupRecord(groups=path):
            assert (fields[1] == "") == (path == ())
        case RequestRecord(groups=path):
            assert (fields[1] == "") == (path == ())
            assert fields[6] != ""


def test_milliseconds_are_those_of_gatling() -> None:
    """A request starts at its microsecond cut down, and lasts its duration rounded half-up."""
    record = RequestRecord(
        ("a", "b,c"), "Pay", 1_700_000_000_123_999, 1_500, 0, "ok", "", 1, 2, "Scn"
    )
    fields = encode(record).split("\t")
    assert ["REQUEST", "a,b\\cc", "Pay", "1700000000123", "1700000000125", "OK", " "] == fields[:7]
    assert "KO" == encode(record._replace(ending="timeout")).split("\t")[5]


def request_event(
    kind: str, start: int, took: int, intended: int, ending: str, message: str, name: str
) -> ev.RequestEvent:
    return ev.RequestEvent(
        kind, ("g",), name, start, start + took, intended, ending, message, 1, 2, "Scn"
    )


spans = st.integers(0, 2**40)
events: st.SearchStrategy[ev.Event] = st.one_of(
    st.builds(
        request_event,
        st.sampled_from([ev.REQUEST, ev.LEG]), times, spans, times, endings, texts, texts,
    ),
    st.builds(
        ev.UserEvent,
        st.just(ev.USER), texts, st.sampled_from(["START", "END"]), times, times, numbers,
    ),
    st.builds(
        lambda start, took, cumulated, ok: ev.GroupEvent(
            ev.GROUP, ("g",), start, start + took, cumulated, ok, 2, "Scn"
        ),
        times, spans, spans, st.booleans(),
    ),
    st.builds(ev.ErrorEvent, st.just(ev.ERROR), texts, times, numbers, texts),
    st.builds(
        ev.ReplyEvent, st.just(ev.REPLY), texts, times, unknown_or, unknown_or, st.just("late"), texts
    ),
    st.builds(ev.GaugeEvent, st.just(ev.GAUGE), texts, texts, times, st.floats(allow_nan=False)),
    st.builds(ev.MarkEvent, st.just(ev.MARK), texts, texts, times),
)  # fmt: skip


def rounded_us(ns: int) -> int:
    return (ns + 500) // 1000


def as_record(event: ev.Event, offset_ns: int) -> Record:  # noqa: C901 - one case a kind
    """Return the record that an event should become, by the book."""

    def at(ns: int) -> int:
        return (ns + offset_ns) // 1000

    match event:
        case ev.RequestEvent(ev.LEG, _, name, start, end, _):
            return LegRecord(name, at(start), rounded_us(end - start), *event[6:])
        case ev.RequestEvent(_, path, name, start, end, intended):
            return RequestRecord(
                path, name, at(start), rounded_us(end - start), at(intended), *event[6:]
            )
        case ev.UserEvent(_, scenario, what, when, intended, user):
            planned = at(intended) if what == ev.USER_START else None
            return UserRecord(scenario, what, at(when), planned, user)
        case ev.GroupEvent(_, path, start, end, cumulated, ok, user, scenario):
            return GroupRecord(
                path, at(start), rounded_us(end - start), rounded_us(cumulated), ok, user, scenario
            )
        case ev.ErrorEvent(_, message, when, user, scenario):
            return ErrorRecord(message, at(when), user, scenario)
        case ev.ReplyEvent(_, name, when, age, token, reply, detail):
            return ReplyRecord(
                name, at(when), rounded_us(age) if age >= 0 else -1, token, reply, detail
            )
        case ev.GaugeEvent(_, source, name, when, value):
            return GaugeRecord(source, name, at(when), value)
        case ev.MarkEvent(_, source, text, when):
            return MarkRecord(source, text, at(when))


@given(st.lists(events, max_size=4), st.integers(0, 2**61))
@settings(max_examples=200, deadline=None)
def test_events_are_written_as_their_records(happened: list[ev.Event], offset_ns: int) -> None:
    """``encode_events`` writes what ``encode`` writes of the same events in microseconds."""
    expected = "".join(f"{encode(as_record(event, offset_ns))}\n" for event in happened)
    assert expected == encode_events(happened, offset_ns)
    plain = [tuple(event) for event in happened]
    assert expected == encode_events(plain, offset_ns)  # type: ignore[arg-type]


@pytest.mark.parametrize("line", ["", "NEWS\tx", "# a comment", "REQUESTS\ta"])
def test_unknown_kinds(line: str) -> None:
    """A line of a kind that is not known is passed over."""
    assert decode(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "REQUEST\t\tPay\t1\t2\tOK",
        "USER" + "\t" * (COLUMNS - 1),
        "REQUEST" + "\tx" * (COLUMNS - 1),
        "MARK\ta\tb" + "\t" * COLUMNS,
    ],
)
def test_damaged_lines(line: str) -> None:
    """A known kind with a field missing or no number where one belongs is refused."""
    with pytest.raises(ValueError):
        decode(line)


@given(records, st.data())
@settings(deadline=None)
def test_a_cut_line_is_never_read_as_another(record: Record, data: st.DataObject) -> None:
    """A line cut before its last column is refused, not misread."""
    line = encode(record)
    end = data.draw(st.integers(0, line.rindex("\t")))
    with suppress(ValueError):
        assert decode(line[:end]) is None
