"""The Kafka protocol keeps what every protocol must, on a fake cluster."""

import pytest

from gatlingpy.dsl.checks import body_string
from gatlingpy.dsl.compiler import ActionBuilder
from gatlingpy.plan.steps import RequestPlan
from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.spi import Perform, Settled
from gatlingpy.testing.protocol_contract import ProtocolContract
from gatlingpy.testing.protocol_stage import Subject
from tests.unit.protocols.kafka.broker_side import compiled

PROTOCOL = kafka().bootstrap_servers("fake:9092")
ASK = kafka("Ask").request_reply().topics("requests", "replies").value("x").timeout(60)
WRONG = ASK.check(body_string().is_("y"))
UNANSWERED = ASK.topics("events", "replies")


class TestRequestReply(ProtocolContract):
    """Users that wait for the reply, and one that goes on once its request is sent."""

    succeeds: ActionBuilder = ASK
    cannot: ActionBuilder = ASK.value("#{missing}")
    detached: ActionBuilder = ASK.resume_on("send")

    def subject(self) -> Subject:
        """Return a runtime on a cluster that answers on one topic and not on the other."""
        kinds = self.succeeds, WRONG, UNANSWERED, self.cannot, self.detached
        runtime, services, requests, _ = compiled(PROTOCOL, *kinds)
        return Subject(runtime, services, *requests)


@pytest.mark.parametrize("times", [0, 2])
def test_a_protocol_that_tells_of_an_end_too_seldom_or_too_often_is_found(times: int) -> None:
    """Who bounds what is in flight relies on it."""

    class Spoilt(TestRequestReply):
        def subject(self) -> Subject:
            subject = super().subject()
            bind = subject.runtime.bind

            def spoilt(request: RequestPlan, settled: Settled | None = None) -> Perform:
                def told() -> None:
                    for _ in range(times):
                        settled()  # type: ignore[misc]

                return bind(request, None if settled is None else told)

            subject.runtime.bind = spoilt  # type: ignore[method-assign]
            return subject

    with pytest.raises(AssertionError, match="settled: "):
        Spoilt().test_whoever_goes_on_before_the_end_is_told_of_it_once()


class TestAck(TestRequestReply):
    """A user that goes on when the broker has its request, and ids that are the user's own."""

    cannot = ASK.header("correlationId", "#{missing}")
    detached = ASK.resume_on("ack")


class TestSend(TestRequestReply):
    """Users that wait for the broker's acknowledgement of a message that nobody answers."""

    succeeds = kafka("Tell").send().topic("events").value("x").timeout(60)
    cannot = kafka("Tell").send().topic("#{missing}").value("x")
