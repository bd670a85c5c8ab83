"""The console's pages about grants: what one person may see and do, given, ended, named for what is restricted."""

import datetime as dt
import html
import re

import pytest
from laptop import Laptop
from visitor import PASSWORD, Now, Visitor

from wellbeing_desktop.domain import grants as rules
from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.sync.protocol.signing_in import LaptopReport
from wellbeing_desktop.sync.server import acts, covering, grant_list, grant_words, granting, members, register
from wellbeing_desktop.sync.server.check import check
from wellbeing_desktop.sync.server.console.admins import Admins
from wellbeing_desktop.sync.server.service import Service

WHY = "She joined the safeguarding round; decided by the owner"

on_the_file = pytest.mark.parametrize("engine", ["sqlcipher"], indirect=True)
"""The statements are those of the tests that run on both engines."""


@pytest.fixture
def ines(visitor: Visitor, admins: Admins) -> str:
    """An administrator who has signed in; her number."""
    number = admins.add("Ines", PASSWORD)
    visitor.sign_in(admins)
    return number


def words(page: str) -> str:
    """The page as it is read."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def grant_of(service: Service, member: str, kind: str = "caseload") -> grant_list.GrantLine:
    return next(line for line in grant_list.listed(service, member) if line.kind == kind)


def newest_act(service: Service) -> tuple[str, str, str]:
    [act] = service.engine.read(lambda transaction: acts.acts(transaction, service.org, 1))
    return act.admin_id, act.act, act.target


def say_yes(visitor: Visitor, path: str, **more: str) -> None:
    """Press the button of the page's form: with all that it carries hidden."""
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', visitor.page))
    visitor.post(path, **{name: html.unescape(value) for name, value in hidden.items()} | more)


@pytest.mark.capability("W1")
def test_each_grant_says_of_whom_it_is_since_when_by_whom_and_what_it_gives(
    visitor: Visitor, served: Service, ines: str
) -> None:
    visitor.get("/people")
    visitor.post("/people/invite", name="Bilal", role=["coordinator", "manager"])
    [bilal] = members.members(served)
    laptop = Laptop(served, "", member=bilal.id)
    lee = Laptop(served, "Lee", "lead")
    team = {"name": "North", "lead_id": lee.user, "members": [bilal.id]}
    members.create_as_server(served, "team", "", team)
    person = laptop.person("Sentinelsurname", born_on="1950-02-03", coordinator_id=bilal.id)
    laptop.sync()
    visitor.get(f"/people/grants?member={bilal.id}")
    said = words(visitor.page)
    assert "Of whom Whoever has them for a coordinator: 1 person now." in said
    assert "May see Who they are and how to reach them safely; referrals" in said
    assert "The facts that a return counts, no free words, without names." in said
    assert "From 21-Nov-2026, 09:00 Until no last day Given by Ines" in said
    assert "Sentinel" not in visitor.page
    assert person not in visitor.page
    visitor.get(f"/people/grants?member={lee.user}")
    said = words(visitor.page)
    assert "The people of the team North: 1 person now." in said
    assert "Given by the server's command line" in said
    cover = {"kind": "leave", "since_on": "2026-11-24", "until_on": "2026-11-25", "made_by": bilal.id}
    laptop.create("cover", bilal.id, {**cover, "cover_id": lee.user})
    laptop.push()
    covering.settle(served)
    said = words(visitor.get(f"/people/grants?member={lee.user}"))
    assert "Given by the record of cover: Bilal is away" in said
    assert "Begins 24-Nov-2026" in said
    assert "It ends with the record of cover" in said


