"""Browser: a headless Chromium, driven through its DevTools protocol over two pipes: no library is needed.

JSON messages that end with a zero byte, on file descriptors 3 and 4; see
https://chromedevtools.github.io/devtools-protocol/.
"""

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe",
)  # fmt: skip
PATIENCE = 60.0  # seconds for an answer, on a machine that others use
BLOCK = 1 << 16
# Puts the pipes where Chromium looks for them, and becomes Chromium.
PLACED = """
import fcntl, os, sys
reads, writes = (fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3])
os.dup2(reads, 3), os.dup2(writes, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


def found() -> str | None:
    """Where a Chromium is, if any."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


@contextmanager
def browser() -> Iterator["Browser"]:
    """A Chromium for as long as the block runs.

    Raises:
        FileNotFoundError: there is none.
    """
    path = found()
    if path is None:
        raise FileNotFoundError("no Chromium")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        to_read, to_write = os.pipe(), os.pipe()
        theirs = (to_read[0], to_write[1])
        process = subprocess.Popen(
            [sys.executable, "-ISc", PLACED, *map(str, theirs), path, *FLAGS, f"--user-data-dir={home}"],
            pass_fds=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(to_read[0])
        os.close(to_write[1])
        try:
            yield Browser(to_write[0], to_read[1])
        finally:
            os.close(to_read[1])  # Chromium ends when nobody speaks to it any more
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            os.close(to_write[0])


class Browser:
    """The browser, with one page.

    Attributes:
        requests: addresses that the page asked for, the document's own included.
        complaints: errors and warnings of the console, uncaught exceptions, what was blocked.
    """

    def __init__(self, reads: int, writes: int) -> None:
        self.reads, self.writes = reads, writes
        self.number, self.kept, self.session = 0, b"", ""
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.loaded = 0
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Do something, and wait for the answer."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.writes, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self.number:
                assert "error" not in answer, answer["error"]
                result: dict[str, Any] = answer["result"]
                return result

    def open(self, address: str, width: int = 1400, height: int = 900) -> None:
        """Open a page in a window of some size, and wait until it is there."""
        self.requests.clear()
        self.complaints.clear()
        self.size(width, height)
        self.call("Page.navigate", url="about:blank")
        before = self.loaded
        self.call("Page.navigate", url=address)
        while self.loaded == before:
            self._next()
        self.run("new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")
        self.requests = [request for request in self.requests if request != "about:blank"]

    def size(self, width: int, height: int) -> None:
        """Make the window another size; below 600 it is a telephone's."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )

    def media(self, kind: str = "", **features: str) -> None:
        """Take the page for printed (`kind`), or for wanted dark (`prefers_color_scheme="dark"`)."""
        wanted = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.call("Emulation.setEmulatedMedia", media=kind, features=wanted)

    def run(self, script: str) -> Any:
        """The value of an expression of JavaScript; a promise's when it is kept."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def type(self, selector: str, text: str) -> None:
        """Put the focus on an element, take out what is in it, type, and wait for the page to follow."""
        self.run(f"document.querySelector({selector!r}).focus(); document.querySelector({selector!r}).select?.()")
        self.key("Delete")
        self.call("Input.insertText", text=text)
        self.run("new Promise(done => setTimeout(done, 200))")

    def key(self, name: str) -> None:
        """Press a key."""
        codes = {"Tab": 9, "Enter": 13, " ": 32, "ArrowRight": 39, "Delete": 46}
        known: dict[str, Any] = {"key": name, "code": name, "windowsVirtualKeyCode": codes[name]}
        if name in ("Enter", " "):
            known["text"] = "\r" if name == "Enter" else " "
        self.call("Input.dispatchKeyEvent", type="keyDown", **known)
        self.call("Input.dispatchKeyEvent", type="keyUp", **known)

    def picture(self, path: Path, whole: bool = False) -> None:
        """Write a screenshot (PNG), of what is in sight or of the whole page."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}} if whole else {}
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=whole, **clip)
        path.write_bytes(base64.b64decode(shot["data"]))

    def paper(self) -> bytes:
        """The page printed, as PDF."""
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])

    def _next(self) -> dict[str, Any]:
        """The next message; events are taken note of."""
        end = time.monotonic() + PATIENCE
        while b"\0" not in self.kept:
            ready, _, _ = select.select([self.reads], [], [], max(0.0, end - time.monotonic()))
            block = os.read(self.reads, BLOCK) if ready else b""
            if not block:
                raise TimeoutError("Chromium does not answer")
            self.kept += block
        line, _, self.kept = self.kept.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        self._note(message.get("method", ""), message.get("params", {}))
        return message

    def _note(self, event: str, said: dict[str, Any]) -> None:
        match event:
            case "Page.loadEventFired":
                self.loaded += 1
            case "Network.requestWillBeSent":
                self.requests.append(said["request"]["url"])
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(said["exceptionDetails"]))
            case "Runtime.consoleAPICalled" if said["type"] in ("error", "warning", "assert"):
                self.complaints.append(json.dumps(said["args"]))
            case "Log.entryAdded" if said["entry"]["level"] in ("error", "warning"):
                self.complaints.append(said["entry"]["text"])
