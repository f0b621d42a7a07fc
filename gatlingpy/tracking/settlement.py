"""How a request ends that was just taken from those that wait: its row, its counts, its user."""

from typing import Final

from gatlingpy.session import Session
from gatlingpy.spi import Services
from gatlingpy.stats.events import REQUEST, Ending
from gatlingpy.tracking.audit import DeliveryAudit
from gatlingpy.tracking.pending import Pending
from gatlingpy.tracking.tally import Tally

_OK: Final = Ending.OK.value
_ANSWERED: Final = frozenset({_OK, Ending.CHECK.value})


class Settlement:
    """The one door through which requests leave.  Thread: user."""

    def __init__(self, services: Services, audit: DeliveryAudit, tally: Tally) -> None:
        """Nothing has ended."""
        self._record = services.record
        self._epoch_offset_ns = services.clock.epoch_offset_ns
        self._audit = audit
        self._unanswered = audit.unanswered
        self._recent = audit.recent
        self._tally = tally
        self._endings = tally.endings

    def end(self, pending: Pending, ending: Ending, end_ns: int, message: str) -> None:
        """End a pending that was just taken; what comes after its deadline finds it timed out."""
        if end_ns > pending.due_ns:
            self.time_out(pending)
        else:
            self.settle(pending, ending.value, end_ns, message)

    def time_out(self, pending: Pending) -> None:
        """End a pending that was just taken as a timeout, stamped at its deadline."""
        terms = pending.terms
        awaited = terms.awaited.capitalize() if terms.reply_topic else "Ack"
        message = f"{awaited} timeout after {pending.terms.timeout_ns / 1e6:g} ms"
        self._audit.timed_out(pending)
        self.settle(pending, Ending.TIMEOUT.value, pending.due_ns, message)

    def settle(
        self,
        pending: Pending,
        ending: str,
        end_ns: int,
        message: str,
        session: Session | None = None,
        due_ns: int | None = None,
    ) -> None:
        """End a pending that its caller has just taken from those that wait: the one door.

        ``due_ns`` is when the user goes on, if that is not at ``end_ns``.
        """
        (token, correlation_id, own, name, groups, sent_session, resume, start_ns, intended_ns,
         _, _, terms) = pending  # fmt: skip
        if not own:
            self._recent.ended(correlation_id, answered=ending in _ANSWERED)
        elif ending not in _ANSWERED:
            self._unanswered.add(token)
        due_ns = end_ns if due_ns is None else due_ns
        if terms.silent:
            self._tally.silent_endings[ending] += 1
            if resume is not None:
                resume(sent_session if session is None else session, due_ns)
            return
        self._endings[ending] += 1
        if terms.begun_before:
            start_ns = intended_ns
        self._record(
            (
                REQUEST,
                groups,
                name,
                start_ns,
                end_ns,
                intended_ns,
                ending,
                message,
                token,
                sent_session.user_id,
                sent_session.scenario,
            )  # type: ignore[arg-type]
        )
        if resume is not None:
            session = sent_session if session is None else session
            if session.blocks or ending != _OK:
                session = session.after_request(end_ns - start_ns, failed=ending != _OK)
            resume(session, due_ns)

    def stamped_ns(self, pending: Pending, received_ns: int, timestamp_ms: int) -> int:
        """Return when the reply was written, by its own timestamp, or received if it has none."""
        tally, counts = self._tally, not pending.terms.silent
        if timestamp_ms <= 0:
            tally.unstamped += counts
            return received_ns
        tally.stamped += counts
        end_ns = timestamp_ms * 1_000_000 - self._epoch_offset_ns
        tally.negative += counts and end_ns < _start_ns(pending)
        return end_ns


def _start_ns(pending: Pending) -> int:
    """Return when the response time of a request starts."""
    return pending.intended_ns if pending.terms.begun_before else pending.start_ns
