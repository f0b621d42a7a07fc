"""``kafka("name")``: a request that does not say yet what it does."""

from dataclasses import dataclass

from gatlingpy.dsl.compiler import Expression
from gatlingpy.protocols.kafka.consume_builder import KafkaConsumeBuilder
from gatlingpy.protocols.kafka.request_reply_builder import KafkaRequestReplyBuilder
from gatlingpy.protocols.kafka.send_builder import KafkaSendBuilder


@dataclass(frozen=True, slots=True)
class KafkaRequest:
    """A named request that does not say yet what it does."""

    name: Expression
    where: str

    def send(self) -> KafkaSendBuilder:
        """Send a message that no reply is expected to."""
        return KafkaSendBuilder(self.name, self.where)

    def request_reply(self) -> KafkaRequestReplyBuilder:
        """Send a message and wait for the reply to it on another topic."""
        return KafkaRequestReplyBuilder(self.name, self.where)

    def consume(self) -> KafkaConsumeBuilder:
        """Take a record from a topic without having sent anything."""
        return KafkaConsumeBuilder(self.name, self.where)
