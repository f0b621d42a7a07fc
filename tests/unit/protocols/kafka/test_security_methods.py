"""The short calls of ``kafka()`` for TLS and SASL: what they stand for, and what they refuse."""

from pathlib import Path

import pytest

from gatlingpy.dsl.compiler import Compiler
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import Env, SecretFile
from gatlingpy.protocols.kafka.dsl import env, kafka, secret_file
from gatlingpy.protocols.kafka.protocol_builder import KafkaProtocolBuilder

NAMED = "ssl.endpoint.identification.algorithm"


def security(protocol: KafkaProtocolBuilder) -> dict[str, object]:
    return dict(protocol.plan.security)


def test_tls_alone() -> None:
    """The system's CAs, names checked; or what is given, as text, path or variable."""
    assert security(kafka().tls()) == {"security.protocol": "SSL", NAMED: "https"}
    given = kafka().tls(
        ca_location=Path("certs") / "ca.pem", certificate_location="client.pem",
        key_location=env("KEY"), key_password=secret_file("pw"), verify_hostname=False,
    )  # fmt: skip
    assert security(given) == {
        "security.protocol": "SSL", NAMED: "none", "ssl.ca.location": str(Path("certs/ca.pem")),
        "ssl.certificate.location": "client.pem", "ssl.key.location": Env("KEY"),
        "ssl.key.password": SecretFile("pw"),
    }  # fmt: skip
    store = kafka().tls(keystore_location="k.p12", keystore_password=env("PW"))
    assert security(store)["ssl.keystore.location"] == "k.p12"
    assert security(store)["ssl.keystore.password"] == Env("PW")


@pytest.mark.parametrize(
    ("calls", "mechanism"),
    [
        (lambda k: k.sasl_plain("alice", env("PW")), "PLAIN"),
        (lambda k: k.sasl_scram("alice", env("PW")), "SCRAM-SHA-512"),
        (lambda k: k.sasl_scram("alice", env("PW"), mechanism="SCRAM-SHA-256"), "SCRAM-SHA-256"),
        (lambda k: k.sasl_scram_256("alice", env("PW")), "SCRAM-SHA-256"),
        (lambda k: k.sasl_scram_512("alice", env("PW")), "SCRAM-SHA-512"),
    ],
)
def test_user_and_password(calls: object, mechanism: str) -> None:
    """By each mechanism, with TLS before, after or not at all."""
    assert callable(calls)
    wanted = {"sasl.mechanism": mechanism, "sasl.username": "alice", "sasl.password": Env("PW")}
    assert security(calls(kafka())) == wanted | {"security.protocol": "SASL_PLAINTEXT"}
    both = wanted | {"security.protocol": "SASL_SSL", NAMED: "https"}
    assert security(calls(kafka().tls())) == security(calls(kafka()).tls()) == both


def test_tokens_from_an_endpoint() -> None:
    """Everything that librdkafka needs to fetch them."""
    protocol = kafka().sasl_oauthbearer_oidc(
        "https://id/token", env("ID"), secret_file("s"), scope="kafka",
        extensions={"logicalCluster": "lkc-1", "identityPoolId": "pool-2"},
    )  # fmt: skip
    assert security(protocol) == {
        "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "OAUTHBEARER",
        "sasl.oauthbearer.method": "oidc",
        "sasl.oauthbearer.token.endpoint.url": "https://id/token",
        "sasl.oauthbearer.client.id": Env("ID"),
        "sasl.oauthbearer.client.secret": SecretFile("s"), "sasl.oauthbearer.scope": "kafka",
        "sasl.oauthbearer.extensions": "logicalCluster=lkc-1,identityPoolId=pool-2",
    }  # fmt: skip


def test_tokens_from_a_function() -> None:
    """The plan holds its name, the code table the function."""
    compiler = Compiler()

    def token(config: str) -> tuple[str, float]:
        return config, 1.0

    plan = kafka().sasl_oauthbearer(token).compile(compiler, "kafka")
    assert plan.oauth_token is not None
    assert plan.oauth_token.where.startswith("tests/unit/protocols/kafka/test_security_methods.py:")
    assert compiler.code[plan.oauth_token] is token
    assert list(plan.problems()) == [
        'kafka() has no brokers; add .bootstrap_servers("host:9092")'
    ]  # fmt: skip


