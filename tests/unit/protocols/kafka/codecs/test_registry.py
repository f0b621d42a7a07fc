"""A registry that says no: what, where, and what to do about it; secrets stay where they are."""

from typing import Any

import pytest

from gatlingpy.errors import ProtocolError, UsageError
from gatlingpy.protocols.kafka.codecs.confluent_registry import ConfluentRegistryClient
from gatlingpy.protocols.kafka.codecs.plan import RegistryUse, SchemaRegistryPlan
from gatlingpy.protocols.kafka.codecs.registry import Registry, RegistryFailure, RegistrySchema
from gatlingpy.protocols.kafka.codecs.schema_codecs import AvroCodec
from gatlingpy.protocols.kafka.dsl import env, kafka, secret_file
from tests.unit.protocols.kafka.codecs.registry_side import REGISTRY, MemoryRegistry, Stage
from tests.unit.protocols.kafka.codecs.test_avro import USER

SCHEMA = RegistrySchema("AVRO", '"string"')


def refusing(failure: RegistryFailure) -> Registry:
    client = MemoryRegistry()
    client.failure = failure
    return Registry(SchemaRegistryPlan(url=REGISTRY, where="sim.py:7"), lambda _: client)


@pytest.mark.parametrize(
    ("failure", "use", "said"),
    [
        (RegistryFailure(0, 0, "Connection refused"), RegistryUse(),
         r"cannot be reached: Connection refused; check the URL"),
        (RegistryFailure(401, 401, "Unauthorized"), RegistryUse(),
         r'does not let us in \(401 Unauthorized\); .* basic_auth=\("user", env\('),
        (RegistryFailure(403, 40301, "Forbidden"), RegistryUse(), r".* with the rights to 'a-value'"),
        (RegistryFailure(404, 40403, "Schema not found"), RegistryUse(auto_register=False),
         r"does not have this schema under 'a-value' .* auto_register=True"),
        (RegistryFailure(404, 40401, "Subject not found"), RegistryUse(use_latest_version=True),
         r"has no subject 'a-value' \(404 Subject not found\); register a schema there"),
        (RegistryFailure(409, 409, "missing field age"), RegistryUse(),
         r".* incompatible with 'a-value' \(409 missing field age\); use a schema that"),
        (RegistryFailure(500, 50001, "store"), RegistryUse(), r"did not answer .*: 500 store"),
    ],
)  # fmt: skip
def test_each_refusal_is_told_with_its_remedy(
    failure: RegistryFailure, use: RegistryUse, said: str
) -> None:
    """And with the user's line."""
    with pytest.raises(
        ProtocolError, match=rf"^sim\.py:7: the schema registry at {REGISTRY} {said}"
    ):
        refusing(failure).settle("a-value", SCHEMA, use)


def test_what_is_asked_on_the_way_is_told_as_well() -> None:
    """References, versions, ids."""
    registry = refusing(RegistryFailure(0, 0, "gone"))
    for ask in (
        lambda: registry.schema(1),
        lambda: registry.known("a"),
        lambda: registry.version("a", 1),
        lambda: registry.versioned("a", SCHEMA, RegistryUse()),
    ):
        with pytest.raises(ProtocolError, match="cannot be reached: gone"):
            ask()  # type: ignore[no-untyped-call]
    unknown = refusing(RegistryFailure(404, 40403, "no"))
    assert unknown.known("a") == []
    assert refusing(RegistryFailure(403, 40301, "no")).known("a") == []
    with pytest.raises(ProtocolError, match="knows no schema with the id 7"):
        unknown.schema(7)


def test_no_more_than_the_newest_versions_are_read_ahead() -> None:
    """Twenty of them."""
    client = MemoryRegistry()
    for number in range(30):
        client.register("a", RegistrySchema("AVRO", f'"{number}"'), normalize=False)
    registry = Registry(SchemaRegistryPlan(url=REGISTRY), lambda _: client)
    assert [found.schema_id for found in registry.known("a")] == list(range(11, 31))


