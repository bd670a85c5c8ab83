"""*I know this person* between laptops: the work goes, the record closes, and only somebody else opens it (W4)."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sync.client.practice import PASSPHRASE, Laptop, Practice
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.enquiry import Message
from wellbeing_desktop.domain.errors import Refused, SyncProblem
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import Operation, OperationKind
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.recusal import Recusal
from wellbeing_desktop.domain.referral import Episode
from wellbeing_desktop.domain.return_definition import Month, shipped_definition
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.domain.working_days import BankHolidays
from wellbeing_desktop.operations import aliases, audit_trail, contacts, handover, messages, recusals, returns, tasks
from wellbeing_desktop.operations.person_record import read_person
from wellbeing_desktop.storage import drafts, outbox
from wellbeing_desktop.storage.backup import backup, restore
from wellbeing_desktop.storage.caseload import CaseloadFilter, caseload
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.search import find_people, search_text
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.undo import undo
from wellbeing_desktop.sync.client.desk import decide, fetch_quarantine
from wellbeing_desktop.sync.client.emergency import ask_access
from wellbeing_desktop.sync.client.session import utc_now
from wellbeing_desktop.sync.protocol.oversight import Decision
from wellbeing_desktop.sync.server import members

NUMBER = "943 476 5919"
NO_HOLIDAYS = BankHolidays({}, 2020, 2035)


def today() -> dt.date:
    return utc_now().date()


@dataclass
class Scene:
    """Ann looks after Ellis, whom she turns out to know. Lea leads Ann and Bob. Everybody holds everybody."""

    practice: Practice
    ann: Laptop
    bob: Laptop
    lea: Laptop
    person: str
    message: str

    def close(self, how: str = "friend", laptop: Laptop | None = None, **more: str) -> None:
        at = laptop or self.ann
        at.store.write(lambda w: recusals.stand_aside(w, self.person, how, **{"to_id": self.bob.member.id, **more}))

    def reaches(self, laptop: Laptop) -> set[str]:
        """By which ways this laptop still comes to Ellis: every screen's own reading."""

        def look(reader: Writer) -> set[str]:
            month = Month(today().year, today().month)
            counted = returns.run_return(reader, shipped_definition(), month, holidays=NO_HOLIDAYS, at=utc_now())
            drilled = {
                one.person_id
                for measure in counted.measures
                for one in returns.people_behind(reader, counted, measure.id)
            }
            try:
                read_person(reader, self.person, today())
                opened = True
            except Refused:
                opened = False
            ways = {
                "record": opened,
                "search": any(row.id == self.person for row in find_people(reader, "ellis")),
                "number": any(row.id == self.person for row in find_people(reader, NUMBER)),
                "words": bool(search_text(reader, "lantern")),
                "caseload": any(row.id == self.person for row in caseload(reader, CaseloadFilter(), today()).rows),
                "audit": any("ellis" in line.person.casefold() for line in audit_trail.trail(reader).lines),
                "return": self.person in drilled or bool(counted.measure("contacts").count),
            }
            return {way for way, is_open in ways.items() if is_open}

        return laptop.store.write(look)

    def rows_of(self, laptop: Laptop) -> int:
        return int(laptop.ask("SELECT count(*) FROM record WHERE subject = ?", self.person)[0][0])


EVERY_WAY = {"record", "search", "number", "words", "caseload", "audit", "return"}


@pytest.fixture
def scene(practice: Practice) -> Scene:
    """On each engine."""
    return scene_on(practice)


@pytest.fixture
def file_scene(file_practice: Practice) -> Scene:
    """On the file engine alone, for what does not depend on the engine."""
    return scene_on(file_practice)


def scene_on(practice: Practice) -> Scene:
    ann, bob, lea = (practice.laptop(practice.member(name)) for name in ("Ann", "Bob", "Lea"))
    team = {"name": "North", "lead_id": lea.member.id, "members": sorted((ann.member.id, bob.member.id))}
    members.create_as_server(practice.service, "team", "", team)
    ann.synced()
    person = ann.create(
        Person(family_name="Ellis", given_name="Mo", nhs_number="9434765919", coordinator_id=ann.member.id)
    )
    ann.create(Episode(subject=person, state="open", opened_on=today(), practitioner_id=ann.member.id))
    said = Contact(subject=person, happened_at=utc_now(), medium="02", outcome="spoke")
    ann.store.write(lambda w: contacts.record_contact(w, said, Note(text="The lantern on the stairs")))
    ann.store.write(
        lambda w: tasks.add_task(w, Task(subject=person, title="Ring back", due_on=today(), owner_id=ann.member.id))
    )
    ann.synced()
    for laptop in (bob, lea):
        laptop.synced()
    told = Message(subject=ann.member.id, person_id=person, words="Ellis rang about the lantern")
    bob.store.write(lambda w: messages.send_message(w, told))
    [message] = bob.all(Message)
    for laptop in (bob, ann):
        laptop.synced()
    return Scene(practice, ann, bob, lea, person, message.id)


