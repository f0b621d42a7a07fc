"""Servers in Docker, for machines where it answers."""

from collections.abc import Mapping, Sequence

from tests.services.offer import ServiceUnavailable


class Container:
    """A running container with one of its ports published on 127.0.0.1."""

    def __init__(
        self,
        image: str,
        port: int,
        host_port: int,
        *,
        environment: Mapping[str, str] | None = None,
        command: Sequence[str] = (),
    ) -> None:
        """Start the container; what is inside need not be ready when this returns.

        Raises ServiceUnavailable if Docker does not answer or the image cannot be had.
        """
        _expect_docker()
        from testcontainers.core.container import DockerContainer

        container = DockerContainer(image).with_bind_ports(port, host_port)
        for name, value in (environment or {}).items():
            container.with_env(name, value)
        if command:
            container.with_command(list(command))
        try:
            self._container = container.start()
        except Exception as exc:  # docker's many errors share no root worth naming
            raise ServiceUnavailable(f"Docker cannot start {image}: {exc}") from exc

    def log_tail(self) -> str:
        """Return what the container wrote last."""
        said: bytes = b"".join(self._container.get_logs())
        return said.decode(errors="replace")[-3000:]

    def close(self) -> None:
        """Stop and remove the container."""
        self._container.stop()


def _expect_docker() -> None:
    import docker  # type: ignore[import-untyped]  # it carries no types

    try:
        client = docker.from_env(timeout=2)
    except Exception as exc:  # no daemon, no permission, a wrong address: all mean "no Docker"
        raise ServiceUnavailable(f"Docker does not answer ({type(exc).__name__})") from exc
    try:
        client.ping()
    except Exception as exc:  # as above
        raise ServiceUnavailable(f"Docker does not answer ({type(exc).__name__})") from exc
    finally:
        client.close()
