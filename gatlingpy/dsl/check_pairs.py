"""Checks that hold the reply against the request."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from gatlingpy.dsl.check_arguments import must_be_text, must_take, refused
from gatlingpy.dsl.check_builders import Extractor
from gatlingpy.dsl.check_extractors import json_path
from gatlingpy.dsl.message_check import Judgement
from gatlingpy.dsl.where import function_line, user_line
from gatlingpy.plan.checks import (
    CompareCheck,
    FunctionExtract,
    HeaderExtract,
    KeyExtract,
    OffsetExtract,
    PartitionExtract,
    ResponseContainsRequestCheck,
    ResponseEqualsCheck,
    TimestampExtract,
)
from gatlingpy.plan.code import CodeTable

_OF_WHOLE_MESSAGES = (
    HeaderExtract, KeyExtract, PartitionExtract, TimestampExtract, OffsetExtract, FunctionExtract,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ResponseEquals:
    """Expects that the reply's value equals the request's, byte for byte."""

    _plan: ResponseEqualsCheck

    def name(self, name: str) -> Self:
        """Return the check under a name, which failures show in place of the made-up one."""
        must_be_text("name", name)
        return replace(self, _plan=replace(self._plan, name=name))

    def compile(self, path: str, code: CodeTable) -> ResponseEqualsCheck:  # noqa: ARG002
        """Return the check for the plan; it has no functions to file."""
        return self._plan


@dataclass(frozen=True, slots=True)
class ResponseContainsRequest:
    """Expects that the request's value stands somewhere in the reply's, byte for byte."""

    _plan: ResponseContainsRequestCheck

    def name(self, name: str) -> Self:
        """Return the check under a name, which failures show in place of the made-up one."""
        must_be_text("name", name)
        return replace(self, _plan=replace(self._plan, name=name))

    def compile(self, path: str, code: CodeTable) -> ResponseContainsRequestCheck:  # noqa: ARG002
        """Return the check for the plan; it has no functions to file."""
        return self._plan


@dataclass(frozen=True, slots=True)
class Comparison:
    """Expects that a value of the request and one of the reply go together."""

    _request: Extractor
    _reply: Extractor
    _predicate: Callable[..., Judgement] | None
    _where: str
    _name: str = ""

    def name(self, name: str) -> Self:
        """Return the check under a name, which failures show in place of the made-up one."""
        must_be_text("name", name)
        return replace(self, _name=name)

    def compile(self, path: str, code: CodeTable) -> CompareCheck:
        """Return the check for the plan; its functions go into ``code``."""
        predicate, ref = self._predicate, None
        if predicate is not None:
            ref = code.add(f"{path}/predicate", predicate, function_line(predicate))
        request = self._request.look_plan(f"{path}/request", code)
        reply = self._reply.look_plan(f"{path}/reply", code)
        return CompareCheck(request, reply, ref, self._name, self._where)


def response_equals() -> ResponseEquals:
    """Expect that the reply's value equals the request's, byte for byte."""
    return ResponseEquals(ResponseEqualsCheck(where=user_line()))


def response_contains_request() -> ResponseContainsRequest:
    """Expect that the request's value stands somewhere in the reply's, byte for byte."""
    return ResponseContainsRequest(ResponseContainsRequestCheck(where=user_line()))


def compare(
    request: Extractor,
    reply: Extractor,
    predicate: Callable[..., Judgement] | None = None,
) -> Comparison:
    """Expect that a value of the request equals one of the reply, or what a function says of both.

    The function is given the request's value and the reply's; ``None`` or ``True`` passes, a
    text, or a raised CheckFailed, fails with that message, and ``False`` fails.  A value that is
    missing on either side fails.
    """
    for side, extractor in (("request", request), ("reply", reply)):
        if not isinstance(extractor, Extractor):
            raise refused(
                f"compare({side}={extractor!r}) must be given an extractor such as "
                'json_path("$.id"), without an expectation'
            )
    if isinstance(request.look_plan("", CodeTable()).extract, _OF_WHOLE_MESSAGES):
        raise refused(
            "compare(request=...) can look into the value of the request only: nothing else of it "
            "is kept; keep what you need in the session, and use session_check(...)"
        )
    if predicate is not None:
        must_take("compare", predicate, "the request's value", "the reply's value")
    return Comparison(request, reply, predicate, user_line())


def json_field_equals(request_path: str, reply_path: str | None = None) -> Comparison:
    """Expect that what one JSONPath finds in the request equals what another finds in the reply.

    Without a second path the same one is used for both.
    """
    reply = json_path(request_path if reply_path is None else reply_path)
    return Comparison(json_path(request_path), reply, None, user_line())
