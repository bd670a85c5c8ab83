"""*I know this person* where the record came by cover, to the office or for a return: it closes all the same (W4)."""

import datetime as dt
from dataclasses import dataclass

import pytest

from tests.sync.client.practice import Laptop, Practice
from wellbeing_desktop.domain.contact import Appointment, Contact, Note
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused, SyncProblem
from wellbeing_desktop.domain.onward import Cover
from wellbeing_desktop.domain.organisation import ReturnRun
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.recusal import Recusal
from wellbeing_desktop.domain.referral import Episode
from wellbeing_desktop.domain.return_definition import Month, shipped_definition
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.domain.watching import HOME_VISIT
from wellbeing_desktop.domain.working_days import BankHolidays
from wellbeing_desktop.operations import contacts, cover, recusals, returns, tasks, watching
from wellbeing_desktop.storage import run_out
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.search import find_people
from wellbeing_desktop.sync.client.emergency import ask_access
from wellbeing_desktop.sync.client.session import utc_now
from wellbeing_desktop.sync.server import covering, members

NO_HOLIDAYS = BankHolidays({}, 2020, 2035)


def today() -> dt.date:
    return utc_now().date()


def days(number: int) -> dt.date:
    return today() + dt.timedelta(days=number)


@dataclass
class Scene:
    """Ann looks after Ellis and Hughes; Lea leads her and Bob, who has people of his own."""

    practice: Practice
    ann: Laptop
    bob: Laptop
    lea: Laptop
    ellis: str
    hughes: str

    def covered(self, first: int, last: int) -> str:
        """Bob covers for Ann, arranged by Ann, from one day to another."""
        made = Cover(cover_id=self.bob.member.id, kind="leave", since_on=days(first), until_on=days(last))
        self.ann.store.write(lambda w: cover.arrange_cover(w, made))
        self.ann.synced()
        covering.settle(self.practice.service)
        [arranged] = self.ann.all(Cover)
        return str(arranged.id)

    def in_reach(self, laptop: Laptop) -> set[str]:
        """Who is found on a laptop by name, and of whom its file holds any row."""
        names = {"Ellis": self.ellis, "Hughes": self.hughes}

        def look(reader: Reader) -> set[str]:
            found = {name for name in names if find_people(reader, name.casefold())}
            return found | {
                name
                for name, id in names.items()
                if reader.rows("SELECT 1 FROM record WHERE subject = ? LIMIT 1", (id,))
            }

        return laptop.store.read(look)


@pytest.fixture
def scene(file_practice: Practice) -> Scene:
    practice = file_practice
    ann, bob, lea = (
        practice.laptop(practice.member(name, kind="caseload", subjects=())) for name in ("Ann", "Bob", "Lea")
    )
    team = {"name": "North", "lead_id": lea.member.id, "members": sorted((ann.member.id, bob.member.id))}
    members.create_as_server(practice.service, "team", "", team)
    ann.synced()
    ellis, hughes = (_looked_after(ann, name) for name in ("Ellis", "Hughes"))
    for laptop in (ann, bob, lea):
        laptop.synced()
    return Scene(practice, ann, bob, lea, ellis, hughes)


def _looked_after(ann: Laptop, name: str) -> str:
    number = {"Ellis": "9434765919", "Hughes": "9434765870"}[name]
    person = ann.create(Person(family_name=name, nhs_number=number, coordinator_id=ann.member.id))
    ann.create(Episode(subject=person, state="open", opened_on=today(), practitioner_id=ann.member.id))
    ann.create(
        Appointment(
            subject=person,
            state="booked",
            medium=HOME_VISIT,
            starts_at=utc_now(),
            starts_on=days(1),
            practitioner_id=ann.member.id,
        )
    )
    ann.create(letter_to(person, f"Dear {name}"))
    said = Contact(subject=person, happened_at=utc_now(), medium="02", outcome="spoke")
    ann.store.write(lambda w: contacts.record_contact(w, said, Note(text=f"What {name} said")))
    return person


def letter_to(person: str, words: str) -> Letter:
    return Letter(subject=person, to_kind="person", to_name="Somebody", written_on=today(), body=words, state="draft")


def stands_aside(laptop: Laptop, person: str, *, who: str = "", to: str = "") -> None:
    laptop.store.write(lambda w: recusals.stand_aside(w, person, "friend", who=who, to_id=to))


@pytest.mark.capability("W4")
def test_whoever_covers_and_knows_somebody_gives_them_up_and_keeps_the_others(scene: Scene) -> None:
    bob = scene.bob
    scene.covered(0, 5)
    bob.synced()
    assert scene.in_reach(bob) == {"Ellis", "Hughes"}
    second = scene.practice.laptop(bob.member)
    second.synced()
    second.store.write(lambda w: tasks.add_task(w, Task(subject=scene.ellis, title="Typed at home", due_on=today())))
    [visit] = bob.all(Appointment, subject=scene.ellis)
    ran_out = run_out.ToldClock(
        id=visit.id, type="appointment", due_at=utc_now().isoformat(), owner=scene.ann.member.id
    )
    bob.store.write(lambda w: run_out.keep(w, (ran_out,), 1, utc_now()))
    assert [row.person_id for row in bob.store.read(lambda r: watching.clocks(r, today())).rows] == [scene.ellis]
    stands_aside(bob, scene.ellis)
    assert find(bob, "ellis") == 0  # before any network
    [row] = bob.store.read(lambda r: watching.clocks(r, today())).rows
    assert (row.person_id, row.name, "phone Ann" in row.ring) == ("", "", True)
    bob.synced()
    assert scene.in_reach(bob) == {"Hughes"}
    assert second.sync().quarantined == 1  # kept for the lead, not lost
    assert scene.in_reach(second) == {"Hughes"}
    covering.settle(scene.practice.service)  # the hourly look gives nothing back
    for laptop in (bob, second):
        laptop.synced(verify=True)
        assert scene.in_reach(laptop) == {"Hughes"}
    with pytest.raises(SyncProblem) as problem:
        ask_access(bob.store, bob.transport, reason="safety_now", words="I want to look", nhs_number="943 476 5919")
    assert problem.value.kind == "stood_aside"
    scene.ann.synced()
    assert scene.in_reach(scene.ann) == {"Ellis", "Hughes"}
    [arranged] = scene.ann.all(Cover)
    people = (scene.ellis, scene.hughes)  # and whoever is away is told whom this leaves alone
    assert scene.ann.store.read(lambda r: cover.left_uncovered(r, arranged, people)) == (scene.ellis,)