def test_a_second_call_takes_the_place_of_the_first() -> None:
    """Whole: nothing is left of it, and nothing of the other kind is touched."""
    tokens = kafka().tls("ca.pem", "c.pem", "k.pem").sasl_oauthbearer(lambda config: ("t", 1.0))
    scram = tokens.sasl_scram("alice", env("PW"))
    assert scram.compile(Compiler(), "kafka").oauth_token is None
    assert security(scram)["ssl.key.location"] == "k.pem"
    again = scram.tls("other.pem")
    assert security(again) == {
        "security.protocol": "SASL_SSL", NAMED: "https", "ssl.ca.location": "other.pem",
        "sasl.mechanism": "SCRAM-SHA-512", "sasl.username": "alice", "sasl.password": Env("PW"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "call",
    [
        lambda secret: kafka().sasl_plain("alice", secret),
        lambda secret: kafka().sasl_scram("alice", secret),
        lambda secret: kafka().tls(key_password=secret),
        lambda secret: kafka().tls(keystore_password=secret),
        lambda secret: kafka().sasl_oauthbearer_oidc("http://id", "me", secret),
    ],
)
@pytest.mark.parametrize("secret", ["in-the-clear", Env("PW", "in-the-clear"), b"in-the-clear"])
def test_a_secret_in_the_clear_is_refused_unseen(call: object, secret: object) -> None:
    """At the user's line, with both remedies."""
    assert callable(call)
    with pytest.raises(
        UsageError, match=r"test_security_methods\.py:\d+: .* is a secret"
    ) as refused:
        call(secret)
    assert 'env("KAFKA_' in str(refused.value)
    assert 'secret_file("path")' in str(refused.value)
    assert "in-the-clear" not in str(refused.value)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: kafka().tls(ca_location=5), r"ca_location takes a path or env\(...\), got 5"),
        (lambda: kafka().tls(ca_location=secret_file("x")), "ca_location takes a path"),
        (lambda: kafka().sasl_plain("", env("PW")), "username takes text.*an empty text"),
        (lambda: kafka().sasl_plain(7, env("PW")), "username takes text.*got int"),
        (
            lambda: kafka().sasl_scram("a", env("PW"), mechanism="SHA"),
            "SCRAM-SHA-512 or SCRAM-SHA-256, got 'SHA'",
        ),
        (lambda: kafka().sasl_oauthbearer("token"), "takes a function .* got str"),
        (
            lambda: kafka().sasl_oauthbearer_oidc("u", "i", env("S"), extensions=["a"]),
            "extensions takes a mapping",
        ),
        (lambda: secret_file(""), "takes the path of a file, got ''"),
        (lambda: secret_file(b"x"), "takes the path of a file, got b'x'"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_line(call: object, said: str) -> None:
    """With what was wanted."""
    assert callable(call)
    with pytest.raises(UsageError, match=rf"test_security_methods\.py:\d+: .*{said}"):
        call()


def test_problems_of_security_are_problems_of_the_protocol() -> None:
    """Of the calls, and of the properties over them."""
    protocol = kafka().bootstrap_servers("h:9092").tls(key_location="k.pem")
    (problem,) = protocol.plan.problems()
    assert problem.startswith("kafka(): a key is given without its certificate")
    mixed = kafka().bootstrap_servers("h:9092").tls().producer_properties({"sasl.username": "a"})
    (problem,) = mixed.plan.problems()
    assert problem.startswith("producer_properties: sasl.username is not used")


def test_a_printed_plan_shows_the_security() -> None:
    """In the protocol's line."""
    plan = kafka().bootstrap_servers("h:1").tls().sasl_plain(env("WHO"), env("PW")).plan
    assert plan.describe().endswith("SASL_SSL PLAIN ${WHO} ${PW}")
