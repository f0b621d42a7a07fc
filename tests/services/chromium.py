"""A headless Chromium: opens a page, listens to its console, runs scripts, takes pictures."""

import base64
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.services.devtools import DevTools, DevToolsError, Json
from tests.services.offer import ServiceBroken, ServiceUnavailable, first_offered
from tests.services.server_process import remove_folder, temporary_folder

VARIABLE = "GATLINGPY_TEST_CHROMIUM"
PHONE = (390, 844)
"""The size of a telephone's screen, in CSS pixels."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_LOAD_S = 60.0
_OPTIONS = (
    "--headless",
    "--no-sandbox",  # root, as in CI, is refused a sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--mute-audio",
    # A report must work offline, and a test must not leave this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--remote-debugging-pipe",
)


class Browser:
    """A Chromium with an empty profile of its own."""

    def __init__(self, program: str) -> None:
        """Start it."""
        self._folder = temporary_folder("chromium")
        profile = f"--user-data-dir={self._folder / 'profile'}"
        log = self._folder / "chromium.log"
        self._devtools = DevTools([program, *_OPTIONS, profile, "about:blank"], log)
        self._closed = False

    def open(
        self,
        url: str | Path,
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        phone: bool = False,
    ) -> "Page":
        """Open a page or a local file in a new tab, and return it when it has loaded.

        ``phone`` emulates a touch screen with two pixels for each CSS pixel; give it a size such
        as ``PHONE`` as well.  Raises DevToolsError if the page cannot be loaded.
        """
        target = self._devtools.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        attach: Json = {"targetId": target, "flatten": True}
        session = str(self._devtools.call("Target.attachToTarget", attach)["sessionId"])
        page = Page(self._devtools, str(target), session)
        page.resize(width, height, phone=phone)
        page.set_dark(dark)
        page.load(url.resolve().as_uri() if isinstance(url, Path) else url)
        return page

    def close(self) -> None:
        """End the browser and remove its profile.  May be called again."""
        if not self._closed:
            self._closed = True
            self._devtools.close()
            remove_folder(self._folder)

    def __enter__(self) -> Self:
        """Return the browser."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the browser."""
        self.close()


