"""The dummy protocol keeps what every protocol must."""

from gatlingpy.protocols.dummy.dsl import dummy
from gatlingpy.testing.protocol_contract import ProtocolContract
from gatlingpy.testing.protocol_stage import Subject
from tests.unit.protocols.dummy.bench import compiled


class TestDummy(ProtocolContract):
    """Responses that come at once and later, good and bad."""

    def subject(self) -> Subject:
        """Return the runtime and requests of it."""
        runtime, services, requests = compiled(
            dummy("Good", "2ms"),
            dummy("Bad", "3ms").with_success(False),
            dummy("Long", 60),
            dummy("Nobody", "#{missing}"),
        )
        return Subject(runtime, services, *requests)


class TestDummyAtOnce(TestDummy):
    """Responses that take no time."""

    def subject(self) -> Subject:
        """Return the runtime and requests of it."""
        runtime, services, requests = compiled(
            dummy("Good", 0).with_session_update(lambda session: session),
            dummy("Bad", 0).with_success(lambda session: False),
            dummy("Long", 60),
            dummy("Nobody", 0).with_success("#{missing}"),
        )
        return Subject(runtime, services, *requests)
