"""What security properties cannot work together, and what stands in place of Java's."""

import pytest

from gatlingpy.plan.code import Env, SecretFile
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.protocols.kafka.java_security import NAMES, java_problem
from gatlingpy.protocols.kafka.properties import (
    consumer_config,
    consumer_problems,
    producer_config,
    producer_problems,
)
from gatlingpy.protocols.kafka.security import (
    client_problems,
    describe_security,
    laid_over,
    security_problems,
    with_sasl,
    with_tls,
)

SCRAM = {
    "security.protocol": "SASL_SSL", "sasl.mechanism": "SCRAM-SHA-512", "sasl.username": "alice",
    "sasl.password": Env("PASSWORD"),
}  # fmt: skip


def problems(properties: dict[str, object], *, has_token: bool = False) -> list[str]:
    return list(security_problems(properties, has_token=has_token))


def test_tls_and_sasl_add_up_in_any_order() -> None:
    """To the protocol that is both."""
    assert [with_tls(""), with_tls("SSL"), with_tls("SASL_PLAINTEXT"), with_tls("SASL_SSL")] == [
        "SSL", "SSL", "SASL_SSL", "SASL_SSL",
    ]  # fmt: skip
    assert [with_sasl(""), with_sasl("SSL"), with_sasl("SASL_PLAINTEXT")] == [
        "SASL_PLAINTEXT", "SASL_SSL", "SASL_PLAINTEXT",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"security.protocol": "plaintext"},
        {"security.protocol": "Ssl", "ssl.ca.location": "ca.pem"},
        SCRAM,
        SCRAM | {"security.protocol": "sasl_plaintext"},
        SCRAM | {"security.protocol": Env("PROTOCOL")},
        SCRAM | {"sasl.mechanism": Env("MECHANISM")},
        {"security.protocol": Env("PROTOCOL", "PLAINTEXT"), "ssl.ca.location": "ca.pem"},
        {"security.protocol": "SASL_SSL", "sasl.mechanism": "GSSAPI"},
        {"security.protocol": "SSL", "ssl.keystore.location": "keys.p12"},
    ],
)
def test_what_may_work_is_let_through(properties: dict[str, object]) -> None:
    """In any case of the protocol; what is known only when a run starts is not judged."""
    assert problems(properties) == []


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"security.protocol": "TLS"}, "'TLS' does not exist; there are PLAINTEXT, SSL"),
        ({"sasl.username": "a"}, "sasl.username is not used, since security.protocol is not given"),
        (
            {"sasl.mechanisms": "PLAIN", "security.protocol": "SSL"},
            "sasl.mechanism is not used, since security.protocol is SSL; set it to SASL_SSL",
        ),
        (
            {"ssl.ca.location": "ca.pem"},
            "ssl.ca.location is not used, since security.protocol is not given; set it to SSL",
        ),
        (
            SCRAM | {"security.protocol": "sasl_plaintext", "ssl.ca.location": "ca.pem"},
            "is not used, since security.protocol is SASL_PLAINTEXT; set it to SASL_SSL",
        ),
        ({"security.protocol": "SASL_SSL"}, "sasl.mechanism is not given; there are PLAIN"),
        (SCRAM | {"sasl.mechanism": "SCRAM"}, "sasl.mechanism 'SCRAM' does not exist"),
        (SCRAM | {"sasl.username": ""}, "SCRAM-SHA-512 needs sasl.username"),
        (SCRAM | {"sasl.password": None}, "SCRAM-SHA-512 needs sasl.password"),
        (SCRAM | {"sasl.mechanism": "OAUTHBEARER"}, "nobody to get tokens from"),
        (
            {"security.protocol": "SSL", "ssl.key.location": "k"},
            "without its certificate; add ssl.certificate.location",
        ),
        (
            {"security.protocol": "SSL", "ssl.certificate.location": "c"},
            "without its key; add ssl.key.location",
        ),
        (
            {"security.protocol": "SSL", "ssl.certificate.location": "c", "ssl.key.location": "k",
             "ssl.keystore.location": "s"},
            "given twice",
        ),
    ],
)  # fmt: skip
def test_what_cannot_work_is_told_with_its_remedy(properties: dict[str, object], said: str) -> None:
    """Each alone, and before anything is connected."""
    (problem,) = problems(properties)
    assert said in problem


def test_tokens_come_from_one_place() -> None:
    """A function, or an endpoint."""
    tokens = {"security.protocol": "SASL_SSL", "sasl.mechanism": "OAUTHBEARER"}
    assert problems(tokens, has_token=True) == []
    oidc = tokens | {"sasl.oauthbearer.method": "oidc"}
    assert problems(oidc) == []
    assert "leave one of them out" in problems(oidc, has_token=True)[0]
    assert problems(tokens | {"enable.sasl.oauthbearer.unsecure.jwt": True}) == []


