"""Holds replies against checks, as a request that declares JSON would, unless told otherwise."""

from collections.abc import Sequence
from typing import Final

import orjson

from gatlingpy.dsl.checks import as_checks
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.dice import Dice
from gatlingpy.session import Session
from gatlingpy.spi import PlainMessage
from gatlingpy.tracking.decoding import Format, plain_format
from gatlingpy.tracking.verdict import Verdict, compile_verdict

JSON: Final = plain_format(SerializationType.JSON)
SESSION: Final = Session("Pay", 1, {"id": 5, "text": "5", "ids": [4, 5], "yes": True, "no": False})


def message(
    body: object,
    key: bytes | None = b"key",
    headers: Sequence[tuple[str, bytes | None]] = (),
    timestamp_ms: int = 1700,
) -> PlainMessage:
    """Return a record in partition 3 at offset 44; what is neither bytes nor None becomes JSON."""
    value = body if isinstance(body, bytes) or body is None else orjson.dumps(body)
    return PlainMessage("replies", key, value, tuple(headers), 3, 44, timestamp_ms)


def verdict_of(
    *checks: object, requests: Format = JSON, replies: Format = JSON, seed: int = 0
) -> Verdict:
    """Compile checks as a request does."""
    code = CodeTable(dice=Dice(seed))
    plans = [check.compile(f"check-{i}", code) for i, check in enumerate(as_checks(*checks))]
    verdict = compile_verdict(plans, code, requests=requests, replies=replies)
    assert verdict is not None
    return verdict


def judge(
    reply: object,
    *checks: object,
    request: object = b"",
    session: Session = SESSION,
    requests: Format = JSON,
    replies: Format = JSON,
) -> tuple[Session, str | None]:
    """Return what a reply makes of a session: the new one, and what failed."""
    answer = reply if isinstance(reply, PlainMessage) else message(reply)
    verdict = verdict_of(*checks, requests=requests, replies=replies)
    return verdict(message(request).value, answer, session)


def failure(reply: object, *checks: object, request: object = b"", **formats: Format) -> str | None:
    """Return what failed, or ``None``."""
    return judge(reply, *checks, request=request, **formats)[1]
