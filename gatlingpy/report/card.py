"""Who the run was, how it ended, and whether its numbers can be trusted."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from gatlingpy.report.facts import JsonObject, RunLog, json_object, text_list
from gatlingpy.report.gatling_files import run_id
from gatlingpy.report.segments import segment_of
from gatlingpy.report.window import Window
from gatlingpy.stats.events import Ending

GOOD_ENDS: Final = frozenset({"completed", "max-duration", "stopped"})

_END_TEXTS: Final = {
    "completed": "all users ended",
    "max-duration": "the maximum duration was reached",
    "stopped": "the simulation stopped the load",
    "interrupted": "interrupted from outside",
    "crashed": "the run crashed",
    "invalid": "the run became invalid",
}


@dataclass(frozen=True, slots=True)
class Conservation:
    """Every request registered has ended exactly once, or is still in flight: that is the law."""

    registered: int
    endings: tuple[tuple[str, int], ...]
    in_flight: int

    @property
    def ended(self) -> int:
        """How many have ended, one way or another."""
        return sum(count for _, count in self.endings)

    @property
    def holds(self) -> bool:
        """Whether the law holds."""
        return self.registered == self.ended + self.in_flight


@dataclass(frozen=True, slots=True)
class Parameter:
    """What the run was given for one parameter of its simulation; values as text."""

    name: str
    value: str
    default: str
    help: str


@dataclass(frozen=True, slots=True)
class Card:
    """The run card of every page."""

    simulation: str
    run_id: str
    description: str
    start_us: int
    seconds: float
    tool: str
    versions: tuple[tuple[str, str], ...]
    segments: tuple[str, ...]
    notes: tuple[str, ...]
    """Sentences that every reader of the numbers must see."""
    end: str
    """The word of the ``END`` record; empty if there is none."""
    reason: str
    remarks: tuple[str, ...]
    problems: tuple[str, ...]
    """Why the run is not valid, in the words of the run itself."""
    incomplete: bool
    conservation: Conservation | None
    health: tuple[tuple[str, float], ...]
    """The further numbers of the ``HEALTH`` records, summed over the segments."""
    tree: str
    """The plan as a tree of text; empty if the log has none."""
    parameters: tuple[Parameter, ...] = ()
    """Those of the simulation, as its plan lists them."""

    @property
    def start(self) -> str:
        """Date and time in UTC, to the second."""
        return utc(self.start_us)

    @property
    def trusted(self) -> bool:
        """Whether the numbers are those of a whole and valid run."""
        broken = self.conservation is not None and not self.conservation.holds
        return not (self.incomplete or self.problems or broken or self.end == "invalid")

    @property
    def negative_durations(self) -> int:
        """How many requests ended, by the timestamp of their reply, before they began."""
        return round(dict(self.health).get("negative_durations", 0))

    @property
    def ended_well(self) -> bool:
        """Whether the run came to an end that its simulation foresaw."""
        return not self.end or self.end in GOOD_ENDS


def utc(epoch_us: int) -> str:
    """Write a moment as date and time in UTC; a moment beyond the calendar as a number."""
    try:
        return f"{datetime.fromtimestamp(epoch_us // 1_000_000, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return f"{epoch_us // 1_000_000} s after 1970"


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _conservation(healths: Iterable[JsonObject]) -> Conservation | None:
    counted = [health for health in healths if "registered" in health]
    if not counted:
        return None
    endings = dict.fromkeys((ending.value for ending in Ending), 0)
    for health in counted:
        said = health.get("endings")
        for word, count in said.items() if isinstance(said, Mapping) else ():
            endings[str(word)] = endings.get(str(word), 0) + _whole(count)
    return Conservation(
        sum(_whole(health["registered"]) for health in counted),
        tuple(endings.items()),
        sum(_whole(health.get("in_flight")) for health in counted),
    )


_SHOWN_ELSEWHERE: Final = frozenset({"registered", "in_flight", "endings", "replies"})


def _health(healths: Iterable[JsonObject]) -> tuple[tuple[str, float], ...]:
    """Counts add up over segments; of a time, a rate or a share the worst one counts."""
    numbers: dict[str, float] = {}
    for health in healths:
        for name, value in health.items():
            if name in _SHOWN_ELSEWHERE or isinstance(value, bool):
                continue
            if isinstance(value, int) and not name.endswith(("_us", "_ns", "_ms")):
                numbers[name] = numbers.get(name, 0) + value
            elif isinstance(value, (int, float)):
                numbers[name] = max(numbers.get(name, value), value)
    return tuple(numbers.items())


def _segment(detail: JsonObject) -> str:
    segment = segment_of(detail)
    return f"{segment[0]} of {segment[1]}" if segment else ""


def _versions(log: RunLog, detail: JsonObject) -> tuple[tuple[str, str], ...]:
    if not log.ours:
        return (("Gatling", log.run.version),)
    own = (("gatlingpy", str(detail.get("version", ""))),)
    rest = detail.get("versions")
    others = rest.items() if isinstance(rest, Mapping) else ()
    return (*own, *((str(name), str(version)) for name, version in others))


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _end_word(log: RunLog) -> str:
    """Of several segments, the end of the one that fared worst."""
    words = [record.word for record in log.facts.ends]
    bad = [word for word in words if word not in GOOD_ENDS]
    return (bad or words or [""])[0]


def _missing(log: RunLog) -> Iterator[str]:
    """Name what makes the log incomplete."""
    if log.endless:
        many = f"{log.endless} logs have no END record"
        what = "The log has no END record" if len(log.files) == 1 else many
        yield f"{what}: the run was killed or still goes on, so that its last part is missing."
    if log.missing_segments:
        yield log.missing_segments


def _text(value: object) -> str:
    """Write a value of the plan's JSON as a person would; nothing is an empty text."""
    match value:
        case None:
            return ""
        case str():
            return value
    return json.dumps(value, ensure_ascii=False)


def _parameters(plan: JsonObject) -> Iterator[Parameter]:
    told = plan.get("parameters")
    for item in told if isinstance(told, list) else ():
        if isinstance(item, Mapping) and "name" in item:
            yield Parameter(*(_text(item.get(key)) for key in ("name", "value", "default", "help")))


def card_of(log: RunLog, window: Window) -> Card:
    """Gather the card of a run from its records."""
    details = [json_object(record.detail) for record in log.facts.runs]
    ends = [json_object(record.detail) for record in log.facts.ends]
    facts = log.facts
    word = _end_word(log)
    reasons = _unique(str(end.get("reason", "")) for end in ends)
    return Card(
        simulation=log.run.simulation,
        run_id=str(details[0].get("run_id") or run_id(log)),
        description=log.run.description,
        start_us=log.run.start_us,
        seconds=window.seconds,
        tool="gatlingpy" if log.ours else "Gatling",
        versions=_versions(log, details[0]),
        segments=_unique(_segment(detail) for detail in details),
        notes=_unique(note for detail in details for note in text_list(detail.get("notes"))),
        end=word,
        reason="; ".join(reasons) or _END_TEXTS.get(word, ""),
        remarks=_unique(text for end in ends for text in text_list(end.get("remarks"))),
        problems=(
            *_missing(log),
            *_unique(text for end in ends for text in text_list(end.get("problems"))),
        ),
        incomplete=log.incomplete,
        conservation=_conservation(facts.healths),
        health=_health(facts.healths),
        tree=str(facts.plans[0].get("tree", "")) if facts.plans else "",
        parameters=tuple(_parameters(facts.plans[0])) if facts.plans else (),
    )
