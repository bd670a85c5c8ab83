"""A browser reduced to cookies and forms, an administrator's authenticator app, and a clock that is moved by hand."""

import datetime as dt
import html
import http.client
import re
from urllib.parse import urlencode, urlsplit

from wellbeing_desktop.sync.server.console import totp
from wellbeing_desktop.sync.server.console.admins import Admins
from wellbeing_desktop.sync.server.console.forms import BASE

PASSWORD = "copper lantern meadow fourteen"


class Now:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.at

    def on(self, **by: float) -> None:
        self.at += dt.timedelta(**by)


class Visitor:
    """A browser reduced to cookies and forms."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.cookies: dict[str, str] = {}
        self.status, self.page, self.headers = 0, "", http.client.HTTPMessage()

    def ask(self, method: str, path: str, fields: dict[str, object] | None = None, **headers: str) -> str:
        line = http.client.HTTPConnection(self.host, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if fields is not None:
            body = urlencode(fields, doseq=True)
            named.setdefault("content-type", "application/x-www-form-urlencoded")
        line.request(method, BASE + path, body, named)
        reply = line.getresponse()
        self.status, self.page, self.headers = reply.status, reply.read().decode("utf-8", "replace"), reply.headers
        line.close()
        for cookie in reply.headers.get_all("set-cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return self.page

    def get(self, path: str) -> str:
        return self.ask("GET", path)

    def post(self, path: str, **fields: object) -> str:
        """Send a form with the key of the page that is open."""
        found = re.search(r'name="form_key" value="([^"]+)"', self.page)
        return self.ask("POST", path, {"form_key": html.unescape(found[1]) if found else "", **fields})

    def sign_in(self, admins: Admins, name: str = "Ines", password: str = PASSWORD) -> None:
        """Password and second factor, which is set up if it was not."""
        self.get("/sign-in")
        self.post("/sign-in", name=name, password=password)
        assert (self.status, self.headers["location"]) == (303, f"{BASE}/code"), self.page
        self.get("/code")
        if self.status == 303:
            self.get("/enrol")
            self.post("/enrol", code=code_of(admins, name))
        else:
            self.post("/code", code=code_of(admins, name))
        assert self.status in (200, 303), self.page


def code_of(admins: Admins, name: str, ahead: int = 0) -> str:
    """What the authenticator app of this administrator shows."""
    [admin] = [one for one in admins.all() if one.name == name]
    step = int(admins._service.now().timestamp()) // totp.STEP_SECONDS
    return totp.code_at(admins._open(admin), step + ahead)
