"""The console in a real browser with scripts switched off, by keyboard and by click."""

import os
import secrets
import time
from pathlib import Path

import pytest
from browser import Browser, browser
from laptop import Laptop

from wellbeing_desktop.sync.server import acts, grant_list, members
from wellbeing_desktop.sync.server.console import totp
from wellbeing_desktop.sync.server.console.admins import Admins
from wellbeing_desktop.sync.server.console.app import Console
from wellbeing_desktop.sync.server.local import new_service, running_server

PASSWORD = "copper lantern meadow fourteen"
TAB, ENTER, SPACE, DOWN = "\ue004", "\ue007", " ", "\ue015"


@pytest.mark.slow
@pytest.mark.parametrize(
    "dark", [pytest.param(False, id="light"), pytest.param(True, id="dark", marks=pytest.mark.soak)]
)
def test_an_administrator_signs_in_approves_and_revokes_without_scripts(tmp_path: Path, dark: bool) -> None:
    pictures = Path(os.environ.get("WELLBEING_CONSOLE_PICTURES", tmp_path))
    service = new_service("Riverside Primary Care Network", tmp_path / "server")
    admins = Admins(service, key := secrets.token_bytes(32))
    number = admins.add("Ines Okafor", PASSWORD)
    Laptop(service, "Carys Jones").sync()
    laptop = Laptop(service, "Bilal Khan", approved=False)
    ending = "dark" if dark else "light"
    with running_server(service, console=Console(service, key).routes()) as url, browser(dark=dark) as page:
        page.open(f"{url}/console/")
        page.picture(pictures / f"console-sign-in-{ending}.png")
        assert page.focused() == "name"
        page.keys(*"Ines Okafor", TAB, *PASSWORD, ENTER)
        page.shows("Set up the second factor", "h1")
        [admin] = admins.all()
        assert admin.id == number
        secret = admins._open(admin)
        page.shows(totp.secret_text(secret))
        page.picture(pictures / f"console-enrol-{ending}.png")
        page.type("#code", totp.code_at(secret, int(time.time()) // 30))
        page.press("main button")
        page.shows("Keep your recovery codes", "h1")
        page.press("a.button")
        page.shows("1 waiting to be approved")
        page.picture(pictures / f"console-overview-{ending}.png")
        page.press('nav a[href$="/laptops"]')
        page.type("#f1", "1234 1234 1234 1234 1234 1234")
        page.keys(ENTER)
        page.shows("Nothing was approved", '[role="alert"]')
        page.type("#f1", laptop.pair_reply.fingerprint)
        page.keys(ENTER)
        page.shows("The laptop of Bilal Khan is approved.", '[role="status"]')
        page.picture(pictures / f"console-laptops-{ending}.png")
        page.press(f'a[href$="revoke?device={laptop.dev}"]')
        page.shows("Bilal Khan", "main")
        page.press("main button.danger")
        page.shows("is revoked", '[role="status"]')
        for place in ("people", "sync", "backups", "acts", "account"):
            page.press(f'nav a[href$="/{place}"]')
            page.picture(pictures / f"console-{place}-{ending}.png")
        assert page.background() == ("rgba(18, 24, 30, 1)" if dark else "rgba(244, 246, 248, 1)")
        page.press("header button")
        page.shows("Sign in", "h1")
    states = {found.user_id: found.state for found in members.laptops(service)}
    assert states[laptop.user] == "revoked"
    service.engine.close()


@pytest.mark.slow
@pytest.mark.usefixtures("quick_passwords")
def test_an_administrator_gives_a_grant_and_ends_it_with_the_keyboard_alone(tmp_path: Path) -> None:
    pictures = os.environ.get("WELLBEING_CONSOLE_PICTURES")
    service = new_service("Riverside Primary Care Network", tmp_path / "server")
    admins = Admins(service, key := secrets.token_bytes(32))
    admins.add("Ines Okafor", PASSWORD)
    carys = Laptop(service, "Carys Jones", "coordinator", "manager")
    carys.person("Ellis", born_on="1950-02-03")
    carys.sync()
    members.create_as_server(service, "team", "", {"name": "North", "lead_id": carys.user})

    def draw(page: Browser, name: str) -> None:
        for ending, size in (("", (1366, 768)), ("-narrow", (360, 740)), ("-200", (1366, 768, 200))):
            page.size(*size)
            assert not page.is_too_wide(), (name, ending)
            if pictures:
                page.picture(Path(pictures, f"console-{name}{ending}.png"))
        page.size(1366, 768)

    with running_server(service, console=Console(service, key).routes()) as url, browser() as page:
        page.open(f"{url}/console/")
        page.keys(*"Ines Okafor", TAB, *PASSWORD, ENTER)
        page.shows("Set up the second factor", "h1")
        [admin] = admins.all()
        page.type("#code", totp.code_at(admins._open(admin), int(time.time()) // 30))
        page.keys(ENTER)
        page.shows("Keep your recovery codes", "h1")
        page.open(f"{url}/console/people/grants?member={carys.user}")
        page.shows("Whoever has them for a coordinator: 1 person now.")
        draw(page, "grants")
        page.tab_to("Give another grant")
        page.keys(ENTER)
        page.shows("Give a grant", "h1")
        page.tab_to("k1")
        page.keys(SPACE, DOWN)  # Team
        page.tab_to("restricted")
        page.keys(SPACE)
        page.tab_to("reason")
        page.keys(*"She leads the round", ENTER)
        page.shows("Look once more", "h1")
        page.shows("The people of the team North", "main")
        draw(page, "grant-look")
        page.tab_to("Give this grant")
        page.keys(ENTER)
        page.shows("The grant is given.", '[role="status"]')
        page.tab_to("End this grant")  # the caseload is first
        page.keys(ENTER)
        page.shows("End a grant", "h1")
        page.tab_to("reason")
        page.keys(ENTER)
        assert page.text("h1") == "End a grant", "the browser itself asks for the reason"
        page.keys(*"She leads now", ENTER)
        page.shows("Less is left of 1 person.", "main")  # a manager still counts them
        page.tab_to("End this grant")
        page.keys(ENTER)
        page.shows("The grant ends.", '[role="status"]')
        draw(page, "grants-ended")
        for name, path in (("grant-give", f"people/grants/give?member={carys.user}"), ("people", "people")):
            page.open(f"{url}/console/{path}")
            draw(page, name)
    held = {line.kind: (line.state, line.restricted) for line in grant_list.listed(service, carys.user)}
    assert held == {
        "caseload": ("not in force", False),
        "return": ("in force", False),
        "team": ("in force", True),
    }
    done = service.engine.read(lambda transaction: acts.acts(transaction, service.org, 2))
    assert [act.act for act in done] == ["grant ended", "grant given: team, restricted"]
    service.engine.close()
