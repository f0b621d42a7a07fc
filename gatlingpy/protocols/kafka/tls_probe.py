"""Asks a listener about TLS, after a client was turned away and librdkafka did not say why."""

import socket
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_WAIT_S: Final = 2.0
_HOSTNAME_MISMATCH: Final = 62
_ADDRESS_MISMATCH: Final = 64
_EXPIRED: Final = 10
_NOT_YET_VALID: Final = 9


def speaks_tls(address: str) -> bool | None:
    """Tell whether a listener answers a TLS handshake; ``None`` if it says nothing at all."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # nothing is sent: only whether it answers counts
    host, port = split_address(address)
    try:
        connection = socket.create_connection((host, port), _WAIT_S)
    except OSError:
        return None
    with connection:
        try:
            context.wrap_socket(connection, server_hostname=host).close()
        except TimeoutError:
            return None
        except OSError as error:
            # An alert is TLS as well: the listener wanted something of the client.
            return "ALERT" in (getattr(error, "reason", "") or "")
    return True


def distrust(address: str, properties: Mapping[str, object]) -> str | None:
    """Say why the certificate of a broker is not trusted; ``None`` if this cannot be found out."""
    location = str(properties.get("ssl.ca.location", ""))
    host, port = split_address(address)
    try:
        context = _context(location)
        context.check_hostname = True
        with socket.create_connection((host, port), _WAIT_S) as connection:
            context.wrap_socket(connection, server_hostname=host).close()
    except ssl.SSLCertVerificationError as error:
        return _reason(error, address, host, location)
    except (OSError, ValueError):
        return None
    return None


def _context(location: str) -> ssl.SSLContext:
    if not location or location == "probe":
        return ssl.create_default_context()
    folder = Path(location).is_dir()
    return ssl.create_default_context(
        cafile=None if folder else location, capath=location if folder else None
    )


def _reason(error: ssl.SSLCertVerificationError, address: str, host: str, location: str) -> str:
    if error.verify_code in {_HOSTNAME_MISMATCH, _ADDRESS_MISMATCH}:
        names = _names(address, location)
        return (
            f"its certificate is for {names}, not for {host}; reach it by a name that is in the "
            "certificate, or leave the name unchecked: .tls(verify_hostname=False), which is "
            "ssl.endpoint.identification.algorithm none"
        )
    if error.verify_code in {_EXPIRED, _NOT_YET_VALID}:
        return f"{error.verify_message}; the broker needs a new one, or a clock is wrong"
    trusted = f"ssl.ca.location {location!r}" if location else "the system's CAs"
    return (
        f"its certificate is signed by nobody in {trusted} ({error.verify_message}); give the CA "
        'that has signed it: .tls(ca_location="ca-cert.pem")'
    )


def _names(address: str, location: str) -> str:
    """Return the hosts that a trusted certificate is for."""
    host, port = split_address(address)
    context = _context(location)
    context.check_hostname = False
    try:
        with (
            socket.create_connection((host, port), _WAIT_S) as connection,
            context.wrap_socket(connection) as tls,
        ):
            certificate = tls.getpeercert() or {}
    except OSError:
        return "other hosts"
    names = [str(entry[1]) for entry in certificate.get("subjectAltName", ())]
    return ", ".join(names) or "no host"


def split_address(address: str) -> tuple[str, int]:
    """Take ``host:port`` apart; Kafka's own port where there is none."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        return address.strip("[]"), 9092
    return host.strip("[]"), int(port)
