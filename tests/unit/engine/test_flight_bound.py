"""The bound on what is in flight: the next request waits until one has ended."""

from gatlingpy.engine.flight_bound import FlightBound
from gatlingpy.session import Session
from gatlingpy.spi import Perform, Resume, Settled

NOW_NS = 7


class Yard:
    """A bound of two, and requests that end when the test says so."""

    def __init__(self) -> None:
        self.bound = FlightBound(2, lambda: NOW_NS)
        self.bound.start(0)
        self.sent: list[tuple[int, int]] = []
        """User and intended start of each request that was performed."""
        self.woken: list[int] = []
        self.fails = False
        self.perform = self.bound.bounded(self._bind)

    def _bind(self, settled: Settled) -> Perform:
        self.settled = settled

        def perform(session: Session, intended_ns: int, resume: Resume) -> None:
            self.sent.append((session.user_id, intended_ns))
            resume(session, NOW_NS)
            if self.fails:
                settled()

        return perform

    def ask(self, *users: int) -> "Yard":
        for user in users:
            self.perform(Session("Shop", user), user * 10, self._wake)
        return self

    def _wake(self, session: Session, _due_ns: int) -> None:
        self.woken.append(session.user_id)


def test_requests_wait_for_a_place_in_the_order_in_which_they_came() -> None:
    """And keep their intended starts: the wait is lag."""
    yard = Yard().ask(1, 2, 3, 4, 5)
    assert yard.sent == [(1, 10), (2, 20)]
    yard.settled()
    assert yard.sent[2:] == [(3, 30)]
    yard.settled()
    yard.settled()
    assert yard.sent[3:] == [(4, 40), (5, 50)]
    yard.ask(6)
    assert len(yard.sent) == 5
    yard.settled()
    assert yard.sent[-1] == (6, 60)


def test_a_request_that_cannot_be_sent_gives_its_place_back() -> None:
    """Thousands of them take no stack."""
    yard = Yard()
    yard.fails = True
    left = 5_000

    def again(session: Session, due_ns: int) -> None:
        nonlocal left
        left -= 1
        if left:
            yard.perform(session, due_ns, again)

    yard.perform(Session("Shop", 1), 0, again)
    assert len(yard.sent) == 5_000


def test_a_stop_wakes_who_waits_and_performs_nothing() -> None:
    """Neither what waited, nor what comes later."""
    yard = Yard().ask(1, 2, 3, 4)
    yard.bound.stop()
    yard.bound.stop()
    assert yard.woken == [1, 2, 3, 4]
    yard.settled()
    yard.ask(5)
    assert yard.woken[-1] == 5
    assert len(yard.sent) == 2
