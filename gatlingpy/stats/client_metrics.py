"""The names of what Kafka clients tell about themselves, in the order in which reports show them.

They stand here since both sides of the log need them: the protocol that records them as gauges, and
the report that has to know their units.
"""

import re
from dataclasses import dataclass
from typing import Final

SOURCE: Final = "Kafka Metrics"
"""The source of these gauges for the first Kafka protocol of a simulation."""

LAG: Final = "kafka-consumer-lag-max"
ERROR_RATE: Final = "kafka-producer-record-error-rate"
REQUEST_LATENCY: Final = "kafka-producer-request-latency-avg"
FETCH_LATENCY: Final = "kafka-consumer-fetch-latency-avg"
ACK_LATENCY: Final = "kafka-producer-ack-latency-avg"
QUEUE_TIME: Final = "kafka-producer-record-queue-time-avg"
OUTBUF_LATENCY: Final = "kafka-producer-outbuf-latency-avg"
SEND_RATE: Final = "kafka-producer-record-send-rate"
BYTE_RATE: Final = "kafka-producer-byte-rate"
QUEUE_LENGTH: Final = "kafka-producer-queue-length"
BUFFER_AVAILABLE: Final = "kafka-producer-buffer-available-bytes"
BATCH_SIZE: Final = "kafka-producer-batch-size-avg"
BATCH_RECORDS: Final = "kafka-producer-records-per-batch-avg"
COMPRESSION: Final = "kafka-producer-compression-rate-avg"
IN_FLIGHT: Final = "kafka-producer-requests-in-flight"
RETRY_RATE: Final = "kafka-producer-request-retry-rate"
TIMEOUT_RATE: Final = "kafka-producer-request-timeout-rate"
PRODUCER_THROTTLE: Final = "kafka-producer-throttle-time-avg"
TRANSACTION_AGE: Final = "kafka-producer-txn-state-age"
CONSUMED_RATE: Final = "kafka-consumer-records-consumed-rate"
CONSUMED_BYTES: Final = "kafka-consumer-bytes-consumed-rate"
FETCHED: Final = "kafka-consumer-queue-length"
CONSUMER_THROTTLE: Final = "kafka-consumer-throttle-time-avg"
REBALANCES: Final = "kafka-consumer-rebalance-total"


@dataclass(frozen=True, slots=True)
class ClientMetric:
    """What is read of the clients of one protocol, all taken together."""

    name: str
    unit: str
    """Empty for a ratio."""
    title: str


METRICS: Final = (
    ClientMetric(LAG, "records", "Consumer lag, the partition that lags most"),
    ClientMetric(ERROR_RATE, "records/s", "Records that were not delivered"),
    ClientMetric(REQUEST_LATENCY, "ms", "Producer request latency"),
    ClientMetric(FETCH_LATENCY, "ms", "Consumer fetch latency"),
    ClientMetric(ACK_LATENCY, "ms", "Acknowledgement as librdkafka sees it"),
    ClientMetric(QUEUE_TIME, "ms", "Time of records in the producer's queue"),
    ClientMetric(OUTBUF_LATENCY, "ms", "Time of requests in the output buffer"),
    ClientMetric(SEND_RATE, "records/s", "Records sent"),
    ClientMetric(BYTE_RATE, "bytes/s", "Bytes of records sent"),
    ClientMetric(QUEUE_LENGTH, "records", "Records in the producer's queue"),
    ClientMetric(BUFFER_AVAILABLE, "bytes", "Room in the producer's queue"),
    ClientMetric(BATCH_SIZE, "bytes", "Size of a batch, compressed"),
    ClientMetric(BATCH_RECORDS, "records", "Records in a batch"),
    ClientMetric(COMPRESSION, "", "Compressed ÷ uncompressed bytes"),
    ClientMetric(IN_FLIGHT, "requests", "Producer requests in flight"),
    ClientMetric(RETRY_RATE, "requests/s", "Producer requests sent again"),
    ClientMetric(TIMEOUT_RATE, "requests/s", "Producer requests timed out"),
    ClientMetric(PRODUCER_THROTTLE, "ms", "Producers throttled by brokers"),
    ClientMetric(TRANSACTION_AGE, "s", "Age of the transaction's state"),
    ClientMetric(CONSUMED_RATE, "records/s", "Records received"),
    ClientMetric(CONSUMED_BYTES, "bytes/s", "Bytes of records received"),
    ClientMetric(FETCHED, "records", "Records fetched and not yet taken"),
    ClientMetric(CONSUMER_THROTTLE, "ms", "Consumers throttled by brokers"),
    ClientMetric(REBALANCES, "", "Rebalances so far"),
)
"""All of them; the four of the original first."""

BY_NAME: Final = {metric.name: metric for metric in METRICS}

_OF_BROKER: Final = re.compile(r"(.+)-broker-(\d+)")


def source_of(protocol: str) -> str:
    """Return the source of a protocol's metrics, by its id; the first has the bare one."""
    return SOURCE if protocol == "kafka" else f"{SOURCE} {protocol}"


def is_source(source: str) -> bool:
    """Tell whether gauges of this source are metrics of Kafka clients."""
    return source == SOURCE or source.startswith(f"{SOURCE} ")


def is_client_metric(source: str, name: str) -> bool:
    """Tell whether a gauge is one of ``METRICS``, of all brokers or of one."""
    return is_source(source) and whole_and_broker(name)[0] in BY_NAME


def of_broker(name: str, broker: int) -> str:
    """Return the name of a metric's part that belongs to one broker."""
    return f"{name}-broker-{broker}"


def whole_and_broker(name: str) -> tuple[str, int | None]:
    """Return a metric's name and the broker that it is of, or ``None`` if it is of all."""
    match = _OF_BROKER.fullmatch(name)
    if match is None or match.group(1) not in BY_NAME:
        return name, None
    return match.group(1), int(match.group(2))
