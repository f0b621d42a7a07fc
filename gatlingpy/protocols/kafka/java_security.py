"""Security properties that only Java's client knows: what to write in their place.

No message holds a value that may be a secret.
"""

from pathlib import PurePath
from typing import Final

_PEM: Final = "ssl.ca.location, the CA certificates as PEM"
_NEGOTIATED: Final = "leave it out: the newest TLS that both ends know is taken"
_CALLBACK: Final = (
    "give a function, .sasl_oauthbearer(function), or let tokens be fetched, "
    ".sasl_oauthbearer_oidc(...)"
)
_REMEDIES: Final = {
    "ssl.truststore.password": f"librdkafka wants {_PEM}, which has no password",
    "ssl.truststore.type": f"librdkafka wants {_PEM}",
    "ssl.truststore.certificates": "librdkafka calls it ssl.ca.pem",
    "ssl.keystore.type": (
        "leave it out: ssl.keystore.location is PKCS#12; for PEM there are "
        "ssl.certificate.location and ssl.key.location"
    ),
    "ssl.keystore.certificate.chain": "librdkafka calls it ssl.certificate.pem",
    "ssl.keystore.key": "librdkafka calls it ssl.key.pem",
    "ssl.protocol": _NEGOTIATED,
    "ssl.enabled.protocols": _NEGOTIATED,
    "ssl.provider": _NEGOTIATED,
    "ssl.trustmanager.algorithm": "leave it out",
    "ssl.keymanager.algorithm": "leave it out",
    "ssl.secure.random.implementation": "leave it out",
    "ssl.engine.factory.class": "leave it out",
    "sasl.jaas.config": (
        'librdkafka wants sasl.username and sasl.password, or .sasl_scram("user", '
        'env("KAFKA_PASSWORD")) and its like; the password must not stand in the simulation'
    ),
    "sasl.login.class": "leave it out",
    "sasl.login.callback.handler.class": _CALLBACK,
    "sasl.client.callback.handler.class": _CALLBACK,
}

NAMES: Final = frozenset({"ssl.truststore.location", *_REMEDIES})


def java_problem(name: str, value: object) -> str:
    """Say what to write instead of a property of ``NAMES``."""
    if name == "ssl.truststore.location":
        return f"{name} is Java's; librdkafka wants {_PEM}: {how_to_get_ca(value)}"
    return f"{name} is Java's; {_REMEDIES[name]}"


def keystore_problem(value: object) -> str | None:
    """Say what is wrong with a key store that goes by the name of a JKS; ``None`` if nothing."""
    if not (isinstance(value, str) and value.lower().endswith((".jks", ".jceks"))):
        return None
    return (
        f"ssl.keystore.location {value!r} is Java's; librdkafka wants PKCS#12: "
        f"{how_to_get_keys(value)}"
    )


def how_to_get_ca(truststore: object) -> str:
    """Say how to get the certificates out of a Java trust store."""
    if isinstance(truststore, str) and truststore.lower().endswith((".pem", ".crt", ".cer")):
        return f"this file may be PEM already, ssl.ca.location={truststore!r}"
    shown = _shown(truststore)
    beside = ""
    if PurePath(shown).name.startswith("kafka.client.truststore."):
        beside = f", or take {PurePath(shown).with_name('ca-cert.pem')} if our script made it"
    return f"keytool -exportcert -rfc -alias ALIAS -keystore {shown} -file ca-cert.pem{beside}"


def how_to_get_keys(keystore: object) -> str:
    """Say how to turn a Java key store into one that librdkafka reads."""
    shown = _shown(keystore)
    new = PurePath(shown).with_suffix(".p12").name if isinstance(keystore, str) else "client.p12"
    return (
        f"keytool -importkeystore -srckeystore {shown} -destkeystore {new} "
        f"-deststoretype PKCS12, then ssl.keystore.location={new!r}"
    )


def _shown(path: object) -> str:
    return path if isinstance(path, str) and path else "STORE"
