"""What is wrong with how replies are to be read: commits, and a group shared by injectors."""

from collections.abc import Iterator

from gatlingpy.plan.expression import constant
from gatlingpy.plan.steps import RequestPlan
from gatlingpy.protocols.kafka.requests import KafkaRequestReply

_LEAST_NS = 1_000_000


def commit_problems(interval_ns: int | None) -> Iterator[str]:
    """Yield why positions cannot be committed so often."""
    if interval_ns is not None and interval_ns < _LEAST_NS:
        yield (
            f"commit_interval(...) must be at least 1 ms, got {interval_ns / 1e6:g} ms; "
            "commit_interval(None) commits nothing"
        )


def group_problems(*, is_shared: bool, store_is_shared: bool) -> Iterator[str]:
    """Yield why a group cannot be shared: its members could not find each other's requests."""
    if is_shared and not store_is_shared:
        yield (
            "shared_consumer_group() gives a reply to whichever injector has its partition, which "
            "finds the request only in a store that all injectors share; give kafka() such a "
            "request_store(...), or take shared_consumer_group() away: each injector then reads "
            "all reply partitions, and keeps its own requests"
        )


def group_request_problems(request: RequestPlan) -> Iterator[str]:
    """Yield why a request cannot have its reply read by another injector."""
    if not isinstance(request, KafkaRequestReply):
        return
    if not request.detached:
        yield (
            f"{request.label!r} waits for its reply, but with shared_consumer_group() another "
            'injector may read it; add .resume_on("ack") or .resume_on("send"), or take '
            "shared_consumer_group() away"
        )
    if not isinstance(constant(request.response_topic), str):
        yield (
            f"{request.label!r} has a response topic that each user names, which no group can "
            "subscribe to; name it in the simulation, or take shared_consumer_group() away"
        )
