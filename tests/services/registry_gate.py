"""A gate before a schema registry: asks for a password, counts requests, and can be slow."""

import base64
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


class RegistryGate:
    """Passes on what comes with the right user and password; anything else is a 401.

    ``asked`` counts requests by method and path; ``delay_s`` is how long each one waits.
    """

    def __init__(self, url: str, user: str = "", password: str = "") -> None:
        """An empty user lets everybody in."""
        self.asked: Counter[str] = Counter()
        self.delay_s = 0.0
        wanted = base64.b64encode(f"{user}:{password}".encode()).decode() if user else ""
        gate = self

        class Handler(BaseHTTPRequestHandler):
            def _pass_on(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length) or None
                gate.asked[f"{self.command} {self.path}"] += 1
                time.sleep(gate.delay_s)
                if wanted and self.headers.get("Authorization") != f"Basic {wanted}":
                    self._answer(401, b'{"error_code":40101,"message":"Unauthorized"}')
                    return
                request = urllib.request.Request(url + self.path, body, method=self.command)
                for name in ("Content-Type", "Accept"):
                    if name in self.headers:
                        request.add_header(name, self.headers[name])
                try:
                    with urllib.request.urlopen(request, timeout=10) as answer:
                        self._answer(answer.status, answer.read())
                except urllib.error.HTTPError as error:
                    self._answer(error.code, error.read())

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_DELETE = _pass_on  # noqa: N815 - called by name

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="registry-gate")

    @property
    def url(self) -> str:
        """Where the gate is."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
