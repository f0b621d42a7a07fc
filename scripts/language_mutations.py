"""Faults in the blocks of the scenario language and in the load: each must break a test."""

from scripts.mutation import Mutation

_STATUS = "gatlingpy/status.py"
_SESSION = "gatlingpy/session.py"
_LOOPS = "gatlingpy/engine/loops.py"
_TRIES = "gatlingpy/engine/tries.py"
_GUARDS = "gatlingpy/engine/guards.py"
_GROUPS = "gatlingpy/engine/groups.py"
_BRANCHES = "gatlingpy/engine/branches.py"
_CONDITIONS = "gatlingpy/engine/conditions.py"
_WAITS = "gatlingpy/engine/waits.py"
_EXITS = "gatlingpy/engine/exits.py"
_BARRIER = "gatlingpy/engine/barrier.py"
_STAGE = "gatlingpy/engine/stage.py"
_CROWD = "gatlingpy/engine/crowd.py"
_CLOSED = "gatlingpy/engine/closed_injector.py"
_POPULATIONS = "gatlingpy/engine/populations.py"
_THROTTLER = "gatlingpy/engine/throttler.py"
_BOUND = "gatlingpy/engine/flight_bound.py"
_CONCURRENCY = "gatlingpy/load/concurrency.py"
_RATES = "gatlingpy/load/rates.py"
_SEGMENT = "gatlingpy/load/segment.py"

