"""A laptop is lost: the server says whose it was, what was in its reach, and what it last said (SECURITY 3.6)."""

import datetime as dt

import pytest

from tests.sync.client.practice import Practice
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.sync.server.lost import lost_laptop

TODAY = dt.date(2026, 11, 21)


def test_the_report_of_a_lost_laptop_holds_the_facts_and_nobody_elses_name(practice: Practice) -> None:
    ben = practice.laptop(practice.member("Ben"))
    ben.synced()
    ellis, quine, _of_ben_alone = [ben.create(Person(family_name=name)) for name in ("Ellis", "Quine", "Third")]
    ben.synced()
    ann = practice.laptop(practice.member("Ann", kind="caseload", subjects=(ellis, quine)))
    [(device,)] = ann.ask("SELECT v FROM sync WHERE k = 'device'")
    assert lost_laptop(practice.service, device).last_unlock == "not reported"
    ann.synced()
    found = lost_laptop(practice.service, device)
    assert (found.person, found.person_id, found.state) == ("Ann", ann.member.id, "approved")
    assert found.people == 2
    assert found.buckets["card"] == 2
    assert found.lease_locks_at > found.last_seen
    assert found.unsent_when_last_seen == 0
    assert "What opens them: its passphrase, or its printed recovery kit." in found.encryption
    assert not any(word in repr(found) for word in ("Ellis", "Quine", "Third", "Ben"))
    practice.move(ann.member, remove=(quine,))
    assert lost_laptop(practice.service, device).people == 1
    ann.create(Note(subject=ellis, written_on=TODAY, text="told before it is sent"))
    ann.sync(cancelled=lambda: True)
    assert lost_laptop(practice.service, device).unsent_when_last_seen == 1
    assert lost_laptop(practice.service, device).last_unlock == ann.store.opened_at.isoformat(timespec="seconds")
    with pytest.raises(Refused, match="no laptop with that number"):
        lost_laptop(practice.service, "server")