@pytest.mark.capability("W4")
def test_whoever_knows_the_person_hands_over_and_no_longer_sees_them_before_any_network_and_after(scene: Scene) -> None:
    ann, bob, person = scene.ann, scene.bob, scene.person
    second = scene.practice.laptop(ann.member)  # Ann's other laptop
    second.synced()
    assert scene.reaches(ann) >= EVERY_WAY
    assert scene.reaches(second) >= EVERY_WAY - {"audit"}
    ann.store.write(lambda w: tasks.add_task(w, Task(subject=person, title="Written on the train", due_on=today())))
    scene.close()
    assert scene.reaches(ann) == set()
    assert ann.all(Message) == []  # nor what a colleague told her about them
    for refused in (
        lambda w: tasks.add_task(w, Task(subject=person, title="Again", due_on=today())),
        lambda w: contacts.record_contact(w, Contact(subject=person, happened_at=utc_now(), medium="02")),
        lambda w: recusals.open_again(w, person, ann.member.id, "I changed my mind"),
    ):
        with pytest.raises(Refused):
            ann.store.write(refused)
    for laptop in (ann, bob, second):
        laptop.synced()
    assert (scene.rows_of(ann), scene.rows_of(second)) == (0, 0)
    assert scene.reaches(ann) == scene.reaches(second) == set()
    assert second.all(Message) == []
    ann.synced(verify=True)  # what server and laptop hold still agrees
    # the work went, with what was written and not sent
    assert bob.load(Person, person).coordinator_id == bob.member.id
    assert {task.title: task.owner_id for task in bob.all(Task)} == {
        "Ring back": bob.member.id,
        "Written on the train": bob.member.id,
    }
    assert [one.practitioner_id for one in bob.all(Episode)] == [bob.member.id]
    [closed] = bob.store.read(lambda r: recusals.closed_to(r, person, today()))
    assert (closed.practitioner_id, closed.how, closed.may_open) == (ann.member.id, "friend", False)
    audited = ann.store.read(lambda r: [line.what for line in audit_trail.trail(r).lines])
    assert "Closed a record to a colleague who knows the person" in audited
    # and nobody gives it back to her by mistake
    for giving in (
        lambda w: handover.hand_over(w, [person], bob.member.id, ann.member.id, handover.Moving()),
        lambda w: messages.send_message(w, Message(subject=ann.member.id, person_id=person, words="Look")),
    ):
        with pytest.raises(Refused, match="stands aside"):
            bob.store.write(giving)


@pytest.mark.capability("W4")
def test_a_lead_opens_it_again_and_everything_comes_back(file_scene: Scene) -> None:
    scene = file_scene
    ann, lea, person = scene.ann, scene.lea, scene.person
    scene.close()
    for laptop in (ann, lea):
        laptop.synced()
    with pytest.raises(Refused, match="Say why"):
        lea.store.write(lambda w: recusals.open_again(w, person, ann.member.id, " "))
    scene.bob.synced()
    with pytest.raises(Refused, match="Only their team lead"):
        scene.bob.store.write(lambda w: recusals.open_again(w, person, ann.member.id, "As a favour"))
    lea.store.write(lambda w: recusals.open_again(w, person, ann.member.id, "Another Ellis"))
    for laptop in (lea, ann):
        laptop.synced()
    assert scene.reaches(ann) >= EVERY_WAY
    assert [one.id for one in ann.all(Message)] == [scene.message]
    assert [task.title for task in ann.all(Task)] == ["Ring back"]


@pytest.mark.capability("W4")
def test_the_server_takes_nobodys_word_but_their_own_or_their_leads(scene: Scene) -> None:
    """A laptop that was taken apart opens nothing, and closes nothing to others."""
    ann, bob, lea, person = scene.ann, scene.bob, scene.lea, scene.person
    scene.close()
    ann.synced()
    [own] = ann.all(Recusal)
    forged(ann, own.id, ann.member.id, OperationKind.CHANGE, {"ended_at": "2026-11-01T09:00:00Z"})
    forged(ann, own.id, ann.member.id, OperationKind.REMOVE, {"reason": "x"})
    forged(bob, new_id(), lea.member.id, OperationKind.CREATE, {"person_id": person, "how": "other"})
    assert [ann.sync().quarantined, bob.sync().quarantined] == [2, 1]
    assert scene.rows_of(ann) == 0
    lea.synced()
    assert scene.rows_of(lea) > 0
    lea.store.write(lambda w: recusals.stand_aside(w, person, "relative", who=bob.member.id, to_id=lea.member.id))
    for laptop in (lea, bob):
        laptop.sync()
    assert scene.rows_of(bob) == 0
    with pytest.raises(SyncProblem) as problem:  # emergency access is not a way round it
        ask_access(ann.store, ann.transport, reason="safety_now", words="I want to look", nhs_number=NUMBER)
    assert problem.value.kind == "stood_aside"


