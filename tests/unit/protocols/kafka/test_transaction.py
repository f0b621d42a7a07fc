"""The transactional producer: one fate for each message, whatever its transaction runs into."""

from collections import deque

import pytest

from gatlingpy.protocols.kafka.clients import Headers, OnDelivery, WireError, WireMessage
from gatlingpy.protocols.kafka.delivery_failure import describe
from gatlingpy.protocols.kafka.transaction import KafkaTransactionActor, TransactionTerms
from gatlingpy.stats.events import MARK
from gatlingpy.testing.services import ManualServices
from gatlingpy.testing.wire import FakeError, FakeKafkaException

MS = 1_000_000
TOO_LARGE = FakeError(10, "Unable to produce message: Broker: Message size too large")
LATER = FakeError(-185, "Timed out", retriable=True)
ABORT = FakeError(-149, "1 message(s) failed delivery", abort=True)
FENCED = FakeError(-144, "fenced by a newer instance (PID 7)", fatal=True)
STATE = FakeError(-172, "Local: Erroneous state")
FENCED_TEXT = "fenced: another producer uses the transactional id 'pay-0'"


class Client:
    """A client that does as the test says, and keeps what it was asked for."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.failing: dict[str, deque[Exception]] = {}
        self.held: list[tuple[bytes | None, OnDelivery]] = []
        self.room = 100
        self.purged = False

    def fail(self, call: str, *errors: Exception | FakeError) -> None:
        """Let the next calls of this kind fail, each with one of these."""
        self.failing[call] = deque(
            error if isinstance(error, Exception) else FakeKafkaException(error) for error in errors
        )

    def _do(self, call: str) -> None:
        self.calls.append(call)
        if self.failing.get(call):
            raise self.failing[call].popleft()

    def produce(
        self, topic: str, value: bytes | None, key: bytes | None, partition: int,
        on_delivery: OnDelivery, *, timestamp: int, headers: Headers,
    ) -> None:  # fmt: skip
        assert (topic, key, partition, timestamp, headers) == ("topic", b"key", 3, 5, [("h", b"1")])
        self._do(f"produce {(value or b'').decode()}")
        if len(self.held) >= self.room:
            raise BufferError("Local: Queue full")
        self.held.append((value, on_delivery))

    def report(self, value: bytes, error: WireError) -> None:
        """Report that a message was not delivered."""
        dict(self.held)[value](error, None)

    def poll(self, timeout: float) -> int:
        assert timeout == 0
        return 0

    def flush(self, timeout: float) -> int:
        return len(self.held)

    def purge(self) -> None:
        self.purged = True

    def __len__(self) -> int:
        return len(self.held)

    def init_transactions(self, timeout: float) -> None:
        self._do("init")

    def begin_transaction(self) -> None:
        self._do("begin")

    def commit_transaction(self, timeout: float) -> None:
        self._do("commit")
        self.held.clear()

    def abort_transaction(self, timeout: float) -> None:
        self._do("abort")
        self.held.clear()


class Watcher:
    """A message that nobody waits for."""

    def __init__(self) -> None:
        self.accepted_ns = 0
        self.told_ns: list[int] = []

    def accepted(self, now_ns: int) -> None:
        self.told_ns.append(now_ns)


class Shop:
    """An actor and its client; ``fates`` says what became of each message."""

    def __init__(self, most: int = 100, room: int = 0) -> None:
        self.services = ManualServices()
        self.client = Client()
        terms = TransactionTerms("pay-0", most, block_ms=50, room=room)
        self.actor = KafkaTransactionActor(self.client, self.services, 0, terms)
        self.fates: dict[bytes, str] = {}
        self.watchers: dict[bytes, Watcher] = {}
        self.had_room: list[bool] = []

    def send(self, *values: bytes) -> None:
        """Give messages to the actor."""
        for value in values:
            self._send(value)

    def accepted(self, value: bytes) -> list[int]:
        """Return when it was told that the client has a message."""
        return self.watchers[value].told_ns

    def _send(self, value: bytes) -> None:
        watcher = self.watchers[value] = Watcher()

        def told(error: WireError | None, _message: WireMessage | None) -> None:
            assert value not in self.fates
            self.fates[value] = "committed" if error is None else describe(error)

        sent = self.actor.send("topic", value, b"key", [("h", b"1")], 3, 5, told, watcher)
        self.had_room.append(sent)

    def play(self, steps: int = 1) -> None:
        """Play steps of the actor's thread."""
        for _ in range(steps):
            self.services.workers["kafka-transaction-0"].step()
        self.services.settle()

    def marks(self) -> list[object]:
        """Return the marks on the time line."""
        return [event[2] for event in self.services.events if event[0] == MARK]


