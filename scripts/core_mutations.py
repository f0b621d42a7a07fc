"""Faults in tracking and in the engine: each must break a test (``mutate.py``)."""

from scripts.mutation import Mutation

_TRACKER = "gatlingpy/tracking/tracker.py"
_AUDIT = "gatlingpy/tracking/audit.py"
_IDS = "gatlingpy/tracking/ids.py"
_DEADLINES = "gatlingpy/tracking/deadlines.py"
_ALARM = "gatlingpy/tracking/alarm.py"
_SETTLEMENT = "gatlingpy/tracking/settlement.py"
_USERS = "gatlingpy/engine/users.py"
_LOOP = "gatlingpy/engine/user_thread.py"
_CONDUCTOR = "gatlingpy/engine/conductor.py"

CORE_MUTATIONS = (
    # --- the tracker ------------------------------------------------------------------------------
    Mutation(
        "who waits is told by the id, not by the sending", _TRACKER,
        "return self._waiting.get(pending.correlation_id) is pending",
        "return pending.correlation_id in self._waiting",
    ),
    Mutation(
        "a timeout ends whoever is in the queue", _TRACKER,
        "            if self.is_waiting(pending):\n                del self._waiting[pending"
        ".correlation_id]\n                self._time_out(pending)",
        "            self._waiting.pop(pending.correlation_id, None)\n"
        "            self._time_out(pending)",
    ),
    Mutation(
        "a failed send ends whoever has the id now", _TRACKER,
        "        self._end_if_waiting(pending, Ending.SEND, end_ns, message)",
        "        pending = self._waiting.get(pending.correlation_id, pending)\n"
        "        self._end_if_waiting(pending, Ending.SEND, end_ns, message)",
    ),
    Mutation(
        "a displaced request is not ended", _TRACKER,
        "            self._end(displaced, Ending.DISPLACED, now_ns, message)",
        "            _ = message",
    ),
    Mutation(
        "a reply leaves its request waiting", _TRACKER,
        "pending = self._waiting.pop(correlation_id, None)",
        "pending = self._waiting.get(correlation_id, None)",
    ),
    Mutation(
        "a reply after the deadline ends as ok", _TRACKER,
        "not pending.start_ns <= received_ns <= pending.due_ns",
        "not pending.start_ns <= received_ns",
    ),
    Mutation(
        "a reply at the deadline is late", _TRACKER,
        "not pending.start_ns <= received_ns <= pending.due_ns",
        "not pending.start_ns <= received_ns < pending.due_ns",
    ),
    Mutation(
        "a reply ends a request that is younger than itself", _TRACKER,
        "not pending.start_ns <= received_ns <= pending.due_ns",
        "not received_ns <= pending.due_ns",
    ),
    Mutation(
        "a request that a stale reply has found waits no more", _TRACKER,
        "            self._waiting[pending.correlation_id] = pending\n            self._audit",
        "            self._audit",
    ),
    Mutation(
        "a late reply is not told of", _TRACKER,
        "            self._audit.unmatched(pending.correlation_id, received_ns, reply, "
        "issued, pending)",
        "            pass",
    ),
    Mutation(
        "the verdict is ignored", _TRACKER,
        "        if failure is None:\n", "        if True:\n",
    ),
    Mutation(
        "what checks saved is lost", _TRACKER,
        'self._settle(pending, _OK, end_ns, "", session, received_ns)',
        'self._settle(pending, _OK, end_ns, "", pending.session, received_ns)',
    ),
    Mutation(
        "a timeout is stamped when it is noticed", _SETTLEMENT,
        "self.settle(pending, Ending.TIMEOUT.value, pending.due_ns, message)",
        "self.settle(pending, Ending.TIMEOUT.value, pending.due_ns + 1, message)",
    ),
    Mutation(
        "what happens after the deadline ends the request all the same", _SETTLEMENT,
        "        if end_ns > pending.due_ns:\n            self.time_out(pending)\n        else:",
        "        if False:\n            self.time_out(pending)\n        else:",
    ),
    Mutation(
        "the grace is negative", _ALARM,
        "self._expire(min(now - GRACE_NS, ", "self._expire(min(now + GRACE_NS, ",
    ),
    Mutation(
        "there is no grace", _ALARM,
        "GRACE_NS: Final = 5_000_000", "GRACE_NS: Final = 0",
    ),
    Mutation(
        "the timer is set for the first deadline only", _TRACKER,
        "        if due_ns < self._alarm.armed_ns:\n            self._alarm.arm(due_ns)\n"
        "        if terms",
        "        if self._alarm.armed_ns == 2**63 - 1:\n            self._alarm.arm(due_ns)\n"
        "        if terms",
    ),
    Mutation(
        "the timer is not set again", _ALARM,
        "        if due_ns is not None and due_ns < self.armed_ns:\n", "        if False:\n",
    ),
    Mutation(
        "an ending is counted twice", _SETTLEMENT,
        "        self._endings[ending] += 1\n", "        self._endings[ending] += 2\n",
    ),
    Mutation(
        "a user is resumed twice", _SETTLEMENT,
        "            resume(session, due_ns)\n",
        "            resume(session, due_ns)\n            resume(session, due_ns)\n",
    ),
    Mutation(
        "a user of a failed request is not failed", _SETTLEMENT,
        "failed=ending != _OK)", "failed=False)",
    ),
    Mutation(
        "a dead consumer ends the requests of every topic", _TRACKER,
        "            if pending.terms.reply_topic == reply_topic:\n", "            if True:\n",
    ),
    Mutation(
        "an ack after the deadline is no late delivery", _TRACKER,
        "        if end_ns > pending.due_ns:\n            self.delivered_late(pending, end_ns)",
        "        if False:\n            self.delivered_late(pending, end_ns)",
    ),
    # --- the audit, ids and deadlines -------------------------------------------------------------
    Mutation(
        "duplicates are called late", _AUDIT,
        "                return ReplyKind.DUPLICATE, token",
        "                return ReplyKind.LATE, token",
    ),
    Mutation(
        "every further reply to a request that timed out is late again", _AUDIT,
        "            self.unanswered.discard(token)", "            _ = self.unanswered",
    ),
    Mutation(
        "foreign replies are called orphans", _AUDIT,
        "return ReplyKind.FOREIGN, -1", "return ReplyKind.ORPHAN, -1",
    ),
    Mutation(
        "late deliveries are counted for requests that were answered", _AUDIT,
        "elif pending.token in self._timed_out:", "else:",
    ),
    Mutation(
        "a delivery confirmed in the grace is forgotten", _AUDIT,
        "        if confirmed_ns is not None:\n", "        if False:\n",
    ),
    Mutation(
        "replies to ids of users are always duplicates", _AUDIT,
        "(ReplyKind.DUPLICATE if answered else ReplyKind.LATE)", "ReplyKind.DUPLICATE",
    ),
    Mutation(
        "ids of other segments are taken for ours", _IDS,
        '_MAGIC + f"{run}-{segment[0]}".encode()', '_MAGIC + f"{run}-".encode()',
    ),
    Mutation("a bitmap mixes up neighbours", _IDS, "|= 1 << (number & 7)", "|= 1 << (number & 3)"),
    Mutation(
        "the youngest ending is forgotten", _IDS,
        "next(iter(self._answered))", "next(reversed(self._answered))",
    ),
    Mutation(
        "a deadline is due one tick late", _DEADLINES,
        "if queue[0].due_ns > now_ns:", "if queue[0].due_ns >= now_ns:",
    ),
    Mutation(
        "sweeping drops those that wait", _DEADLINES,
        "if self._is_waiting(pending)]", "if not self._is_waiting(pending)]",
    ),
    Mutation("the last to fall due is taken for the next", _DEADLINES, "min(fronts", "max(fronts"),
    # --- the engine -------------------------------------------------------------------------------
    Mutation(
        "a pause is counted from now", _USERS,
        "self.loop.at(until_ns, self._wake, steps, session, until_ns)",
        "self.loop.at(until_ns, self._wake, steps, session, self._now_ns())",
    ),
    Mutation(
        "steps begin after a stop", _USERS,
        "        if self._stopping:\n            steps.close()", "        if False:\n            "
        "steps.close()",
    ),
    Mutation(
        "users start after a stop", _USERS,
        "        if self._stopping:\n            return\n",
        "        if False:\n            return\n",
    ),
    Mutation(
        "users go on after their feeder was exhausted", _USERS,
        "        self._stopping = True\n        self._backstage.exhausted",
        "        self._backstage.exhausted",
    ),
    Mutation(
        "a user that is woken inside another's step nests in it", _USERS,
        "        if self._busy:\n", "        if False:\n",
    ),
    Mutation(
        "timers set for now fire in the same turn", _LOOP,
        "            due.append(heapq.heappop(timers))\n        for _, _, call, args in due:\n"
        "            call(*args)",
        "            _, _, call, args = heapq.heappop(timers)\n            call(*args)",
    ),
    Mutation(
        "a run is over while requests are in flight", _CONDUCTOR,
        "return self._engine.now_ns() > due_ns + _LATE_NS", "return True",
    ),
    Mutation(
        "a run that ends at once ends nothing", _CONDUCTOR,
        "                runtime.end_all()\n", "                pass\n",
    ),
    Mutation(
        "what is posted last is lost", "gatlingpy/engine/run.py",
        "            stack.callback(self._drain)\n", "",
    ),
    Mutation(
        "the first reason to stop wins, however mild", "gatlingpy/engine/stop.py",
        "for kinds in _OUTRANKS:", "for kinds in [set(StopKind)]:",
    ),
)  # fmt: skip