class Page:
    """One tab; made by ``Browser.open``."""

    def __init__(self, devtools: DevTools, target: str, session: str) -> None:
        """Begin to listen to the tab's console and requests."""
        self._devtools = devtools
        self._target = target
        self._session = session
        self._loaded = False
        self._messages: list[tuple[str, str]] = []
        self._requests: list[str] = []
        devtools.listen(session, self._note)
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")

    def load(self, url: str) -> None:
        """Go to a URL and wait until it has loaded, pictures and scripts included."""
        self._loaded = False
        result = self._call("Page.navigate", {"url": url})
        if result.get("errorText"):
            raise DevToolsError(f"{url} cannot be loaded: {result['errorText']}")
        if not self._devtools.pump(lambda: self._loaded, _LOAD_S):
            raise DevToolsError(f"{url} did not load within {_LOAD_S:g} s")

    def evaluate(self, script: str) -> object:
        """Return the value of a JavaScript expression, as JSON has it; promises are awaited."""
        result = self._call(
            "Runtime.evaluate",
            {"expression": script, "returnByValue": True, "awaitPromise": True},
        )
        if "exceptionDetails" in result:
            raise DevToolsError(f"{script!r}: {_exception(result['exceptionDetails'])}")
        value = result["result"]
        return value.get("value") if isinstance(value, dict) else None

    def await_true(self, script: str, timeout_s: float = 10) -> None:
        """Return when a JavaScript expression is true; it is tried before each frame is drawn."""
        milliseconds = round(timeout_s * 1000)
        came_true = self.evaluate(
            f"new Promise(done => {{ const end = performance.now() + {milliseconds};"
            f" const look = () => {{ if ({script}) done(true);"
            " else if (performance.now() > end) done(false);"
            " else requestAnimationFrame(look); }; look(); })"
        )
        if not came_true:
            raise DevToolsError(f"{script!r} was not true within {timeout_s:g} s")

    @property
    def console_messages(self) -> list[tuple[str, str]]:
        """Kind and text of every message so far, uncaught exceptions and failed loads included."""
        self.evaluate("0")  # what the page said before this is then here
        return list(self._messages)

    @property
    def console_errors(self) -> list[str]:
        """Texts of the errors among the messages; a good page has none."""
        bad = {"error", "assert", "exception"}
        return [text for kind, text in self.console_messages if kind in bad]

    @property
    def requests(self) -> list[str]:
        """Every URL that the page asked for, its own included, without those it carries inline."""
        self.evaluate("0")
        return [url for url in self._requests if not url.startswith(("data:", "blob:"))]

    def resize(self, width: int, height: int, *, phone: bool = False) -> None:
        """Change the size of the visible part, in CSS pixels."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            {
                "width": width,
                "height": height,
                "deviceScaleFactor": 2 if phone else 1,
                "mobile": phone,
            },
        )
        self._call("Emulation.setTouchEmulationEnabled", {"enabled": phone})

    def set_dark(self, dark: bool) -> None:
        """Say whether the reader prefers dark colours."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", {"features": [scheme]})

    def screenshot(self, path: Path, *, whole: bool = False) -> Path:
        """Write a PNG of the visible part, or of the whole page, and return its path."""
        parameters: Json = {"format": "png", "captureBeyondViewport": whole}
        if whole:
            size = self._call("Page.getLayoutMetrics")["cssContentSize"]
            assert isinstance(size, dict)
            parameters["clip"] = size | {"scale": 1}
        picture = self._call("Page.captureScreenshot", parameters)["data"]
        path.write_bytes(base64.b64decode(str(picture)))
        return path

    def close(self) -> None:
        """Close the tab."""
        self._devtools.call("Target.closeTarget", {"targetId": self._target})

    def __enter__(self) -> Self:
        """Return the page."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the tab."""
        self.close()

    def _call(self, method: str, parameters: Json | None = None) -> Json:
        return self._devtools.call(method, parameters, self._session)

    def _note(self, method: str, parameters: Json) -> None:
        match method, parameters:
            case "Page.loadEventFired", _:
                self._loaded = True
            case "Network.requestWillBeSent", {"request": {"url": url}}:
                self._requests.append(str(url))
            case "Runtime.exceptionThrown", {"exceptionDetails": details}:
                self._messages.append(("exception", _exception(details)))
            case "Runtime.consoleAPICalled", {"type": kind, "args": list(arguments)}:
                words = (str(a.get("value", a.get("description", ""))) for a in arguments)
                self._messages.append((str(kind), " ".join(words)))
            case "Log.entryAdded", {"entry": {"level": level, "text": text, **entry}}:
                self._messages.append((str(level), f"{text} {entry.get('url', '')}".strip()))


def find_chromium() -> Browser:
    """Return a running browser; raises ServiceUnavailable with the reasons if there is none."""
    return first_offered("Chromium", [_named, _installed])


def screenshot(
    url: str | Path, png: Path, width: int = 1280, height: int = 900, *, dark: bool = False
) -> Path:
    """Write a PNG of a page, in a browser of its own, and return its path."""
    with (
        find_chromium() as browser,
        browser.open(url, width=width, height=height, dark=dark) as page,
    ):
        return page.screenshot(png)


def _exception(details: object) -> str:
    match details:
        case {"exception": {"description": str(description)}}:
            return description
        case {"text": str(text)}:
            return text
    return str(details)


def _named() -> Browser:
    program = os.environ.get(VARIABLE)
    if not program:
        raise ServiceUnavailable(f"{VARIABLE} is not set")
    if shutil.which(program) is None:
        raise ServiceBroken(f"{VARIABLE} is {program!r}, which is no program")
    return Browser(str(shutil.which(program)))


def _installed() -> Browser:
    for name in _NAMES:
        program = shutil.which(name)
        if program is not None:
            return Browser(program)
    raise ServiceUnavailable("none of these is installed: " + ", ".join(_NAMES))
