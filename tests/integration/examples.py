"""The original's Java blocks by heading, and how the example of each is run by the tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.integration.command_line import ROOT

FOLDER: Final[Path] = ROOT / "simulations" / "examples"

JAVA_BLOCKS: Final[Mapping[str, int]] = {
    "Quick Start Example": 1,
    "Simple Send (Wait for Ack)": 1,
    "Fire and Forget": 1,
    "Raw Consumer (Consume Only)": 1,
    "Custom Headers": 1,
    "CSV Feeder Example": 1,
    "Random Feeder Example": 1,
    "Object Payloads & Serialization": 1,
    "Option A: PostgreSQL (Recommended for Reliability)": 1,
    "Option B: Redis (High Performance)": 1,
    "Idempotent Producers": 1,
    "Transactional Producers (Exactly-Once Semantics)": 1,
    "Consumer Isolation Level": 1,
    "Example Optimized Configuration": 1,
    "1. Basic String Assertions": 1,
    "2. JSON Extraction & Validation": 1,
    "3. Extracting Values for Correlation": 1,
    "Configurable Correlation Header": 1,
    "Timestamp Extraction": 1,
    "Avro Example": 1,
    "Protobuf Example": 1,
    "Handling In-Flight Requests at Test End": 1,
    "Configure Gatling for TLS": 1,
    "3. Asserting on JMX Metrics (Metric Injection)": 2,
    "4. Built-in Gatling Metrics": 2,
    "Scenario 1: Broker Outage During Load": 1,
    "Scenario 2: Consumer Group Rebalancing": 2,
    "Scenario 3: Partition Leader Election": 2,
    "Scenario 4: Application Crash and Resume": 1,
    "Scenario 5: Network Partition (Split Brain)": 1,
    "Best Practices for Chaos Testing": 2,
}
"""Every heading of the original's page with a block of Java below it, and how many there are."""

Counts = Mapping[str, tuple[int, int]]
"""The numbers of good and of failed requests by name."""


@dataclass(frozen=True)
class Example:
    """How an example is run, and what its report must say."""

    counts: Counts
    """Of each request, exactly."""
    parameters: Mapping[str, str] = field(default_factory=lambda: {"duration": "2s"})
    kafka: str = "embedded"
    """What it is run with: ``embedded``, ``real``, ``tls``, or ``registry`` on the embedded one."""
    legs: Counts = field(default_factory=dict)
    """Of each leg, exactly; those that are not named are not looked at."""
    about: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """The least and the most good requests of those whose number depends on the machine."""


def each_second(requests: int, name: str) -> Example:
    """Return an example that sends so many requests of one name a second, all of them good."""
    return Example({name: (2 * requests, 0)})


EXAMPLES: Final[Mapping[str, Example]] = {
    "quick_start_example": each_second(10, "kafka-request-reply"),
    "simple_send": each_second(10, "Kafka Request"),
    "fire_and_forget": each_second(500, "Fire Event"),
    "custom_headers": each_second(10, "Send with Headers"),
    "csv_feeder_example": each_second(10, "Pay"),
    "random_feeder_example": each_second(10, "Pay"),
    "object_payloads_serialization": each_second(10, "Send object"),
    "raw_consumer": Example({"Command": (20, 0), "Consume Event": (20, 0)}),
    "transactional_producers": Example({"Ask": (20, 0)}, kafka="real", legs={"Ask-send": (20, 0)}),
    "idempotent_producers": each_second(10, "Once"),
    "consumer_isolation_level": Example({"Ask": (20, 0)}, kafka="real"),
    "example_optimized_configuration": each_second(1000, "Ask"),
    "basic_string_assertions": each_second(20, "Ask"),
    "json_extraction_validation": each_second(20, "Order"),
    "extracting_values_for_correlation": each_second(10, "Ask"),
    "configurable_correlation_header": each_second(10, "Ask"),
    "avro_example": Example({"Send user": (20, 0)}, kafka="registry"),
    "protobuf_example": Example({"Send person": (20, 0)}, kafka="registry"),
    "timestamp_extraction": each_second(10, "Ask"),
    "handling_in_flight_requests_at_test_end": Example(
        {"Ask": (15 + 40, 0)},
        {"users_per_sec": "20", "ramp": "1s", "duration": "2s", "cooldown": "0s"},
    ),
    "configure_gatling_for_tls": Example({"Ask": (20, 0)}, kafka="tls"),
    "asserting_on_jmx_metrics": Example(
        {"Ask": (20, 0)}, {"duration": "2s", "interval": "500ms"}, kafka="real"
    ),
    "built_in_gatling_metrics": Example(
        {"PaymentRequest": (20, 0)},
        {"duration": "2s", "store_ms": "10000", "send_ms": "10000"},
        legs={"PaymentRequest-send": (20, 0), "PaymentRequest-store": (20, 0)},
    ),
    "scenario_1_broker_outage_during_load": each_second(50, "Request"),
    "scenario_2_consumer_group_rebalancing": Example(
        {}, {"ramp": "500ms", "duration": "2200ms"}, about={"Order": (40, 80)}
    ),
    "scenario_3_partition_leader_election": each_second(50, "Request"),
    "scenario_4_application_crash_and_resume": each_second(10, "Transaction"),
    "scenario_5_network_partition": each_second(50, "Request"),
    "best_practices_for_chaos_testing": Example(
        {"Request": (100, 0)}, {"duration": "2s", "cooldown": "0s", "script": "touch trouble"}
    ),
}
