"""Faults in transactions and producers: each must break a test (``mutate.py``)."""

from scripts.mutation import Mutation

_ACTOR = "gatlingpy/protocols/kafka/transaction.py"
_MESSAGE = "gatlingpy/protocols/kafka/transaction_message.py"
_FAULT = "gatlingpy/protocols/kafka/transaction_fault.py"
_START = "gatlingpy/protocols/kafka/transaction_start.py"
_POOL = "gatlingpy/protocols/kafka/producer_pool.py"
_CONFLICTS = "gatlingpy/protocols/kafka/producer_conflicts.py"

TRANSACTION_MUTATIONS = (
    Mutation(
        "a message is told committed when its transaction is aborted", _ACTOR,
        "            self._end(self._reason)", "            self._end(None)",
    ),
    Mutation(
        "a commit that takes long is taken for one that failed", _ACTOR,
        "        if fault.retriable:\n", "        if fault.retriable and fault.code != -185:\n",
    ),
    Mutation(
        "a fatal error is answered with an abort", _ACTOR,
        "elif self._phase is _Phase.COMMITTING and not fault.fatal:",
        "elif self._phase is _Phase.COMMITTING:",
    ),
    Mutation(
        "a fenced producer begins again", _ACTOR,
        "        self._phase = _Phase.OVER\n", "        self._phase = _Phase.GATHERING\n",
    ),
    Mutation(
        "what waits behind a fenced transaction is forgotten", _ACTOR,
        "        self._phase = _Phase.OVER\n        self._fail_waiting()",
        "        self._phase = _Phase.OVER\n        self._waiting.clear()",
    ),
    Mutation(
        "there is no mark for a producer that is fenced", _ACTOR,
        '        self._record((MARK, "kafka", verdict, self._now_ns()))', "        _ = MARK",
    ),
    Mutation(
        "a transaction holds one message too many", _ACTOR,
        "len(self._sent) < self._terms.most", "len(self._sent) <= self._terms.most",
    ),
    Mutation(
        "what finds no room in the client is dropped", _ACTOR,
        "            if self._sent:\n                return False\n            self._fail",
        "            if self._sent:\n                return True\n            self._fail",
    ),
    Mutation(
        "what does not fit a failed transaction fails alone", _ACTOR,
        "if fault.fatal or (fault.is_of_state and self._sent):", "if fault.fatal:",
    ),
    Mutation(
        "what was skipped is sent again in another order", _ACTOR,
        "self._waiting.extendleft(sent.given for sent in reversed(self._sent))",
        "self._waiting.extend(sent.given for sent in self._sent)",
    ),
    Mutation(
        "what was delivered and aborted is sent again", _ACTOR,
        " and all(sent.never_left for sent in self._sent)", "",
    ),
    Mutation(
        "what is skipped is sent again for ever", _ACTOR,
        "self._skipped and not self._again and", "self._skipped and",
    ),
    Mutation(
        "a user is told twice that its message is taken", _ACTOR,
        "unwatched is not None and not unwatched.accepted_ns", "unwatched is not None",
    ),
    Mutation(
        "closing leaves an open transaction without an ending", _ACTOR,
        "        if self._sent:\n            self._end(_IN_DOUBT)\n", "",
    ),
    Mutation(
        "closing leaves what waits without an ending", _ACTOR,
        "        self._waiting.extend(self._mailbox.take_now())\n        self._fail_waiting()\n"
        "        self._client.purge()\n",
        "        self._client.purge()\n",
    ),
    Mutation(
        "closing does not wait for a commit", _ACTOR,
        " and self._now_ns() < until_ns", " and self._now_ns() > until_ns",
    ),
    Mutation(
        "a message waits for ever for its turn", _ACTOR,
        "        self._drop_old()\n", "",
    ),
    Mutation(
        "a message that was dropped keeps its room", _ACTOR,
        "            self._room.leave(1)\n", "",
    ),
    Mutation(
        "a fenced producer has no room", _ACTOR,
        "        self._room.leave(len(self._waiting))\n", "",
    ),
    Mutation(
        "who finds room is told so twice", _ACTOR,
        "unwatched = None if has_room else unwatched", "unwatched = unwatched",
    ),
    Mutation(
        "what an abort purged is told as a reason", _MESSAGE,
        "return None if error is None or error.code() in _PURGED else error",
        "return error",
    ),
    Mutation(
        "the reason of another message hides a message's own", _MESSAGE,
        "        elif own is not None and reason.startswith(ABORTED):\n",
        "        elif own is not None and not reason.startswith(ABORTED):\n",
    ),
    Mutation(
        "fencing is told in the client's words", _FAULT,
        "if self._code in _FENCED:", "if self._code in ():",
    ),
    Mutation(
        "ids are waited for for ever", _START,
        "if fault.retriable and not last_time:", "if fault.retriable:",
    ),
    Mutation(
        "producers of other segments have the same ids", _POOL,
        "{(index - 1) * count + n}", "{n}",
    ),
    Mutation(
        "a transaction is always one message", _POOL,
        "most = 1 if by_message else self._plan.transaction_size", "most = 1",
    ),
    Mutation(
        "what the environment will say is judged before it is known", _CONFLICTS,
        "if isinstance(acks, str | int) and str(acks)", "if str(acks)",
    ),
    Mutation(
        "a delivery may outlast its transaction", _CONFLICTS,
        "if delivery_ms > transaction_ms:", "if delivery_ms > transaction_ms * 10:",
    ),
)  # fmt: skip
