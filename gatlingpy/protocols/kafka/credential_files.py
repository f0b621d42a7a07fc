"""Looks into the files that a client proves itself with, so that what is wrong is told by name.

librdkafka would say it in OpenSSL's words, without the file.
"""

import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from gatlingpy.protocols.kafka.java_security import how_to_get_ca, how_to_get_keys

_FILES: Final = (
    "ssl.ca.location", "ssl.certificate.location", "ssl.key.location", "ssl.keystore.location",
    "ssl.crl.location", "https.ca.location", "sasl.oauthbearer.assertion.file",
    "sasl.oauthbearer.assertion.private.key.file",
)  # fmt: skip
_JAVA_STORES: Final = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")
_DER: Final = b"\x30"
_PROBE: Final = "probe"
"""The value by which librdkafka looks for the system's own certificates."""


def file_problems(properties: Mapping[str, object]) -> Iterator[str]:
    """Yield what is wrong with the files that these properties of a client name.

    Reads them; values are resolved ones.
    """
    named = {name: str(properties[name]) for name in _FILES if properties.get(name)}
    missing = False
    for name, path in named.items():
        problem = _unreadable(name, path)
        if problem:
            missing = True
            yield problem
    if missing or not str(properties.get("security.protocol", "")).lower().endswith("ssl"):
        return
    for name in ("ssl.ca.location", "https.ca.location"):
        if name in named:
            yield from _ca_problems(name, named[name])
    if "ssl.keystore.location" in named:
        yield from _keystore_problems(named["ssl.keystore.location"])
    if "ssl.certificate.location" in named and "ssl.key.location" in named:
        certificate, key = named["ssl.certificate.location"], named["ssl.key.location"]
        yield from _key_problems(certificate, key, properties.get("ssl.key.password"))


def _unreadable(name: str, path: str) -> str | None:
    if path == _PROBE or (name.endswith("ca.location") and Path(path).is_dir()):
        return None
    try:
        with Path(path).open("rb"):
            return None
    except OSError as error:
        reason = error.strerror or type(error).__name__
    place = "" if Path(path).is_absolute() else ", below the folder that the run is started in"
    return f"{name} {path!r} cannot be read: {reason}{place}"


def _ca_problems(name: str, path: str) -> Iterator[str]:
    if path == _PROBE or Path(path).is_dir():
        return
    head = _head(path)
    if head in _JAVA_STORES:
        yield f"{name} {path!r} is a store of Java's, not PEM: {how_to_get_ca(path)}"
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except (ssl.SSLError, UnicodeDecodeError):
        how = ""
        if head.startswith(_DER):
            how = f"; for DER: openssl x509 -inform der -in {path} -out ca-cert.pem"
        yield f"{name} {path!r} holds no certificate in PEM{how}"


def _keystore_problems(path: str) -> Iterator[str]:
    head = _head(path)
    if head in _JAVA_STORES:
        yield f"ssl.keystore.location {path!r} is a JKS, not PKCS#12: {how_to_get_keys(path)}"
    elif not head.startswith(_DER):
        yield (
            f"ssl.keystore.location {path!r} is no PKCS#12; for PEM there are "
            "ssl.certificate.location and ssl.key.location"
        )


def _key_problems(certificate: str, key: str, password: object) -> Iterator[str]:
    if b"-----BEGIN CERTIFICATE-----" not in Path(certificate).read_bytes():
        yield f"ssl.certificate.location {certificate!r} holds no certificate in PEM"
        return
    text = Path(key).read_bytes()
    if b"PRIVATE KEY-----" not in text:
        yield f"ssl.key.location {key!r} holds no private key in PEM"
        return
    encrypted = b"ENCRYPTED" in text
    if encrypted and not password:
        yield (
            f"ssl.key.location {key!r} is encrypted; give ssl.key.password, as "
            'key_password=env("KAFKA_KEY_PASSWORD")'
        )
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        # Without a function OpenSSL would ask at the terminal.
        context.load_cert_chain(certificate, key, password=lambda: str(password or ""))
    except ssl.SSLError as error:
        yield _key_problem(certificate, key, error, encrypted=encrypted)
    except ValueError:
        yield f"ssl.key.location {key!r}: ssl.key.password is too long"


def _key_problem(certificate: str, key: str, error: ssl.SSLError, *, encrypted: bool) -> str:
    if error.reason == "KEY_VALUES_MISMATCH":
        return (
            f"ssl.key.location {key!r} is not the key of ssl.certificate.location {certificate!r}"
        )
    if encrypted:
        return f"ssl.key.location {key!r} cannot be opened with ssl.key.password"
    reason = (error.reason or "no reason given").replace("_", " ").lower()
    return (
        f"ssl.certificate.location {certificate!r} and ssl.key.location {key!r} cannot be read as "
        f"PEM: {reason}"
    )


def _head(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(4)
