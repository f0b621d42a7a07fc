"""What a Kafka for tests listens with: TLS, client certificates and SASL; who may come in."""

import base64
import json
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from tests.services.offer import ServiceBroken, ServiceUnavailable

_SCRIPT = Path(__file__).parents[2] / "scripts" / "generate-tls-certs.sh"
_LOGIN = "org.apache.kafka.common.security"
_OAUTH_HANDLER = f"{_LOGIN}.oauthbearer.OAuthBearerValidatorCallbackHandler"
_PASSWORD = "kafkatest123"


class Listener(StrEnum):
    """The ways into a broker."""

    PLAINTEXT = "PLAINTEXT"
    SSL = "SSL"
    """TLS; anybody who trusts the CA."""
    MTLS = "MTLS"
    """TLS; a client certificate is needed."""
    MISNAMED = "MISNAMED"
    """TLS; the broker's certificate is for another host."""
    SASL_PLAINTEXT = "SASL_PLAINTEXT"
    SASL_SSL = "SASL_SSL"
    """Every mechanism, over TLS."""
    SHORT_SESSION = "SHORT_SESSION"
    """SCRAM without TLS; who is in must show the password again every few seconds."""


_PROTOCOLS = {
    Listener.MTLS: "SSL",
    Listener.MISNAMED: "SSL",
    Listener.SHORT_SESSION: "SASL_PLAINTEXT",
}
_SASL = (Listener.SASL_PLAINTEXT, Listener.SASL_SSL, Listener.SHORT_SESSION)


