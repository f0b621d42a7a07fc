"""The codecs of one protocol at work: what writes values, and what reads them for checks."""

from collections.abc import Callable
from typing import Final, TypeAlias

from gatlingpy.errors import ExpressionError, ProtocolError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import Expr
from gatlingpy.plan.expression import constant
from gatlingpy.protocols.kafka.codecs.codec import Codec, Encode, Reader
from gatlingpy.protocols.kafka.codecs.learner import Learner, TakeBatch
from gatlingpy.protocols.kafka.codecs.opening import CodecOpener
from gatlingpy.protocols.kafka.codecs.plan import CodecPlan
from gatlingpy.protocols.kafka.codecs.registry import Connect
from gatlingpy.protocols.kafka.encoding_choice import reply_encoding, request_encoding
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.protocols.kafka.requests import Encoding
from gatlingpy.protocols.kafka.serialization import serialize
from gatlingpy.spi import Services
from gatlingpy.tracking.decoding import DECODERS, Format, plain_format

Write: TypeAlias = Callable[[object, str], bytes | None]
"""Writes a value for a topic; raises ExpressionError for one that it cannot write."""

WriteKey: TypeAlias = Callable[[object, str], bytes | None]
"""Writes a key for a topic; raises ExpressionError for one that it cannot write."""

_TEXT: Final = plain_format(SerializationType.STRING)
_AS_IS: Final = (str, bytes, bytearray, memoryview)
_BY_TYPE: Final = (None, SerializationType.JSON)
"""Encodings that write any value by its type."""


class Encodings:
    """Opens each codec of a protocol once.

    Guarantees: what topics are constant is asked of the registry here, while requests are bound;
    what the registry refuses is a ProtocolError then.
    """

    def __init__(
        self, plan: KafkaProtocol, services: Services, connect: Connect | None = None
    ) -> None:
        """Nothing is opened yet; ``connect`` takes the place of Confluent's client in tests."""
        self._plan = plan
        self._now_ns = services.clock.now_ns
        self._opener = CodecOpener(plan.registry, services, connect)
        self._learner = Learner(services)
        self.unread_since_ns = self._learner.unread_since_ns
        self._encoders: dict[tuple[CodecPlan, bool], dict[str, Encode]] = {}
        self._running = False
        self._written = 0
        self._written_ns = 0

    def write(self, encoding: Encoding, topic: Expr | None = None) -> Write:
        """Return what writes values; raises ProtocolError if its codec cannot be used.

        ``topic`` is where they go, if that is known.
        """
        chosen = self._known(request_encoding(self._plan.codecs, encoding))
        if isinstance(chosen, CodecPlan):
            return self._codec_write(chosen, topic, key=False)
        codec = self._plan.value_codec
        if chosen in _BY_TYPE or codec is None or not codec.writes:
            return lambda value, _topic: serialize(value, chosen)
        # As in Java: the protocol's serializer does the work; text or bytes tell how checks read.
        write = self._codec_write(codec, topic, key=False)
        return lambda value, topic: (
            serialize(value, chosen) if isinstance(value, _AS_IS) else write(value, topic)
        )

    def write_key(self, topic: Expr | None = None) -> WriteKey | None:
        """Return what writes keys, or ``None`` if they are text, bytes or numbers."""
        codec = self._plan.key_codec
        return None if codec is None else self._codec_write(codec, topic, key=True)

    def requests(self, encoding: Encoding, topic: Expr | None = None) -> Format:
        """Return how checks read requests."""
        chosen = self._known(request_encoding(self._plan.codecs, encoding))
        if isinstance(chosen, CodecPlan) and not chosen.reads:
            chosen = reply_encoding(self._plan.codecs, None)
        return self._format(chosen, topic, watched=False)

    def replies(self, encoding: Encoding, topic: Expr | None = None) -> Format:
        """Return how checks read replies and consumed records."""
        return self._format(
            self._known(reply_encoding(self._plan.codecs, encoding)), topic, watched=True
        )

    def start(self) -> None:
        """Ask the registry for nothing but what is needed at once: users are about to run."""
        self._running = True

    def learning(self, take: TakeBatch) -> TakeBatch:
        """Return what takes batches, and passes them on once they can be read.  Thread: user."""
        return self._learner.before(take)

    def counters(self) -> dict[str, int]:
        """Return how many values codecs have written, and how long that took in all."""
        if not self._opener.opened:
            return {}
        return {
            "values_serialized": self._written,
            "serializing_us": self._written_ns // 1_000,
        }

    def close(self) -> None:
        """Stop asking the registry.  Idempotent."""
        self._learner.close()
        self._opener.close()

    def _known(self, chosen: Encoding) -> Encoding:
        if isinstance(chosen, SerializationType) and chosen not in DECODERS:
            raise ProtocolError(f"there is no codec for {chosen}; give the request one")
        return chosen

    def _codec_write(self, plan: CodecPlan, topic: Expr | None, *, key: bool) -> Write:
        codec = self._opener.codec(plan)
        encoders = self._encoders.setdefault((plan, key), {})
        known = None if topic is None else constant(topic)
        if isinstance(known, str) and known not in encoders:
            encoders[known] = codec.encode_for(known, key=key)
        now_ns = self._now_ns

        def write(value: object, topic: str) -> bytes | None:
            if value is None:
                return None
            encode = encoders.get(topic)
            if encode is None:
                encode = encoders[topic] = _late(codec, topic, key=key)
            start = now_ns()
            written = encode(value)
            self._written_ns += now_ns() - start
            self._written += 1
            return written

        return write

    def _format(self, chosen: Encoding, topic: Expr | None, *, watched: bool) -> Format:
        if chosen is None:
            return _TEXT
        if not isinstance(chosen, CodecPlan):
            return plain_format(chosen)
        known = None if topic is None else constant(topic)
        name = known if isinstance(known, str) else ""
        reader: Reader = self._opener.codec(chosen).reader(name, ahead=not self._running)
        if watched:
            self._learner.watch(name, reader)
        return Format(chosen.serialization, reader.decode, reader.tree)


def _late(codec: Codec, topic: str, *, key: bool) -> Encode:
    """Open a topic that only a user's session named: the registry may have to be asked now."""
    try:
        return codec.encode_for(topic, key=key)
    except ProtocolError as error:
        raise ExpressionError(str(error)) from error
