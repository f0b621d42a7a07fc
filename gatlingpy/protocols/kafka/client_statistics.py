"""What librdkafka tells about one client now and then, read from its JSON.

The fields are described in librdkafka's STATISTICS.md; times there are microseconds, and windows
(``rtt``, ``int_latency``, ...) cover the time since the report before.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

import orjson

_CONNECTED: Final = frozenset({"UP", "UPDATE", "REAUTH"})
_TRYING: Final = frozenset({"DOWN", "CONNECT", "TRY_CONNECT"})
_NOT_READ: Final = frozenset({"none", "stopping", "stopped"})

_Json: TypeAlias = Mapping[str, Any]


class Window(NamedTuple):
    """How many were measured since the report before, and their sum."""

    measured: int
    total: int


class BrokerStatistics(NamedTuple):
    """One broker as one client sees it; counters begin with the client."""

    id: int
    name: str
    """``host:port``."""
    is_up: bool
    is_tried: bool
    """Whether the client tries to reach it; one that it does not need is neither up nor tried."""
    state_age_us: int
    silent_us: int
    """How long ago it last sent anything; -1 if it never did."""
    queue_us: Window
    """Records: from ``produce`` until they stand in a request."""
    outbuf_us: Window
    """Requests: in the output buffer."""
    rtt_us: Window
    """Requests: from the wire to the answer."""
    throttle_ms: Window
    in_flight: int
    retries: int
    timeouts: int
    disconnects: int


class PartitionStatistics(NamedTuple):
    """One partition as one client sees it; what is not known is negative."""

    topic: str
    number: int
    leader: int
    epoch: int
    end: int
    """The high watermark."""
    stable_end: int
    """The end of what is no part of an open transaction."""
    position: int
    """One behind the last record that the application was given."""
    next_fetch: int
    fetched: int
    """Records that wait in the client, of all partitions that share a queue."""
    is_read: bool


class ClientStatistics(NamedTuple):
    """One report of one client."""

    client: str
    is_producer: bool
    at_us: int
    """On librdkafka's clock."""
    age_us: int
    sent: int
    sent_bytes: int
    received: int
    received_bytes: int
    queued: int
    queued_bytes: int
    most_bytes: int
    """How many bytes the queue of a producer may hold."""
    fetched: int
    batch_bytes: Window
    batch_records: Window
    transaction_age_ms: int | None
    """``None`` without transactions."""
    rebalances: int | None
    """``None`` outside of a group."""
    brokers: tuple[BrokerStatistics, ...]
    partitions: tuple[PartitionStatistics, ...]


def read_statistics(client: str, text: str | bytes) -> ClientStatistics:
    """Read a report; ``client`` is our own name of it.  What is not there counts as nothing.

    Raises ValueError if it is no JSON object.
    """
    told = orjson.loads(text)
    if not isinstance(told, dict):
        raise ValueError(f"statistics are no object: {text[:80]!r}")  # noqa: TRY004 - it is a text
    topics = told.get("topics", {})
    return ClientStatistics(
        client, told.get("type") == "producer", told.get("ts", 0), told.get("age", 0),
        told.get("txmsgs", 0), told.get("txmsg_bytes", 0),
        told.get("rxmsgs", 0), told.get("rxmsg_bytes", 0),
        told.get("msg_cnt", 0), told.get("msg_size", 0), told.get("msg_size_max", 0),
        told.get("replyq", 0),
        _sum(topics, "batchsize"), _sum(topics, "batchcnt"),
        _transaction_age(told.get("eos", {})), _rebalances(told.get("cgrp", {})),
        tuple(_brokers(told.get("brokers", {}))), tuple(_partitions(topics)),
    )  # fmt: skip


def _window(told: _Json, name: str) -> Window:
    window = told.get(name, {})
    return Window(window.get("cnt", 0), window.get("sum", 0))


def _sum(topics: _Json, name: str) -> Window:
    windows = [_window(topic, name) for topic in topics.values()]
    return Window(sum(w.measured for w in windows), sum(w.total for w in windows))


def _transaction_age(told: _Json) -> int | None:
    state = told.get("txn_state", "Init")
    return None if state == "Init" else told.get("txn_stateage", 0)


def _rebalances(told: _Json) -> int | None:
    if told.get("join_state", "init") == "init" and not told.get("rebalance_cnt", 0):
        return None
    count: int = told.get("rebalance_cnt", 0)
    return count


def _brokers(told: _Json) -> Iterator[BrokerStatistics]:
    for broker in told.values():
        # What is not learned yet has no number, nor has a coordinator, which is one of the others.
        if broker.get("nodeid", -1) < 0:
            continue
        state = broker.get("state", "")
        yield BrokerStatistics(
            broker["nodeid"], broker.get("nodename", ""), state in _CONNECTED, state in _TRYING,
            broker.get("stateage", 0), broker.get("rxidle", -1),
            _window(broker, "int_latency"), _window(broker, "outbuf_latency"),
            _window(broker, "rtt"), _window(broker, "throttle"),
            broker.get("waitresp_cnt", 0), broker.get("txretries", 0),
            broker.get("req_timeouts", 0), broker.get("disconnects", 0),
        )  # fmt: skip


def _partitions(topics: _Json) -> Iterator[PartitionStatistics]:
    for name, topic in topics.items():
        for partition in topic.get("partitions", {}).values():
            number = partition.get("partition", -1)
            if number < 0:  # where messages without a partition wait
                continue
            is_read = bool(partition.get("desired")) and (
                partition.get("fetch_state", "none") not in _NOT_READ
            )
            yield PartitionStatistics(
                name, number, partition.get("leader", -1), partition.get("leader_epoch", -1),
                partition.get("hi_offset", -1), partition.get("ls_offset", -1),
                partition.get("app_offset", -1), partition.get("next_offset", -1),
                partition.get("fetchq_cnt", 0), is_read,
            )  # fmt: skip
