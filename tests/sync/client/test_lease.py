"""A laptop that does not meet its server: warned, adding only, closed; and nothing is ever lost (W25, threat 31, 52)."""

import datetime as dt

import pytest

from tests.sync.client.practice import Laptop, Member, Practice
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.lease import LOCK_SETTING, Standing
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.organisation import Setting
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage import grants, lease
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.refused import REASONS
from wellbeing_desktop.storage.sync_state import set_sync_values
from wellbeing_desktop.storage.timeline import timeline
from wellbeing_desktop.sync.server import leases
from wellbeing_desktop.sync.server.service import Service

TODAY = dt.date(2026, 11, 21)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def contact_with(laptop: Laptop, person_id: str) -> Contact:
    return Contact(
        subject=person_id,
        happened_at=now(),
        happened_on=TODAY,
        medium="telephone",
        outcome="spoke",
        practitioner_id=laptop.member.id,
    )


class Away:
    """Ann's laptop, which last met its server so many days ago, with one person on it."""

    def __init__(self, practice: Practice, days: float, member: Member | None = None) -> None:
        self.practice = practice
        self.live = practice.service
        practice.service = Service(practice.engine, self.live.org, lambda: now() - dt.timedelta(days=days))
        self.ann: Laptop = practice.laptop(member or practice.member("Ann"))
        self.ann.synced()
        self.person_id = self.ann.create(Person(family_name="Ellis"))
        self.note_id = self.ann.create(Note(subject=self.person_id, written_on=TODAY, text="draft"))
        self.ann.synced(now=lambda: now() - dt.timedelta(days=days))
        self.back_days = days
        practice.service = self.live

    @property
    def standing(self) -> Standing:
        return self.ann.store.read(lease.terms).standing

    def words(self) -> str:
        return lease.banner_words(self.ann.store.read(lease.terms))

    def add_contact(self) -> str:
        contact = contact_with(self.ann, self.person_id)
        return str(self.ann.do(lambda tx: tx.create(contact), "record_contact"))

    def change(self) -> None:
        self.ann.do(lambda tx: tx.change(Person, self.person_id, {"title": "Dr"}), "change_person")


@pytest.mark.parametrize(
    ("days", "standing"), [(9, Standing.FULL), (11, Standing.WARNED), (15, Standing.ADDING), (31, Standing.LOCKED)]
)
def test_the_lease_stands_by_the_servers_days(file_practice: Practice, days: int, standing: Standing) -> None:
    away = Away(file_practice, days)
    assert away.standing is standing
    assert bool(away.words()) is (standing is not Standing.FULL)
    if standing <= Standing.WARNED:
        away.change()


def test_adding_only_lets_new_work_in_and_the_lead_decides_about_it(practice: Practice) -> None:
    away = Away(practice, 20)
    contact_id = away.add_contact()
    note_id = away.ann.do(
        lambda tx: tx.create(Note(subject=away.person_id, about_id=contact_id, written_on=TODAY, text="seen")),
        "write_note",
    )
    away.ann.do(lambda tx: tx.change(Note, note_id, {"text": "seen at home"}), "change_note")
    for refused in (
        away.change,
        lambda: away.ann.do(lambda tx: tx.change(Note, away.note_id, {"text": "x"}), "change_note"),
        lambda: away.ann.do(lambda tx: tx.remove(Note, note_id, "x"), "remove"),
        lambda: away.ann.do(lambda tx: tx.create(Person(family_name="New")), "register_person"),
        lambda: away.ann.store.read(lease.require_export),
    ):
        with pytest.raises(Refused, match="You can add notes, contacts, scores and concerns"):
            refused()
    assert away.ann.store.read(lambda reader: len(timeline(reader, away.person_id).entries)) > 0
    report = away.ann.sync()
    assert report.problems == ()
    assert report.quarantined == 3
    kept = away.ann.ask("SELECT DISTINCT result FROM outbox WHERE result LIKE 'quarantined%'")
    assert kept == [("quarantined:past_lease",)]
    assert "past_lease" in REASONS
    assert away.standing is Standing.FULL
    away.change()
    assert away.ann.sync().quarantined == 0


