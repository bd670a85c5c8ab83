"""A wrong clock is said with both times, what is written meanwhile is marked, and a return lists it before it counts."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.sync.client.practice import Laptop, practice_on
from wellbeing_desktop.domain.contact import Contact
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations.contacts import record_contact
from wellbeing_desktop.storage import lease
from wellbeing_desktop.storage.clock_guard import clock_doubt, doubtful_contacts
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.clock_notice import ClockNotice


def real_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    (tmp_path / "server").mkdir()
    engine = SqliteEngine(tmp_path / "server", StoreKey(bytes(32)), create=True)
    with practice_on(engine, tmp_path) as practice:
        yield practice.laptop(practice.member("Ann"))
    engine.close()


def dated(laptop: Laptop, person_id: str, day: dt.date) -> str:
    """A contact of that day, as an older program might have let it through."""
    moment = dt.datetime.combine(day, dt.time(12), dt.UTC)
    return laptop.create(
        Contact(
            subject=person_id, happened_at=moment, happened_on=day, medium="02", outcome="seen", practitioner_id="x"
        )
    )


@pytest.mark.capability("P13")
@pytest.mark.parametrize("off", [dt.timedelta(hours=3), dt.timedelta(hours=-3), dt.timedelta(days=400)])
def test_a_clock_that_is_off_is_doubted_and_one_that_is_right_is_not(laptop: Laptop, off: dt.timedelta) -> None:
    laptop.sync(now=lambda: real_now() + off)
    wrong = real_now() + off
    doubt = laptop.store.read(lambda reader: clock_doubt(reader, wrong))
    assert doubt is not None
    assert doubt.laptop_at == wrong
    assert abs(doubt.likely_at - real_now()) < dt.timedelta(minutes=2)
    laptop.sync()
    assert laptop.store.read(lambda reader: clock_doubt(reader, real_now())) is None


def test_a_clock_set_back_without_a_network_is_doubted_too(laptop: Laptop) -> None:
    laptop.sync()
    back = real_now() - dt.timedelta(days=2)
    assert laptop.store.read(lambda reader: clock_doubt(reader, back)) is not None


def test_what_is_written_meanwhile_is_marked_and_listed_for_the_return(
    laptop: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop.sync()
    person_id = laptop.create(Person(family_name="Hughes", born_on=dt.date(1940, 1, 1)))
    wrong = real_now() - dt.timedelta(days=2)

    def written(at: dt.datetime) -> Contact:
        contact = Contact(subject=person_id, medium="home_visit", outcome="seen", happened_at=at)
        changes = laptop.store.write(lambda writer: record_contact(writer, contact, gp_record="", at=at))
        (id,) = {change.id for change in changes.touched if change.type == "contact"}
        return laptop.load(Contact, id)

    right = written(real_now())
    monkeypatch.setattr(lease, "utc_now", lambda: wrong)
    marked = written(wrong)
    assert marked.clock_doubtful is True
    assert right.clock_doubtful is None
    today = local_date(real_now())
    first, last = today - dt.timedelta(days=30), today + dt.timedelta(days=30)
    early = dated(laptop, person_id, today + dt.timedelta(days=5))
    found = laptop.store.read(lambda reader: doubtful_contacts(reader, first, last, today))
    assert [(one.id, one.why) for one in found] == [
        (marked.id, "The laptop's clock was in doubt when it was written"),
        (early, "It is dated in the future"),
    ]
    born = dated(laptop, person_id, dt.date(1939, 5, 1))
    (before,) = laptop.store.read(
        lambda reader: doubtful_contacts(reader, dt.date(1939, 1, 1), dt.date(1939, 12, 31), today)
    )
    assert (before.id, before.why) == (born, "It is dated before the person was born")


def test_the_notice_says_both_times_stays_hidden_once_hidden_and_comes_back_anew(laptop: Laptop, qtbot: QtBot) -> None:
    laptop.sync(now=lambda: real_now() + dt.timedelta(hours=3))
    notice = ClockNotice()
    qtbot.addWidget(notice)
    off = [dt.timedelta(hours=3)]

    def look() -> None:
        notice.look()
        qtbot.waitUntil(lambda: background.waiting_for(notice) == 0)

    notice.watch(laptop.store, lambda: real_now() + off[0])
    qtbot.waitUntil(lambda: background.waiting_for(notice) == 0)
    assert not notice.isHidden()
    assert "This laptop's clock says" in notice.sentence.text()
    assert "By the server it is about" in notice.sentence.text()
    notice.close_button.click()
    look()
    assert notice.isHidden()
    off[0] = dt.timedelta()
    look()
    off[0] = dt.timedelta(hours=3)
    look()
    assert not notice.isHidden()
    notice.stop()
    assert notice.isHidden()
