"""Faults in consuming and in topics that users name: each must break a test (``mutate.py``)."""

from scripts.mutation import Mutation

CONSUME_MUTATIONS = (
    Mutation(
        "a record goes to a user whose request has ended",
        "gatlingpy/tracking/tracker.py",
        "            return False\n        if received_ns > pending.due_ns:\n",
        "            return True\n        if received_ns > pending.due_ns:\n",
    ),
    Mutation(
        "a user that times out swallows the record that came too late",
        "gatlingpy/tracking/tracker.py",
        'Ending.TIMEOUT, received_ns, "")\n            return False',
        'Ending.TIMEOUT, received_ns, "")\n            return True',
    ),
    Mutation(
        "an early record is taken twice",
        "gatlingpy/protocols/kafka/early_records.py",
        "        record.is_gone = True\n",
        "        record.is_gone = self._husks > 10**9\n",
    ),
    Mutation(
        "the youngest early record makes room, not the oldest",
        "gatlingpy/protocols/kafka/early_records.py",
        "            self.take()\n            self.dropped += 1",
        "            self._all.pop(); self._count -= 1\n            self.dropped += 1",
    ),
    Mutation(
        "a record that came early ends a consume before it began",
        "gatlingpy/tracking/tracker.py",
        "        end_ns = max(received_ns, pending.intended_ns if",
        "        end_ns = min(received_ns, pending.intended_ns if",
    ),
    Mutation(
        "a topic that a user named is never let go",
        "gatlingpy/protocols/kafka/dynamic_topics.py",
        "        topic.users -= 1\n",
        "        topic.users -= 0\n",
    ),
    Mutation(
        "a request begins before the partitions of its topic are assigned",
        "gatlingpy/protocols/kafka/dynamic_topics.py",
        "            actor.add(every, partial(self._opened, topics))",
        "            actor.add(every)\n            self._opened(topics)",
    ),
    Mutation(
        "topics that users name are read from their start",
        "gatlingpy/protocols/kafka/topic_lookup.py",
        "first=self._from_start)",
        "first=True)",
    ),
    Mutation(
        "a topic is let go while another user needs it",
        "gatlingpy/protocols/kafka/dynamic_topics.py",
        "        if topic.users or topic.state is not _State.OPEN:",
        "        if topic.state is not _State.OPEN:",
    ),
    Mutation(
        "who comes while a topic is let go waits for ever",
        "gatlingpy/protocols/kafka/dynamic_topics.py",
        "        if topic.waiting:  # somebody",
        "        if False:  # somebody",
    ),
    Mutation(
        "a group's consumer goes to the end at each assignment",
        "gatlingpy/protocols/kafka/group_consumer.py",
        "        positions = {**self._known, **self._client.committed(places)}",
        "        positions = {}",
    ),
    Mutation(
        "partitions are given up without a commit",
        "gatlingpy/protocols/kafka/group_consumer.py",
        'goes on from there."""\n        self._client.commit(wait=True)',
        'goes on from there."""',
    ),
    Mutation(
        "the wait for a topic counts as arrival lag",
        "gatlingpy/protocols/kafka/dynamic_action.py",
        "        intended_ns += self._now_ns() - asked_ns\n",
        "",
    ),
    Mutation(
        "where reading begins is not committed",
        "gatlingpy/protocols/kafka/consumer.py",
        "            self._client.commit(wait=True, positions=positions)\n",
        "",
    ),
    Mutation(
        "a record goes to two users",
        "gatlingpy/protocols/kafka/record_queue.py",
        "            if taken:\n                return True\n        return self._is_given",
        "            if taken:\n                break\n        return self._is_given",
    ),
    Mutation(
        "users who have ended stay in the queue of their topic",
        "gatlingpy/protocols/kafka/record_queue.py",
        "        if self._entries > self._sweep_above:",
        "        if False:",
    ),
    Mutation(
        "topics that are gone count as open",
        "gatlingpy/protocols/kafka/dynamic_topics.py",
        "        self._admitted -= 1\n",
        "",
    ),
    Mutation(
        "the death of a consumer of named topics is told to nobody",
        "gatlingpy/protocols/kafka/topic_reading.py",
        "            self._tracker.consumer_failed(topic, self._services.clock.now_ns(), cause)\n",
        "            pass\n",
    ),
    Mutation(
        "the checks of a protocol are not asked of records",
        "gatlingpy/protocols/kafka/consume_verdict.py",
        "checks = (*_of_replies(every), *plan.checks)",
        "checks = plan.checks",
    ),
    Mutation(
        "a record that cannot be read is saved as None",
        "gatlingpy/protocols/kafka/consume_verdict.py",
        '            return f"{label}: {error}"',
        "            saved[key] = None",
    ),
)
