"""Why a cluster turned a client away: what broke, at which broker, and what to mend.

librdkafka tells it in the words of OpenSSL and of the broker, or not at all.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gatlingpy.protocols.kafka import tls_probe

# Numbers of librdkafka's errors, so that this file needs no client library.
AUTHENTICATION: Final = -169
ALL_BROKERS_DOWN: Final = -187

_PREFIX: Final = re.compile(r"^(?:\w+://)?(?P<address>[^/\s]+:\d+)/\w+: (?P<said>.*)$", re.DOTALL)
_SUFFIX: Final = re.compile(r" \(after \d+ms in state \w+\)$")
_WANTS_CERTIFICATE: Final = ("alert bad certificate", "alert certificate required")


@dataclass(frozen=True, slots=True)
class BrokerError:
    """An error that librdkafka told of a connection: its number and text."""

    code: int
    text: str

    @property
    def address(self) -> str:
        """The broker's ``host:port``, or the empty text."""
        match = _PREFIX.match(self.text)
        return match["address"] if match else ""

    @property
    def said(self) -> str:
        """The text without the address before and the state behind it."""
        match = _PREFIX.match(self.text)
        return _SUFFIX.sub("", match["said"] if match else self.text)


def explain(error: BrokerError, servers: str, properties: Mapping[str, object]) -> str | None:
    """Return why a client did not get in; ``None`` where it may get in yet.

    ``properties`` are the client's; no secret is in the answer.  May connect to a broker, for some
    seconds.
    """
    address = error.address or _first(servers)
    if error.code == AUTHENTICATION:
        return _not_let_in(error.said, address, properties)
    protocol = _protocol(properties)
    if protocol.endswith("SSL"):
        return _distrusted(error.said, address, properties)
    if tls_probe.speaks_tls(address):
        # Without TLS librdkafka only sees that it is hung up on.
        return (
            f"the listener at {address} speaks TLS, and security.protocol is {protocol}; add "
            f'.tls(ca_location="ca-cert.pem"), or take the address of a listener without TLS'
        )
    return None


def guess(error: BrokerError, servers: str, properties: Mapping[str, object]) -> str | None:
    """Return what is likely of a broker that takes connections and does not answer in time."""
    address = error.address or _first(servers)
    protocol = _protocol(properties)
    if tls_probe.speaks_tls(address) is not False:
        return None
    if protocol.endswith("SSL"):
        other = "SASL_PLAINTEXT" if protocol.startswith("SASL") else "PLAINTEXT"
        return (
            f"the TLS connection to {address} failed: this listener does not speak TLS; take the "
            f"address of one that does, or leave tls() out (security.protocol {other})"
        )
    if protocol == "PLAINTEXT":
        return (
            f"{address} takes connections and does not answer as Kafka without security does; if "
            'it wants a user and a password: .sasl_scram("user", env("KAFKA_PASSWORD"))'
        )
    return None


def refused_properties(said: str, properties: Mapping[str, object]) -> str | None:
    """Return what is to be told of properties that a client was not made with."""
    if "PKCS12" not in said or "mac verify" not in said:
        return None
    store = properties.get("ssl.keystore.location")
    return f"ssl.keystore.location {store!r} cannot be opened with ssl.keystore.password"


def _not_let_in(said: str, address: str, properties: Mapping[str, object]) -> str:
    mechanism = str(properties.get("sasl.mechanism", "GSSAPI"))
    if "nsupported" in said and "mechanism" in said:
        return f"the broker at {address} does not take sasl.mechanism {mechanism}: {said}"
    if mechanism == "OAUTHBEARER":
        return _no_token(said, address, properties)
    user = properties.get("sasl.username", "")
    return (
        f"authentication failed for user {user!r} at {address} with {mechanism}: {said}; check "
        "sasl.username and what sasl.password is read from"
    )


def _no_token(said: str, address: str, properties: Mapping[str, object]) -> str:
    endpoint = properties.get("sasl.oauthbearer.token.endpoint.url")
    if "acquire" in said or "retrieve" in said:
        return (
            f"no OAUTHBEARER token could be had from {endpoint}: {said}; check "
            "sasl.oauthbearer.client.id, what sasl.oauthbearer.client.secret is read from, and "
            "the address"
        )
    return (
        f"authentication failed at {address} with OAUTHBEARER: the broker refused the token: "
        f"{said}; check its audience, issuer, scope and expiry"
    )


def _distrusted(said: str, address: str, properties: Mapping[str, object]) -> str | None:
    head = f"the TLS connection to {address} failed: "
    if "certificate verify failed" in said:
        return head + (tls_probe.distrust(address, properties) or said)
    if any(words in said for words in _WANTS_CERTIFICATE):
        return f"{head}{_certificate_refused(properties)} ({said})"
    return None


def _certificate_refused(properties: Mapping[str, object]) -> str:
    given = properties.get("ssl.certificate.location") or properties.get("ssl.keystore.location")
    if given:
        return (
            f"the broker does not accept the client certificate {given!r}; which CA has signed it?"
        )
    return (
        "the broker wants a client certificate; give one: "
        '.tls(certificate_location="client-cert.pem", key_location="client-key.pem")'
    )


def _protocol(properties: Mapping[str, object]) -> str:
    return str(properties.get("security.protocol", "plaintext")).upper()


def _first(servers: str) -> str:
    return servers.split(",", maxsplit=1)[0].strip().rpartition("://")[2]
