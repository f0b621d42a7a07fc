"""The producers of one protocol, taken in turn."""

from gatlingpy.protocols.kafka.connection import Connection
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.protocols.kafka.producer import KafkaProducerActor
from gatlingpy.spi import Services

_FLUSH_S = 5.0


class ProducerPool:
    """Producer actors, one for each that the plan asks for.  Thread: user, unless told."""

    def __init__(self, plan: KafkaProtocol, services: Services, connection: Connection) -> None:
        """There are none yet."""
        self._plan = plan
        self._services = services
        self._connection = connection
        self._actors: list[KafkaProducerActor] = []
        self._turn = 0

    def start(self) -> None:
        """Make them; raises ProtocolError for a property that the client refuses."""
        cluster = self._connection.cluster()
        for number in range(self._plan.num_producers):
            client = cluster.producer(number)
            actor = KafkaProducerActor(client, self._services, number, self._connection.block_ms)
            self._actors.append(actor)

    def next(self) -> KafkaProducerActor:
        """Return the producer whose turn it is."""
        actors = self._actors
        if len(actors) == 1:
            return actors[0]
        self._turn = (self._turn + 1) % len(actors)
        return actors[self._turn]

    def queue_full(self) -> int:
        """Return how often a message had to wait for room in a client's queue."""
        return sum(actor.queue_full for actor in self._actors)

    def unwatched_delivered(self) -> int:
        """Return how many messages were delivered that nobody waited for."""
        return sum(actor.unwatched_delivered for actor in self._actors)

    def close(self) -> None:
        """Deliver or fail what is left, and stop their threads.  Idempotent."""
        for actor in self._actors:
            actor.close(_FLUSH_S)
