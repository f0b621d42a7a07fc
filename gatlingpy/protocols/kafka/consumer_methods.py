"""The part of ``kafka()`` that says how replies are read."""

from typing import Self

from gatlingpy.dsl.duration import Duration, to_ns
from gatlingpy.dsl.where import user_line
from gatlingpy.protocols.kafka import arguments
from gatlingpy.protocols.kafka.protocol_base import ProtocolBase


class ConsumerMethods(ProtocolBase):
    """Group, polling, commits."""

    __slots__ = ()

    def group_id(self, group_id: str) -> Self:
        """Commit reply offsets under this group; by default each run has a group of its own."""
        return self._with(group_id=arguments.text(group_id, "group_id(...)"))

    def poll_timeout(self, timeout: Duration) -> Self:
        """Let consumers wait so long in one poll; it never delays a reply, 0.1 s by default."""
        return self._with(poll_timeout_ns=to_ns(timeout, f"{user_line()}: poll_timeout(...)"))

    def timeout_check_interval(self, interval: Duration) -> Self:
        """Look so often for requests that another injector left in a shared store.

        Timeouts of this injector's own requests are noticed by a timer and stamped at their
        deadline, whatever this is.
        """
        what = f"{user_line()}: timeout_check_interval(...)"
        return self._with(timeout_check_interval_ns=to_ns(interval, what))
