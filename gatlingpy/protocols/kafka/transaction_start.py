"""How producers take their transactional ids, before the first user starts."""

from collections.abc import Callable, Mapping
from typing import Final

from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka.clients import TransactionalClient
from gatlingpy.protocols.kafka.transaction_fault import TransactionFault

_SLICE_S: Final = 0.05
_LIMIT_NS: Final = 30_000_000_000
_TIMEOUT_TOO_LONG: Final = 50
_NOT_ALLOWED: Final = 53
_NO_FEATURE: Final = -165


def initialise(clients: Mapping[str, TransactionalClient], now_ns: Callable[[], int]) -> None:
    """Have each client take its id, all of them at once; raises ProtocolError.

    A short call each in turn: the clients go on in the background, and Ctrl-C is heard.
    """
    waiting = dict(clients)
    until_ns = now_ns() + _LIMIT_NS
    while waiting:
        for name, client in list(waiting.items()):
            if _is_initialised(name, client, last_time=now_ns() >= until_ns):
                del waiting[name]


def _is_initialised(name: str, client: TransactionalClient, *, last_time: bool) -> bool:
    try:
        client.init_transactions(_SLICE_S)
    except Exception as error:  # noqa: BLE001 - whatever it was, it is told
        fault = TransactionFault(error)
        if fault.retriable and not last_time:
            return False
        raise ProtocolError(
            f"the transactional id {name!r} could not be taken: {fault.text}; {_remedy(fault)}"
        ) from None
    return True


def _remedy(fault: TransactionFault) -> str:
    match fault.code:
        case code if code == _TIMEOUT_TOO_LONG:
            return "lower transaction.timeout.ms, or raise transaction.max.timeout.ms of the broker"
        case code if code == _NOT_ALLOWED:
            return "allow the client's user to write and describe this transactional id (ACL)"
        case code if code == _NO_FEATURE:
            return "the brokers know no transactions; leave transactional_id(...) out"
    if fault.timed_out:
        return (
            "has the cluster as many brokers as transaction.state.log.replication.factor asks "
            "for, and do they answer?"
        )
    return "leave transactional_id(...) out if transactions are not meant"
