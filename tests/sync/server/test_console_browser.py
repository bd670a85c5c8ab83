"""The console in a real browser with scripts switched off, by keyboard and by click."""

import os
import secrets
import time
from pathlib import Path

import pytest
from browser import browser
from laptop import Laptop

from wellbeing_desktop.sync.server import members
from wellbeing_desktop.sync.server.console import totp
from wellbeing_desktop.sync.server.console.admins import Admins
from wellbeing_desktop.sync.server.console.app import Console
from wellbeing_desktop.sync.server.local import new_service, running_server

PASSWORD = "copper lantern meadow fourteen"
TAB, ENTER = "\ue004", "\ue007"


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
        assert "Set up the second factor" in page.text("h1")
        [admin] = admins.all()
        assert admin.id == number
        secret = admins._open(admin)
        assert totp.secret_text(secret) in page.text()
        page.picture(pictures / f"console-enrol-{ending}.png")
        page.type("#code", totp.code_at(secret, int(time.time()) // 30))
        page.press("main button")
        assert "Keep your recovery codes" in page.text("h1")
        page.press("a.button")
        assert "1 waiting to be approved" in page.text()
        page.picture(pictures / f"console-overview-{ending}.png")
        page.press('nav a[href$="/laptops"]')
        page.type("#f1", "1234 1234 1234 1234 1234 1234")
        page.keys(ENTER)
        assert "Nothing was approved" in page.text('[role="alert"]')
        page.type("#f1", laptop.pair_reply.fingerprint)
        page.keys(ENTER)
        assert "The laptop of Bilal Khan is approved." in page.text('[role="status"]')
        page.picture(pictures / f"console-laptops-{ending}.png")
        page.press(f'a[href$="revoke?device={laptop.dev}"]')
        assert "Bilal Khan" in page.text("main")
        page.press("main button.danger")
        assert "is revoked" in page.text('[role="status"]')
        for place in ("people", "sync", "backups", "acts", "account"):
            page.press(f'nav a[href$="/{place}"]')
            page.picture(pictures / f"console-{place}-{ending}.png")
        assert page.background() == ("rgba(18, 24, 30, 1)" if dark else "rgba(244, 246, 248, 1)")
        page.press("header button")
        assert "Sign in" in page.text("h1")
    states = {found.user_id: found.state for found in members.laptops(service)}
    assert states[laptop.user] == "revoked"
    service.engine.close()