def test_a_problem_of_all_clients_is_told_once() -> None:
    """And one of a single kind by the name of its properties."""
    common = {"security.protocol": "SSL", "ssl.key.location": "k"}
    clients = {"producer_properties": {}, "consumer_properties": {"security.protocol": "TLS"}}
    told = list(client_problems(common, clients, has_token=False))
    assert [text.partition(":")[0] for text in told] == ["kafka()", "consumer_properties"]
    both = {"producer_properties": {}, "consumer_properties": {}}
    assert len(list(client_problems(common, both, has_token=False))) == 1


def test_a_clients_own_properties_win() -> None:
    """By whichever of its two names the mechanism is given."""
    own = laid_over(SCRAM, {"sasl.mechanisms": "PLAIN", "sasl.username": "bob"})
    assert own["sasl.mechanism"] == "PLAIN"
    assert own["sasl.username"] == "bob"
    assert "sasl.mechanisms" not in own
    assert producer_config({"sasl.mechanisms": "PLAIN"}, "h:1", "c").properties[
        "sasl.mechanism"
    ] == "PLAIN"  # fmt: skip


def test_a_printed_plan_shows_where_secrets_are(tmp_path: object) -> None:
    """And not what they are."""
    assert describe_security(FrozenMap()) == ""
    shown = describe_security(FrozenMap(SCRAM | {"sasl.password": SecretFile("pw.txt")}))
    assert shown == "   SASL_SSL SCRAM-SHA-512 alice ${file:pw.txt}"
    assert describe_security(SCRAM).endswith("alice ${PASSWORD}")


@pytest.mark.parametrize("name", sorted(NAMES))
def test_what_only_java_knows_is_refused_with_a_remedy(name: str) -> None:
    """In both maps, and without its value, which may be a secret."""
    for told in (producer_problems, consumer_problems):
        (problem,) = told({name: "s3cret"})
        assert f": {name} is Java's; " in problem
        if name != "ssl.truststore.location":
            assert "s3cret" not in problem


def test_a_java_trust_store_becomes_pem_by_a_command() -> None:
    """The whole command, and the file that our own script has made beside it."""
    told = java_problem("ssl.truststore.location", "./tls-certs/kafka.client.truststore.jks")
    assert "ssl.ca.location" in told
    assert (
        "keytool -exportcert -rfc -alias ALIAS -keystore ./tls-certs/kafka.client.truststore.jks "
        "-file ca-cert.pem" in told
    )
    assert "or take tls-certs/ca-cert.pem" in told
    assert "ssl.ca.location='ca.pem'" in java_problem("ssl.truststore.location", "ca.pem")
    assert "-keystore STORE" in java_problem("ssl.truststore.location", Env("STORE"))


def test_a_java_key_store_becomes_pkcs12_by_a_command() -> None:
    """The whole command; a store of the right kind is let through."""
    (told,) = producer_problems({"ssl.keystore.location": "my/keys.JKS"})
    assert (
        "keytool -importkeystore -srckeystore my/keys.JKS -destkeystore keys.p12 "
        "-deststoretype PKCS12" in told
    )
    assert list(producer_problems({"ssl.keystore.location": "keys.p12"})) == []


@pytest.mark.parametrize("name", ["sasl.password", "ssl.key.password", "ssl.keystore.password"])
def test_secrets_are_not_in_the_simulation(name: str) -> None:
    """Only where to find them; the value is in no message."""
    assert list(producer_problems({name: Env("X")})) == []
    assert list(consumer_problems({name: SecretFile("x")})) == []
    for secret in ("in-the-clear", Env("X", "in-the-clear"), 12345678):
        (told,) = producer_problems({name: secret})
        assert f'env("{name.upper().replace(".", "_")}")' in told
        assert 'secret_file("path")' in told
        assert "in-the-clear" not in told
        assert "12345678" not in told


def test_secrets_are_read_when_a_run_starts(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a variable or a file, for both kinds of clients."""
    path = tmp_path_factory.mktemp("secrets") / "password"
    path.write_text("of the file\n")
    monkeypatch.setenv("PASSWORD", "of the environment")
    given = {"sasl.password": SecretFile(str(path)), "ssl.key.password": Env("PASSWORD")}
    for config in (
        producer_config(given, "h:1", "c"),
        consumer_config(given, "h:1", "c", "g", embedded=False),
    ):
        assert config.properties["sasl.password"] == "of the file"
        assert config.properties["ssl.key.password"] == "of the environment"


def test_no_name_to_check_as_java_says_it() -> None:
    """The empty text is Java's word for none."""
    for empty in ("", "none"):
        config = producer_config({"ssl.endpoint.identification.algorithm": empty}, "h:1", "c")
        assert config.properties["ssl.endpoint.identification.algorithm"] == "none"
