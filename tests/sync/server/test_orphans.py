"""Edits before their creation: they wait, are taken for it after some days, and meet it when it comes late (SYNC 7, 19-21)."""

import datetime as dt

import pytest
from laptop import Laptop

from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.sync.server import members, upkeep
from wellbeing_desktop.sync.server.service import Service

DAYS = upkeep.ORPHAN_DAYS


def later(service: Service, days: int) -> Service:
    """The same server, so many days on."""
    then = dt.datetime.now(dt.UTC) + dt.timedelta(days=days, minutes=1)
    return Service(service.engine, service.org, clock=lambda: then)


def lost_creation(service: Service) -> tuple[Laptop, Laptop, str, str]:
    """A laptop whose creation of a task stays behind while two edits of it were sent by its owner's second laptop."""
    a = Laptop(service, "Ann", "owner")
    person = a.person(known_as="Bron")
    a.sync()
    b = Laptop(service, "Ann", member=a.user)
    b.pull()
    task = a.create("task", person, {"title": "Ring", "detail": "About the garden", "state": "open"})
    b.operation("task", task, person, OperationKind.CHANGE, {"title": "Ring soon"}, {"title": "Ring"})
    b.operation("task", task, person, OperationKind.CHANGE, {"title": "Ring today"}, {"title": "Ring soon"})
    assert [result.r for result in b.push().results] == ["held", "held"]
    return a, b, person, task


@pytest.mark.scenario(20)
def test_after_some_days_the_edits_are_applied_as_a_creation_and_marked_so(service: Service) -> None:
    _, b, _, task = lost_creation(service)
    assert upkeep.upkeep(later(service, DAYS - 1)).orphans == 0
    b.pull()
    assert task not in b.rows
    assert upkeep.upkeep(later(service, DAYS)).orphans == 2
    assert upkeep.upkeep(later(service, DAYS)).orphans == 0
    b.pull()
    assert b.rows[task].body == {"title": "Ring today"}
    marks = {version.rev: version.marks for version in b.history if version.id == task}
    assert marks == {1: ("as_creation",), 2: ()}


@pytest.mark.scenario(21)
def test_a_creation_that_arrives_after_that_fills_what_is_missing_and_makes_no_second_record(service: Service) -> None:
    a, b, _, task = lost_creation(service)
    upkeep.upkeep(later(service, DAYS))
    (result,) = a.push().results
    assert result.r == "merged"
    for laptop in (a, b):
        laptop.pull()
        assert laptop.rows[task].body == {"title": "Ring today", "detail": "About the garden", "state": "open"}
        assert sum(row.type == "task" for row in laptop.rows.values()) == 1
    kept = [version.kept for version in b.history if version.id == task][-1]
    assert kept == {"title": "Ring"}, "what the creation said is in history"
    assert a.conflicts() == []


@pytest.mark.scenario(21)
def test_a_late_creation_never_covers_a_colleagues_words(service: Service) -> None:
    a, b, person, _ = lost_creation(service)
    note = a.create("note", person, {"written_on": "2026-11-21", "text": "As it was written"}, compartment="clinical")
    b.operation("note", note, person, OperationKind.CHANGE, {"observed": "Calm"}, compartment="clinical")
    b.push()
    upkeep.upkeep(later(service, DAYS))
    c = Laptop(service, "Cerys", "owner")
    c.load()
    c.change(note, text="Written by a colleague")
    c.push()
    a.push()
    c.pull()
    assert c.rows[note].body["text"] == "Written by a colleague"
    assert [conflict.body["mine"] for conflict in c.conflicts()] == ['"As it was written"']


@pytest.mark.scenario(20)
def test_how_many_days_is_the_organisations_choice(service: Service) -> None:
    _, b, _, task = lost_creation(service)
    body = {"key": upkeep.ORPHAN_SETTING, "value": "30"}
    members.create_as_server(service, "setting", service.org, body)
    assert upkeep.upkeep(later(service, DAYS)).orphans == 0
    assert upkeep.upkeep(later(service, 30)).orphans == 2
    b.pull()
    assert task in b.rows


def test_what_can_never_be_a_creation_is_put_before_somebody_after_those_days(service: Service) -> None:
    a = Laptop(service, "Ann", "owner")
    person = a.person()
    a.sync()
    a.operation("task", new_id(), person, OperationKind.REMOVE, {"reason": "Not needed"})
    assert a.push().results[0].r == "held"
    upkeep.upkeep(later(service, DAYS))
    rows = service.engine.read(
        lambda transaction: transaction.all("SELECT why, state FROM quarantine WHERE org = ?", (service.org,))
    )
    assert rows == [("never_created", "open")]


@pytest.mark.fault(34)
def test_places_beyond_the_horizon_are_dropped_and_such_a_cursor_is_told_to_fetch_everything(service: Service) -> None:
    from wellbeing_desktop.sync.server.problems import ResyncNeeded

    a = Laptop(service, "Ann", "owner")
    a.person()
    a.sync()
    old = (a.seq, a.tok)
    a.person()
    a.sync()
    far = later(service, 401)
    assert upkeep.upkeep(far).places > 0
    assert upkeep.upkeep(far).places == 0
    a.service = far
    a.pull()  # the newest place is kept
    a.seq, a.tok = old
    with pytest.raises(ResyncNeeded):
        a.pull()
