"""Faults in how replies are matched and measured: each must break a test (``mutate.py``)."""

from scripts.mutation import Mutation

_TRACKER = "gatlingpy/tracking/tracker.py"
_SETTLEMENT = "gatlingpy/tracking/settlement.py"
_TALLY = "gatlingpy/tracking/tally.py"
_AUDIT = "gatlingpy/tracking/audit.py"
_IDS = "gatlingpy/tracking/ids.py"
_CHANNELS = "gatlingpy/protocols/kafka/reply_channels.py"
_REQUEST_IDS = "gatlingpy/protocols/kafka/request_ids.py"
_REQUEST_REPLY = "gatlingpy/protocols/kafka/request_reply.py"
_SEND = "gatlingpy/protocols/kafka/send.py"
_START = "gatlingpy/protocols/kafka/start_moment.py"
_CORRELATION = "gatlingpy/protocols/kafka/correlation.py"

CORRELATION_MUTATIONS = (
    # --- matching ---------------------------------------------------------------------------------
    Mutation(
        "ids of all reply topics have one scope", _IDS,
        'return f"\\0{topic}\\0{place}\\0".encode()', 'return f"\\0\\0{place}\\0".encode()',
    ),
    Mutation(
        "ids of all places have one scope", _IDS,
        'return f"\\0{topic}\\0{place}\\0".encode()', 'return f"\\0{topic}\\0\\0".encode()',
    ),
    Mutation(
        "replies are looked for without their scope", _CHANNELS,
        "correlation_id = scope + found", "correlation_id = found",
    ),
    Mutation(
        "requests are kept without their scope", _REQUEST_REPLY,
        "given = self._scope + own", "given = own",
    ),
    Mutation(
        "the scope is sent to the system", _REQUEST_REPLY,
        "headers.append((self._header, own))", "headers.append((self._header, given))",
    ),
    Mutation(
        "the id of the user is not sent in the header", _REQUEST_REPLY,
        "                headers.append((self._header, own))", "                pass",
    ),
    Mutation(
        "an id of our own is passed over for the key", _TRACKER,
        "return correlation_id in self._waiting or correlation_id.startswith(self._prefix)",
        "return correlation_id in self._waiting",
    ),
    Mutation(
        "the first place alone is looked at", _CHANNELS,
        "                ids.append(correlation_id)\n",
        "                ids.append(correlation_id)\n                tracker.unclaimed("
        "ids, received_ns, message)\n                break\n",
    ),
    Mutation(
        "a place that cannot be read ends the search", _CHANNELS,
        "                    why_none = str(reason)\n                    continue",
        "                    tracker.unclaimed(ids, received_ns, message, str(reason))\n"
        "                    break",
    ),
    Mutation(
        "why a reply has no id is not told", _CHANNELS,
        "why_none = str(reason)", "why_none = str()",
    ),
    Mutation(
        "headers are looked at last", _CHANNELS,
        "key=lambda way: not isinstance(way.source, HeaderExtract)",
        "key=lambda way: isinstance(way.source, HeaderExtract)",
    ),
    Mutation(
        "an extractor of the reply takes the place of the header", _CORRELATION,
        "return HeaderExtract(self.header), self.reply", "return (self.reply,)",
    ),
    Mutation(
        "a function is another place for each request", _CHANNELS,
        "if type(place) is type(source) and known == tells:", "if False:",
    ),
    Mutation(
        "an empty id is one", _IDS,
        "            return value or None\n", "            return value\n",
    ),
    Mutation(
        "the first of several headers counts in requests", _REQUEST_IDS,
        "        if name == wanted:\n", "        if name == wanted and found is None:\n",
    ),
    Mutation(
        "the first of several headers counts in replies", _CHANNELS,
        "            if name == wanted:\n", "            if name == wanted and found is None:\n",
    ),
    Mutation(
        "ids of other protocols are reported", _AUDIT,
        "            self.of_siblings += 1\n            return\n",
        "            self.of_siblings += 1\n",
    ),
    Mutation(
        "ids of other runs are taken for those of other protocols", _IDS,
        "(self._share + b\"-\", self._share + b\".\")", "(self._share[:6],)",
    ),
    Mutation(
        "all protocols make the same ids", _IDS,
        '(f".{protocol}-" if protocol else "-")', '"-"',
    ),
    Mutation(
        "a reply is named by its first id, known or not", _AUDIT,
        "            if self.recent.was_answered(correlation_id) is not None:\n"
        "                return correlation_id\n",
        "            pass\n",
    ),
    Mutation(
        "foreign ids in keys are orphans", _AUDIT,
        "if token is None and self._ids.is_foreign(unscoped(correlation_id)):",
        "if token is None and self._ids.is_foreign(correlation_id):",
    ),
    # --- silent ones, starts, timestamps ----------------------------------------------------------
    Mutation(
        "silent requests have rows", _SETTLEMENT,
        "        if terms.silent:\n", "        if False:\n",
    ),
    Mutation(
        "silent requests are counted as others", _TRACKER,
        "            tally.silent += 1\n", "            pass\n",
    ),
    Mutation(
        "users of silent requests are not woken", _SETTLEMENT,
        "                resume(sent_session if session is None else session, due_ns)\n",
        "                pass\n",
    ),
    Mutation(
        "silent requests have legs", _REQUEST_REPLY,
        "        if not self._silent:\n", "        if True:\n",
    ),
    Mutation(
        "a silent failure marks its user", _REQUEST_REPLY,
        "return session if self._silent else session.mark_as_failed()",
        "return session.mark_as_failed()",
    ),
    Mutation(
        "a given start is not that of the response time", _SETTLEMENT,
        "            start_ns = intended_ns\n", "            pass\n",
    ),
    Mutation(
        "a start may lie in the future", _START,
        "return min(began_ns, now)", "return began_ns",
    ),
    Mutation(
        "the user goes on at the timestamp of the reply", _TRACKER,
        'self._settle(pending, _OK, end_ns, "", None, received_ns)',
        'self._settle(pending, _OK, end_ns, "", None, end_ns)',
    ),
    Mutation(
        "a timestamp is in the run's own time", _SETTLEMENT,
        "timestamp_ms * 1_000_000 - self._epoch_offset_ns", "timestamp_ms * 1_000_000",
    ),
    Mutation(
        "negative durations are cut off", _SETTLEMENT,
        "        return end_ns\n", "        return max(end_ns, _start_ns(pending))\n",
    ),
    Mutation(
        "negative durations are not counted", _SETTLEMENT,
        "tally.negative += counts and end_ns < _start_ns(pending)", "pass",
    ),
    Mutation(
        "tokens of two protocols are the same", _TRACKER,
        "self._tokens = services.tokens", "self._tokens = type(services.tokens)()",
    ),
    Mutation(
        "queues are swept by the tokens of all protocols", _TRACKER,
        "if not opened & _SWEEP_MASK:", "if not token & _SWEEP_MASK:",
    ),
    Mutation(
        "an unseen message is not confirmed", _SEND,
        "fate = _Unseen(partial(self._acked, producer, pending))",
        "fate = _Unseen(lambda *_: None)",
    ),
    Mutation(
        "checks of a detached user see all attributes", _REQUEST_REPLY,
        "kept = {key: session[key] for key in keys if key in session}",
        "kept = session.attributes",
    ),
)  # fmt: skip
