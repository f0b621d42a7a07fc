"""What users pass to ``kafka()`` and its methods: refused with their line if it is of no use."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, TypeVar

from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError

V = TypeVar("V")

_TOPIC: Final = re.compile(r"[a-zA-Z0-9._-]{1,249}")
_SERVER: Final = re.compile(
    r"(?:[A-Za-z_]+://)?(?:\[[0-9A-Fa-f:.%]+\]|[^\s:/,\[\]]+)(?::(?P<port>[0-9]{1,5}))?"
)
_MOST_PORT: Final = 65_535


def text(value: object, what: str) -> str:
    """Return a text; raises UsageError for anything else."""
    if isinstance(value, str):
        return value
    raise UsageError(f"{user_line()}: {what} takes text, got {value!r}")


def count(value: object, what: str) -> int:
    """Return a whole number; raises UsageError for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise UsageError(f"{user_line()}: {what} takes a whole number, got {value!r}")


def flag(value: object, what: str) -> bool:
    """Return true or false; raises UsageError for anything else."""
    if isinstance(value, bool):
        return value
    raise UsageError(f"{user_line()}: {what} takes True or False, got {value!r}")


def mapping(value: Mapping[str, V], what: str, example: str) -> Mapping[str, V]:
    """Return a mapping from texts; raises UsageError for anything else."""
    given: object = value
    if isinstance(given, Mapping) and all(isinstance(name, str) for name in given):
        return value
    raise UsageError(f"{user_line()}: {what} takes a mapping such as {example}, got {value!r}")


def partitions(value: Mapping[str, int], what: str) -> Mapping[str, int]:
    """Return topics and their numbers of partitions; raises UsageError for anything else."""
    for topic, number in mapping(value, what, '{"orders": 4}').items():
        count(number, f"{what}: the number of partitions of {topic!r}")
    return value


def topic_problems(what: str, topics: Mapping[str, int]) -> Iterator[str]:
    """Yield what would keep these topics from being created."""
    for topic, number in topics.items():
        if not _TOPIC.fullmatch(topic) or topic in {".", ".."}:
            yield (
                f"{what}: {topic!r} is no topic name; use 1 to 249 letters, digits, '.', '_' and "
                "'-' of ASCII"
            )
        if number < 1:
            yield f"{what}: {topic!r} needs at least 1 partition, got {number}"


def server_problems(servers: str) -> Iterator[str]:
    """Yield what cannot be an address in a list of brokers."""
    if not servers.strip():
        yield 'kafka() has no brokers; add .bootstrap_servers("host:9092")'
        return
    for server in servers.split(","):
        match = _SERVER.fullmatch(server.strip())
        if match is None or int(match["port"] or 0) > _MOST_PORT:
            yield (
                f"bootstrap_servers({servers!r}): {server.strip()!r} is no address; write "
                '"host:9092", several of them with commas between'
            )
