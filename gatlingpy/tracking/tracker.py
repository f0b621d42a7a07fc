"""Every request ends exactly once: opened before it is sent, ended by whoever takes it.

    open ──▶ waiting ──reply──▶ ok │ check
                     ──due────▶ timeout          stamped at the deadline, whenever it is noticed
                     ──no delivery▶ send
                     ──consumer dead▶ consumer
                     ──same id again▶ displaced
                     ──end of run──▶ run-ended

Guarantees: an ending belongs to the sending it names (a token, not an id), and none but that of
the run is stamped after the deadline; a reply received before it is never a timeout, if word of it
arrives within the grace.  Replies that end nothing are named and counted.

Assumes that all calls come from one thread, the user thread.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Generic, TypeVar

from gatlingpy.session import Session
from gatlingpy.spi import Message, Resume, Services
from gatlingpy.stats.events import Ending, ReplyKind
from gatlingpy.tracking.alarm import NOTHING_UNREAD, Alarm
from gatlingpy.tracking.audit import DeliveryAudit
from gatlingpy.tracking.deadlines import SWEEP_ABOVE, Deadlines
from gatlingpy.tracking.ids import IdSource
from gatlingpy.tracking.pending import Pending, Terms, pending_of
from gatlingpy.tracking.settlement import Settlement
from gatlingpy.tracking.tally import Tally

M = TypeVar("M")

_SWEEP_MASK: Final = SWEEP_ABOVE - 1
_OK: Final = Ending.OK.value
_CHECK: Final = Ending.CHECK.value


class Tracker(Generic[M]):
    """The requests in flight of one protocol."""

    def __init__(
        self,
        services: Services,
        view: Callable[[M], Message],
        protocol: str = "",
        unread_since_ns: Callable[[], int] = lambda: NOTHING_UNREAD,
    ) -> None:
        """Nothing is in flight; ``view`` shows a reply of the protocol's own kind to checks.

        ``protocol`` tells the ids of this protocol from those of others in the run: digits, or
        nothing for one of them.  ``unread_since_ns`` tells when the oldest reply was received that
        is on its way here but must wait, or ``NOTHING_UNREAD``: no request that was due later is
        taken for unanswered.
        """
        self._view = view
        self._now_ns = services.clock.now_ns
        self._waiting: dict[bytes, Pending] = {}
        self._deadlines = Deadlines(self.is_waiting)
        self._alarm = Alarm(services, self._deadlines, self._expire, unread_since_ns)
        self._tokens = services.tokens
        ids = IdSource(services.run_id, services.segment, protocol)
        self._prefix = ids.prefix
        self.new_uuid = ids.uuid
        """Makes an id that looks like a random UUID, to be given to ``open``."""
        self._audit = DeliveryAudit(services.record, ids)
        self.not_for_replies_alone = self._audit.not_for_replies_alone
        self._tally = Tally()
        settlement = Settlement(services, self._audit, self._tally)
        self._settle, self._end = settlement.settle, settlement.end
        self._time_out, self._stamped_ns = settlement.time_out, settlement.stamped_ns

    def is_waiting(self, pending: Pending) -> bool:
        """Tell whether a request has not ended."""
        return self._waiting.get(pending.correlation_id) is pending

    # --- opening ---------------------------------------------------------------------------------

    def open(
        self,
        terms: Terms,
        name: str,
        session: Session,
        resume: Resume | None,
        start_ns: int,
        intended_ns: int,
        value: bytes | None,
        given_id: bytes | None = None,
    ) -> Pending:
        """Register a request; call it before the message may leave.

        The id is one of our own unless the user has given one; whoever waits under a given id is
        ended as ``displaced``.
        """
        tokens, tally = self._tokens, self._tally
        token = tokens.next
        tokens.next = token + 1
        tally.opened = opened = tally.opened + 1
        timeout_ns = terms.timeout_ns
        due_ns = start_ns + timeout_ns
        if given_id is None:
            correlation_id = b"%b%x" % (self._prefix, token)
        else:
            correlation_id = given_id
            self._displace(given_id, start_ns)
        pending = pending_of(
            (
                token,
                correlation_id,
                given_id is None,
                name,
                session.groups if session.blocks else (),
                session,
                resume,
                start_ns,
                intended_ns,
                due_ns,
                value,
                terms,
            )
        )
        self._waiting[correlation_id] = pending
        self._deadlines.queues[timeout_ns].append(pending)
        if not opened & _SWEEP_MASK:
            self._deadlines.sweep(len(self._waiting))
        if due_ns < self._alarm.armed_ns:
            self._alarm.arm(due_ns)
        if terms.silent:
            tally.silent += 1
        return pending

    def token(self) -> int:
        """Return the number of a sending that is not tracked."""
        token = self._tokens.next
        self._tokens.next = token + 1
        return token

    def _displace(self, correlation_id: bytes, now_ns: int) -> None:
        displaced = self._waiting.pop(correlation_id, None)
        if displaced is not None:
            message = "another request was sent with the same correlation id"
            self._end(displaced, Ending.DISPLACED, now_ns, message)

    # --- ending ----------------------------------------------------------------------------------

    def answered(self, correlation_id: bytes | None, received_ns: int, message: M) -> None:
        """Take note of a reply; ends the request that waits for it, if there is one."""
        pending = self._waiting.pop(correlation_id, None)  # type: ignore[arg-type]
        if pending is None:
            reply = self._view(message)
            self._audit.unmatched(correlation_id, received_ns, reply, self._tokens.next)
            return
        if not pending.start_ns <= received_ns <= pending.due_ns:
            self._out_of_time(pending, received_ns, self._view(message))
            return
        terms = pending.terms
        end_ns = received_ns
        if terms.to_timestamp:
            end_ns = self._stamped_ns(pending, received_ns, self._view(message).timestamp_ms)
        verdict = terms.verdict
        if verdict is None:
            self._settle(pending, _OK, end_ns, "", None, received_ns)
            return
        session, failure = verdict(pending.value, self._view(message), pending.session)
        if failure is None:
            self._settle(pending, _OK, end_ns, "", session, received_ns)
        else:
            self._settle(pending, _CHECK, end_ns, failure, session, received_ns)

    def claims(self, correlation_id: bytes) -> bool:
        """Tell whether a reply with this id is to be given to ``answered``, whatever else it holds.

        So it is if a request waits for the id, or if the id is of our own: then it is that of one
        request and of no other, be it an answered one.
        """
        return correlation_id in self._waiting or correlation_id.startswith(self._prefix)

    def unclaimed(
        self, ids: Sequence[bytes], received_ns: int, message: M, why_none: str = ""
    ) -> None:
        """Take note of a reply that holds these ids, of which none is claimed.

        ``why_none`` tells why no id could be found.
        """
        likeliest = self._audit.likeliest(ids)
        reply, issued = self._view(message), self._tokens.next
        self._audit.unmatched(likeliest, received_ns, reply, issued, why_none=why_none)

    def _out_of_time(self, pending: Pending, received_ns: int, reply: Message) -> None:
        """Take note of a reply that came too late, or that is older than the request itself."""
        issued = self._tokens.next
        if received_ns > pending.due_ns:
            self._time_out(pending)
            self._audit.unmatched(pending.correlation_id, received_ns, reply, issued, pending)
        else:
            # It belongs to an earlier request with the same id; this one goes on waiting.
            self._waiting[pending.correlation_id] = pending
            self._audit.unmatched(pending.correlation_id, received_ns, reply, issued)

    def offered(self, pending: Pending, received_ns: int, message: M) -> bool:
        """Give a record to a request that waits for one, and tell whether it was taken.

        It is not if the request has ended, or ends now because the record came too late.  A record
        that was there before the response time starts counts as received at its start.
        """
        if not self.is_waiting(pending):
            return False
        if received_ns > pending.due_ns:
            self._end_if_waiting(pending, Ending.TIMEOUT, received_ns, "")
            return False
        del self._waiting[pending.correlation_id]
        terms, began_ns = pending.terms, pending.start_ns
        end_ns = max(received_ns, pending.intended_ns if terms.begun_before else began_ns)
        session, failure = None, None
        if terms.verdict is not None:
            session, failure = terms.verdict(None, self._view(message), pending.session)
        ending = _OK if failure is None else _CHECK
        due_ns = max(received_ns, began_ns)
        self._settle(pending, ending, end_ns, failure or "", session, due_ns)
        return True

    def unread(self, pending: Pending, end_ns: int, message: str) -> None:
        """End a request whose topic nobody reads; one that has ended already stays as it is."""
        self._end_if_waiting(pending, Ending.CONSUMER, end_ns, message)

    def acked(self, pending: Pending, end_ns: int) -> None:
        """End a send that its user waits for, as ok, or as a timeout if the ack came too late."""
        self._end_if_waiting(pending, Ending.OK, end_ns, "")
        if end_ns > pending.due_ns:
            self.delivered_late(pending, end_ns)

    def delivered_late(self, pending: Pending, at_ns: int) -> None:
        """Take note that a request was delivered after its deadline."""
        self._audit.delivered_late(pending, at_ns, waiting=self.is_waiting(pending))

    def send_failed(self, pending: Pending, end_ns: int, message: str) -> None:
        """End a request that was not delivered; one that has ended already stays as it is."""
        self._end_if_waiting(pending, Ending.SEND, end_ns, message)

    def consumer_failed(self, reply_topic: str, end_ns: int, message: str) -> None:
        """End every request that waits for a reply from this topic."""
        for pending in list(self._waiting.values()):
            if pending.terms.reply_topic == reply_topic:
                self._end_if_waiting(pending, Ending.CONSUMER, end_ns, message)

    def end_all(self) -> None:
        """End whatever waits, because the run is over; those past their deadline as timeouts."""
        now = self._now_ns()
        for pending in list(self._waiting.values()):
            message = f"the run ended before a {pending.terms.awaited} came"
            self._end_if_waiting(pending, Ending.RUN_ENDED, now, message)

    def _end_if_waiting(self, pending: Pending, ending: Ending, end_ns: int, message: str) -> None:
        if self.is_waiting(pending):
            del self._waiting[pending.correlation_id]
            self._end(pending, ending, end_ns, message)

    def _expire(self, now_ns: int) -> None:
        for pending in list(self._deadlines.due(now_ns)):
            if self.is_waiting(pending):
                del self._waiting[pending.correlation_id]
                self._time_out(pending)

    # --- figures ---------------------------------------------------------------------------------

    def in_flight(self) -> int:
        """Return how many requests wait."""
        return len(self._waiting)

    def latest_due_ns(self) -> int:
        """Return when the last of those that wait is due, or 0."""
        return self._deadlines.latest_due_ns()

    def counters(self) -> Mapping[str, int]:
        """Return what was registered, how it ended and what came besides."""
        counts = dict(self._tally.counters(len(self._waiting)))
        counts |= {f"reply.{kind}": self._audit.counts()[kind] for kind in ReplyKind}
        if self._audit.of_siblings:
            counts["replies_of_other_protocols"] = self._audit.of_siblings
        return counts