def test_the_client_is_given_what_the_user_gave(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """Secrets from where they are; and it never waits for ever."""
    monkeypatch.setenv("PW", "s:cret")
    (tmp_path / "key").write_text("key-secret\n")
    protocol = (
        kafka()
        .bootstrap_servers("fake:9092")
        .schema_registry(
            env("NOSUCH_URL", "http://other:8081"),
            basic_auth=("ann", env("PW")),
            ca_location=tmp_path / "ca.pem",
            certificate_location="client.pem",
            key_location=env("NOSUCH_KEY", "client.key"),
            key_password=secret_file(tmp_path / "key"),
            properties={"timeout": 3},
        )
    )
    stage = Stage(protocol)
    assert "s:cret" not in repr(stage.plan)
    assert "key-secret" not in repr(stage.plan)
    stage.write(AvroCodec(USER))
    assert stage.registry.properties == {
        "url": "http://other:8081", "basic.auth.user.info": "ann:s:cret",
        "ssl.ca.location": str(tmp_path / "ca.pem"), "ssl.certificate.location": "client.pem",
        "ssl.key.location": "client.key", "ssl.key.password": "key-secret", "timeout": 3,
        "max.retries": 2, "retries.wait.ms": 200, "retries.max.wait.ms": 1_000,
    }  # fmt: skip


def test_a_secret_that_is_not_there_is_told_before_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the variable's name."""
    monkeypatch.delenv("PW", raising=False)
    protocol = kafka().schema_registry(REGISTRY, basic_auth=("ann", env("PW")))
    with pytest.raises(
        ProtocolError, match=r"schema_registry\(\.\.\.\): the environment variable PW"
    ):
        Stage(protocol.bootstrap_servers("fake:9092")).write(AvroCodec(USER))


def test_a_property_that_the_client_does_not_know_is_told() -> None:
    """By the real client, without asking anything."""
    plan = SchemaRegistryPlan(url=REGISTRY, properties={"nosuch": 1}, where="sim.py:7")  # type: ignore[arg-type]
    with pytest.raises(
        ProtocolError, match=r"sim\.py:7: .* cannot be used: Unrecognized properties: nosuch"
    ):
        Registry(plan, ConfluentRegistryClient)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"url": 7}, r"takes a URL such as"),
        ({"url": ""}, r"takes a URL such as"),
        ({"url": REGISTRY, "basic_auth": ("ann", "secret")}, "a password that stands in a simul"),
        ({"url": REGISTRY, "basic_auth": "ann:secret"}, "a password that stands in a simulation"),
        ({"url": REGISTRY, "ca_location": 7}, "ssl.ca.location takes a path"),
        ({"url": REGISTRY, "properties": [1]}, "takes a mapping"),
    ],
)
def test_arguments_out_of_place_are_refused(arguments: dict[str, Any], said: str) -> None:
    """With the user's line, and without the password."""
    with pytest.raises(
        UsageError, match=rf"test_registry\.py:\d+: schema_registry.*{said}"
    ) as told:
        kafka().schema_registry(**arguments)
    assert "secret" not in str(told.value).replace("ssl.", "")


@pytest.mark.parametrize(
    ("url", "properties", "said"),
    [
        ("registry:8081", {}, "takes a URL such as"),
        ("http://a,registry", {}, "got 'registry'"),
        ("http://ann:secret@host", {}, "the URL holds a user and a password"),
        (REGISTRY, {"basic.auth.user.info": "ann:secret"}, r"is a secret.*BASIC_AUTH_USER_INFO"),
        (REGISTRY, {"ssl.truststore.location": "a.jks"}, "for Java"),
    ],
)
def test_what_would_not_work_or_stands_open_is_a_problem_of_the_plan(
    url: str, properties: dict[str, Any], said: str
) -> None:
    """Told with the others; the secret is in no message."""
    protocol = kafka().bootstrap_servers("a:1").schema_registry(url, properties=properties)
    (problem,) = Stage(protocol).plan.problems()
    import re

    assert re.search(said, problem)
    assert "ann:secret" not in problem


def test_a_registry_is_opened_when_a_codec_needs_it_and_closed_once() -> None:
    """Not before, and not without need."""
    protocol = kafka().bootstrap_servers("fake:9092").schema_registry(REGISTRY)
    stage = Stage(protocol)
    stage.encodings.close()
    stage.write()
    assert stage.registry.properties == {}
    stage.write(AvroCodec(USER))
    assert stage.registry.properties["url"] == REGISTRY
    stage.encodings.close()
    assert stage.registry.closed
