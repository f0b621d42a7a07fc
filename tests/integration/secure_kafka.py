"""A Kafka that wants to know who calls, a token endpoint beside it, and runs against both."""

import base64
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from confluent_kafka.admin import (
    AdminClient,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from tests.integration.command_line import Command, Ended, Workplace
from tests.services.kafka import RealKafka
from tests.services.kafka_security import KafkaSecurity, Listener

CLIENT_ID = "load-tester"

_SIMULATION = """
import time

TOPIC = "{topic}"
CA, CERT, KEY, KEYSTORE = (os.environ.get(n) for n in ("CA", "CERT", "KEY", "KEYSTORE"))
{before}
class Secured(Simulation):
    def __init__(self):
        protocol = kafka().bootstrap_servers(env("TEST_SERVERS")).create_topics({{TOPIC: 2}})
        protocol = protocol{calls}
        ask = kafka("Ask").request_reply().topics(TOPIC, TOPIC).loopback().value("hello #{{i}}")
        ask = ask.check(body_string().is_("hello #{{i}}")).timeout(5)
        users = scenario("People").exec(lambda s: s.set("i", s.user_id)).exec(ask)
        self.set_up(users.inject_open({load})).protocols(protocol)
"""
LINE_OF_PROTOCOL = "sim.py:"


class SecureKafka:
    """One real broker with every listener."""

    def __init__(self) -> None:
        """Nothing is started."""
        self.security = KafkaSecurity()
        self._kafka = RealKafka(security=self.security)

    def open(self) -> "SecureKafka":
        """Start the broker; raises ServiceUnavailable, ServiceBroken."""
        self._kafka.open()
        return self

    def close(self) -> None:
        """End it."""
        self._kafka.close()

    def servers(self, listener: Listener) -> str:
        """Return the address of a way in."""
        return self._kafka.servers(listener)

    def environment(self, listener: Listener, **more: str) -> dict[str, str]:
        """Return what a simulation finds in its environment, the right password included."""
        folder = self.security.folder
        return {
            "TEST_SERVERS": self.servers(listener),
            "CA": self.security.ca,
            "OTHER_CA": self.security.other_ca,
            "CERT": str(folder / "client-cert.pem"),
            "KEY": str(folder / "client-key.pem"),
            "KEYSTORE": str(folder / "kafka.client.keystore.p12"),
            "KEYSTORE_PASSWORD": "kafkatest123",
            "PASSWORD": self.security.password,
        } | more

    def add_user(self, name: str, password: str) -> None:
        """Let a user in by SCRAM-SHA-512."""
        info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
        self._alter(UserScramCredentialUpsertion(name, info, password.encode()))

    def remove_user(self, name: str) -> None:
        """Let a user in no more."""
        self._alter(UserScramCredentialDeletion(name, ScramMechanism.SCRAM_SHA_512))

    def _alter(self, change: UserScramCredentialUpsertion | UserScramCredentialDeletion) -> None:
        admin = AdminClient({"bootstrap.servers": self.servers(Listener.PLAINTEXT)})
        for future in admin.alter_user_scram_credentials([change]).values():
            future.result(30)


class TokenEndpoint:
    """An OpenID Connect provider, as far as *client credentials* needs one."""

    def __init__(self, security: KafkaSecurity, secret: str) -> None:
        """Only who knows the secret gets a token."""
        self._security = security
        self._expected = "Basic " + base64.b64encode(f"{CLIENT_ID}:{secret}".encode()).decode()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.calls: list[tuple[str, bool]] = []
        """The form of each call, and whether it was given a token."""

    @property
    def url(self) -> str:
        """Where tokens are."""
        return f"http://127.0.0.1:{self._server.server_port}/token"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                given = self.headers.get("Authorization", "")
                known = given == endpoint._expected
                endpoint.calls.append((form, known))
                if known:
                    answer = {"access_token": endpoint._security.token(), "expires_in": 300}
                else:
                    # What no provider should do: it says the secret back.
                    said = base64.b64decode(given.partition(" ")[2]).decode(errors="replace")
                    answer = {"error": "invalid_client", "error_description": f"{given} {said}"}
                body = json.dumps(answer).encode()
                self.send_response(200 if known else 401)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    @contextmanager
    def serving(self) -> Iterator["TokenEndpoint"]:
        """Answer, until the block ends."""
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def write_simulation(
    work: Workplace,
    calls: str,
    *,
    topic: str = "secured",
    load: str = "at_once_users(5)",
    before: str = "",
) -> str:
    """Write a simulation whose ``kafka()`` has these calls, and return its name."""
    return work.simulation(_SIMULATION.format(calls=calls, topic=topic, load=load, before=before))


def start(
    kafka: SecureKafka, work: Workplace, listener: Listener, simulation: str, **environment: str
) -> Command:
    """Start a run against a way into the broker."""
    return work.start("run", simulation, **kafka.environment(listener, **environment))


def run(
    kafka: SecureKafka, work: Workplace, listener: Listener, calls: str, **environment: str
) -> Ended:
    """Run a simulation whose ``kafka()`` has these calls."""
    return start(kafka, work, listener, write_simulation(work, calls), **environment).wait()


def must_pass(ended: Ended) -> None:
    """Fail unless every request was answered."""
    assert ended.code == 0, ended.text
    assert "Traceback" not in ended.text


def must_be_turned_away(ended: Ended, work: Workplace, *said: str) -> None:
    """Fail unless the run told why it did not begin, at the user's line, and measured nothing."""
    ended.must_refuse("gatlingpy: sim.py:", *said)
    assert ended.seconds < 20, "it took too long to give up"
    assert work.run_folders() == []
    assert not any(os.scandir(work.results)) if work.results.exists() else True