@pytest.mark.capability("W1")
@on_the_file
def test_a_grant_is_given_after_a_second_look_and_only_once(visitor: Visitor, served: Service, ines: str) -> None:
    anna, bob = Laptop(served, "Anna"), Laptop(served, "Bob")
    person = anna.person("Sentinelsurname", born_on="1950-02-03")
    anna.create("alert", person, {"kind": "dog", "statement": "A dog"})
    anna.sync()
    visitor.get(f"/people/grants/give?member={bob.user}")
    given = {"member": bob.user, "kind": "caseload", "whom": "named", "reason": WHY, "until": "2026-12-24"}
    given |= {"number1": person, "born1": "1950-02-03", "restricted": "yes"}
    visitor.post("/people/grants/give", **given)
    said = words(visitor.page)
    assert "Look once more" in said
    assert "1 person comes to their laptops." in said
    assert f"Why {WHY}" in said
    assert "1 person, named one by one" in said
    assert "concerns and protected people" in said
    assert "Sentinel" not in visitor.page
    assert len(grant_list.listed(served, bob.user)) == 1, "looking gives nothing"
    say_yes(visitor, "/people/grants/give", again="yes")
    assert f'value="{person}"' in visitor.page, "what was written is still there"
    visitor.post("/people/grants/give", **given)
    look = visitor.page
    say_yes(visitor, "/people/grants/give")
    assert (visitor.status, visitor.headers["location"].endswith("done=given")) == (303, True)
    assert newest_act(served) == (ines, "grant given: caseload, restricted", bob.user)
    line = next(line for line in grant_list.listed(served, bob.user) if line.restricted)
    assert (line.people, line.until_on, line.given_by, line.reason) == ("1", "2026-12-24", "Ines", WHY)
    bob.sync()
    assert person in bob.rows
    visitor.page = look
    say_yes(visitor, "/people/grants/give")
    assert "has changed since you looked" in visitor.page
    assert len(grant_list.listed(served, bob.user)) == 2, "sent twice, given once"


@pytest.mark.capability("W1")
def test_a_grant_that_ends_says_who_leaves_and_the_laptop_sends_first(
    visitor: Visitor, served: Service, ines: str
) -> None:
    anna, bob = Laptop(served, "Anna"), Laptop(served, "Bob")
    shared, own = anna.person("Shared"), anna.person("Own")
    anna.sync()
    granting.give(
        served,
        granting.NewGrant(member=bob.user, kind="caseload", reason=WHY, people=((shared, "unknown"),)),
        by=acts.COMMAND_LINE,
    )
    bob.sync()
    waiting = LaptopReport(waiting=4)
    served.engine.write(lambda transaction: register.keep_report(transaction, served.org, anna.dev, waiting))
    number = grant_of(served, anna.user).number
    visitor.get(f"/people/grants?member={anna.user}")
    assert f"grant={number}&amp;what=ends" in visitor.page
    visitor.get(f"/people/grants/change?grant={number}&what=ends")
    visitor.post("/people/grants/change", grant=number, what="ends", reason="")
    assert (visitor.status, "Say why" in visitor.page) == (400, True)
    visitor.post("/people/grants/change", grant=number, what="ends", reason="He moved", last="2026-11-01")
    assert (visitor.status, "is over already" in visitor.page) == (400, True)
    visitor.post("/people/grants/change", grant=number, what="ends", reason="He moved")
    said = words(visitor.page)
    assert "2 people leave their laptops" in said
    assert "1 person of these is in nobody else's caseload or team." in said
    assert "with 4 pieces of work not sent then" in said
    assert "A laptop first sends what was written on it" in said
    anna.create("note", own, {"text": "typed and not sent"})
    say_yes(visitor, "/people/grants/change")
    assert newest_act(served) == (ines, "grant ended", anna.user)
    results = anna.push().results
    assert [(result.r, result.why) for result in results] == [("quarantined", "not_granted")], "kept, not lost"
    anna.pull()
    assert {left.subject for left in anna.left} >= {shared, own}
    assert "Grants that have ended" in visitor.get(f"/people/grants?member={anna.user}")
    visitor.get(f"/people/grants/change?grant={number}&what=ends")
    visitor.post("/people/grants/change", grant=number, what="ends", reason="Again")
    assert "has ended already" in visitor.page
    assert check(served).wrong == []


