"""TLS and SASL as client properties: what the short calls stand for, and what cannot work.

Nothing is opened here; ``credential_files.py`` looks into the files when a run starts.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias, TypeVar

from gatlingpy.plan.code import Const, Env, SecretFile
from gatlingpy.plan.steps import show_expression

V = TypeVar("V")

Secret: TypeAlias = Env | SecretFile
"""Where a secret is; the secret itself is in no plan."""
TokenFunction: TypeAlias = Callable[[str], tuple[str, float] | tuple[str, float, Mapping[str, str]]]
"""Gives a token, its expiry in seconds since 1970, and SASL extensions if there are any."""
Given: TypeAlias = str | Env | SecretFile | None

SECRETS: Final = frozenset(
    {
        "sasl.password", "ssl.key.password", "ssl.key.pem", "ssl.keystore.password",
        "sasl.oauthbearer.client.secret", "sasl.oauthbearer.client.credentials.client.secret",
        "sasl.oauthbearer.assertion.private.key.passphrase",
        "sasl.oauthbearer.assertion.private.key.pem",
    }
)  # fmt: skip
"""Properties whose values a plan must not hold, since it is printed, logged and sent about."""

_PROTOCOLS: Final = ("plaintext", "ssl", "sasl_plaintext", "sasl_ssl")
_MECHANISMS: Final = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER", "GSSAPI")
_WITH_PASSWORD: Final = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
_ALIASES: Final = {"sasl.mechanisms": "sasl.mechanism"}
_SASL_GIVEN: Final = ("sasl.mechanism", "sasl.username", "sasl.password")
_TLS_GIVEN: Final = (
    "ssl.ca.location", "ssl.certificate.location", "ssl.key.location", "ssl.keystore.location",
)  # fmt: skip


def tls_properties(
    *,
    ca_location: Given,
    certificate_location: Given,
    key_location: Given,
    key_password: Given,
    keystore_location: Given,
    keystore_password: Given,
    verify_hostname: bool,
) -> dict[str, str | Env | SecretFile]:
    """Return the properties of a client that speaks TLS, its protocol not included."""
    return _given(
        {
            "ssl.ca.location": ca_location,
            "ssl.certificate.location": certificate_location,
            "ssl.key.location": key_location,
            "ssl.key.password": key_password,
            "ssl.keystore.location": keystore_location,
            "ssl.keystore.password": keystore_password,
            "ssl.endpoint.identification.algorithm": "https" if verify_hostname else "none",
        }
    )


def password_properties(
    mechanism: str, username: Given, password: Given
) -> dict[str, str | Env | SecretFile]:
    """Return the properties of PLAIN and SCRAM."""
    return _given(
        {"sasl.mechanism": mechanism, "sasl.username": username, "sasl.password": password}
    )


def oidc_properties(
    token_endpoint_url: Given,
    client_id: Given,
    client_secret: Given,
    scope: str | None,
    extensions: Mapping[str, str] | None,
) -> dict[str, str | Env | SecretFile]:
    """Return the properties of OAUTHBEARER with tokens that librdkafka fetches itself."""
    pairs = ",".join(f"{name}={value}" for name, value in (extensions or {}).items())
    return _given(
        {
            "sasl.mechanism": "OAUTHBEARER",
            "sasl.oauthbearer.method": "oidc",
            "sasl.oauthbearer.token.endpoint.url": token_endpoint_url,
            "sasl.oauthbearer.client.id": client_id,
            "sasl.oauthbearer.client.secret": client_secret,
            "sasl.oauthbearer.scope": scope,
            "sasl.oauthbearer.extensions": pairs or None,
        }
    )


def _given(properties: Mapping[str, Given]) -> dict[str, str | Env | SecretFile]:
    return {name: value for name, value in properties.items() if value is not None}


def with_tls(protocol: object) -> str:
    """Return the protocol that a client speaks once TLS is added to this one."""
    return "SASL_SSL" if str(protocol).startswith("SASL") else "SSL"


def with_sasl(protocol: object) -> str:
    """Return the protocol that a client speaks once SASL is added to this one."""
    return "SASL_SSL" if str(protocol).endswith("SSL") else "SASL_PLAINTEXT"


def describe_security(properties: Mapping[str, object]) -> str:
    """Return a few words for a printed plan; empty where nothing is secured."""
    names = ("security.protocol", "sasl.mechanism", "sasl.username", "sasl.password")
    shown = [show_expression(Const(properties[name])) for name in names if name in properties]
    return f"   {' '.join(shown)}" if shown else ""


# --- what cannot work ----------------------------------------------------------------------------


def client_problems(
    security: Mapping[str, object],
    clients: Mapping[str, Mapping[str, object]],
    *,
    has_token: bool,
) -> Iterator[str]:
    """Yield what would keep clients out: ``security`` lies under the properties of each.

    A problem of all clients is told once.
    """
    common = list(security_problems(security, has_token=has_token)) if security else []
    told = set[str]()
    for name, properties in clients.items():
        for problem in security_problems(laid_over(security, properties), has_token=has_token):
            if problem not in common:
                yield f"{name}: {problem}"
            elif problem not in told:
                told.add(problem)
                yield f"kafka(): {problem}"


def laid_over(security: Mapping[str, V], properties: Mapping[str, V]) -> dict[str, V]:
    """Lay a client's own properties over those of every client."""
    return {**security, **{_ALIASES.get(name, name): v for name, v in properties.items()}}


