"""Ports for servers that are stopped and started again on the same port."""

import random
import socket
from pathlib import Path

_FIRST = 20_000
_LAST = 32_000
_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses, below those of outgoing connections.

    While its server is down, a client that keeps trying an ephemeral port may be given that very
    port as its own, and then connects to itself, or keeps the server from coming back.
    """
    last = _LAST
    if _RANGE.exists():
        last = min(last, int(_RANGE.read_text().split()[0]) - 1)
    ports = list(range(min(_FIRST, last - 1000), last))
    random.SystemRandom().shuffle(ports)
    return next(port for port in ports if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
