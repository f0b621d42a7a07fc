"""Consumers whose partitions the group assigns: positions are resolved once, and nothing is lost."""

import pytest

from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka.clients import WireMessage
from gatlingpy.protocols.kafka.consumer import ConsumerPolicy
from gatlingpy.protocols.kafka.group_consumer import GroupConsumerActor
from gatlingpy.protocols.kafka.group_reading import GroupReading
from gatlingpy.stats.events import MARK
from gatlingpy.testing.broker import FakeCluster
from gatlingpy.testing.consumer import FakeConsumer
from gatlingpy.testing.services import ManualServices
from gatlingpy.testing.wire import Record

TOPIC = "replies"


class Group:
    """Members of one group on a topic, and what they have read."""

    def __init__(self, partitions: int = 4, *, from_start: bool = False) -> None:
        self.services = ManualServices()
        self.cluster = FakeCluster(self.services.clock, {TOPIC: partitions})
        self.from_start = from_start
        self.read: list[bytes] = []
        self.deaths: list[str] = []
        self.actors: list[GroupConsumerActor] = []

    def join(self) -> FakeConsumer:
        number = len(self.actors)
        client = self.cluster.consumer("group", number)
        actor = GroupConsumerActor(
            client, self.services, f"group-{number}", ConsumerPolicy(), self.take,
            self.deaths.append, from_start=self.from_start,
        )  # fmt: skip
        self.actors.append(actor)
        actor.subscribe([TOPIC])
        assert isinstance(client, FakeConsumer)
        return client

    def take(self, batch: list[WireMessage], _received_ns: int) -> None:
        self.read += [message.value() or b"" for message in batch]

    def write(self, *values: bytes) -> None:
        for value in values:
            self.cluster.write(Record(TOPIC, None, value, ()))

    def play(self, *numbers: int) -> None:
        for number in numbers or range(len(self.actors)):
            worker = self.services.workers[f"kafka-consume-group-{number}"]
            if not worker.closed:
                worker.step()
                self.services.settle()

    def marks(self) -> list[str]:
        return [event[2] for event in self.services.events if event[0] == MARK]  # type: ignore[misc]


def values(count: int, start: int = 0) -> list[bytes]:
    return [b"%d" % n for n in range(start, start + count)]


def test_reading_begins_at_the_end_as_it_was_at_the_first_assignment() -> None:
    """That position is committed at once, so that every later owner goes on from there."""
    group = Group()
    group.write(*values(10))
    client = group.join()
    assert not group.actors[0].is_assigned
    group.play()
    assert group.actors[0].is_assigned
    ends = {(TOPIC, p): group.cluster.watermarks(TOPIC, p)[1] for p in range(4)}
    assert client.places == group.cluster.group.committed == ends
    group.write(*values(10, 10))
    group.play()
    assert sorted(group.read) == values(10, 10)


def test_from_the_start_what_the_topic_holds_is_read() -> None:
    """If nothing was committed before."""
    group = Group(from_start=True)
    group.write(*values(10))
    group.join()
    group.play()
    assert sorted(group.read) == values(10)


def test_nothing_is_lost_when_members_come_and_go() -> None:
    """What came while partitions changed hands is read by their new owner, and nothing twice."""
    group = Group()
    group.join()
    group.play()
    group.write(*values(20))
    group.play()
    group.join()
    group.write(*values(20, 20))
    group.play()
    group.play()
    assert group.marks()[-3:] == [
        "group-0 gave up replies[0], replies[1], replies[2], replies[3]",
        "group-0 was assigned replies[0], replies[2]",
        "group-1 was assigned replies[1], replies[3]",
    ]
    group.write(*values(20, 40))
    group.actors[0].close()
    group.write(*values(20, 60))
    group.play()
    group.play()
    assert sorted(group.read, key=int) == values(80)


def test_a_position_that_could_not_be_committed_is_remembered() -> None:
    """The worst is that something is read twice, never that it is skipped."""
    group = Group(partitions=1)
    client = group.join()
    client.refusing = ""
    commit = client.commit

    def failing(**_how: object) -> None:
        client._failures.append("not coordinator")

    client.commit = failing  # type: ignore[method-assign, assignment]
    group.play()
    group.write(*values(5))
    group.play()
    group.cluster.group._deal()
    group.write(*values(5, 5))
    group.play()
    assert sorted(group.read, key=int) == sorted([*values(5), *values(10)], key=int)
    assert group.actors[0].commits_failed >= 2
    client.commit = commit  # type: ignore[method-assign]


def test_a_member_that_cannot_learn_where_to_read_is_dead() -> None:
    """With the reason, not silent."""
    group = Group()
    client = group.join()
    client.refusing = "Group authorization failed"
    group.play()
    assert group.deaths == ["Group authorization failed"]
    assert not group.actors[0].is_assigned


# --- all members of one injector -----------------------------------------------------------------


@pytest.fixture
def played() -> Group:
    group = Group()

    rest = group.services.sleep

    def sleep(length_ns: int) -> None:
        """Play every thread; one that sleeps itself only lets time pass."""
        group.services.clock.advance(length_ns)
        group.services.sleep = rest  # type: ignore[method-assign]
        for worker in group.services.workers.values():
            worker.step()
        group.services.settle()
        group.services.sleep = sleep  # type: ignore[method-assign]

    group.services.sleep = sleep  # type: ignore[method-assign]
    return group


def reading(group: Group, members: int) -> GroupReading:
    return GroupReading(group.cluster, group.services, members, ConsumerPolicy(), from_start=False)


def test_the_run_begins_when_every_member_has_its_share_at_known_positions(played: Group) -> None:
    """Be it nothing, where there are more members than partitions."""
    members = reading(played, 5)
    members.start([TOPIC], played.take, lambda topic, cause: None)
    assert all(actor.is_assigned for actor in members.actors)
    assert len(played.cluster.group.committed) == 4
    played.write(*values(20))
    for worker in played.services.workers.values():
        worker.step()
    played.services.settle()
    assert sorted(played.read, key=int) == values(20)


def test_a_group_that_assigns_nothing_is_given_up_with_the_reason(played: Group) -> None:
    """After a minute; or at once if a member is dead."""
    played.cluster.group.join = lambda member: None  # type: ignore[method-assign]
    began = played.services.clock.now_ns()
    with pytest.raises(ProtocolError, match=r"2 of 2 consumers have no part.*assigned in 60 s"):
        reading(played, 2).start([TOPIC], played.take, lambda topic, cause: None)
    assert played.services.clock.now_ns() - began >= 60_000_000_000


def test_a_member_that_dies_before_the_run_ends_the_waiting(played: Group) -> None:
    """Its cause is told, for every topic."""
    told: list[tuple[str, str]] = []
    played.cluster.consumer = lambda name, number: _refused(played)  # type: ignore[method-assign]
    with pytest.raises(ProtocolError, match="Group authorization failed"):
        reading(played, 1).start(
            [TOPIC, "other"], played.take, lambda topic, cause: told.append((topic, cause))
        )
    assert told == [(TOPIC, "Group authorization failed"), ("other", "Group authorization failed")]


def _refused(group: Group) -> FakeConsumer:
    group.cluster._topics["other"] = 1
    client = FakeConsumer(group.cluster, "group", None)
    client.refusing = "Group authorization failed"
    return client
