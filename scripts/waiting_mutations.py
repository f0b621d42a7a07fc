"""Faults in what waits for something: schemas, topics, the cluster, the end (``mutate.py``)."""

from typing import Final

from scripts.mutation import Mutation

_ALARM: Final = "gatlingpy/tracking/alarm.py"
_LEARNER: Final = "gatlingpy/protocols/kafka/codecs/learner.py"
_LOOKUP: Final = "gatlingpy/protocols/kafka/topic_lookup.py"
_DYNAMIC: Final = "gatlingpy/protocols/kafka/dynamic_topics.py"
_READING: Final = "gatlingpy/protocols/kafka/topic_reading.py"
_CHANNELS: Final = "gatlingpy/protocols/kafka/reply_channels.py"
_RUNTIME: Final = "gatlingpy/protocols/kafka/runtime.py"
_REPLY: Final = "gatlingpy/protocols/kafka/request_reply.py"
_QUEUE: Final = "gatlingpy/protocols/kafka/record_queue.py"
_EARLY: Final = "gatlingpy/protocols/kafka/early_records.py"
_FRAME: Final = "gatlingpy/protocols/kafka/codecs/frame.py"

_CONSUMER: Final = "gatlingpy/protocols/kafka/confluent_consumer.py"

WAITING_MUTATIONS = (
    Mutation(
        "a record that comes while a commit is waited for is lost", _CONSUMER,
        "                self._early.append(message)\n", "                break\n",
    ),
    Mutation(
        "a record waits until the commit has an answer", _CONSUMER,
        "while self._committing and not self._early:", "while self._committing:",
    ),
    Mutation(
        "a commit is waited for without an end", _CONSUMER,
        "elif time.monotonic() > until:", "elif time.monotonic() > until + 10**6:",
    ),
    Mutation(
        "leaving has no limit", _CONSUMER,
        'within(limit_s, "kafka-leave"', 'within(10**6, "kafka-leave"',
    ),
    Mutation(
        "consumers poll while partitions are taken away", _CONSUMER,
        "        self._in_callback = True\n", "        self._in_callback = False\n",
    ),
    Mutation(
        "each consumer may take its own time to leave", _READING,
        "max(_LEAST_LEAVE_S, (until_ns - now_ns()) / 1e9)", "_LEAVE_NS / 1e9",
    ),
    Mutation(
        "a gap whose end nobody tells is a crash", "gatlingpy/protocols/kafka/consumer.py",
        "except ProtocolError as cause:", "except ZeroDivisionError as cause:",
    ),
    Mutation(
        "a reply that waits for its schema is taken for missing", _ALARM,
        "min(now - GRACE_NS, self._unread_since_ns() - 1)", "now - GRACE_NS",
    ),
    Mutation(
        "who was due before the reply that waits is held up by it", _ALARM,
        "self._unread_since_ns() - 1)", "self._unread_since_ns() - 10**9)",
    ),
    Mutation(
        "what is received at the deadline and waits is a timeout", _ALARM,
        "self._unread_since_ns() - 1)", "self._unread_since_ns())",
    ),
    Mutation(
        "a run does not wait for replies that wait for their schemas", _RUNTIME,
        "            latest.append(self._services.clock.now_ns())", "            latest.append(0)",
    ),
    Mutation(
        "a thread for schemas is started when all is closed", _LEARNER,
        "            if not self._closed:\n", "            if True:\n",
    ),
    Mutation(
        "what waits for its schema at the end is dropped", _LEARNER,
        "in self._waiting.take_now():", "in self._waiting.take_now()[:0]:",
    ),
    Mutation(
        "a reply is stamped when its schema has come", _LEARNER,
        "self._services.post(self._pass_on, take, batch, received_ns)\n\n",
        "self._services.post(self._pass_on, take, batch, self._services.clock.now_ns())\n\n",
    ),
    Mutation(
        "a schema that cannot be had is asked for with each message", _FRAME,
        "return self._now_ns() < failed[1]", "return self._now_ns() < 0 * failed[1]",
    ),
    Mutation(
        "topics are asked for one by one without an end", _LOOKUP,
        "self._closing or self._services.clock.now_ns() >= until_ns", "self._closing",
    ),
    Mutation(
        "topics are asked for one by one although the run closes", _LOOKUP,
        "self._closing or self._services.clock.now_ns() >= until_ns",
        "self._services.clock.now_ns() >= until_ns",
    ),
    Mutation(
        "partitions are seen only where nobody asks", _LOOKUP,
        "        self._services.post(self._seen, existing)\n", "",
    ),
    Mutation(
        "each topic is given to its consumer by itself", _DYNAMIC,
        "        for actor, topics in given.items():\n",
        "        for actor, topics in [(a, [t]) for a, ts in given.items() for t in ts]:\n",
    ),
    Mutation(
        "requests begin after the stop of a run", _DYNAMIC,
        "            topic.is_over = True\n", "",
    ),
    Mutation(
        "who comes after the stop of a run has a topic opened", _DYNAMIC,
        "DynamicTopic(name, is_over=self._is_over)", "DynamicTopic(name)",
    ),
    Mutation(
        "protocols are not told that a run stops", "gatlingpy/engine/conductor.py",
        "            runtime.stop()\n", "            _ = runtime\n",
    ),
    Mutation(
        "a fixed topic is compiled for each request that names it", _READING,
        "topic = self._fixed[name] = DynamicTopic(name)", "topic = DynamicTopic(name)",
    ),
    Mutation(
        "looks begin while a run closes", _RUNTIME,
        "        self._reading.look_no_more()  # a look", "        # a look",
    ),
    Mutation(
        "the watch looks while a run closes", "gatlingpy/protocols/kafka/reply_topics.py",
        "if self._closing or self._services", "if self._services",
    ),
    Mutation(
        "positions are waited for as long as the client likes",
        "gatlingpy/protocols/kafka/confluent.py",
        "future.result(left_s)", "future.result(left_s + 600)",
    ),
    Mutation(
        "a request to a topic that nobody reads is sent", _REPLY,
        "if self._dead and self._reply_topic in self._dead:", "if False:",
    ),
    Mutation(
        "the death of a consumer ends nothing", _READING,
        "        self.dead[topic] = self._fail(topic, cause)", "        self._fail(topic, cause)",
    ),
    Mutation(
        "replies are looked for in one place only", _CHANNELS,
        "            for way in inorder\n", "            for way in inorder[:1]\n",
    ),
    Mutation(
        "a place that cannot be read hides the next one", _CHANNELS,
        "                    why_none = str(reason)\n                    continue\n",
        "                    why_none = str(reason)\n                    break\n",
    ),
    Mutation(
        "an id in a body means the same on every topic", _CHANNELS,
        'scope_of(topic, way.source) if way.scoped else b""', 'b""',
    ),
    Mutation(
        "who waits for its own record takes any", _QUEUE,
        "early.take() if number is None else early.take_with(number, wanted)", "early.take()",
    ),
    Mutation(
        "records that were taken count as waiting for good", _EARLY,
        "        self._bytes -= record.size\n", "",
    ),
)  # fmt: skip
