"""Console: caller x endpoint x ownership, as one table, against the running server on both engines (T11).

Nothing is allowed by default: a page without its row fails here.
"""

import http.client
import re
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from laptop import Laptop
from starlette.routing import Route

from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.server import grant_list, history, members
from wellbeing_desktop.sync.server.console.admins import ENROLLING, IN, PASSWORD, Admins
from wellbeing_desktop.sync.server.console.app import Console
from wellbeing_desktop.sync.server.console.forms import BASE
from wellbeing_desktop.sync.server.console.signing_in import COOKIE
from wellbeing_desktop.sync.server.engine import Engine
from wellbeing_desktop.sync.server.local import running_server
from wellbeing_desktop.sync.server.organisations import new_organisation
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine

# What each page answers an administrator who has signed in: opened, and sent an empty form with its key. 303 goes to
# another page, 400 is a sentence. Of anybody else, OTHERS says it for all pages.
PAGES: dict[str, tuple[int, int]] = {
    "/": (200, 200),
    "/sync": (200, 200),
    "/sync/removal": (400, 400),
    "/backups": (200, 200),
    "/backups/make": (303, 303),
    "/laptops": (200, 200),
    "/laptops/approve": (303, 400),
    "/laptops/revoke": (400, 400),
    "/people": (200, 200),
    "/people/invite": (303, 400),
    "/people/again": (303, 400),
    "/people/leaves": (400, 400),
    "/people/leave": (400, 400),
    "/people/grants": (400, 400),
    "/people/grants/give": (400, 400),
    "/people/grants/change": (400, 400),
    "/erase": (200, 400),
    "/acts": (200, 200),
    "/account": (200, 200),
    "/account/codes": (303, 200),
    "/sign-out": (303, 303),
    "/code": (303, 303),
    "/enrol": (303, 303),
}
OPEN = {"/sign-in", "/console.css", "/font/{name}", "/{rest:path}"}
"""What needs nobody: the page to sign in at, its style, and 404 for everything else."""
STAGES = {"/sign-out": "", "/code": PASSWORD, "/enrol": ENROLLING}
"""Pages for another stage than signed in; "" is for any."""

# Nobody, a session that was made up, the password alone, another organisation's administrator, who are all sent away;
# a form without its key, and one that stood on another site. Opened, and sent.
OTHERS: dict[str, tuple[int, int]] = {
    "nobody": (303, 303),
    "forged": (303, 303),
    "password": (303, 303),
    "foreign": (303, 303),
    "no key": (0, 403),
    "elsewhere": (0, 403),
}

# Whose things an administrator may name: their own organisation's. Page, and the fields that name something.
FOREIGN: dict[str, tuple[str, ...]] = {
    "/sync/removal": ("device",),
    "/laptops/approve": ("device",),
    "/laptops/revoke": ("device",),
    "/people/again": ("member",),
    "/people/leaves": ("member",),
    "/people/leave": ("member",),
    "/people/grants/give": ("member",),
    "/people/grants/change": ("grant",),
    "/erase": ("subject",),
}
READ_BY = {"/people/grants": "member", "/people/leave": "member", "/people/leaves": "member"}


class Offices:
    """Two organisations on one database, each with its console; in each somebody with a laptop, a grant, a person."""

    def __init__(self, engine: Engine, stack: ExitStack) -> None:
        self.service, self.admins, self.host = self._office(engine, stack, "Test practice")
        self.foreign, self.foreign_admins, _host = self._office(engine, stack, "Another practice")
        laptop = Laptop(self.foreign, "Stranger")
        person = laptop.person("Sentinelsurname", born_on="1950-02-03")
        laptop.sync()
        [grant] = grant_list.listed(self.foreign)
        self.named = {"device": laptop.dev, "member": laptop.user, "grant": grant.number, "subject": person}

    @staticmethod
    def _office(engine: Engine, stack: ExitStack, name: str) -> tuple[Service, Admins, str]:
        service = Service(engine, new_organisation(engine, name, history.server_now()))
        key = secrets.token_bytes(32)
        admins = Admins(service, key)
        admins.add("Ines", "copper lantern meadow fourteen")
        url = stack.enter_context(running_server(service, console=Console(service, key).routes()))
        return service, admins, urlsplit(url).netloc

    def token(self, caller: str, stage: str = IN) -> str:
        admins = self.foreign_admins if caller == "foreign" else self.admins
        if caller in ("nobody", "forged"):
            return "" if caller == "nobody" else secrets.token_urlsafe(32)
        if caller == "password":
            stage = ENROLLING if stage == PASSWORD else PASSWORD
        return admins._begin(admins.all()[0], stage)

    def ask(self, token: str, method: str, path: str, fields: dict[str, str] | None = None, origin: str = "") -> int:
        named = {"cookie": f"{COOKIE}={token}", "content-type": "application/x-www-form-urlencoded"}
        if origin:
            named["origin"] = origin
        with closing(http.client.HTTPConnection(self.host, timeout=30)) as line:
            line.request(method, BASE + path, urlencode(fields or {}), named)
            reply = line.getresponse()
            self.page = reply.read().decode()
            return reply.status

    def key(self, token: str) -> str:
        found = self.admins.session(token)
        return found.form_key if found else ""


