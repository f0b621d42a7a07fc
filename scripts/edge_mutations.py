"""Faults in Kafka's actors, the log and arrivals: each must break a test (``mutate.py``)."""

from scripts.mutation import Mutation

_PRODUCER = "gatlingpy/protocols/kafka/producer.py"
_CONSUMER = "gatlingpy/protocols/kafka/consumer.py"
_ASK = "gatlingpy/protocols/kafka/request_reply.py"
_REQUEST_IDS = "gatlingpy/protocols/kafka/request_ids.py"
_SEND = "gatlingpy/protocols/kafka/send.py"
_LOG = "gatlingpy/stats/log_format.py"
_EVENTS = "gatlingpy/stats/event_lines.py"
_ARRIVALS = "gatlingpy/load/arrivals.py"

EDGE_MUTATIONS = (
    # --- Kafka ------------------------------------------------------------------------------------
    Mutation(
        "a full queue fails the request", _PRODUCER,
        "            if self._now_ns() <= self._give_up_ns and not self._closing:\n",
        "            if False:\n",
    ),
    Mutation(
        "the wait for room has no bound", _PRODUCER,
        "self._now_ns() <= self._give_up_ns and not", "not",
    ),
    Mutation(
        "closing waits for room", _PRODUCER,
        "self._now_ns() <= self._give_up_ns and not self._closing",
        "self._now_ns() <= self._give_up_ns",
    ),
    Mutation(
        "messages overtake those that wait for room", _PRODUCER,
        "        if self._handed_over == self._sent:\n", "        if True:\n",
    ),
    Mutation(
        "what is left at the end is not failed", _PRODUCER,
        "            self._client.purge()\n", "            pass\n",
    ),
    Mutation(
        "what the last reports told is lost", _PRODUCER,
        "            self._client.flush(1.0)\n        self._outcomes.pass_on()",
        "            self._client.flush(1.0)",
    ),
    Mutation(
        "replies are stamped when the user thread hears of them", _CONSUMER,
        "self._services.post(self._on_records, batch, received_ns)",
        "self._services.post(lambda b, _: self._on_records(b, self._now_ns()), batch, received_ns)",
    ),
    Mutation(
        "a death is told before the last replies", _CONSUMER,
        "        self._services.post(self._on_records, batch, received_ns)\n        for message in "
        "failed:",
        "        for message in failed:\n            self._failure(message)\n        self._services"
        ".post(self._on_replies, batch, received_ns)\n        for message in ():",
    ),
    Mutation(
        "a gap is read behind its end", _CONSUMER,
        "{place: low if lost else high}", "{place: high}",
    ),
    Mutation(
        "late deliveries of request-replies are not told of", _ASK,
        "        elif now > due_ns:\n", "        elif False:\n",
    ),
    Mutation(
        "a failed delivery of a request-reply is not told of", _ASK,
        "            producer.tell(self._tracker.send_failed, pending, now, message)",
        "            pass",
    ),
    Mutation(
        "a detached user is woken by the reply as well", _ASK,
        "            resume if self._waits else self._detached,\n", "            resume,\n",
    ),
    Mutation(
        "a detached user of a dead topic is never woken", _ASK,
        "            if not self._waits:\n", "            if False:\n",
    ),
    Mutation(
        "an empty id is sent", _REQUEST_IDS,
        "        if not found:\n", "        if found is None:\n",
    ),
    Mutation(
        "an unwatched send that failed is not counted", _SEND,
        "            producer.tell(action.failed)\n", "            pass\n",
    ),
    Mutation(
        "an unwatched send ends at its report", _SEND,
        "end_ns = self.accepted_ns or action.now_ns()", "end_ns = action.now_ns()",
    ),
    # --- the log and arrivals ---------------------------------------------------------------------
    Mutation(
        "durations are cut instead of rounded", _EVENTS,
        "            at, took = (start + offset_ns) // 1000, (end - start + 500) // 1000\n"
        "            ms = at // 1000",
        "            at, took = (start + offset_ns) // 1000, (end - start) // 1000\n"
        "            ms = at // 1000",
    ),
    Mutation(
        "the intended start is lost in the log", _EVENTS,
        '                f"\\t{(intended + offset_ns) // 1000}\\t{token}\\t{user}{after}"',
        '                f"\\t{at}\\t{token}\\t{user}{after}"',
    ),
    Mutation(
        "the millisecond end is that of the clock, not of the duration", _EVENTS,
        "end_ms = ms + (took + 500) // 1000\n", "end_ms = (at + took) // 1000\n",
    ),
    Mutation(
        "the last user of a window is lost", _ARRIVALS,
        "by_now = users if i == length_ms - 1 else math.ceil(per_bucket * (i + 1))",
        "by_now = int(per_bucket * (i + 1))",
    ),
    Mutation(
        "every step starts at the beginning", _ARRIVALS,
        "            begin_ns += duration_ns_of(part)\n", "            begin_ns += 0\n",
    ),
    Mutation(
        "a segment takes the arrivals of its neighbour", "gatlingpy/load/segment.py",
        "return (self.index - 1 - before) % self.of", "return (self.index - before) % self.of",
    ),
    Mutation(
        "a mailbox forgets to wake its reader", "gatlingpy/mailbox.py",
        "        if self._asleep:\n            self.wake()", "        if False:\n"
        "            self.wake()",
    ),
)  # fmt: skip