class KafkaSecurity:
    """Certificates, users and token keys of one cluster, made in a folder of the tests.

    ``user`` may come in by PLAIN and SCRAM with ``password``.  Tokens count if ``token`` made them.
    """

    def __init__(self, user: str = "alice", password: str | None = None) -> None:
        """Nothing is made yet; the password is random unless given."""
        self.user = user
        self.password = password or secrets.token_urlsafe(18)
        self._folder: Path | None = None

    def make(self, folder: Path) -> None:
        """Make the files; raises ServiceUnavailable without openssl, ServiceBroken if it fails."""
        if shutil.which("openssl") is None:
            raise ServiceUnavailable("openssl is not installed")
        self._folder = folder
        environment = os.environ | {"KAFKA_TLS_PASSWORD": _PASSWORD}
        _run([str(_SCRIPT), str(folder)], environment)
        self._make_misnamed()
        _run(["openssl", "genrsa", "-out", str(folder / "token-key.pem"), "2048"])
        jwk = {"kty": "RSA", "kid": "tests", "use": "sig", "alg": "RS256", **self._public_numbers}
        (folder / "jwks.json").write_text(json.dumps({"keys": [jwk]}))

    @property
    def folder(self) -> Path:
        """Where the files are: those of the script, and ``other-ca-cert.pem`` of a stranger."""
        assert self._folder is not None
        return self._folder

    @property
    def ca(self) -> str:
        """The path of the CA's certificate."""
        return str(self.folder / "ca-cert.pem")

    @property
    def other_ca(self) -> str:
        """The path of the certificate of a CA that has signed nothing here."""
        return str(self.folder / "other-ca-cert.pem")

    def listeners(self) -> Sequence[Listener]:
        """Return the ways in."""
        return tuple(Listener)

    def protocol_map(self) -> str:
        """Return the brokers' ``listener.security.protocol.map``, without the controller."""
        return ",".join(f"{name}:{_PROTOCOLS.get(name, name)}" for name in Listener)

    def settings(self) -> dict[str, str]:
        """Return the brokers' further properties."""
        folder = self.folder
        login = f'required username="{self.user}" password="{self.password}"'
        plain = f'{_LOGIN}.plain.PlainLoginModule {login} user_{self.user}="{self.password}";'
        scram = f"{_LOGIN}.scram.ScramLoginModule required;"
        token = f"{_LOGIN}.oauthbearer.OAuthBearerLoginModule required;"
        settings = {
            "ssl.keystore.location": f"{folder}/kafka.broker.keystore.p12",
            "ssl.keystore.type": "PKCS12",
            "ssl.keystore.password": _PASSWORD,
            "ssl.key.password": _PASSWORD,
            "ssl.truststore.location": f"{folder}/ca-cert.pem",
            "ssl.truststore.type": "PEM",
            "listener.name.mtls.ssl.client.auth": "required",
            "listener.name.misnamed.ssl.keystore.location": f"{folder}/misnamed.p12",
            "listener.name.misnamed.ssl.keystore.type": "PKCS12",
            "listener.name.misnamed.ssl.keystore.password": _PASSWORD,
            "listener.name.misnamed.ssl.key.password": _PASSWORD,
            # What a broker of a load test would not do: a stranger is told at once.
            "connection.failed.authentication.delay.ms": "0",
            "sasl.oauthbearer.jwks.endpoint.url": (folder / "jwks.json").as_uri(),
            "sasl.oauthbearer.expected.audience": "kafka",
            "listener.name.short_session.connections.max.reauth.ms": "2000",
        }
        for listener in _SASL:
            name = f"listener.name.{listener.lower()}"
            settings |= {
                f"{name}.sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER",
                f"{name}.plain.sasl.jaas.config": plain,
                f"{name}.scram-sha-256.sasl.jaas.config": scram,
                f"{name}.scram-sha-512.sasl.jaas.config": scram,
                f"{name}.oauthbearer.sasl.jaas.config": token,
                f"{name}.oauthbearer.sasl.server.callback.handler.class": _OAUTH_HANDLER,
            }
        return settings

    def java_options(self) -> list[str]:
        """Return what the brokers' Java must be told: where token keys may be read."""
        allowed = (self.folder / "jwks.json").as_uri()
        return [f"-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls={allowed}"]

    def format_options(self) -> list[str]:
        """Return what the storage is formatted with: the users of SCRAM."""
        options = []
        for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512"):
            who = f"[name={self.user},password={self.password}]"
            options += ["--add-scram", f"{mechanism}={who}"]
        return options

    def token(self, subject: str = "alice", lifetime_s: float = 300) -> str:
        """Return a signed token that the brokers accept for so long."""
        now = int(time.time())
        claims = {
            "iss": "tests", "aud": "kafka", "sub": subject, "iat": now,
            "exp": now + int(lifetime_s), "scope": "kafka",
        }  # fmt: skip
        head = _encoded(json.dumps({"alg": "RS256", "typ": "JWT", "kid": "tests"}).encode())
        signed = f"{head}.{_encoded(json.dumps(claims).encode())}"
        key = str(self.folder / "token-key.pem")
        signature = _run(["openssl", "dgst", "-sha256", "-sign", key], given=signed.encode())
        return f"{signed}.{_encoded(signature)}"

    def encrypted_client_key(self, password: str) -> str:
        """Return the path of the client's key, encrypted with this password."""
        path = self.folder / f"client-key-{abs(hash(password))}.pem"
        _run(
            ["openssl", "pkcs8", "-topk8", "-in", str(self.folder / "client-key.pem"),
             "-out", str(path), "-passout", "env:PW"],
            os.environ | {"PW": password},
        )  # fmt: skip
        return str(path)

    @cached_property
    def _public_numbers(self) -> dict[str, str]:
        key = str(self.folder / "token-key.pem")
        said = _run(["openssl", "rsa", "-in", key, "-noout", "-modulus"]).decode()
        modulus = bytes.fromhex(said.partition("=")[2].strip())
        return {"n": _encoded(modulus), "e": _encoded((65_537).to_bytes(3, "big"))}

    def _make_misnamed(self) -> None:
        """Make a certificate that our CA signs for a host that no broker here is, and a stranger's CA."""
        f = self.folder
        (f / "misnamed.cnf").write_text("subjectAltName = DNS:elsewhere.test\n")
        new_key = ["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-sha256"]
        key, csr, certificate = (str(f / f"misnamed.{end}") for end in ("key", "csr", "pem"))
        _run([*new_key, "-subj", "/CN=elsewhere.test", "-keyout", key, "-out", csr])
        _run(
            ["openssl", "x509", "-req", "-sha256", "-in", csr, "-CA", self.ca,
             "-CAkey", str(f / "ca-key.pem"), "-set_serial", "77", "-days", "2",
             "-extfile", str(f / "misnamed.cnf"), "-out", certificate]
        )  # fmt: skip
        _run(
            ["openssl", "pkcs12", "-export", "-in", certificate, "-inkey", key, "-certfile", self.ca,
             "-passout", f"pass:{_PASSWORD}", "-out", str(f / "misnamed.p12")]
        )  # fmt: skip
        _run([*new_key, "-x509", "-days", "2", "-subj", "/CN=a stranger",
              "-keyout", str(f / "other-ca.key"), "-out", self.other_ca])  # fmt: skip


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _run(
    command: Sequence[str], environment: dict[str, str] | None = None, given: bytes | None = None
) -> bytes:
    done = subprocess.run(
        list(command), input=given, env=environment, capture_output=True, check=False
    )
    if done.returncode:
        raise ServiceBroken(f"{command[0]} failed: {done.stderr.decode(errors='replace')}")
    return done.stdout
