"""Producer properties that cannot stand together, told before the run in the user's own words."""

from collections.abc import Iterator, Mapping
from typing import Final

MOST_IN_FLIGHT: Final = 5
"""How many requests in flight idempotence allows."""
_TRANSACTION_TIMEOUT_MS: Final = 60_000
_DELIVERY_TIMEOUT_MS: Final = 30_000

NO_TRANSACTIONS: Final = (
    "transactional_id(...) needs a real Kafka: the embedded broker shows readers what was aborted "
    "and fences nobody, so that nothing measured of transactions would be true; set "
    "bootstrap_servers(...), or leave transactional_id(...) out"
)

_TIMES: Final = ("transaction.timeout.ms", "delivery.timeout.ms", "request.timeout.ms", "linger.ms")

_ONE_NAME: Final = {
    "request.required.acks": "acks",
    "message.timeout.ms": "delivery.timeout.ms",
    "max.in.flight": "max.in.flight.requests.per.connection",
    "message.send.max.retries": "retries",
    "queue.buffering.max.ms": "linger.ms",
}


def without_idempotence(properties: Mapping[str, object]) -> str:
    """Return which of these properties idempotence does not allow, or the empty text."""
    given = _by_one_name(properties)
    acks = given.get("acks", "all")
    if isinstance(acks, str | int) and str(acks) not in {"all", "-1"}:
        return "acks"
    if (_number(given, "max.in.flight.requests.per.connection") or 0) > MOST_IN_FLIGHT:
        return "max.in.flight.requests.per.connection"
    if _number(given, "retries") == 0:
        return "retries"
    return ""


def producer_conflicts(properties: Mapping[str, object], *, transactional: bool) -> Iterator[str]:
    """Yield what a producer would refuse; what an environment variable holds is not known yet."""
    given = _by_one_name(properties)
    if "transactional.id" in given:
        yield (
            "producer_properties: transactional.id is one id, and each producer needs its own; "
            'take it out, and add .transactional_id("...") to kafka()'
        )
    yield from _idempotence_conflicts(given, transactional=transactional)
    yield from _timeout_conflicts(given, transactional=transactional)


def _idempotence_conflicts(given: Mapping[str, object], *, transactional: bool) -> Iterator[str]:
    asked = _truth(given.get("enable.idempotence"))
    if transactional and asked is False:
        yield (
            "producer_properties: enable.idempotence is false, and transactions need it; take it "
            "out, or leave transactional_id(...) out"
        )
    other = without_idempotence(given)
    if other and (transactional or asked):
        wants = "transactional_id(...)" if transactional else "enable.idempotence"
        needed = {"acks": "all", "retries": "1 at least"}.get(other, f"{MOST_IN_FLIGHT} at most")
        yield (
            f"producer_properties: {other} is {given[other]!r}, and {wants} needs {needed}; take "
            f"{other} out, or leave {wants} out"
        )


def _timeout_conflicts(given: Mapping[str, object], *, transactional: bool) -> Iterator[str]:
    delivery_ms, linger_ms = _number(given, "delivery.timeout.ms"), _number(given, "linger.ms")
    if delivery_ms is not None and linger_ms is not None and linger_ms >= delivery_ms > 0:
        yield (
            f"producer_properties: linger.ms is {linger_ms:g} and delivery.timeout.ms "
            f"{delivery_ms:g}, so that messages would expire before they are sent; lower "
            "linger.ms, or leave delivery.timeout.ms out"
        )
    if not transactional or not _is_known(given, *_TIMES):
        return
    if delivery_ms is None:
        least_ms = (_number(given, "request.timeout.ms") or 0) + (linger_ms or 5) + 1
        delivery_ms = max(_DELIVERY_TIMEOUT_MS, least_ms)
    transaction_ms = _number(given, "transaction.timeout.ms") or _TRANSACTION_TIMEOUT_MS
    if delivery_ms > transaction_ms:
        yield (
            f"producer_properties: a message may be under way for {delivery_ms:g} ms "
            f"(delivery.timeout.ms), longer than its transaction may be open, {transaction_ms:g} "
            "ms (transaction.timeout.ms); lower the first or raise the second"
        )


def _by_one_name(properties: Mapping[str, object]) -> dict[str, object]:
    """Return the properties, each under one of its names."""
    return {_ONE_NAME.get(name, name): value for name, value in properties.items()}


def _is_known(given: Mapping[str, object], *names: str) -> bool:
    return all(name not in given or _number(given, name) is not None for name in names)


def _number(given: Mapping[str, object], name: str) -> float | None:
    value = given.get(name)
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        try:
            return float(value)
        except ValueError:
            return None
    return None


def _truth(value: object) -> bool | None:
    if isinstance(value, str | bool):
        return str(value).lower() in {"true", "1"}
    return None