@pytest.fixture
def shop() -> Shop:
    return Shop()


# --- what a transaction holds ----------------------------------------------------------------------


def test_each_message_has_a_transaction_of_its_own_where_they_hold_one() -> None:
    """In the order of sending; the next begins when the one before is committed."""
    shop = Shop(most=1)
    shop.send(b"1", b"2")
    shop.play()
    assert (shop.client.calls, shop.fates) == (["begin", "produce 1"], {})
    shop.play()
    assert shop.fates == {b"1": "committed"}
    shop.play(2)
    assert shop.client.calls == ["begin", "produce 1", "commit", "begin", "produce 2", "commit"]
    assert shop.fates == {b"1": "committed", b"2": "committed"}


def test_a_batch_is_what_has_gathered() -> None:
    """At most as many as a transaction holds; the others are in the next, with what came since."""
    shop = Shop(most=2)
    shop.send(b"1", b"2", b"3")
    shop.play(2)
    assert shop.fates == {b"1": "committed", b"2": "committed"}
    shop.send(b"4", b"5")
    shop.play(4)
    assert [call for call in shop.client.calls if call != "commit"] == [
        "begin", "produce 1", "produce 2", "begin", "produce 3", "produce 4", "begin", "produce 5",
    ]  # fmt: skip


def test_nothing_is_begun_without_a_message(shop: Shop) -> None:
    """An idle producer asks nothing of the cluster."""
    shop.play(3)
    assert shop.client.calls == []


def test_what_was_learnt_reaches_the_user_thread(shop: Shop) -> None:
    """In the step in which it was learnt."""
    told: list[int] = []
    shop.actor.tell(told.append, 1)
    assert told == []
    shop.play()
    assert told == [1]


def test_a_user_that_waits_for_no_ack_goes_on_while_there_is_room() -> None:
    """There is again when messages have left the mailbox, be it because they failed."""
    shop = Shop(most=1, room=2)
    shop.client.fail("produce 2", TOO_LARGE)
    shop.send(b"1", b"2", b"3")
    assert (shop.had_room, shop.actor.queue_full) == ([True, True, False], 1)
    shop.play(2)
    shop.send(b"4")
    shop.play(2)
    shop.send(b"5")
    assert (shop.had_room[3:], shop.actor.queue_full) == ([False, True], 2)
    shop.play(6)
    assert [len(shop.accepted(value)) for value in (b"1", b"2", b"3", b"4", b"5")] == [
        0, 0, 1, 1, 0,
    ]  # fmt: skip


def test_who_is_fenced_has_room() -> None:
    """Nobody is held up by a producer that does nothing any more."""
    shop = Shop(room=2)
    shop.client.fail("begin", FENCED)
    shop.send(b"1", b"2")
    shop.play()
    shop.send(b"3", b"4")
    shop.play()
    shop.send(b"5")
    assert shop.had_room == [True] * 5


def test_what_has_waited_too_long_makes_room() -> None:
    """It is sent no more, and so does not wait either."""
    shop = Shop(room=1)
    shop.send(b"1")
    shop.services.clock.advance(60 * MS)
    shop.play()
    shop.send(b"2")
    assert shop.had_room == [True, True]


def test_without_room_acceptance_is_told_when_the_client_has_the_message(shop: Shop) -> None:
    """Not when it is left in the mailbox, and not only when it is committed."""
    shop.send(b"1")
    assert shop.accepted(b"1") == []
    shop.services.clock.advance(7 * MS)
    now = shop.services.clock.now_ns()
    shop.play()
    assert (shop.watchers[b"1"].accepted_ns, shop.accepted(b"1"), shop.fates) == (now, [now], {})


# --- messages that cannot be sent -------------------------------------------------------------------


def test_a_message_that_the_client_refuses_fails_alone(shop: Shop) -> None:
    """The others of its transaction are committed; its own user is not left waiting."""
    shop.client.fail("produce 2", TOO_LARGE)
    shop.send(b"1", b"2", b"3")
    shop.play(2)
    assert shop.fates == {
        b"1": "committed",
        b"2": "not delivered: Broker: Message size too large",
        b"3": "committed",
    }
    assert all(len(shop.accepted(value)) == 1 for value in (b"1", b"2", b"3"))


def test_a_partition_that_is_not_there_is_told_in_plain_words(shop: Shop) -> None:
    """Not in the client's."""
    shop.client.fail("produce 1", FakeError(-190, "Local: Unknown partition"))
    shop.send(b"1")
    shop.play()
    assert shop.fates == {b"1": "not delivered: the topic has no partition of that number"}


