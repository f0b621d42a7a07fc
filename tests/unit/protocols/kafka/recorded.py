"""What librdkafka told of a producer and a consumer while a broker of three was killed.

Recorded from Apache Kafka 4.3 with librdkafka 2.16, a report a second, and trimmed: broker 2 was
killed between the fourth and the fifth report, the partitions it led moved to broker 3 later.
"""

import json
from pathlib import Path

from gatlingpy.protocols.kafka.client_statistics import ClientStatistics, read_statistics

_FILE = Path(__file__).parent / "recorded_statistics.jsonl"


def recorded_json(client: str) -> list[str]:
    """Return the reports of ``producer`` or ``consumer``, as librdkafka writes them."""
    lines = [json.loads(line) for line in _FILE.read_text(encoding="utf-8").splitlines()]
    return [json.dumps(line["report"]) for line in lines if line["client"] == client]


def recorded(client: str) -> list[ClientStatistics]:
    """Return the reports of ``producer`` or ``consumer``, read."""
    return [read_statistics(client, text) for text in recorded_json(client)]
