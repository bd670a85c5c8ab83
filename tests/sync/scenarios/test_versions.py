"""Versions: scenario 44; 43 is in tests/sync/client, 45 in tests/storage."""

import msgspec
import pytest

from tests.sync.client.practice import Practice
from tests.sync.scenarios.people import all_synced, laptops_of, person_shared_by, same_everywhere
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.sync.client.line import resting_line
from wellbeing_desktop.sync.client.session import utc_now


@pytest.mark.scenario(44)
def test_a_laptop_too_old_for_the_server_is_told_so_keeps_working_and_its_work_is_still_taken(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A too old for S is told to upgrade before anything is sent, and keeps working offline."""
    ann, bob = laptops_of(practice, "Ann", "Bob")
    person_id = person_shared_by(ann, bob)
    bob.change(Person, person_id, language="cy")
    bob.synced()
    newer = msgspec.structs.replace(practice.service.schemas, oldest=2)
    monkeypatch.setattr(practice.service, "schemas", newer)
    for name in ("Bron", "Bronnie"):
        ann.change(Person, person_id, known_as=name)
        report = ann.sync()
        [found] = report.problems
        assert (found.kind, found.retry) == ("upgrade", False)
        assert (report.sent, report.received, report.waiting) == (1, 0, 0), "what it wrote is taken all the same"
        line = resting_line(waiting=report.waiting, last_sync_at=None, problem=found, now=utc_now())
        assert line.needs_attention
        assert "new version" in line.words
        assert ann.load(Person, person_id).known_as == name
    monkeypatch.undo()  # the new version is installed
    all_synced(ann, bob)
    for laptop in (ann, bob):
        assert (laptop.load(Person, person_id).known_as, laptop.load(Person, person_id).language) == ("Bronnie", "cy")
    same_everywhere(ann, bob)