def test_a_full_queue_ends_a_transaction_early(shop: Shop) -> None:
    """What finds no room is in the next; one that finds none in an empty queue fails."""
    shop.client.room = 2
    shop.send(b"1", b"2", b"3")
    shop.play(4)
    assert set(shop.fates.values()) == {"committed"}
    assert shop.client.calls.count("begin") == 2
    shop.client.room = 0
    shop.send(b"4")
    shop.play(2)
    assert shop.fates[b"4"] == "not delivered: Local: Queue full"


def test_a_message_that_waits_too_long_for_its_turn_fails(shop: Shop) -> None:
    """As a send that blocks for longer than max.block.ms; it is not sent any more."""
    shop.send(b"1")
    shop.play()
    shop.client.fail("commit", LATER, LATER, LATER)
    shop.send(b"2")
    shop.play()
    shop.services.clock.advance(60 * MS)
    shop.send(b"3")
    shop.play(3)
    assert shop.fates == {b"1": "committed"}
    shop.play(2)
    assert shop.fates == {
        b"1": "committed",
        b"2": "not delivered: its transaction did not begin within 50 ms (max.block.ms)",
        b"3": "committed",
    }
    assert "produce 2" not in shop.client.calls


# --- aborts ----------------------------------------------------------------------------------------


def test_a_commit_that_takes_long_is_called_again(shop: Shop) -> None:
    """Until it is done; nothing is told before."""
    shop.client.fail("commit", LATER, LATER)
    shop.send(b"1")
    shop.play(3)
    assert shop.fates == {}
    shop.play()
    assert shop.fates == {b"1": "committed"}
    assert shop.client.calls == ["begin", "produce 1", "commit", "commit", "commit"]


def test_a_transaction_that_cannot_be_committed_is_aborted(shop: Shop) -> None:
    """All of its messages fail with the reason, and the next transaction goes on."""
    shop.client.fail("commit", FakeError(48, "Broker: Transaction timed out", abort=True))
    shop.client.fail("abort", LATER)
    shop.send(b"1", b"2")
    shop.play(3)
    assert shop.fates == {}
    shop.play()
    reason = "transaction aborted: Broker: Transaction timed out"
    assert shop.fates == {b"1": reason, b"2": reason}
    shop.send(b"3")
    shop.play(2)
    assert shop.fates[b"3"] == "committed"
    assert shop.marks() == []


def test_one_message_that_is_not_delivered_takes_the_others_with_it(shop: Shop) -> None:
    """It ends with its own reason, they with its; what the abort purged is no reason."""
    shop.send(b"1", b"2", b"3")
    shop.play()
    shop.client.report(b"2", FakeError(3, "Broker: Unknown topic or partition"))
    shop.client.report(b"1", FakeError(-152, "Local: Purged in queue"))
    shop.client.fail("commit", ABORT)
    shop.play(2)
    own = "not delivered: Broker: Unknown topic or partition"
    others = f"transaction aborted: another message of it was {own}"
    assert shop.fates == {b"1": others, b"2": f"transaction aborted: {own}", b"3": others}


def test_what_does_not_fit_a_failed_transaction_is_in_the_next(shop: Shop) -> None:
    """The client refuses it because of what went wrong before, not for its own sake."""
    shop.client.fail("produce 2", STATE)
    shop.client.fail("commit", ABORT)
    shop.send(b"1", b"2")
    shop.play(5)
    assert shop.fates == {
        b"1": "transaction aborted: 1 message(s) failed delivery",
        b"2": "committed",
    }
    shop.client.fail("produce 3", STATE)
    shop.send(b"3")
    shop.play()
    assert shop.fates[b"3"] == "not delivered: Local: Erroneous state"


def test_a_transaction_that_the_client_skips_is_sent_again(shop: Shop) -> None:
    """Once, and only if nothing of it has left the client; nobody is told twice that it has it."""
    gap = FakeError(45, "skipped sequence numbers", abort=True)
    for values, code, fate in [
        ((b"1", b"2"), -152, "committed"),
        ((b"3", b"4"), -151, "transaction aborted: skipped sequence numbers"),
    ]:
        shop.send(*values)
        shop.play()
        for value in values:
            shop.client.report(value, FakeError(code, "Local: Purged"))
        shop.client.fail("commit", gap)
        shop.play(4)
        assert [shop.fates[value] for value in values] == [fate, fate]
    assert [call for call in shop.client.calls if call.startswith("produce")] == [
        "produce 1", "produce 2", "produce 1", "produce 2", "produce 3", "produce 4",
    ]  # fmt: skip
    assert all(len(watcher.told_ns) == 1 for watcher in shop.watchers.values())


