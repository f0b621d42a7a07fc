"""A schema registry for tests: Apicurio's, or the one that ``GATLINGPY_SCHEMA_REGISTRY`` names."""

import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import Protocol, Self

from tests.services.offer import ServiceUnavailable, first_offered
from tests.services.ports import free_port
from tests.services.registry_jars import registry_folder, registry_java
from tests.services.server_process import ServerProcess, remove_folder, temporary_folder

_READY_S = 120
_QUICK_START = ("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


class SchemaRegistry(Protocol):
    """What a test may ask of any registry."""

    @property
    def url(self) -> str:
        """Where Confluent's API is."""

    def close(self) -> None:
        """End what was started for the tests."""


class NamedRegistry:
    """A registry that runs already: not ours to stop."""

    def __init__(self, url: str) -> None:
        """``url`` is that of Confluent's API."""
        self.url = url

    def close(self) -> None:
        """Leave it running."""


class RealRegistry:
    """Apicurio with everything in memory, on loopback alone."""

    def __init__(self) -> None:
        """Nothing is started."""
        self._port = free_port()
        self._tls_port = 0
        self._folder: Path | None = None
        self._server: ServerProcess | None = None

    @property
    def url(self) -> str:
        """Where Confluent's API is."""
        return f"http://127.0.0.1:{self._port}/apis/ccompat/v7"

    @property
    def tls_url(self) -> str:
        """Where it is over TLS, if certificates were given."""
        return f"https://localhost:{self._tls_port}/apis/ccompat/v7"

    def open(self, certificate: Path | None = None, key: Path | None = None) -> Self:
        """Start it and wait until it answers.

        Raises ServiceUnavailable without Java or the program, and ServiceBroken, with the end of
        its log, if it does not start.
        """
        java, program = registry_java(), registry_folder()
        self._folder = temporary_folder("registry")
        (runner,) = program.glob("*-runner.jar")
        environment = {
            "QUARKUS_HTTP_HOST": "127.0.0.1",
            "QUARKUS_HTTP_PORT": str(self._port),
            "APICURIO_REST_DELETION_ARTIFACT_VERSION_ENABLED": "true",
        }
        if certificate is not None:
            self._tls_port = free_port()
            environment |= {
                "QUARKUS_HTTP_SSL_PORT": str(self._tls_port),
                "QUARKUS_HTTP_SSL_CERTIFICATE_FILES": str(certificate),
                "QUARKUS_HTTP_SSL_CERTIFICATE_KEY_FILES": str(key),
            }
        self._server = ServerProcess(
            [java, *_QUICK_START, "-jar", str(runner)],
            self._folder / "registry.log",
            environment=environment,
        )
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def start(self) -> None:
        """Start it, with nothing in it, on the same port; wait until it answers."""
        assert self._server is not None, "open() it first"
        self._server.start()
        self._server.await_ready(self._answers, timeout_s=_READY_S)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._server is not None, "open() it first"
        self._server.kill()

    def close(self) -> None:
        """End it.  Idempotent."""
        if self._server is not None:
            self._server.kill()  # it keeps nothing that could be lost
            self._server = None
        if self._folder is not None:
            remove_folder(self._folder)
            self._folder = None

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/subjects", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def find_schema_registry() -> SchemaRegistry:
    """Return a registry; raises ServiceUnavailable if none can be had."""
    return first_offered("schema registry", [_named, lambda: RealRegistry().open()])


def _named() -> SchemaRegistry:
    url = os.environ.get("GATLINGPY_SCHEMA_REGISTRY")
    if not url:
        raise ServiceUnavailable("GATLINGPY_SCHEMA_REGISTRY is not set")
    return NamedRegistry(url)