LANGUAGE_MUTATIONS = (
    # --- status -----------------------------------------------------------------------------------
    Mutation(
        "a failure goes through the tries",
        _STATUS,
        "            failed = False\n",
        "            pass\n",
    ),
    Mutation("a group forgets that it has failed", _STATUS, "has_failed or failed))", "failed))"),
    Mutation(
        "success inside a try mends what failed outside",
        _SESSION,
        "return self._with(self.attributes, blocks, outside_failed)",
        "return self._with(self.attributes, blocks, False)",
    ),
    Mutation(
        "a try that is given up fails nothing",
        _SESSION,
        "        if self.blocks[-1].failed:\n            around = fail_blocks(around)\n",
        "",
    ),
    Mutation(
        "short requests add nothing to their groups",
        _SESSION,
        "max(duration_ns, 1_000_000)",
        "duration_ns",
    ),
    # --- blocks -----------------------------------------------------------------------------------
    Mutation("a loop does one round too many", _LOOPS, "done < node.most", "done <= node.most"),
    Mutation(
        "a counter stands still",
        _LOOPS,
        "                inside = inside.set(node.counter, done)\n",
        "                pass\n",
    ),
    Mutation(
        "a jump leaves the counter behind",
        _LOOPS,
        "jump.session = jump.session.leave_loop(node.counter)",
        "pass",
    ),
    Mutation(
        "an inner loop keeps the jump of an outer one",
        _LOOPS,
        "        if jump.to is not node.guard:\n            raise\n",
        "",
    ),
    Mutation(
        "do_while asks before its first round",
        _LOOPS,
        "session.get_int(counter) == 0 or holds",
        "holds",
    ),
    Mutation(
        "during ends at its very end",
        _CONDITIONS,
        "return lambda session, now_ns: now_ns() - session.get_int(started) <= length_ns",
        "return lambda session, now_ns: now_ns() - session.get_int(started) < length_ns",
    ),
    Mutation(
        "a failure waits for the end of the try",
        _GUARDS,
        "if node.tries and session",
        "if False and session",
    ),
    Mutation(
        "a try is tried once more than it may",
        _TRIES,
        "return done < whole_number",
        "return done <= whole_number",
    ),
    Mutation(
        "the next attempt begins as failed",
        _TRIES,
        "inside.mark_as_succeeded().set",
        "inside.set",
    ),
    Mutation(
        "a group ends when it began",
        _GROUPS,
        "groups, start_ns, end_ns, cumulated_ns",
        "groups, start_ns, start_ns, cumulated_ns",
    ),
    Mutation(
        "a group is not logged when the user jumps out of it",
        _GROUPS,
        "jump.session = _leave(jump.session, jump.due_ns, stage)",
        "jump.session = jump.session.leave_group()",
    ),
    Mutation(
        "open groups are not logged at an exit",
        _EXITS,
        "        log_groups(session, due_ns, stage)\n",
        "",
    ),
    Mutation(
        "a stop lets its user go on",
        _EXITS,
        "    return (yield Sleep(session, due_ns))",
        "    return session, due_ns",
    ),
    Mutation(
        "conditions are turned around",
        _BRANCHES,
        "0 if test(session) else 1",
        "1 if test(session) else 0",
    ),
    Mutation("every user has a round robin of its own", _BRANCHES, "next(turns)", "0"),
    Mutation(
        "a bound belongs to the choice below it",
        _BRANCHES,
        "bisect_right(bounds,",
        "-1 + bisect_right(bounds,",
    ),
    Mutation(
        "a pace catches up",
        _WAITS,
        "session.set(node.counter, due_ns + interval_ns)",
        "session.set(node.counter, (session.get(node.counter) or due_ns) + interval_ns)",
    ),
    Mutation(
        "exponential pauses have half their mean",
        _WAITS,
        "-math.log(1 - draw) * mean_ns",
        "-math.log(1 - draw) * mean_ns / 2",
    ),
    Mutation(
        "uniform pauses go below what is left of 0",
        _WAITS,
        "low_ns = max(0, mean_ns - half_width_ns)",
        "low_ns = mean_ns - half_width_ns",
    ),
    Mutation("a meeting opens one user late", _BARRIER, ">= self._size", "> self._size"),
    Mutation("a meeting closes again", _BARRIER, "            self.open = True\n", ""),
    Mutation(
        "a loop that never waits holds the thread",
        _STAGE,
        "return stage.rounds % _MOST_AT_A_STRETCH == 0",
        "return False",
    ),
    # --- populations ------------------------------------------------------------------------------
    Mutation(
        "a closed population replaces everybody",
        _CLOSED,
        "        self._replacing -= 1\n        if self._missing() > 0:\n",
        "        self._replacing -= 1\n        if True:\n",
    ),
    Mutation(
        "those who are planned are not counted",
        _CLOSED,
        "self._crowd.alive - len(self._planned) - self._replacing",
        "self._crowd.alive - self._replacing",
    ),
    Mutation(
        "nobody is replaced between two ticks",
        _CLOSED,
        "            self._loop.soon(self._replace, due_ns)\n",
        "            self._replacing -= 1\n",
    ),
    Mutation(
        "a closed population starts users after its end",
        _CLOSED,
        "            self._want_nobody()\n            self._crowd.close",
        "            self._crowd.close",
    ),
    Mutation(
        "followers start before the last user has ended",
        _CROWD,
        "if self.alive == 0 and self._over",
        "if self._over",
    ),
    Mutation(
        "followers of followers are not waited for",
        _POPULATIONS,
        "        if len(ends) == len(branches):\n",
        "        if len(ends) == 1:\n",
    ),
    Mutation(
        "a level is started twice",
        _POPULATIONS,
        "next(self._to_come, None)",
        "next(iter(self._levels), None)",
    ),
    # --- throttle ---------------------------------------------------------------------------------
    Mutation(
        "a throttle lets one too many through",
        _THROTTLER,
        "if self._used >= self.allowed:",
        "if self._used > self.allowed:",
    ),
    Mutation(
        "what is through is not counted",
        _THROTTLER,
        "                limit.use()\n",
        "                pass\n",
    ),
    Mutation(
        "requests are let through at the beginning of the second",
        _THROTTLER,
        "return 1_000 * self._used // self.allowed * _MS_NS",
        "return 0",
    ),
    Mutation(
        "time in the queue is forgiven",
        _THROTTLER,
        "            perform(session, intended_ns, resume)\n        self._letting",
        "            perform(session, self._now_ns(), resume)\n        self._letting",
    ),
    Mutation("the queue has no end", _THROTTLER, "if waiting > limit.queue and", "if False and"),
    Mutation(
        "users of a throttle's queue are left behind",
        _THROTTLER,
        "                resume(session, now)\n",
        "                pass\n",
    ),
    Mutation(
        "the last come is the first served",
        _THROTTLER,
        "lane.held.popleft()\n            perform",
        "lane.held.pop()\n            perform",
    ),
    Mutation(
        "a bound lets one too many fly",
        _BOUND,
        "self._in_flight < self._most",
        "self._in_flight <= self._most",
    ),
    # --- arithmetic -------------------------------------------------------------------------------
    Mutation("a tick asks for its beginning", _CONCURRENCY, "min((tick + 1)", "min(tick"),
    Mutation(
        "the end of a closed step belongs to the next",
        _CONCURRENCY,
        "if offset_ns <= end_ns:",
        "if offset_ns < end_ns:",
    ),
    Mutation(
        "the limit of a second is that of the next",
        _RATES,
        "slope.limit(second - passed)",
        "slope.limit(second - passed + 1)",
    ),
    Mutation(
        "shares do not add up",
        _SEGMENT,
        "(count - self._skipped(before) + self.of - 1)",
        "(count - self._skipped(before))",
    ),
)
