"""Load and resilience tests for applications that talk over Kafka, in Gatling's words.

``from gatlingpy import *`` brings everything that a simulation needs.
"""

from gatlingpy.app import Outcome, Settings, compile_plan, run, write_report
from gatlingpy.dsl.assertions import delivery, details, for_all, global_
from gatlingpy.dsl.checks import (
    body_bytes,
    body_string,
    json_path,
    regex,
    response_equals,
    substring,
)
from gatlingpy.dsl.closed_injection import constant_concurrent_users, ramp_concurrent_users
from gatlingpy.dsl.feeders import csv, feeder
from gatlingpy.dsl.message_check import MessageCheck
from gatlingpy.dsl.open_injection import (
    at_once_users,
    constant_users_per_sec,
    nothing_for,
    ramp_users,
    ramp_users_per_sec,
    stress_peak_users,
)
from gatlingpy.dsl.scenario import chain, exec, feed, forever, group, pause, repeat, scenario  # noqa: A004
from gatlingpy.dsl.setup import Run, Simulation
from gatlingpy.dsl.stairs import increment_concurrent_users, increment_users_per_sec
from gatlingpy.dsl.throttle import hold_for, jump_to_rps, reach_rps
from gatlingpy.errors import (
    CheckFailed,
    ExitCode,
    GatlingError,
    PlanError,
    RunInvalid,
    UsageError,
)
from gatlingpy.plan.checks import SerializationType
from gatlingpy.protocols.dummy.dsl import dummy
from gatlingpy.protocols.kafka.dsl import (
    InMemoryRequestStore,
    embedded_broker,
    env,
    kafka,
    kafka_request_reply,
)
from gatlingpy.session import Session

__all__ = [
    "CheckFailed",
    "ExitCode",
    "GatlingError",
    "InMemoryRequestStore",
    "MessageCheck",
    "Outcome",
    "PlanError",
    "Run",
    "RunInvalid",
    "SerializationType",
    "Session",
    "Settings",
    "Simulation",
    "UsageError",
    "at_once_users",
    "body_bytes",
    "body_string",
    "chain",
    "compile_plan",
    "constant_concurrent_users",
    "constant_users_per_sec",
    "csv",
    "delivery",
    "details",
    "dummy",
    "embedded_broker",
    "env",
    "exec",
    "feed",
    "feeder",
    "for_all",
    "forever",
    "global_",
    "group",
    "hold_for",
    "increment_concurrent_users",
    "increment_users_per_sec",
    "json_path",
    "jump_to_rps",
    "kafka",
    "kafka_request_reply",
    "nothing_for",
    "pause",
    "ramp_concurrent_users",
    "ramp_users",
    "ramp_users_per_sec",
    "reach_rps",
    "regex",
    "repeat",
    "response_equals",
    "run",
    "scenario",
    "stress_peak_users",
    "substring",
    "write_report",
]
