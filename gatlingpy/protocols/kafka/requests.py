"""What a user does with Kafka, frozen: a send, a request-reply, a consume."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from gatlingpy.plan.check_rules import payload_problems, reads_request, saved_keys
from gatlingpy.plan.check_words import shown_check
from gatlingpy.plan.checks import NOTHING, Check, SerializationType
from gatlingpy.plan.code import CodeRef, Const, Expr
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.plan.steps import RequestPlan, show_expression
from gatlingpy.protocols.kafka.codecs.plan import CodecPlan
from gatlingpy.protocols.kafka.correlation import Correlation, Source
from gatlingpy.protocols.kafka.message_values import (
    message_problems,
    moment_problems,
    topic_problems,
)

NOWHERE: Final = Const("")

Encoding: TypeAlias = SerializationType | CodecPlan | None
"""How a value is written or read: a plain type, a codec, or as the protocol says."""


class ResumeOn(StrEnum):
    """What a user waits for after a request-reply was sent."""

    REPLY = "reply"
    ACK = "ack"
    SEND = "send"


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaAction(RequestPlan):
    """What all of Kafka's requests have in common."""

    timeout_ns: int = 30_000_000_000
    silent: bool = False
    """Performed and waited for, but in no statistics."""
    start_time: Expr | None = None
    """When the request began, where that was before it was performed: epoch seconds."""

    @property
    def kind(self) -> str:
        """``kafka``."""
        return "kafka"

    def measured(self) -> Iterator[str]:
        """Yield the lines that say, in a printed plan, what is measured otherwise than usual."""
        if self.silent:
            yield "silent"
        if self.start_time is not None:
            yield f"starts {show_expression(self.start_time)}"

    def problems(self) -> Iterator[str]:
        """Yield what would keep this request from being performed."""
        if self.timeout_ns <= 0:
            yield f"{self.label!r} has a timeout of 0; give it some seconds"
        yield from self._own(moment_problems(self.start_time, "start_time(...)"))

    def _own(self, problems: Iterator[str]) -> Iterator[str]:
        return (f"{self.label!r}: {problem}" for problem in problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaMessage(KafkaAction):
    """A message to be sent."""

    key: Expr | None = None
    value: Expr = NOTHING
    headers: FrozenMap[Expr] = field(default_factory=FrozenMap)
    partition: Expr | None = None
    timestamp: Expr | None = None
    """The record's timestamp: epoch seconds."""

    def problems(self) -> Iterator[str]:
        """Yield what would keep this message from being written."""
        yield from KafkaAction.problems(self)
        yield from self._own(message_problems(self.headers, self.partition, self.timestamp))

    def contents(self) -> tuple[str, ...]:
        """Return the lines that stand for key, value and headers in a printed plan."""
        key = () if self.key is None else (f"key    {show_expression(self.key)}",)
        headers = (f"header {name}: {show_expression(v)}" for name, v in self.headers.items())
        return (*key, f"value  {show_expression(self.value)}", *headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaSend(KafkaMessage):
    """A message that no reply is expected to."""

    topic: Expr = NOWHERE
    serialization: Encoding = None
    wait_for_ack: bool = True

    def problems(self) -> Iterator[str]:
        """Yield what would keep this message from being sent."""
        if self.topic == NOWHERE:
            yield f'{self.label!r} has no topic; add .topic("...")'
        yield from self._own(topic_problems(self.topic, "the topic"))
        yield from KafkaMessage.problems(self)

    def describe(self) -> tuple[str, ...]:
        """Return the lines for a printed plan."""
        acks = "waits for the ack" if self.wait_for_ack else "does not wait"
        head = f"send  {self.label}   → {show_expression(self.topic)}   {acks}"
        return (head, *self.measured(), *self.contents())


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaRequestReply(KafkaMessage):
    """A message and the reply to it on another topic."""

    timeout_ns: int = 10_000_000_000
    request_topic: Expr = NOWHERE
    response_topic: Expr = NOWHERE
    request_serialization: Encoding = None
    response_serialization: Encoding = None
    correlation: Correlation | None = None
    """How its replies are matched; ``None``: as the protocol says."""
    checks: tuple[Check, ...] = ()
    resume_on: ResumeOn = ResumeOn.REPLY
    loopback: bool = False
    skip_payload_storage: bool = False
    """The request's value is forgotten once it is sent: no check can read it."""
    store_session: tuple[str, ...] | None = None
    """The attributes that are kept for checks while the reply is awaited; ``None``: all."""

    def problems(self) -> Iterator[str]:
        """Yield what would keep this request from being sent or answered."""
        if self.request_topic == NOWHERE:
            yield f'{self.label!r} has no request topic; add .request_topic("...")'
        if self.response_topic == NOWHERE:
            yield (
                f'{self.label!r} has no response topic; add .response_topic("..."), or use '
                ".send() if no reply is expected"
            )
        elif self.request_topic == self.response_topic and not self.loopback:
            yield (
                f"{self.label!r} would read its own requests as replies: request and response "
                f"topic are both {show_expression(self.response_topic)!r}; add .loopback() if "
                "that is meant"
            )
        yield from self._own(topic_problems(self.request_topic, "the request topic"))
        yield from self._own(topic_problems(self.response_topic, "the response topic"))
        yield from KafkaMessage.problems(self)
        if self.skip_payload_storage:
            yield from payload_problems(self.label, self.checks)
        if self.resume_on is not ResumeOn.REPLY and self._saves():
            yield (
                f"{self.label!r} saves from the reply, but its user does not wait for it; take "
                f'away .resume_on("{self.resume_on}") or save_as(...)'
            )

    def _saves(self) -> bool:
        return any(True for check in self.checks for _key in saved_keys(check))

    @property
    def detached(self) -> bool:
        """Whether its user does not wait for the reply."""
        return self.resume_on is not ResumeOn.REPLY

    def describe(self) -> tuple[str, ...]:
        """Return the lines for a printed plan."""
        head = (
            f"request-reply  {self.label}   {show_expression(self.request_topic)} → "
            f"{show_expression(self.response_topic)}   timeout {self.timeout_ns / 1e9:g} s   "
            f"resumes on {self.resume_on}"
        )
        checks = tuple(f"check  {shown_check(check)}" for check in self.checks)
        how = () if self.correlation is None else (f"matched by {self.correlation.describe()}",)
        return (head, *self.measured(), *how, *self.contents(), *checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaConsume(KafkaAction):
    """A record that a user takes from a topic without having sent anything."""

    topic: Expr = NOWHERE
    match: Source | None = None
    """Where in a record stands what must equal ``matched``; ``None``: the next record will do."""
    matched: Expr | None = None
    serialization: Encoding = None
    checks: tuple[Check, ...] = ()
    save_as: str = ""
    save: CodeRef | None = None
    """The user's function of the record (``spi.Message``) that gives what is saved; ``None``: its
    value, decoded."""

    def problems(self) -> Iterator[str]:
        """Yield what would keep a record from being found."""
        if self.topic == NOWHERE:
            yield f'{self.label!r} has no topic; add .topic("...")'
        yield from self._own(topic_problems(self.topic, "the topic"))
        if any(map(reads_request, self.checks)):
            yield (
                f"{self.label!r} has a check that compares a reply with its request, but nothing "
                "was sent; take it away, or compare with what the session holds"
            )
        if self.matched == NOWHERE or self.matched == Const(None):
            yield f"{self.label!r} looks for a record whose id is empty; say which it must be"
        yield from KafkaAction.problems(self)

    def describe(self) -> tuple[str, ...]:
        """Return the lines for a printed plan."""
        which = "the next record" if self.match is None else "the record with its id"
        head = (
            f"consume  {self.label}   ← {show_expression(self.topic)}   {which}   "
            f"timeout {self.timeout_ns / 1e9:g} s"
        )
        saved = (f"saves  {self.save_as}",) if self.save_as else ()
        checks = tuple(f"check  {shown_check(check)}" for check in self.checks)
        return (head, *self.measured(), *checks, *saved)
