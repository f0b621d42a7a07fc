"""Whether an event is one: its fields, their types, and what they say together."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, get_type_hints

from gatlingpy.stats.events import (
    ERROR,
    GAUGE,
    GROUP,
    LEG,
    MARK,
    REPLY,
    REQUEST,
    USER,
    Ending,
    ErrorEvent,
    Event,
    GaugeEvent,
    GroupEvent,
    MarkEvent,
    ReplyEvent,
    ReplyKind,
    RequestEvent,
    UserEvent,
)

_SHAPES: Final[Mapping[object, type[NamedTuple]]] = {
    REQUEST: RequestEvent,
    LEG: RequestEvent,
    USER: UserEvent,
    GROUP: GroupEvent,
    ERROR: ErrorEvent,
    REPLY: ReplyEvent,
    GAUGE: GaugeEvent,
    MARK: MarkEvent,
}
_TYPES: Final = {shape: tuple(get_type_hints(shape).values()) for shape in set(_SHAPES.values())}


def event_problems(event: Event) -> Iterator[str]:
    """Yield what is wrong with an event; it may be a plain tuple, as the engine's are."""
    shape = _SHAPES.get(event[0])
    if shape is None:
        yield f"{event!r} is no event: it does not begin with a kind of stats.events"
        return
    names, types = shape._fields, _TYPES[shape]
    if len(event) != len(names):
        yield f"{event!r} has {len(event)} fields, but a {shape.__name__} has {len(names)}"
        return
    wrong = [
        f"{event!r}: {name} must be {getattr(wanted, '__name__', wanted)}, got {value!r}"
        for name, wanted, value in zip(names, types, event, strict=True)
        if not _is(value, wanted)
    ]
    yield from wrong
    if not wrong:
        yield from _contradictions(event)


def _is(value: object, wanted: object) -> bool:
    match wanted:
        case type() if wanted is bool:
            return isinstance(value, bool)
        case type() if wanted in {int, float}:
            allowed = int | float if wanted is float else int
            return isinstance(value, allowed) and not isinstance(value, bool)
        case type():
            return isinstance(value, wanted)
    return isinstance(value, tuple) and all(isinstance(item, str) for item in value)


def _contradictions(event: Event) -> Iterator[str]:
    fields: tuple[object, ...] = event
    if event[0] in {REQUEST, LEG}:
        yield from _of_a_request(RequestEvent(*fields))  # type: ignore[arg-type]
    elif event[0] == REPLY and fields[5] not in list(ReplyKind):
        yield f"{event!r}: {fields[5]!r} is no kind of reply"


def _of_a_request(row: RequestEvent) -> Iterator[str]:
    if row.ending not in list(Ending):
        yield f"{row!r}: {row.ending!r} is no ending"
    if not row.name:
        yield f"{row!r} has no name"
    if not row.intended_ns <= row.start_ns <= row.end_ns:
        yield f"{row!r}: intended, start and end do not follow each other"
    if (row.ending == Ending.OK) == bool(row.message):
        yield f"{row!r}: a message belongs to what is not ok, and only there"
