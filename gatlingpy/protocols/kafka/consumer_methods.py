"""The part of ``kafka()`` that says how replies are read."""

from typing import Literal, Self

from gatlingpy.dsl.duration import Duration, to_ns
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.protocols.kafka import arguments
from gatlingpy.protocols.kafka.protocol_base import ProtocolBase


class ConsumerMethods(ProtocolBase):
    """Group, polling, commits."""

    __slots__ = ()

    def group_id(self, group_id: str) -> Self:
        """Commit reply offsets under this group; by default each run has a group of its own."""
        return self._with(group_id=arguments.text(group_id, "group_id(...)"))

    def offset_reset(self, begin: Literal["latest", "earliest"]) -> Self:
        """Read topics from their end when the run starts (default), or from what they still hold.

        From the start, replies of earlier runs are read too, and counted as ``foreign``.
        """
        return self._consumer_property("auto.offset.reset", begin, ("latest", "earliest"))

    def isolation_level(self, level: Literal["read_uncommitted", "read_committed"]) -> Self:
        """Read every record (default), or those of committed transactions alone."""
        levels = ("read_uncommitted", "read_committed")
        return self._consumer_property("isolation.level", level, levels)

    def _consumer_property(self, name: str, value: str, known: tuple[str, str]) -> Self:
        if value not in known:
            call = "offset_reset" if name == "auto.offset.reset" else "isolation_level"
            raise UsageError(
                f'{user_line()}: {call}(...) takes "{known[0]}" or "{known[1]}", got {value!r}'
            )
        return self._with(consumer_properties=self.plan.consumer_properties.merged({name: value}))

    def commit_interval(self, interval: Duration | None) -> Self:
        """Commit reply positions so often, 5 s by default; ``None`` commits nothing."""
        if interval is None:
            return self._with(commit_interval_ns=None)
        what = f"{user_line()}: commit_interval(...)"
        return self._with(commit_interval_ns=to_ns(interval, what))

    def sync_commit(self, wait: bool = True) -> Self:  # noqa: FBT001, FBT002 - the original's
        """Have each commit wait for the broker's answer; replies received meanwhile wait as well.

        That puts a round trip into a few response times.  By default nothing waits for commits.
        """
        return self._with(sync_commit=arguments.flag(wait, "sync_commit(...)"))

    def shared_consumer_group(self) -> Self:
        """Let the group assign reply partitions, shared with other injectors, as the original does.

        Needs a store that they share, and requests whose users do not wait for replies.
        """
        return self._with(shared_consumer_group=True)

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