def test_what_is_sent_again_keeps_its_place() -> None:
    """Before what was sent after it."""
    shop = Shop(most=2)
    shop.send(b"1", b"2", b"3")
    shop.play()
    for value in (b"1", b"2"):
        shop.client.report(value, FakeError(-152, "Local: Purged in queue"))
    shop.client.fail("commit", FakeError(45, "skipped sequence numbers", abort=True))
    shop.play(6)
    sent = [call for call in shop.client.calls if call.startswith("produce")]
    assert sent == ["produce 1", "produce 2", "produce 1", "produce 2", "produce 3"]


def test_a_transaction_is_not_skipped_for_ever(shop: Shop) -> None:
    """What is skipped twice has failed."""
    gap = FakeError(45, "skipped sequence numbers", abort=True)
    shop.send(b"1")
    for _ in range(2):
        shop.play()
        shop.client.report(b"1", FakeError(-152, "Local: Purged in queue"))
        shop.client.fail("commit", gap)
        shop.play(2)
    assert shop.fates == {b"1": "transaction aborted: skipped sequence numbers"}


# --- no further transaction -------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["begin", "commit", "abort"])
def test_a_fenced_producer_fails_all_that_comes(shop: Shop, call: str) -> None:
    """Open, waiting and later messages alike; with one mark, and without asking the client."""
    shop.client.fail(call, FENCED)
    if call == "abort":
        shop.client.fail("commit", ABORT)
    shop.send(b"1", b"2")
    shop.play(3)
    assert shop.fates == {b"1": FENCED_TEXT, b"2": FENCED_TEXT}
    asked = len(shop.client.calls)
    shop.send(b"3")
    shop.play()
    assert shop.fates[b"3"] == FENCED_TEXT
    assert all(len(shop.accepted(value)) == 1 for value in (b"1", b"2", b"3"))
    assert len(shop.client.calls) == asked
    assert shop.marks() == [FENCED_TEXT]
    assert shop.client.purged


def test_a_client_that_is_dead_when_it_is_given_a_message_tells_why_at_the_commit(
    shop: Shop,
) -> None:
    """The message itself is told the reason, too."""
    shop.client.fail("produce 1", FakeError(-150, "Local: Fatal error", fatal=True))
    shop.client.fail("commit", FENCED)
    shop.send(b"1")
    shop.play(2)
    assert shop.fates == {b"1": FENCED_TEXT}


def test_any_other_fatal_error_is_told_in_the_clients_words(shop: Shop) -> None:
    """So is what is no error of the client's at all."""
    shop.client.fail("commit", FakeError(-195, "out of sequence", fatal=True))
    shop.send(b"1")
    shop.play(2)
    text = "the producer 'pay-0' is of no use any more: out of sequence"
    assert shop.fates == {b"1": text}
    other = Shop()
    other.client.fail("begin", RuntimeError("closed"))
    other.send(b"1")
    other.play()
    assert other.fates == {b"1": "the producer 'pay-0' is of no use any more: RuntimeError: closed"}


# --- the end ----------------------------------------------------------------------------------------


def test_closing_commits_what_is_open_and_begins_nothing(shop: Shop) -> None:
    """What waits fails; a second close does nothing."""
    shop.client.fail("commit", LATER, LATER)
    shop.send(b"1")
    shop.play()
    shop.send(b"2")
    shop.actor.close(1.0)
    shop.services.settle()
    assert shop.fates == {
        b"1": "committed",
        b"2": "not delivered: the run ended before its transaction began",
    }
    asked = len(shop.client.calls)
    shop.actor.close(1.0)
    assert len(shop.client.calls) == asked
    assert shop.services.workers["kafka-transaction-0"].closed


def test_closing_has_a_bound(shop: Shop) -> None:
    """What is neither committed nor aborted by then is in doubt, and named so."""
    shop.client.fail("commit", *[LATER] * 10_000)
    shop.send(b"1")
    shop.play()
    start_ns = shop.services.clock.now_ns()
    shop.actor.close(0.5)
    assert shop.services.clock.now_ns() - start_ns < 600 * MS
    assert shop.fates[b"1"].startswith("in doubt: the run ended before it was known")
    assert shop.client.purged


def test_closing_a_fenced_producer_keeps_its_reason(shop: Shop) -> None:
    """What comes to it last is told as well."""
    shop.client.fail("begin", FENCED)
    shop.send(b"1")
    shop.play()
    shop.send(b"2")
    shop.actor.close(0.0)
    assert shop.fates[b"2"] == FENCED_TEXT
