"""What the cluster knows of a run that is over."""

from gatlingpy.stats.events import RequestEvent
from gatlingpy.testing.truth import Sending, SentReply
from gatlingpy.tracking.ids import IdSource
from tests.sim.shapes import Played, gives_ids, id_of, reply_topic


def sendings_of(played: Played) -> dict[bytes, Sending]:
    """Return the truth about each message, by its body, which no other message has."""
    return {s.value or b"": s for s in played.outcome.cluster.sendings}


def replies_of(played: Played) -> list[SentReply]:
    """Return every reply that the system wrote, strays included."""
    cluster = played.outcome.cluster
    return [r for s in cluster.sendings for r in s.replies] + cluster.strays


def own_id(played: Played, row: RequestEvent) -> bytes:
    """Return what tells the correlation id of a request from all others of the run.

    An id that means something on its own reply topic only is told together with the topic.
    """
    ask = played.ask(row.name)
    if not ask.is_reply or not gives_ids(played.shape, row.name):
        return IdSource(played.outcome.run_id, (1, 1)).make(row.token)
    topic = reply_topic(played.shape.number(row.name))
    return _label(played, topic, id_of(played.shape, row.user, row.name))


def id_in(played: Played, reply: SentReply) -> bytes:
    """Return the same of a reply that answers a request."""
    assert reply.answers is not None
    topic = reply.answers.topic.replace("requests", "replies")
    return _label(played, topic, reply.correlation_id or b"")


def id_told(played: Played, detail: str) -> bytes:
    """Return the same of the record of a reply that ended nothing."""
    place, _, told = detail.partition(" ")
    topic, correlation_id = place.partition("[")[0], told.strip("'").encode()
    return _label(played, topic, correlation_id)


def _label(played: Played, topic: str, correlation_id: bytes) -> bytes:
    scoped = played.shape.by != "header" and not correlation_id.startswith(b"gp-")
    return topic.encode() + b"/" + correlation_id if scoped else correlation_id