def security_problems(properties: Mapping[str, object], *, has_token: bool) -> Iterator[str]:
    """Yield what would keep a client with these properties out, as far as can be told now.

    ``has_token`` says whether a function gives OAUTHBEARER tokens.
    """
    known = {_ALIASES.get(name, name): value for name, value in properties.items()}
    protocol = _constant(known, "security.protocol", "plaintext").lower()
    if protocol and protocol not in _PROTOCOLS:
        yield (
            f"security.protocol {known['security.protocol']!r} does not exist; there are "
            f"{', '.join(name.upper() for name in _PROTOCOLS)}"
        )
        return
    if protocol:
        yield from _unused(known, protocol)
    if protocol.startswith("sasl"):
        yield from _sasl_problems(known, has_token=has_token)
    yield from _key_problems(known)


def _unused(properties: Mapping[str, object], protocol: str) -> Iterator[str]:
    spoken = f"is {protocol.upper()}" if "security.protocol" in properties else "is not given"
    sasl = next((name for name in _SASL_GIVEN if name in properties), None)
    tls = next((name for name in _TLS_GIVEN if name in properties), None)
    if sasl and not protocol.startswith("sasl"):
        wanted = "SASL_SSL" if protocol == "ssl" or tls else "SASL_SSL or SASL_PLAINTEXT"
        yield f"{sasl} is not used, since security.protocol {spoken}; set it to {wanted}"
    elif tls and not protocol.endswith("ssl"):
        wanted = "SASL_SSL" if protocol.startswith("sasl") else "SSL"
        yield f"{tls} is not used, since security.protocol {spoken}; set it to {wanted}"


def _sasl_problems(properties: Mapping[str, object], *, has_token: bool) -> Iterator[str]:
    mechanism = _constant(properties, "sasl.mechanism", "absent")
    if mechanism == "absent":
        yield (
            "security.protocol asks for SASL, but sasl.mechanism is not given; there are "
            f"{', '.join(_MECHANISMS)}"
        )
    elif mechanism in _WITH_PASSWORD:
        for name in ("sasl.username", "sasl.password"):
            if properties.get(name) in (None, ""):
                yield f"{mechanism} needs {name}, which is not given"
    elif mechanism == "OAUTHBEARER":
        yield from _token_problems(properties, has_token=has_token)
    elif mechanism and mechanism not in _MECHANISMS:
        yield f"sasl.mechanism {mechanism!r} does not exist; there are {', '.join(_MECHANISMS)}"


def _token_problems(properties: Mapping[str, object], *, has_token: bool) -> Iterator[str]:
    method = _constant(properties, "sasl.oauthbearer.method", "default")
    if method == "oidc" and has_token:
        yield (
            "OAUTHBEARER has a function that gives tokens and sasl.oauthbearer.method oidc; "
            "leave one of them out"
        )
    elif method == "default" and not (
        has_token or "enable.sasl.oauthbearer.unsecure.jwt" in properties
    ):
        yield (
            "OAUTHBEARER has nobody to get tokens from; call .sasl_oauthbearer(function) or "
            ".sasl_oauthbearer_oidc(token_endpoint_url, client_id, client_secret)"
        )


def _key_problems(properties: Mapping[str, object]) -> Iterator[str]:
    """A certificate proves nothing without its key, and librdkafka would send none."""
    certificate = "ssl.certificate.location" in properties or "ssl.certificate.pem" in properties
    key = "ssl.key.location" in properties or "ssl.key.pem" in properties
    if certificate and not key:
        yield "a client certificate is given without its key; add ssl.key.location"
    if key and not certificate:
        yield "a key is given without its certificate; add ssl.certificate.location"
    if certificate and "ssl.keystore.location" in properties:
        yield (
            "a client certificate is given twice; leave out ssl.keystore.location, or "
            "ssl.certificate.location and ssl.key.location"
        )


def _constant(properties: Mapping[str, object], name: str, default: str) -> str:
    """Return a property's text, or the empty text for what is known only when a run starts."""
    value = properties.get(name, default)
    return value if isinstance(value, str) else ""
