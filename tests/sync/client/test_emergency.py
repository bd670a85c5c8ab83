"""Emergency access: a reason, twelve hours, noted on both sides before it is given, told to the lead (D6)."""

import datetime as dt
import json
from pathlib import Path

import pytest

from tests.sync.client.practice import PASSPHRASE, Laptop, Practice
from wellbeing_desktop.cli.main import run
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.enquiry import Message
from wellbeing_desktop.domain.errors import Refused, SyncProblem
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.emergency import ACTION, ask_access
from wellbeing_desktop.sync.server import acts, emergencies, members
from wellbeing_desktop.sync.server.service import Service

TODAY = dt.date(2026, 11, 21)
WORDS = "She rang, then the line went dead"
NUMBER = "943 476 5919"


def scene(practice: Practice) -> tuple[Laptop, Laptop, Laptop, str]:
    """Ann holds everybody; Ben a caseload of nobody; Lea leads Ben; a restricted person whom Ben may not hold."""
    ann = practice.laptop(practice.member("Ann", kind="owner"))
    ann.synced()
    person = ann.create(
        Person(family_name="Hughes", nhs_number="9434765919", born_on=dt.date(1950, 2, 3), restricted=True)
    )
    ann.create(Note(subject=person, written_on=TODAY, text="what is known"))
    ann.synced()
    ben = practice.laptop(practice.member("Ben", kind="caseload", subjects=()))
    lea = practice.laptop(practice.member("Lea", kind="caseload", subjects=()))
    team = {"name": "North", "lead_id": lea.member.id, "members": [ben.member.id]}
    members.create_as_server(practice.service, "team", "", team)
    ben.synced()
    lea.synced()
    return ann, ben, lea, person


@pytest.mark.capability("D6")
def test_a_restricted_record_opens_for_twelve_hours_for_a_reason_and_the_lead_is_told(practice: Practice) -> None:
    _ann, ben, lea, person = scene(practice)
    assert ben.all(Note) == []
    got = ask_access(ben.store, ben.transport, reason="safety_now", words=WORDS, nhs_number=NUMBER)
    assert (got.subject, got.told) == (person, 1)
    ben.synced()
    assert [note.text for note in ben.all(Note)] == ["what is known"]
    [(entry,)] = ben.ask("SELECT entry FROM audit WHERE entry LIKE '%ask_emergency_access%'")
    assert WORDS not in entry
    told = practice.engine.read(lambda transaction: acts.acts(transaction, practice.service.org, 1))
    assert (told[0].act, told[0].target) == ("emergency access", ben.member.id)
    lea.synced()
    [message] = lea.all(Message)
    assert WORDS in message.words
    assert message.from_id == ben.member.id
    assert "Hughes" not in message.words
    with pytest.raises(Refused):
        ben.change(Person, person, known_as="Bron")  # it is read, and not written
    later = Service(
        practice.engine, practice.service.org, clock=lambda: dt.datetime.now(dt.UTC) + dt.timedelta(hours=12, minutes=1)
    )
    assert emergencies.end_those_over(practice.service) == 0
    assert emergencies.end_those_over(later) == 1
    ben.synced()
    assert ben.all(Note) == []
    assert [found.id for found in ben.all(Person)] == []


def test_name_and_birth_date_find_one_person_and_nothing_is_listed(file_practice: Practice) -> None:
    ann, ben, _lea, person = scene(file_practice)
    how = {"reason": "asks_for_help", "words": WORDS}
    for wrong in (
        {"family_name": "Hughes", "born_on": dt.date(1950, 2, 4)},
        {"nhs_number": "9434765870"},
    ):
        with pytest.raises(SyncProblem) as found:
            ask_access(ben.store, ben.transport, **how, **wrong)
        assert found.value.kind == "no_person"
    born = dt.date(1950, 2, 3)
    assert ask_access(ben.store, ben.transport, **how, family_name="hughes", born_on=born).subject == person
    ann.create(Person(family_name="Hughes", born_on=born))
    ann.synced()
    with pytest.raises(SyncProblem):
        ask_access(ben.store, ben.transport, **how, family_name="Hughes", born_on=born)
    assert ask_access(ann.store, ann.transport, **how, nhs_number=NUMBER).until == "", "held already: nothing is given"


def test_without_a_reason_and_without_a_role_of_care_nothing_is_given(file_practice: Practice) -> None:
    practice = file_practice
    _ann, ben, _lea, _person = scene(practice)
    with pytest.raises(Refused, match="Choose why"):
        ask_access(ben.store, ben.transport, reason="", words=WORDS, nhs_number=NUMBER)
    with pytest.raises(Refused, match="in a few words"):
        ask_access(ben.store, ben.transport, reason="other", words="x", nhs_number=NUMBER)
    with pytest.raises(Refused, match="Give the NHS number"):
        ask_access(ben.store, ben.transport, reason="other", words=WORDS, family_name="Hughes")
    desk = practice.laptop(practice.member("Dai", kind="front_desk", subjects=("*",)))
    desk.synced()
    with pytest.raises(SyncProblem) as found:
        ask_access(desk.store, desk.transport, reason="other", words=WORDS, nhs_number=NUMBER)
    assert found.value.kind == "may_not"


def test_the_command_line_asks_by_the_same_rules(
    file_practice: Practice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _ann, ben, lea, person = scene(file_practice)
    ben.store.close()
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    where = ["--store", str(ben.store.folder), "--passphrase-file", str(tmp_path / "passphrase"), "--json"]
    asking = ["emergency", *where, "--reason", "safety_now", "--words"]
    assert run([*asking, "too few", "--nhs-number", NUMBER]) == 1
    assert run([*asking, WORDS, "--family-name", "Hughes"]) == 1
    assert run([*asking, WORDS, "--family-name", "Hughes", "--born", "1951-01-01"]) == 4
    capsys.readouterr()
    assert run([*asking, WORDS, "--family-name", "Hughes", "--born", "1950-02-03"]) == 0
    told = capsys.readouterr()
    answer = json.loads(told.out)
    assert (answer["person"], answer["told"], bool(answer["until"])) == (person, 1, True)
    assert "Hughes" not in told.out + told.err
    lea.synced()
    assert WORDS in lea.all(Message)[0].words
    with Store.open(ben.store.folder, PASSPHRASE) as store:
        assert [found.text for found in store.read(lambda reader: load_all(reader, Note))] == ["what is known"]
        noted = store.read(
            lambda reader: reader.value("SELECT COUNT(*) FROM audit WHERE entry LIKE ?", (f"%{ACTION}%",))
        )
    assert noted == 2  # the one who was not found too
