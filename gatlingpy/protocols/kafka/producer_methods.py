"""The part of ``kafka()`` that says how messages are written."""

from typing import Literal, Self

from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import Env
from gatlingpy.protocols.kafka import arguments
from gatlingpy.protocols.kafka.plan import Commit
from gatlingpy.protocols.kafka.protocol_base import ProtocolBase


class ProducerMethods(ProtocolBase):
    """Transactions, idempotence and acknowledgements."""

    __slots__ = ()

    def transactional_id(
        self,
        transactional_id: str | Env,
        commit: Literal["message", "batch"] = "message",
        batch_size: int = 1_000,
    ) -> Self:
        """Send in transactions, the first producer under ``<id>-0``, the next under ``<id>-1``.

        A request counts as sent once its transaction is committed.  ``commit`` says when that is:
        after each ``"message"``, or after the ``"batch"`` of those that came while the transaction
        before was committed, ``batch_size`` at most.
        """
        given: object = transactional_id
        if not isinstance(given, str | Env):
            raise UsageError(
                f"{user_line()}: transactional_id(...) takes text or env(...), got {given!r}"
            )
        if commit not in list(Commit):
            raise UsageError(
                f'{user_line()}: transactional_id(commit=...) takes "message" or "batch", '
                f"got {commit!r}"
            )
        size = arguments.count(batch_size, "transactional_id(batch_size=...)")
        return self._with(
            transactional_id=transactional_id,
            transaction_commit=Commit(commit),
            transaction_size=size,
        )

    def idempotence(self, on: bool = True) -> Self:  # noqa: FBT001, FBT002 - a switch
        """Let brokers drop what a retry of the client writes a second time: on by default."""
        switch = arguments.flag(on, "idempotence(...)")
        return self._produced_with("enable.idempotence", switch)

    def acks(self, acks: Literal["all", 1, 0]) -> Self:
        """Count a message as delivered once all in-sync replicas, the leader, or nobody has it.

        ``"all"`` by default.  With ``1`` or ``0`` idempotence is off unless it is asked for.
        """
        known = ("all", "-1", -1, "1", 1, "0", 0)
        if isinstance(acks, bool) or acks not in known:
            raise UsageError(f'{user_line()}: acks(...) takes "all", 1 or 0, got {acks!r}')
        return self._produced_with("acks", str(acks))

    def _produced_with(self, name: str, value: str | bool) -> Self:  # noqa: FBT001 - a property's
        given = self.plan.producer_properties.merged({name: value})
        return self._with(producer_properties=given)
