"""Why a client was turned away: each of librdkafka's words becomes a cause and a remedy."""

import pytest

from gatlingpy.protocols.kafka import tls_probe
from gatlingpy.protocols.kafka.refusal import (
    AUTHENTICATION,
    BrokerError,
    explain,
    guess,
    refused_properties,
)
from gatlingpy.protocols.kafka.tls_probe import split_address

SERVERS = "SASL_SSL://first:9093,second:9093"
TLS = -181
TRANSPORT = -195
SCRAM = {
    "security.protocol": "SASL_SSL", "sasl.mechanism": "SCRAM-SHA-512", "sasl.username": "alice",
    "sasl.password": "s3cret",
}  # fmt: skip


def failed(text: str, code: int = AUTHENTICATION) -> BrokerError:
    return BrokerError(code, f"sasl_ssl://b-1:9093/bootstrap: {text} (after 4ms in state AUTH_REQ)")


def told(error: BrokerError, properties: dict[str, object]) -> str:
    text = explain(error, SERVERS, properties)
    assert text is not None
    assert "s3cret" not in text
    assert "in state" not in text
    return text


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What listeners say about TLS."""
    found: dict[str, object] = {"tls": None, "distrust": None}
    monkeypatch.setattr(tls_probe, "speaks_tls", lambda address: found["tls"])
    monkeypatch.setattr(tls_probe, "distrust", lambda address, properties: found["distrust"])
    return found


def test_an_error_is_taken_apart() -> None:
    """Into the broker's address and what was said of it."""
    error = failed("Authentication failed: no")
    assert (error.address, error.said) == ("b-1:9093", "Authentication failed: no")
    assert BrokerError(-1, "1/1 brokers are down").address == ""
    assert BrokerError(-1, "1/1 brokers are down").said == "1/1 brokers are down"


def test_a_wrong_password() -> None:
    """Names the user, the broker, the mechanism and where to look."""
    text = told(failed("SASL authentication error: invalid credentials"), SCRAM)
    assert text.startswith("authentication failed for user 'alice' at b-1:9093 with SCRAM-SHA-512")
    assert "what sasl.password is read from" in text


def test_a_mechanism_that_the_broker_does_not_take() -> None:
    """Is not called a wrong password."""
    text = told(failed("SASL SCRAM handshake failed: Broker: Unsupported SASL mechanism"), SCRAM)
    assert text.startswith("the broker at b-1:9093 does not take sasl.mechanism SCRAM-SHA-512")
    assert "password" not in text


def test_tokens_that_cannot_be_had_or_are_refused() -> None:
    """Two causes, two remedies."""
    tokens = {
        "sasl.mechanism": "OAUTHBEARER", "sasl.oauthbearer.token.endpoint.url": "http://id/token",
    }  # fmt: skip
    no_token = BrokerError(AUTHENTICATION, "Failed to acquire SASL OAUTHBEARER token: HTTP 401")
    assert "could be had from http://id/token: Failed to acquire" in told(no_token, tokens)
    refused = told(failed('SASL authentication error: {"status":"invalid_token"}'), tokens)
    assert "the broker refused the token" in refused


def test_a_certificate_that_is_not_trusted(answers: dict[str, object]) -> None:
    """With what the listener's certificate says, or librdkafka's words if it says nothing."""
    error = failed("SSL handshake failed: certificate verify failed: whatever", TLS)
    assert "certificate verify failed: whatever" in told(error, SCRAM)
    answers["distrust"] = "its certificate is for others"
    text = told(error, SCRAM)
    assert text == "the TLS connection to b-1:9093 failed: its certificate is for others"


@pytest.mark.parametrize("alert", ["bad certificate", "certificate required"])
def test_a_broker_that_wants_a_certificate(answers: dict[str, object], alert: str) -> None:
    """One that was given is not accepted, or none was given."""
    error = failed(f"Receive failed: ssl/tls alert {alert}: SSL alert", TRANSPORT)
    assert ".tls(certificate_location=" in told(error, {"security.protocol": "ssl"})
    given = {"security.protocol": "ssl", "ssl.certificate.location": "mine.pem"}
    assert "does not accept the client certificate 'mine.pem'" in told(error, given)


def test_a_listener_that_speaks_tls_to_a_client_that_does_not(answers: dict[str, object]) -> None:
    """Told at once; where it does not, it may be that the broker is just starting."""
    down = BrokerError(TRANSPORT, "Broker transport failure")
    assert explain(down, SERVERS, {}) is None
    answers["tls"] = True
    assert "first:9093 speaks TLS, and security.protocol is PLAINTEXT" in told(down, {})
    without = {"security.protocol": "sasl_plaintext"}
    assert "security.protocol is SASL_PLAINTEXT" in told(down, without)


def test_guesses_are_made_of_those_alone_who_answer(answers: dict[str, object]) -> None:
    """Whoever says nothing is told to be unreachable, and nothing more."""
    down = BrokerError(TRANSPORT, "Broker transport failure")
    for silent in (None, True):
        answers["tls"] = silent
        assert guess(down, SERVERS, {}) is None
    answers["tls"] = False
    assert ".sasl_scram(" in str(guess(down, SERVERS, {}))
    assert "(security.protocol PLAINTEXT)" in str(
        guess(down, SERVERS, {"security.protocol": "ssl"})
    )
    assert "(security.protocol SASL_PLAINTEXT)" in str(guess(down, SERVERS, SCRAM))
    assert guess(down, SERVERS, {"security.protocol": "SASL_PLAINTEXT"}) is None


def test_a_key_store_that_does_not_open() -> None:
    """Is named; what else a client refuses is told in its own words."""
    said = "Failed to parse ssl.keystore.location PKCS#12 file: PKCS12 routines::mac verify failure"
    text = refused_properties(said, {"ssl.keystore.location": "k.p12"})
    assert text == "ssl.keystore.location 'k.p12' cannot be opened with ssl.keystore.password"
    assert refused_properties("No such property", {}) is None


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("host:9093", ("host", 9093)),
        ("[::1]:9093", ("::1", 9093)),
        ("host", ("host", 9092)),
        ("[::1]", ("::1", 9092)),
    ],
)
def test_addresses_are_taken_apart(address: str, parts: tuple[str, int]) -> None:
    """With Kafka's port where there is none."""
    assert split_address(address) == parts