def forged(laptop: Laptop, id: str, subject: str, kind: OperationKind, patch: dict[str, object]) -> None:
    """An operation that no screen would make."""
    operation = Operation(
        op_id=new_id(), txn=new_id(), id=id, type="recusal", subject=subject, compartment="card", kind=kind,
        author=laptop.member.id, at=utc_now().isoformat(), base=1, patch=patch, was={},
    )  # fmt: skip

    def add(writer: Writer) -> None:
        with writer.immediate():
            outbox.add_operation(writer, operation, door=new_id(), action="test")

    laptop.store.write(add)


@pytest.mark.capability("W4")
def test_work_of_another_laptop_that_was_not_sent_waits_for_the_lead_and_is_not_lost(file_scene: Scene) -> None:
    scene = file_scene
    ann, lea, person = scene.ann, scene.lea, scene.person
    second = scene.practice.laptop(ann.member)
    second.synced()
    second.store.write(lambda w: tasks.add_task(w, Task(subject=person, title="Typed at home", due_on=today())))
    scene.close()
    ann.synced()
    report = second.sync()
    assert report.quarantined == 1
    assert scene.reaches(second) == set()
    lea.synced()
    [item] = fetch_quarantine(lea.store, lea.transport).items
    [done] = decide(lea.store, lea.transport, [Decision(device=item.device, n=item.n, what="apply")])
    assert (done.state, done.refused) == ("applied", "")
    lea.synced()
    assert "Typed at home" in {task.title for task in lea.all(Task)}


@pytest.mark.capability("W4")
def test_a_backup_of_another_laptop_closes_too_with_its_first_sync(file_scene: Scene, tmp_path: Path) -> None:
    scene = file_scene
    second = scene.practice.laptop(scene.ann.member)
    second.synced()
    backup(second.store, tmp_path / "second.backup")
    scene.close()
    scene.ann.synced()
    second.synced()
    after = tmp_path / "after.backup"
    backup(second.store, after)
    for file, rows in ((tmp_path / "second.backup", True), (after, False)):
        folder = second.store.folder
        second.store.close()
        restore(file, folder, PASSPHRASE, move_aside=True)
        second.store = type(second.store).open(folder, PASSPHRASE)
        assert (scene.rows_of(second) > 0) is rows
        second.join_again(scene.practice)
        second.sync()
        assert scene.rows_of(second) == 0
        assert scene.reaches(second) == set()


def test_what_is_typed_and_not_saved_and_what_nobody_takes_over_is_asked_about_first(file_scene: Scene) -> None:
    scene = file_scene
    ann, person = scene.ann, scene.person
    ann.store.write(lambda w: drafts.save_draft(w, f"contact/{person}/1", person, {"words": "half a sen"}))
    with pytest.raises(Refused, match="typed and not saved"):
        scene.close()
    ann.store.write(lambda w: drafts.discard_draft(w, f"contact/{person}/1"))
    with pytest.raises(Refused, match="Choose who takes over"):
        scene.close(to_id="")
    with pytest.raises(Refused, match="Choose somebody else"):
        scene.close(to_id=ann.member.id)
    with pytest.raises(Refused, match="team lead says this of a colleague"):
        scene.close(laptop=scene.bob, who=ann.member.id)
    # Bob has nothing of this person's, so he needs nobody; and there is no undo, by the bar or without it
    done = scene.bob.store.write(lambda w: recusals.stand_aside(w, person, "neighbour"))
    assert done.undo_id == ""
    [(door,)] = scene.bob.ask("SELECT DISTINCT door FROM outbox WHERE type = 'recusal'")
    with pytest.raises(Refused, match="team lead can open it"):
        scene.bob.store.write(lambda w: undo(w, door))


def test_two_records_are_not_joined_round_a_closed_one(file_scene: Scene) -> None:
    scene = file_scene
    ann, bob, person = scene.ann, scene.bob, scene.person
    other = bob.create(Person(family_name="Ellis", given_name="Mohammed"))
    scene.close()
    for laptop in (ann, bob):
        laptop.synced()
    with pytest.raises(Refused, match="stands aside from one of these"):
        bob.store.write(lambda w: aliases.join_people(w, person, other, "Same number"))


def test_a_store_of_one_computer_closes_nothing_to_its_only_person(tmp_path: Path) -> None:
    store, _kit = Store.create(tmp_path / "store", "Ann", PASSPHRASE, argon=FAST_FOR_TESTS)
    with store, pytest.raises(Refused, match="works alone"):
        store.write(lambda w: recusals.stand_aside(w, new_id(), "friend"))