@on_the_file
def test_a_grant_may_end_with_a_later_day(visitor: Visitor, served: Service, ines: str, now: Now) -> None:
    anna = Laptop(served, "Anna")
    person = anna.person("Ellis")
    anna.sync()
    number = grant_of(served, anna.user).number
    visitor.get(f"/people/grants/change?grant={number}&what=ends")
    visitor.post("/people/grants/change", grant=number, what="ends", reason="He moves", last="2026-11-22")
    assert "What it comes to, from 23-Nov-2026" in visitor.page
    assert "1 person leaves" in words(visitor.page)
    say_yes(visitor, "/people/grants/change")
    anna.create("note", person, {"text": "written on the last day"})
    assert [result.r for result in anna.sync().results] == ["applied"]
    now.on(days=2)
    anna.pull()
    assert person in {left.subject for left in anna.left}


@pytest.mark.capability("W1")
@on_the_file
def test_restricted_is_given_and_taken_away_with_a_reason(visitor: Visitor, served: Service, ines: str) -> None:
    anna = Laptop(served, "Anna")
    person, other = anna.person("Ellis"), anna.person("Other")
    anna.create("concern", person, {"path": "child", "words": "Sentinelwords"})
    anna.sync()
    lines = grant_list.listed(served, anna.user)
    number = lines[0].number
    for what, said, act in (
        ("restricted", "More comes of 1 person.", "grant names restricted"),
        ("not_restricted", "Less is left of 1 person.", "grant names restricted no more"),
    ):
        visitor.get(f"/people/grants/change?grant={number}&what={what}")
        visitor.post("/people/grants/change", grant=number, what=what, reason=WHY)
        assert said in words(visitor.page)
        assert "Sentinel" not in visitor.page
        say_yes(visitor, "/people/grants/change")
        assert newest_act(served) == (ines, act, anna.user)
        assert (grant_of(served, anna.user).restricted, grant_of(served, anna.user).reason) == (
            what == "restricted",
            WHY,
        )
        shown = visitor.get(f"/people/grants?member={anna.user}")
        assert ("Reaches what is restricted" in shown) is (what == "restricted")
    assert {person, other} <= anna.rows.keys()


@on_the_file
def test_more_people_than_a_slip_takes_are_typed_and_what_changed_meanwhile_is_looked_at_again(
    visitor: Visitor, served: Service, ines: str
) -> None:
    anna = Laptop(served, "Anna")
    for place in range(21):
        anna.person(f"Person {place}")
    anna.sync()
    number = grant_of(served, anna.user).number
    visitor.get(f"/people/grants/change?grant={number}&what=ends")
    visitor.post("/people/grants/change", grant=number, what="ends", reason=WHY)
    for typed in ("", "20", "yes"):
        say_yes(visitor, "/people/grants/change", typed=typed)
        assert (visitor.status, "Type the number 21 to go on" in visitor.page) == (400, True)
    anna.person("Person 22")
    anna.sync()
    say_yes(visitor, "/people/grants/change", typed="22")
    assert (visitor.status, "has changed since you looked" in visitor.page) == (400, True)
    assert grant_of(served, anna.user).state == "in force"
    visitor.post("/people/grants/change", grant=number, what="ends", reason=WHY)
    say_yes(visitor, "/people/grants/change", typed="22")
    assert grant_of(served, anna.user).state == "not in force"


