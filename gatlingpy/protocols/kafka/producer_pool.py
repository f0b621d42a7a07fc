"""The producers of one protocol, taken in turn."""

from gatlingpy.errors import ProtocolError
from gatlingpy.plan.code import Env
from gatlingpy.protocols.kafka.clients import TransactionalClient
from gatlingpy.protocols.kafka.connection import Connection
from gatlingpy.protocols.kafka.plan import Commit, KafkaProtocol
from gatlingpy.protocols.kafka.producer import KafkaProducerActor, Producer
from gatlingpy.protocols.kafka.producer_conflicts import NO_TRANSACTIONS
from gatlingpy.protocols.kafka.transaction import KafkaTransactionActor, TransactionTerms
from gatlingpy.protocols.kafka.transaction_start import initialise
from gatlingpy.spi import Services

MOST_WAITING = 1_000
"""How many messages wait for a transaction before a user that waits for no ack has to."""
_FLUSH_NS = 5_000_000_000


class ProducerPool:
    """Producer actors, one for each that the plan asks for.  Thread: user, unless told."""

    def __init__(self, plan: KafkaProtocol, services: Services, connection: Connection) -> None:
        """There are none yet."""
        self._plan = plan
        self._services = services
        self._connection = connection
        self._actors: list[Producer] = []
        connection.watch.failures = self.failures
        self._turn = 0

    def prepare(self) -> None:
        """Refuse transactions where there are none; raises ProtocolError."""
        if self._plan.transactional_id is not None and self._connection.is_embedded:
            raise ProtocolError(NO_TRANSACTIONS)

    def start(self) -> None:
        """Make them; raises ProtocolError for a property that the client refuses.

        Transactional ids are taken from whoever has them, which takes a second of the first.
        """
        transactional_id = self._plan.transactional_id
        if isinstance(transactional_id, Env):
            transactional_id = str(transactional_id.resolve())
        if transactional_id is None:
            for number in range(self._plan.num_producers):
                self._actors.append(self._plain(number))
            return
        ids = self._ids(transactional_id)
        cluster = self._connection.cluster()
        clients = {
            name: cluster.transactional_producer(number, name) for number, name in enumerate(ids)
        }
        initialise(clients, self._services.clock.now_ns)
        for number, (name, client) in enumerate(clients.items()):
            self._actors.append(self._transactional(number, name, client))

    def _plain(self, number: int) -> KafkaProducerActor:
        client = self._connection.cluster().producer(number)
        return KafkaProducerActor(client, self._services, number, self._connection.block_ms)

    def _ids(self, transactional_id: str) -> list[str]:
        """Return an id for each producer; those of other segments have numbers of their own."""
        index, _ = self._services.segment
        count = self._plan.num_producers
        return [f"{transactional_id}-{(index - 1) * count + n}" for n in range(count)]

    def _transactional(
        self, number: int, name: str, client: TransactionalClient
    ) -> KafkaTransactionActor:
        by_message = self._plan.transaction_commit is Commit.MESSAGE
        most = 1 if by_message else self._plan.transaction_size
        terms = TransactionTerms(name, most, self._connection.block_ms, MOST_WAITING)
        return KafkaTransactionActor(client, self._services, number, terms)

    def next(self) -> Producer:
        """Return the producer whose turn it is."""
        actors = self._actors
        if len(actors) == 1:
            return actors[0]
        self._turn = (self._turn + 1) % len(actors)
        return actors[self._turn]

    def queue_full(self) -> int:
        """Return how often a message had to wait for room in a client's queue."""
        return sum(actor.queue_full for actor in self._actors)

    def failures(self) -> int:
        """Return how many messages were not delivered.  Thread: any."""
        return sum(actor.failures.count for actor in self._actors)

    def unwatched_delivered(self) -> int:
        """Return how many messages were delivered that nobody waited for."""
        return sum(actor.unwatched_delivered for actor in self._actors)

    def close(self) -> None:
        """Deliver or fail what is left, within seconds, and stop their threads.  Idempotent."""
        now_ns = self._services.clock.now_ns
        until_ns = now_ns() + _FLUSH_NS
        for actor in self._actors:
            actor.close(max(0, until_ns - now_ns()) / 1e9)
