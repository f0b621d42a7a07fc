"""The part of ``kafka()`` that says how clients prove who they are."""

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal, Self, TypeAlias

from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import Env, SecretFile
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.protocols.kafka import arguments, security
from gatlingpy.protocols.kafka.protocol_base import ProtocolBase
from gatlingpy.protocols.kafka.security import Secret, TokenFunction

Location: TypeAlias = str | os.PathLike[str] | Env
"""The path of a file; a relative one is looked for where the run is started."""

_MECHANISMS: Final = ("SCRAM-SHA-512", "SCRAM-SHA-256")
_PROTOCOL: Final = "security.protocol"


class SecurityMethods(ProtocolBase):
    """TLS and SASL, in any order; every client of the cluster gets them.

    Properties given to producers or consumers win over these.
    """

    __slots__ = ()

    def tls(
        self,
        ca_location: Location | None = None,
        certificate_location: Location | None = None,
        key_location: Location | None = None,
        key_password: Secret | None = None,
        keystore_location: Location | None = None,
        keystore_password: Secret | None = None,
        verify_hostname: bool = True,  # noqa: FBT001, FBT002 - used by name
    ) -> Self:
        """Encrypt, and trust the brokers whose certificates this CA has signed.

        Without ``ca_location`` the system's CAs are trusted.  For brokers that ask who calls,
        give certificate and key as PEM, or both in a PKCS#12 store.
        """
        call = "tls(...)"
        properties = security.tls_properties(
            ca_location=_location(ca_location, f"{call}: ca_location"),
            certificate_location=_location(certificate_location, f"{call}: certificate_location"),
            key_location=_location(key_location, f"{call}: key_location"),
            key_password=_optional(key_password, f"{call}: key_password", "KAFKA_KEY_PASSWORD"),
            keystore_location=_location(keystore_location, f"{call}: keystore_location"),
            keystore_password=_optional(
                keystore_password, f"{call}: keystore_password", "KAFKA_KEYSTORE_PASSWORD"
            ),
            verify_hostname=verify_hostname,
        )
        properties[_PROTOCOL] = security.with_tls(self.plan.security.get(_PROTOCOL, ""))
        return self._secured("ssl.", properties)

    def sasl_plain(self, username: str | Secret, password: Secret) -> Self:
        """Log in with a password that the broker is shown as it is; use it over TLS."""
        return self._with_password("sasl_plain(...)", "PLAIN", username, password)

    def sasl_scram(
        self,
        username: str | Secret,
        password: Secret,
        mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256"] = "SCRAM-SHA-512",
    ) -> Self:
        """Log in by showing that the password is known, without sending it."""
        if mechanism not in _MECHANISMS:
            raise UsageError(
                f"{user_line()}: sasl_scram(...): mechanism is {' or '.join(_MECHANISMS)}, got "
                f"{mechanism!r}"
            )
        return self._with_password("sasl_scram(...)", mechanism, username, password)

    def sasl_scram_256(self, username: str | Secret, password: Secret) -> Self:
        """Log in with SCRAM-SHA-256."""
        return self._with_password("sasl_scram_256(...)", "SCRAM-SHA-256", username, password)

    def sasl_scram_512(self, username: str | Secret, password: Secret) -> Self:
        """Log in with SCRAM-SHA-512."""
        return self._with_password("sasl_scram_512(...)", "SCRAM-SHA-512", username, password)

    def sasl_oauthbearer(self, callback: TokenFunction) -> Self:
        """Log in with tokens that a function of yours gives.

        ``callback(config)`` is given ``sasl.oauthbearer.config``, usually empty, and returns the
        token and its expiry in seconds since 1970; a mapping of SASL extensions may follow.  It is
        called once before the run, and then on a thread of the client's whenever 80 % of a token's
        life has passed; a token that cannot be had is a mark in the log, and asked for again.
        """
        if not callable(callback):
            raise UsageError(
                f"{user_line()}: sasl_oauthbearer(...) takes a function that returns "
                f"(token, expiry), got {type(callback).__name__}"
            )
        secured = self._with_sasl({"sasl.mechanism": "OAUTHBEARER"})
        return replace(secured, _oauth_token=callback)

    def sasl_oauthbearer_oidc(
        self,
        token_endpoint_url: str | Env,
        client_id: str | Secret,
        client_secret: Secret,
        scope: str | None = None,
        extensions: Mapping[str, str] | None = None,
    ) -> Self:
        """Log in with tokens that the client fetches from an OpenID Connect provider.

        By the grant *client credentials*; ``extensions`` are SASL's, such as a logical cluster.
        """
        call = "sasl_oauthbearer_oidc(...)"
        given = arguments.mapping(extensions or {}, f"{call}: extensions", '{"name": "value"}')
        return self._with_sasl(
            security.oidc_properties(
                _word(token_endpoint_url, f"{call}: token_endpoint_url"),
                _word(client_id, f"{call}: client_id"),
                _secret(client_secret, f"{call}: client_secret", "KAFKA_CLIENT_SECRET"),
                None if scope is None else arguments.text(scope, f"{call}: scope"),
                given,
            )
        )

    def _with_password(
        self, call: str, mechanism: str, username: str | Secret, password: Secret
    ) -> Self:
        return self._with_sasl(
            security.password_properties(
                mechanism,
                _word(username, f"{call}: username"),
                _secret(password, f"{call}: password", "KAFKA_PASSWORD"),
            )
        )

    def _with_sasl(self, properties: Mapping[str, str | Env | SecretFile]) -> Self:
        protocol = security.with_sasl(self.plan.security.get(_PROTOCOL, ""))
        secured = self._secured("sasl.", {**properties, _PROTOCOL: protocol})
        return replace(secured, _oauth_token=None)

    def _secured(self, kind: str, properties: Mapping[str, str | Env | SecretFile]) -> Self:
        """Return a builder in which these take the place of all properties of their kind."""
        others = {k: v for k, v in self.plan.security.items() if not k.startswith(kind)}
        return self._with(security=FrozenMap({**others, **properties}))


def _location(value: object, what: str) -> str | Env | None:
    if value is None or isinstance(value, str | Env):
        return value
    if isinstance(value, os.PathLike):
        return str(os.fspath(value))
    raise UsageError(f"{user_line()}: {what} takes a path or env(...), got {value!r}")


def _word(value: object, what: str) -> str | Env | SecretFile:
    if isinstance(value, str | Env | SecretFile) and value != "":
        return value
    got = "an empty text" if value == "" else type(value).__name__
    raise UsageError(f"{user_line()}: {what} takes text, env(...) or secret_file(...), got {got}")


def _optional(value: object, what: str, example: str) -> Secret | None:
    return None if value is None else _secret(value, what, example)


def _secret(value: object, what: str, example: str) -> Secret:
    """Return where a secret is; the value is in no message, since it may be one."""
    if isinstance(value, SecretFile) or (isinstance(value, Env) and value.default is None):
        return value
    raise UsageError(
        f"{user_line()}: {what} is a secret, and what stands in a simulation is printed and "
        f'logged; give it as env("{example}"), without a default, or as secret_file("path")'
    )