@pytest.mark.capability("W4")
def test_cover_that_begins_later_never_brings_whom_somebody_stood_aside_from(scene: Scene) -> None:
    """Said by the lead beforehand; the cover comes after, begins on its day, and is lengthened."""
    bob, lea = scene.bob, scene.lea
    owner = scene.practice.laptop(scene.practice.member("Olu", kind="owner"))
    owner.synced()
    stands_aside(owner, scene.ellis, who=bob.member.id)
    owner.synced()
    arranged = scene.covered(1, 2)
    bob.synced()
    assert scene.in_reach(bob) == set()
    scene.ann.change(Cover, arranged, since_on=today(), until_on=days(3))
    scene.ann.synced()
    covering.settle(scene.practice.service)
    bob.synced(verify=True)
    assert scene.in_reach(bob) == {"Hughes"}
    # opened again while the cover lasts, it comes; when the cover ends, both go
    [closed] = owner.all(Recusal)
    assert closed.subject == bob.member.id
    lea.synced()
    with pytest.raises(Refused):
        bob.store.write(lambda w: recusals.open_again(w, scene.ellis, bob.member.id, "Another Ellis"))
    owner.store.write(lambda w: recusals.open_again(w, scene.ellis, bob.member.id, "Another Ellis"))
    owner.synced()
    bob.synced(verify=True)
    assert scene.in_reach(bob) == {"Ellis", "Hughes"}
    scene.ann.store.write(lambda w: cover.end_cover(w, arranged))
    scene.ann.synced()
    covering.settle(scene.practice.service)
    bob.synced(verify=True)
    assert scene.in_reach(bob) == set()


def find(laptop: Laptop, name: str) -> int:
    return len(laptop.store.read(lambda r: find_people(r, name)))


@pytest.mark.capability("W4")
def test_the_office_gives_up_whom_it_knows_and_prints_for_the_others(scene: Scene) -> None:
    office = scene.practice.laptop(scene.practice.member("Ola", kind="office"))
    second = scene.practice.laptop(office.member)
    for laptop in (office, second):
        laptop.synced()
        assert {one.subject for one in laptop.all(Letter)} == {scene.ellis, scene.hughes}
    office.change(Letter, next(one.id for one in office.all(Letter, subject=scene.ellis)), body="Put right")
    stands_aside(office, scene.ellis)
    assert {one.subject for one in office.all(Letter)} == {scene.hughes}
    assert {one.subject for one in office.all(Appointment)} == {scene.hughes}
    for laptop in (office, second):
        laptop.synced(verify=True)
        assert scene.in_reach(laptop) == {"Hughes"}
        assert {one.subject for one in laptop.all(Letter)} == {scene.hughes}
    scene.ann.synced()
    [letter] = scene.ann.all(Letter, subject=scene.ellis)
    assert letter.body == "Put right"  # what was written before was sent first
    with pytest.raises(Refused):
        office.create(letter_to(scene.ellis, "Again"))


@pytest.mark.capability("W4")
def test_a_return_counts_without_whom_its_manager_stands_aside_from_and_a_kept_one_opens_to_nobody_there(
    scene: Scene,
) -> None:
    practice = scene.practice
    manager = practice.laptop(practice.member("Mel", kind="return"))
    owner = practice.laptop(practice.member("Olu", kind="owner"))
    for laptop in (manager, owner):
        laptop.synced()
    month = Month(today().year, today().month)

    def counted(reader: Reader) -> returns.ReturnResult:
        return returns.run_return(reader, shipped_definition(), month, holidays=NO_HOLIDAYS, at=utc_now())

    before = manager.store.read(counted)
    assert before.measure("contacts").count == 2
    manager.store.write(lambda w: returns.keep_return(w, before))
    manager.synced()
    [run] = manager.all(ReturnRun)

    def behind(laptop: Laptop) -> set[str]:
        return {
            one.person_id
            for measure in before.measures
            for one in laptop.store.read(lambda r, m=measure: returns.people_behind_run(r, run.id, m.id))
        } - {""}  # counted, and not shown

    assert behind(manager) == {scene.ellis, scene.hughes}
    stands_aside(manager, scene.ellis)
    assert behind(manager) == {scene.hughes}  # before any network
    assert manager.store.read(counted).measure("contacts").count == 1
    manager.synced(verify=True)
    assert int(manager.ask("SELECT count(*) FROM record WHERE subject = ?", scene.ellis)[0][0]) == 0
    assert behind(manager) == {scene.hughes}
    assert manager.store.read(counted).measure("contacts").count == 1
    owner.synced()
    assert behind(owner) == {scene.ellis, scene.hughes}
    assert owner.store.read(counted).measure("contacts").count == 2
