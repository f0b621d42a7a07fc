"""What the cluster knows of a run that is over."""

from gatlingpy.stats.events import RequestEvent
from gatlingpy.testing.truth import Sending, SentReply
from gatlingpy.tracking.ids import IdSource
from tests.sim.shapes import Played, id_of


def sendings_of(played: Played) -> dict[bytes, Sending]:
    """Return the truth about each message, by its body, which no other message has."""
    return {s.value or b"": s for s in played.outcome.cluster.sendings}


def replies_of(played: Played) -> list[SentReply]:
    """Return every reply that the system wrote, strays included."""
    cluster = played.outcome.cluster
    return [r for s in cluster.sendings for r in s.replies] + cluster.strays


def own_id(played: Played, row: RequestEvent) -> bytes:
    """Return the correlation id of a request."""
    if played.shape.ids and played.ask(row.name).is_reply:
        return id_of(played.shape, row.user, row.name)
    return IdSource(played.outcome.run_id, (1, 1)).make(row.token)