def test_what_was_written_while_the_lease_ran_is_judged_as_ever(practice: Practice) -> None:
    away = Away(practice, 20)

    def then(writer: Writer) -> None:
        from wellbeing_desktop.storage.write_door import transaction

        with transaction(writer, "record_contact", at=now() - dt.timedelta(days=19)) as tx:
            tx.create(contact_with(away.ann, away.person_id))

    away.ann.store.write(then)
    assert away.ann.sync().quarantined == 0


def test_a_closed_laptop_reads_and_writes_nothing_loses_nothing_and_opens_by_a_sync(practice: Practice) -> None:
    away = Away(practice, 31)
    before = away.ann.ask("SELECT count(*) FROM outbox")
    for refused in (
        away.add_contact,
        lambda: away.ann.store.read(lambda reader: timeline(reader, away.person_id)),
        lambda: away.ann.store.read(lambda reader: grants.require_hold(reader, away.person_id, "card")),
        lambda: away.ann.store.read(lease.require_reading),
    ):
        with pytest.raises(Refused):
            refused()
    assert away.ann.ask("SELECT count(*) FROM outbox") == before
    assert "Nothing is lost" in away.words()
    away.ann.reopen()
    assert away.standing is Standing.LOCKED
    away.ann.synced()
    assert away.standing is Standing.FULL
    away.add_contact()


def test_unsent_work_of_a_closed_laptop_is_still_sent(practice: Practice) -> None:
    away = Away(practice, 29.9)
    away.add_contact()
    with_older = Service(practice.engine, away.live.org)
    practice.service = with_older

    def a_day_later(writer: Writer) -> None:
        with writer.immediate():
            lease.keep_clock(writer, now() + dt.timedelta(days=1))

    away.ann.store.write(a_day_later)
    assert away.standing is Standing.LOCKED
    assert away.ann.waiting() == 1
    away.ann.sync()
    assert away.ann.waiting() == 0


def test_a_clock_moved_back_or_a_lease_that_is_not_ours_gains_nothing(file_practice: Practice) -> None:
    away = Away(file_practice, 20)
    store = away.ann.store
    assert store.read(lambda reader: lease.terms(reader, now() - dt.timedelta(days=900))).standing is Standing.FULL

    def note_clock(writer: Writer) -> None:
        with writer.immediate():
            lease.keep_clock_now_and_then(writer)

    store.write(note_clock)
    assert store.read(lambda reader: lease.terms(reader, now() - dt.timedelta(days=900))).standing is Standing.ADDING
    text = away.ann.ask("SELECT v FROM sync WHERE k = 'lease'")[0][0]
    for forged in (text.replace("2026", "2036"), text.replace("2026", "2046").replace("2027", "2047"), "{}", ""):

        def put(writer: Writer, forged: str = forged) -> None:
            with writer.immediate():
                set_sync_values(writer, {"lease": forged})

        store.write(put)
        found = store.read(lease.terms)
        assert (found.standing, found.lease) == (Standing.ADDING, None)


def test_the_days_are_the_organisations_and_known_leave_lengthens_them(practice: Practice) -> None:
    member = practice.member("Ann")
    setting = Setting(id=new_id(), subject=practice.service.org, key=LOCK_SETTING, value="20")
    practice.write_as_server(OperationKind.CREATE, setting, "card")
    laptop = practice.laptop(member)
    laptop.synced()
    held = laptop.store.read(lease.held_lease)
    assert held is not None
    assert (held.locks_at - held.issued_at).days == 20
    first = now().date() + dt.timedelta(days=3)
    practice.engine.write(
        lambda transaction: leases.add_leave(
            transaction, practice.service.org, member.id, first, first + dt.timedelta(days=6)
        )
    )
    laptop.create(Person(family_name="Ellis"))
    laptop.synced()
    held = laptop.store.read(lease.held_lease)
    assert held is not None
    assert (held.locks_at - held.issued_at).days == 27
