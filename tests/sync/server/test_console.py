"""The administrator's console over real HTTP: who gets in, what each page may say, what every form must prove."""

import re
import secrets
from pathlib import Path

import pytest
from laptop import Laptop
from visitor import PASSWORD, Now, Visitor, code_of

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.storage.organisation_public import text_of
from wellbeing_desktop.storage.recovery import RecoveryKey
from wellbeing_desktop.sync.protocol.signing_in import LaptopReport
from wellbeing_desktop.sync.server import acts, members, recovery_keys, register, removals
from wellbeing_desktop.sync.server.check import check
from wellbeing_desktop.sync.server.console import totp
from wellbeing_desktop.sync.server.console.admins import Admins
from wellbeing_desktop.sync.server.console.forms import BASE
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.ui import tokens


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_second_factor_is_that_of_rfc_6238(seconds: int, code: str) -> None:
    """Appendix B of the RFC; its eight digits end in these six."""
    assert totp.code_at(b"12345678901234567890", seconds // 30) == code


def test_there_is_no_console_until_an_administrator_was_made(visitor: Visitor, admins: Admins) -> None:
    for path in ("/", "/sign-in", "/laptops", "/nothing"):
        visitor.get(path)
        assert visitor.status == 404
    admins.add("Ines", PASSWORD)
    visitor.get("/sign-in")
    assert visitor.status == 200


def test_every_page_needs_both_factors(visitor: Visitor, admins: Admins) -> None:
    admins.add("Ines", PASSWORD)
    pages = ("/", "/laptops", "/people", "/sync", "/backups", "/erase", "/acts", "/account")
    for path in pages:
        visitor.get(path)
        assert (visitor.status, visitor.headers["location"]) == (303, f"{BASE}/sign-in")
    visitor.get("/sign-in")
    visitor.post("/sign-in", name="Ines", password=PASSWORD)
    for path in pages:
        visitor.get(path)
        assert (visitor.status, visitor.headers["location"]) == (303, f"{BASE}/enrol"), "a password alone opens nothing"
    visitor.get("/enrol")
    assert "<svg" in visitor.page
    visitor.post("/enrol", code="000000")
    assert visitor.status == 401
    half_way = visitor.cookies["wellbeing_console"]
    visitor.post("/enrol", code=code_of(admins, "Ines"))
    assert visitor.page.count("<li>") == 10
    assert visitor.cookies["wellbeing_console"] != half_way, "a session changes its name when it may do more"
    for path in pages:
        visitor.get(path)
        assert visitor.status == 200, path
        assert "<script" not in visitor.page
        assert 'style="' not in visitor.page
        assert visitor.headers["content-security-policy"].startswith("default-src 'none'")
        assert visitor.headers["cache-control"] == "no-store"
    visitor.get("/enrol")
    assert visitor.status == 303, "the second factor's secret is never shown again"


def test_a_code_works_once_and_a_recovery_code_once(visitor: Visitor, admins: Admins, now: Now) -> None:
    admins.add("Ines", PASSWORD)
    visitor.sign_in(admins)
    recovery = re.findall(r"<li>([0-9A-Z-]{14})</li>", visitor.page)
    assert len(recovery) == 10
    used = code_of(admins, "Ines")

    def again(code: str) -> int:
        fresh = Visitor(f"http://{visitor.host}")
        fresh.get("/sign-in")
        fresh.post("/sign-in", name="Ines", password=PASSWORD)
        fresh.get("/code")
        fresh.post("/code", code=code)
        return fresh.status

    assert again(used) == 401
    now.on(seconds=60)
    assert again(code_of(admins, "Ines")) == 303
    assert again(recovery[0].lower().replace("-", " ")) == 303
    assert again(recovery[0]) == 401


def test_wrong_tries_are_slowed_down_and_do_not_tell_whether_the_name_is_there(
    visitor: Visitor, admins: Admins, now: Now
) -> None:
    admins.add("Ines", PASSWORD)
    said = set()
    for name in ("Ines", "Nobody", "Ines", "Ines", "Ines", "Ines", "Ines"):
        visitor.get("/sign-in")
        visitor.post("/sign-in", name=name, password="wrong wrong wrong wrong")
        assert visitor.status == 401
        said.add(re.sub(r"\s+", " ", visitor.page.partition("role=")[2].partition("</div>")[0]))
    assert len(said) == 1
    visitor.get("/sign-in")
    visitor.post("/sign-in", name="Ines", password=PASSWORD)
    assert "too many wrong tries" in visitor.page
    now.on(minutes=3)
    visitor.sign_in(admins)


def test_many_tries_from_one_place_are_stopped(visitor: Visitor, admins: Admins) -> None:
    admins.add("Ines", PASSWORD)
    for _ in range(20):
        visitor.get("/sign-in")
        visitor.post("/sign-in", name="x" * 5, password="")
    visitor.get("/sign-in")
    visitor.post("/sign-in", name="Ines", password=PASSWORD)
    assert visitor.status == 429
    assert int(visitor.headers["retry-after"]) > 0


def test_a_session_ends_when_idle_and_after_a_working_day(visitor: Visitor, admins: Admins, now: Now) -> None:
    admins.add("Ines", PASSWORD)
    visitor.sign_in(admins)
    now.on(minutes=14)
    visitor.get("/")
    assert visitor.status == 200
    now.on(minutes=16)
    visitor.get("/")
    assert visitor.status == 303
    visitor.sign_in(admins)
    for _ in range(40):
        now.on(minutes=12)
        visitor.get("/")
    assert visitor.status == 200
    now.on(minutes=12)
    visitor.get("/")
    assert visitor.status == 303
    visitor.sign_in(admins)
    kept = dict(visitor.cookies)
    visitor.get("/")
    visitor.post("/sign-out")
    visitor.cookies = kept
    visitor.get("/")
    assert visitor.status == 303, "signing out ends the session on the server"


def test_a_form_without_its_key_or_from_elsewhere_does_nothing(
    visitor: Visitor, admins: Admins, served: Service
) -> None:
    admins.add("Ines", PASSWORD)
    laptop = Laptop(served, "Anna")
    visitor.sign_in(admins)
    visitor.ask("POST", "/laptops/revoke", {"device": laptop.dev})
    assert visitor.status == 403
    visitor.get("/laptops/revoke?device=" + laptop.dev)
    key = re.search(r'name="form_key" value="([^"]+)"', visitor.page)
    assert key
    fields: dict[str, object] = {"form_key": key[1], "device": laptop.dev}
    visitor.ask("POST", "/laptops/revoke", fields, origin="https://evil.example")
    assert visitor.status == 403
    visitor.ask("POST", "/laptops/revoke", fields, sec_fetch_site="cross-site")
    assert visitor.status == 403
    visitor.ask("POST", "/laptops/revoke", fields, content_type="text/plain")
    assert visitor.status == 400
    visitor.ask("POST", "/laptops/revoke", fields | {"more": "x" * 20_000})
    assert visitor.status == 400
    assert [found.state for found in members.laptops(served)] == ["approved"]
    visitor.ask("POST", "/laptops/revoke", fields, origin=f"http://{visitor.host}", sec_fetch_site="same-origin")
    assert [found.state for found in members.laptops(served)] == ["revoked"]


def test_a_laptop_is_approved_only_by_the_fingerprint_that_was_read_out(
    visitor: Visitor, admins: Admins, served: Service
) -> None:
    number = admins.add("Ines", PASSWORD)
    laptop = Laptop(served, "Anna", approved=False)
    visitor.sign_in(admins)
    visitor.get("/laptops")
    visitor.post("/laptops/approve", device=laptop.dev, fingerprint="0000 0000 0000 0000 0000 0000")
    assert "Nothing was approved" in visitor.page
    assert [found.state for found in members.laptops(served)] == ["pending"]
    visitor.post("/laptops/approve", device=laptop.dev, fingerprint=laptop.pair_reply.fingerprint.replace(" ", "-"))
    assert "is approved" in visitor.page
    assert [found.state for found in members.laptops(served)] == ["approved"]
    laptop.sign_in()
    visitor.get("/acts")
    for words in ("laptop approved", "fingerprint did not agree", "signed in", "administrator added", "Ines"):
        assert words in visitor.page
    done = served.engine.read(lambda transaction: acts.acts(transaction, served.org))
    assert (done[0].act, done[0].admin_id, done[0].target) == ("laptop approved", number, laptop.dev)
    assert check(served).wrong == []


def test_people_are_invited_and_leave(visitor: Visitor, admins: Admins, served: Service) -> None:
    admins.add("Ines", PASSWORD)
    visitor.sign_in(admins)
    visitor.get("/people")
    visitor.post("/people/invite", name="<b>Bilal</b> & Co", role=["coordinator", "front_desk"])
    code = re.search(r'class="letters big">([0-9A-Z-]{19})<', visitor.page)
    assert code
    assert "&lt;b&gt;Bilal" in visitor.page
    [member] = members.members(served)
    assert member.roles == ("coordinator", "front_desk")
    Laptop(served, "", member=member.id).pair_with(code[1])
    visitor.post("/people/invite", name="Carys")
    assert "Tick at least one role" in visitor.page
    visitor.post("/people/invite", name="<b>bilal</b> & co", role="office")
    assert "here already" in visitor.page
    visitor.post("/people/invite", name="Dewi", role="wizard")
    assert visitor.status == 400
    visitor.get("/people")
    visitor.post("/people/again", member=member.id)
    assert "letters big" in visitor.page
    visitor.get(f"/people/leaves?member={member.id}")
    visitor.post("/people/leaves", member=member.id)
    assert "Has left" in visitor.page
    assert {found.state for found in members.laptops(served)} == {"leaving"}


def test_a_leave_is_kept_from_the_console_and_noted(visitor: Visitor, admins: Admins, served: Service) -> None:
    admins.add("Ines", PASSWORD)
    anna = Laptop(served, "Anna")
    visitor.sign_in(admins)
    visitor.get(f"/people/leave?member={anna.user}")
    visitor.post("/people/leave", member=anna.user, first="2026-12-21", last="2026-12-01")
    assert (visitor.status, "cannot be before its first" in visitor.page) == (400, True)
    visitor.post("/people/leave", member=anna.user, first="soon", last="")
    assert visitor.status == 400
    visitor.post("/people/leave", member=anna.user, first="2026-12-21", last="2027-01-02")
    assert "2026-12-21 to 2027-01-02" in visitor.page
    done = served.engine.read(lambda transaction: acts.acts(transaction, served.org, 1))
    assert (done[0].act, done[0].target) == ("leave 2026-12-21 to 2027-01-02", anna.user)


def test_a_laptop_that_stopped_is_shown_and_its_removal_allowed_with_a_reason(
    visitor: Visitor, admins: Admins, served: Service
) -> None:
    admins.add("Ines", PASSWORD)
    anna = Laptop(served, "Anna")
    told = LaptopReport(removal_stopped=37)
    served.engine.write(lambda transaction: register.keep_report(transaction, served.org, anna.dev, told))
    visitor.sign_in(admins)
    visitor.get("/sync")
    assert "The laptop of Anna has stopped" in visitor.page
    visitor.get(f"/sync/removal?device={anna.dev}")
    assert "37 people at once" in visitor.page
    visitor.post("/sync/removal", device=anna.dev)
    assert "Choose why." in visitor.page
    visitor.post("/sync/removal", device=anna.dev, reason="practice_moved")
    assert visitor.status == 303
    [kept] = served.engine.read(lambda transaction: removals.allowed(transaction, served.org))
    assert (kept.member, kept.reason) == (anna.user, "practice_moved")


def test_erasing_asks_for_the_birth_date_and_once_more_and_names_nobody(
    visitor: Visitor, admins: Admins, served: Service
) -> None:
    admins.add("Ines", PASSWORD)
    anna = Laptop(served, "Anna")
    person = anna.person("Sentinelsurname", born_on="1950-02-03")
    anna.sync()
    visitor.sign_in(admins)
    visitor.get("/erase")
    given: dict[str, object] = {"subject": person, "born": "1950-02-04", "reason": "Her request, decided by the DPO"}
    visitor.post("/erase", **given)
    assert (visitor.status, "nobody with that number and that date of birth" in visitor.page) == (400, True)
    visitor.post("/erase", **given | {"born": "1950-02-03", "reason": ""})
    assert visitor.status == 400
    visitor.post("/erase", **given | {"born": "1950-02-03"})
    assert "1 records and 0 documents" in visitor.page
    assert "Sentinel" not in visitor.page
    visitor.post("/erase", **given | {"born": "1950-02-03", "confirmed": "erase"})
    assert "in capitals" in visitor.page
    anna.pull()
    assert person in anna.rows
    visitor.post("/erase", **given | {"born": "1950-02-03", "confirmed": "ERASE"})
    assert "Everything about them is erased." in visitor.page
    assert "Copies made by other means still hold this person" in visitor.page
    done = served.engine.read(lambda transaction: acts.acts(transaction, served.org, 1))
    assert (done[0].act, person in done[0].target) == ("erased a person's record", False)
    assert check(served).wrong == []


def test_no_page_says_anything_of_the_people_cared_for(visitor: Visitor, admins: Admins, served: Service) -> None:
    admins.add("Ines", PASSWORD)
    anna = Laptop(served, "Anna")
    person = anna.person("Sentinelsurname", nhs_number="9434765919")
    anna.create("note", person, {"text": "Sentinelwords"})
    stranger = Laptop(served, "Bob")
    anna.sync()
    stranger.create("note", person, {"text": "Sentinelquarantine"})
    stranger.sync()
    visitor.sign_in(admins)
    visitor.get("/")
    visitor.post("/backups/make")
    assert "read back" in visitor.page
    for path in ("/", "/laptops", "/people", "/sync", "/backups", "/acts", "/account"):
        assert "Sentinel" not in visitor.get(path)
        assert "9434765919" not in visitor.page
        assert person not in visitor.page
    visitor.get("/sync")
    assert "not_granted" in visitor.page


def test_unknown_numbers_and_pages_are_sentences_or_404(visitor: Visitor, admins: Admins) -> None:
    admins.add("Ines", PASSWORD)
    visitor.sign_in(admins)
    visitor.get("/laptops/revoke?device=nobody")
    assert (visitor.status, "no laptop with that number" in visitor.page) == (400, True)
    visitor.get("/people/leaves?member=nobody")
    assert visitor.status == 400
    visitor.get("/acts?before=abc")
    assert visitor.status == 200
    for path in ("/nothing", "/font/NotoSans-Regular.ttf", "/font/..%2f..%2fREADME.md"):
        visitor.get(path)
        assert visitor.status == 404, path


def test_administrators_are_made_reset_and_removed_at_the_server(visitor: Visitor, admins: Admins, now: Now) -> None:
    with pytest.raises(Refused):
        admins.add("Ines", "too short")
    number = admins.add("Ines", PASSWORD)
    with pytest.raises(Refused, match="already"):
        admins.add("Ines", PASSWORD)
    visitor.sign_in(admins)
    other = "lantern fourteen copper meadow"
    admins.reset(number, other)
    visitor.get("/")
    assert visitor.status == 303, "a reset ends the sessions"
    now.on(hours=25)
    visitor.get("/sign-in")
    visitor.post("/sign-in", name="Ines", password=other)
    assert "24 hours" in visitor.page
    admins.reset(number, other)
    visitor.sign_in(admins, password=other)
    admins.remove(number)
    visitor.get("/")
    assert visitor.status == 404
    with pytest.raises(Refused):
        admins.reset(number, other)
    admins.add("Ines", PASSWORD)


def test_the_database_alone_gives_neither_password_nor_second_factor(served: Service, admins: Admins) -> None:
    admins.add("Ines", PASSWORD)
    [admin] = admins.all()
    assert admin.password.startswith("$argon2id$v=19$m=65536")
    assert admins._open(admin) not in bytes(admin.totp)
    with pytest.raises(Refused, match="key was changed"):
        Admins(served, secrets.token_bytes(32))._open(admin)


def test_the_colours_are_the_tokens_of_the_window() -> None:
    css = (Path(__file__).parents[3] / "resources" / "console" / "console.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    for theme, block in zip((tokens.LIGHT, tokens.DARK, tokens.HIGH_CONTRAST), blocks, strict=True):
        found = dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6});", block))
        assert found == {name: getattr(theme, name.replace("-", "_")) for name in found}
        assert len(found) == 20
        assert tokens.contrast(found["surface"], found["bad"]) >= 4.5, "the words on a button that ends access"


def test_the_overview_says_how_many_laptops_the_recovery_key_opens(
    visitor: Visitor, admins: Admins, served: Service
) -> None:
    admins.add("Ines", PASSWORD)
    visitor.sign_in(admins)
    assert "This organisation has none" in visitor.get("/")
    anna, bilal = Laptop(served, "Anna"), Laptop(served, "Bilal")
    public = RecoveryKey.new().public()
    served.engine.write(
        lambda transaction: recovery_keys.put(
            transaction, served.org, served.keys, text_of(public), served.now(), replace=False, by="a test"
        )
    )
    for laptop, groups in ((anna, six_groups(public)), (bilal, "1111 2222 3333 4444 5555 6666")):
        served.engine.write(
            lambda transaction, laptop=laptop, groups=groups: register.keep_report(
                transaction, served.org, laptop.dev, LaptopReport(recovery_key=groups)
            )
        )
    page = visitor.get("/")
    assert f"Two sheets of {six_groups(public)} open the stores of 1 of the 2 laptops in use." in page
    assert "1 with another key" in page
    assert f"Two sheets of the recovery key {six_groups(public)}" in visitor.get(f"/laptops/revoke?device={anna.dev}")
    assert check(served).wrong == []
