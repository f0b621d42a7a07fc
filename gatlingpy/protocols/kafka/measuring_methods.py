"""The part of ``kafka()`` that says what is measured."""

from typing import Self

from gatlingpy.dsl.duration import Duration, to_ns
from gatlingpy.dsl.where import user_line
from gatlingpy.protocols.kafka import arguments
from gatlingpy.protocols.kafka.protocol_base import ProtocolBase


class MeasuringMethods(ProtocolBase):
    """Client metrics, legs and timestamps."""

    __slots__ = ()

    def metric_injection_interval(self, interval: Duration) -> Self:
        """Record what the Kafka clients tell of themselves so often, as ``Kafka Metrics``.

        Seconds, a ``timedelta`` or text such as ``"500ms"``; by default there are no metrics.
        They can be asserted: ``details("Kafka Metrics").max("kafka-consumer-lag-max").lt(100)``.
        """
        what = f"{user_line()}: metric_injection_interval(...)"
        return self._with(metric_injection_interval_ns=to_ns(interval, what))

    def measure_store_latency(self, measured: bool = True) -> Self:  # noqa: FBT001, FBT002
        """Time the writing of each request into the store, as the leg ``<name>-store``."""
        what = "measure_store_latency(...)"
        return self._with(measure_store_latency=arguments.flag(measured, what))

    def use_timestamp_header(self, used: bool = True) -> Self:  # noqa: FBT001, FBT002
        """End a request-reply at the timestamp of its reply instead of at its receipt.

        That is the wall clock of whoever wrote the reply, or of the broker where the topic says
        ``LogAppendTime``, in whole milliseconds: what the clocks differ by is in every duration.
        """
        return self._with(use_timestamp_header=arguments.flag(used, "use_timestamp_header(...)"))