@pytest.fixture(scope="module", params=["sqlcipher", pytest.param("postgresql", marks=pytest.mark.postgres)])
def offices(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Offices]:
    with ExitStack() as stack:
        if request.param == "postgresql":
            yield Offices(request.getfixturevalue("postgres_engine"), stack)
        else:
            engine = SqliteEngine(tmp_path_factory.mktemp("offices"), StoreKey.new(), create=True)
            stack.callback(engine.close)
            yield Offices(engine, stack)


def test_every_page_has_its_row(offices: Offices) -> None:
    [mount] = Console(offices.service, secrets.token_bytes(32)).routes()
    found = {route.path for route in mount.routes if isinstance(route, Route)}
    assert found == PAGES.keys() | OPEN


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_each_caller_as_the_table_says(offices: Offices, path: str) -> None:
    opened, sent = PAGES[path]
    token = offices.token("signed in")
    assert offices.ask(token, "GET", path) == opened
    assert offices.ask(token, "POST", path, {"form_key": offices.key(token)}) == sent
    stage = STAGES.get(path, IN)
    for caller, (opened, sent) in OTHERS.items():
        token = offices.token(caller, stage or IN)
        key = "" if caller == "no key" else offices.key(token) or "made up"
        origin = "https://elsewhere.example" if caller == "elsewhere" else ""
        if opened and not (caller == "password" and not stage):
            assert offices.ask(token, "GET", path) == opened, caller
        assert offices.ask(token, "POST", path, {"form_key": key}, origin) == sent, caller


@pytest.mark.parametrize("path", FOREIGN)
def test_no_page_takes_what_belongs_to_another_organisation(offices: Offices, path: str) -> None:
    before = _everything(offices.foreign)
    token = offices.token("signed in")
    fields = {name: offices.named[name] for name in FOREIGN[path]}
    more = {"reason": "moved", "born": "1950-02-03", "kind": "caseload", "whom": "usual", "what": "ends"}
    more |= {"first": "2026-12-21", "last": "2026-12-22", "confirmed": "ERASE", "seen": "x"}
    assert offices.ask(token, "POST", path, {"form_key": offices.key(token), **more, **fields}) == 400
    assert "Sentinel" not in offices.page
    assert "Stranger" not in offices.page
    if path in READ_BY:
        assert offices.ask(token, "GET", f"{path}?member={offices.named['member']}") == 400
    assert _everything(offices.foreign) == before


def _everything(service: Service) -> tuple[object, ...]:
    """What an administrator could have changed."""
    return (
        members.members(service),
        members.laptops(service),
        grant_list.listed(service),
        service.engine.read(
            lambda transaction: transaction.one("SELECT COUNT(*), MAX(seq) FROM rec WHERE org = ?", (service.org,))
        ),
        service.engine.read(
            lambda transaction: transaction.one("SELECT COUNT(*) FROM admin_act WHERE org = ?", (service.org,))
        ),
    )


def test_no_template_has_a_script_or_an_address_elsewhere() -> None:
    folder = Path(__file__).parents[3] / "resources" / "console"
    for template in folder.glob("*.html"):
        said = template.read_text(encoding="utf-8")
        assert not re.search(r"<script|javascript:|\son\w+=|https?://|style=", said), template.name
        assert said.count('method="post"') == said.count('name="form_key" value="{{ form_key }}"'), template.name
