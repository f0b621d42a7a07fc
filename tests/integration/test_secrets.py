"""No secret is in anything that a run leaves behind or shows, whether it succeeds or fails.

Every byte is searched: what is printed, the printed plan, the log, the report, librdkafka's debug
lines, and the command lines of the run and its children.
"""

import base64
import secrets
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.integration.command_line import Command, Workplace, children
from tests.integration.secure_kafka import (
    CLIENT_ID,
    SecureKafka,
    TokenEndpoint,
    start,
    write_simulation,
)
from tests.services.kafka_security import Listener
from tests.services.waiting import await_true

pytestmark = pytest.mark.integration

BEFORE = """
import logging
DEBUG = {"debug": "all", "log_level": 7}
logging.getLogger("gatlingpy.kafka").addHandler(logging.FileHandler("librdkafka.txt"))
logging.getLogger("gatlingpy.kafka").setLevel(logging.DEBUG)
"""
SERVICE = """
    def before(self, run):
        run.start_process([sys.executable, "-c", "import time; print('up'); time.sleep(600)"])
"""
DEBUG = ".producer_properties(DEBUG).consumer_properties(DEBUG)"
WAYS = {
    "SCRAM": (Listener.SASL_SSL, '.tls(CA).sasl_scram("alice", secret_file("password.txt"))'),
    "PLAIN": (Listener.SASL_SSL, '.tls(CA).sasl_plain("alice", env("SECRET"))'),
    "a key": (Listener.MTLS, '.tls(CA, CERT, KEY, key_password=env("SECRET"))'),
    "a key store": (
        Listener.MTLS, '.tls(CA, keystore_location=KEYSTORE, keystore_password=env("SECRET"))',
    ),
    "a token endpoint": (
        Listener.SASL_SSL,
        f'.tls(CA).sasl_oauthbearer_oidc(env("URL"), "{CLIENT_ID}", env("SECRET"))',
    ),
    "a token": (
        Listener.SASL_SSL,
        '.tls(CA).sasl_oauthbearer(lambda config: (os.environ["SECRET"], time.time() + 200))',
    ),
}  # fmt: skip


def spellings(secret: str) -> set[bytes]:
    """Return the ways in which a secret could be written somewhere."""
    with_id = f"{CLIENT_ID}:{secret}"
    texts = {secret, quote(secret), secret.encode().hex()}
    texts |= {base64.b64encode(text.encode()).decode() for text in (secret, with_id)}
    return {text.rstrip("=").encode() for text in texts}


def right_secret(kafka: SecureKafka, way: str) -> str:
    """Return what lets a client in."""
    match way:
        case "a token":
            return kafka.security.token()
        case "a key store":
            return "kafkatest123"
        case "SCRAM" | "PLAIN":
            return kafka.security.password
    return secrets.token_urlsafe(18)


def wrong_secret(kafka: SecureKafka, way: str) -> str:
    """Return what lets nobody in."""
    return kafka.security.token(lifetime_s=-600) if way == "a token" else secrets.token_urlsafe(18)


def search(folder: Path, secret: str, *texts: str) -> int:
    """Fail if a secret is in a file of the folder, or in a text; return how much was searched."""
    wanted = spellings(secret)
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "password.txt"]
    haystacks = {str(path): path.read_bytes() for path in files}
    haystacks |= {f"text {i}": text.encode() for i, text in enumerate(texts)}
    found = {name for name, bytes_ in haystacks.items() for way in wanted if way in bytes_}
    assert not found, f"{found} of {sorted(haystacks)}"
    return sum(map(len, haystacks.values()))


def command_lines(command: Command, *, until: str) -> str:
    """Return the command lines of a process and of those that it starts, until one holds a text.

    A process that has just been forked has none, or that of its parent.
    """
    lines: list[str] = []

    def read() -> bool:
        for pid in [command.process.pid, *children(command.process.pid)]:
            try:
                lines.append(Path(f"/proc/{pid}/cmdline").read_text())
            except OSError:
                continue
        return any(until in line for line in lines)

    await_true(read, timeout_s=30, what=f"a process with {until!r}")
    return "\n".join(lines)


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")
@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
@pytest.mark.parametrize("way", WAYS)
def test_no_secret_is_shown(
    secure_kafka: SecureKafka, work: Workplace, way: str, right: bool
) -> None:
    """Neither one that lets a client in nor one that does not."""
    good = right_secret(secure_kafka, way)
    secret = good if right else wrong_secret(secure_kafka, way)
    listener, calls = WAYS[way]
    endpoint = TokenEndpoint(secure_kafka.security, good)
    (work.folder / "password.txt").write_text(f"{secret}\n")
    given = {"SECRET": secret, "URL": endpoint.url}
    if way == "a key":
        given["KEY"] = secure_kafka.security.encrypted_client_key(good)
    load = "constant_users_per_sec(20).during(2)"
    simulation = write_simulation(work, calls + DEBUG, load=load, before=BEFORE)
    with (work.folder / f"{simulation}.py").open("a") as file:
        file.write(SERVICE)
    with endpoint.serving():
        environment = secure_kafka.environment(listener, **given)
        plan = work.start("plan", simulation, **environment).wait()
        assert plan.code == 0, plan.text
        command = start(secure_kafka, work, listener, simulation, **given)
        lines = command_lines(command, until="gatlingpy")
        if right:
            lines += command_lines(command, until="time.sleep(600)")
        ended = command.wait()
    assert ended.code == (0 if right else 1), ended.text
    searched = search(work.folder, secret, plan.text, ended.text, lines)
    if right:
        assert (work.run_folder() / "index.html").exists()
        assert searched > 100_000
    if right or way not in {"a key", "a key store"}:
        assert (work.folder / "librdkafka.txt").stat().st_size > 1000


def test_a_secret_that_is_shown_would_be_found(tmp_path: Path) -> None:
    """In any spelling that we know of."""
    for i, spelling in enumerate(sorted(spellings("s3cret/+ of mine"))):
        folder = tmp_path / str(i)
        folder.mkdir()
        (folder / "file").write_bytes(b"before" + spelling + b"after")
        with pytest.raises(AssertionError, match="file"):
            search(folder, "s3cret/+ of mine")
    assert search(tmp_path / "none", "s3cret", "nothing") == len("nothing")


def test_a_secret_in_the_simulation_is_refused_unseen(work: Workplace) -> None:
    """Without showing it, wherever it stands."""
    for calls in (
        '.sasl_plain("alice", "in-the-clear")',
        '.sasl_scram("alice", env("PASSWORD", "in-the-clear"))',
        '.tls(key_password="in-the-clear")',
        '.sasl_oauthbearer_oidc("http://x", "me", "in-the-clear")',
        '.producer_properties({"sasl.password": "in-the-clear"})',
        '.producer_properties({"ssl.truststore.password": "in-the-clear"})',
        """.consumer_properties({"sasl.jaas.config": 'x required password="in-the-clear";'})""",
    ):
        simulation = write_simulation(work, calls)
        ended = work.run("run", simulation, TEST_SERVERS="127.0.0.1:1")
        ended.must_refuse("sim.py:")
        assert "in-the-clear" not in ended.text
