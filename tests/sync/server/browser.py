"""A real Chromium without a window, driven by the WebDriver protocol over loopback; Debian's chromium-driver."""

import base64
import http.client
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    def __init__(self, port: int, dark: bool) -> None:
        self._port = port
        arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--window-size=1366,768",
            "--hide-scrollbars",
            *(["--force-dark-mode", "--blink-settings=preferredColorScheme=0"] if dark else []),
        ]
        asked = {
            "capabilities": {
                "alwaysMatch": {
                    "browserName": "chrome",
                    "goog:chromeOptions": {
                        "args": arguments,
                        "prefs": {"profile.managed_default_content_settings.javascript": 2},
                    },
                }
            }
        }
        self._session = f"/session/{self._ask('POST', '/session', asked)['sessionId']}"

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        connection.request(
            method, path, None if body is None else json.dumps(body), {"content-type": "application/json"}
        )
        reply = connection.getresponse()
        answer = json.loads(reply.read())["value"]
        connection.close()
        if reply.status >= 400:
            raise AssertionError(f"{answer.get('error')}: {str(answer.get('message'))[:300]}")
        return answer

    def open(self, url: str) -> None:
        self._ask("POST", f"{self._session}/url", {"url": url})

    def find(self, css: str) -> str:
        found: str = self._ask("POST", f"{self._session}/element", {"using": "css selector", "value": css})[_ELEMENT]
        return found

    def type(self, css: str, text: str) -> None:
        self._ask("POST", f"{self._session}/element/{self.find(css)}/value", {"text": text})

    def press(self, css: str) -> None:
        self._ask("POST", f"{self._session}/element/{self.find(css)}/click", {})

    def keys(self, *keys: str) -> None:
        """Keys to whatever has the keyboard."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._ask("POST", f"{self._session}/actions", {"actions": [{"type": "key", "id": "k", "actions": actions}]})

    def text(self, css: str = "body") -> str:
        words: str = self._ask("GET", f"{self._session}/element/{self.find(css)}/text")
        return words

    def shows(self, words: str, css: str = "body") -> None:
        """Wait until the page, which a key may only just have asked for, says so."""
        said = ""
        for _ in range(400):
            try:
                said = self.text(css)
            except AssertionError:  # the page before went while it was read
                said = ""
            if words in said:
                return
            time.sleep(0.05)
        raise AssertionError(f"{words!r} is not in {said!r}")

    def focused(self) -> str:
        """What has the keyboard, by its id, name or words."""
        element = self._ask("GET", f"{self._session}/element/active")[_ELEMENT]
        for name in ("id", "name"):
            found = self._ask("GET", f"{self._session}/element/{element}/attribute/{name}")
            if found:
                return str(found)
        return str(self._ask("GET", f"{self._session}/element/{element}/text"))

    def tab_to(self, what: str) -> None:
        """The keyboard, by Tab alone, on what has this id or name, or words that begin so."""
        for _ in range(40):
            self.keys("\ue004")
            if self.focused().startswith(what):
                return
        raise AssertionError(f"Tab does not reach {what}")

    def background(self) -> str:
        return str(self._ask("GET", f"{self._session}/element/{self.find('html')}/css/background-color"))

    def size(self, width: int, height: int, percent: int = 100) -> None:
        """The window in its own pixels, and how large everything in it is drawn."""
        zoom = percent / 100
        metrics = {"width": int(width / zoom), "height": int(height / zoom), "deviceScaleFactor": zoom, "mobile": False}
        self._developer("Emulation.setDeviceMetricsOverride", metrics)

    def is_too_wide(self) -> bool:
        """Must somebody scroll sideways to read the page?"""
        found = self._developer("Page.getLayoutMetrics", {})
        return bool(found["cssContentSize"]["width"] > found["cssLayoutViewport"]["clientWidth"])

    def _developer(self, command: str, values: dict[str, Any]) -> Any:
        return self._ask("POST", f"{self._session}/goog/cdp/execute", {"cmd": command, "params": values})

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self._ask("GET", f"{self._session}/screenshot")))

    def quit(self) -> None:
        self._ask("DELETE", self._session)


@contextmanager
def browser(*, dark: bool = False) -> Iterator[Browser]:
    """Skips, in one line, where Chromium is not installed."""
    driver = shutil.which("chromedriver")
    if driver is None or (shutil.which("chromium") or shutil.which("chromium-browser")) is None:
        pytest.skip("Chromium is not installed: sh tests/browser_libraries.sh installs it as root")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [driver, f"--port={port}", "--silent"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port, process)
        opened = Browser(port, dark)
        try:
            yield opened
        finally:
            opened.quit()
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise AssertionError("chromedriver did not start")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            try:
                process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
        else:
            return
    raise AssertionError("chromedriver does not answer")