@on_the_file
def test_what_cannot_be_given_is_a_sentence_and_keeps_what_was_typed(
    visitor: Visitor, served: Service, ines: str
) -> None:
    anna, olu = Laptop(served, "Anna"), Laptop(served, "Olu", "owner")
    person = anna.person("Ellis", born_on="1950-02-03")
    anna.sync()
    usual = {"member": anna.user, "kind": "team", "whom": "usual", "reason": WHY}
    visitor.get(f"/people/grants/give?member={anna.user}")
    for change, said in (
        ({"kind": ""}, "Choose what kind"),
        ({"kind": "wizard"}, "A grant is one of"),
        ({"reason": " "}, "Say why"),
        ({"whom": "named"}, "Write the number and the date of birth"),
        ({"number1": person, "born1": "1950-02-03"}, "Choose These people alone"),
        ({"whom": "named", "number1": person, "born1": "1950-02-04"}, "Nothing was given"),
        ({"since": "tomorrow"}, "Write a day as year, month, day"),
        ({"until": "2026-11-01"}, "is over already"),
        ({"kind": "return", "restricted": "yes"}, "A return counts"),
        ({"kind": "office", "service_files": "yes"}, "an owner has them"),
    ):
        visitor.post("/people/grants/give", **{**usual, **change})
        assert (visitor.status, said in html.unescape(visitor.page)) == (400, True), change
        assert "seen" not in visitor.page
    assert 'value="2026-11-01"' not in visitor.page
    assert html.escape(WHY) in visitor.page
    assert len(grant_list.listed(served, anna.user)) == 1
    owner = grant_of(served, olu.user, "owner").number
    visitor.get(f"/people/grants/change?grant={owner}&what=restricted")
    visitor.post("/people/grants/change", grant=owner, what="restricted", reason=WHY)
    assert "as it is" in visitor.page
    visitor.post("/people/grants/change", grant=owner, what="ends", reason=WHY)
    assert "Nobody else is an owner of the service." in visitor.page
    for path in (f"?grant={owner}&what=everything", "?grant=nobody&what=ends"):
        visitor.get("/people/grants/change" + path)
        assert (visitor.status, "no grant with that number" in visitor.page) == (400, True)


@on_the_file
def test_a_reason_that_a_laptop_wrote_is_not_shown_and_a_leavers_grants_are(
    visitor: Visitor, served: Service, ines: str
) -> None:
    """It may name somebody; and whoever has left is looked at too, and given nothing."""
    anna, olu = Laptop(served, "Anna"), Laptop(served, "Olu", "owner")
    body = {"practitioner_id": anna.user, "kind": "office", "subjects": ["*"], "reason": "Sentinelreason"}
    olu.create("grant", anna.user, body)
    assert [result.r for result in olu.sync().results] == ["applied"]
    said = words(visitor.get(f"/people/grants?member={anna.user}"))
    assert "Given by Olu" in said
    assert "Sentinel" not in said
    members.end_membership(served, anna.user)
    said = words(visitor.get(f"/people/grants?member={anna.user}"))
    assert ("Has left" in said, "Give another grant" in said) == (True, False)
    visitor.get("/people")
    visitor.post("/people/grants/give", member=anna.user, kind="office", whom="usual", reason=WHY)
    assert "Nobody with that number works here" in visitor.page


@pytest.mark.parametrize("kind", granting.KINDS)
def test_the_words_of_a_kind_are_what_the_rules_give(kind: str) -> None:
    on = dt.date(2026, 11, 21)
    grant = Grant(practitioner_id="me", kind=kind, subjects=("them",), may_write=True)
    said = grant_words.does(grant)
    for phrase, type_name in (
        ("who they are", "person"),
        ("appointments", "appointment"),
        ("letters", "letter"),
        ("calls", "contact"),
        ("notes", "note"),
    ):
        may = rules.may_add([grant], "them", RECORD_TYPES[type_name], on)
        assert ("all of it" in said or phrase in said) is may, (kind, type_name)
    assert grant_words.does(Grant(kind=kind)) == "Nothing: it only reads."
    for part, phrase in grant_words.PARTS.items():
        holds = rules.may_hold([grant], "them", part, on)
        if kind != "return" and (kind, part) != ("office", Compartment.CORE):
            assert (phrase.casefold() in grant_words.sees(grant).casefold()) is holds, (kind, part)
    shown = rules.visible_body([grant], RECORD_TYPES["score"], "them", {"value": 3}, on)
    assert (shown is not None) is (kind not in ("front_desk", "office"))


def test_a_kind_from_a_newer_version_is_said_to_give_nothing() -> None:
    assert "newer version" in grant_words.sees(Grant(kind="wizard"))
