"""Cover gives access for its dates and takes it away after, and only who could give it gives it (B8)."""

import datetime as dt

import pytest
from laptop import Laptop

from wellbeing_desktop.sync.server import covering, members
from wellbeing_desktop.sync.server.scope import scope_now
from wellbeing_desktop.sync.server.service import Service

MONDAY = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


class Scene:
    def __init__(self, service: Service) -> None:
        self.now = MONDAY
        self.service = Service(service.engine, service.org, clock=lambda: self.now)
        self.ann, self.bob = Laptop(self.service, "Ann"), Laptop(self.service, "Bob")
        self.person = self.ann.person("Ellis")
        self.ann.sync()

    def cover(self, by: Laptop, away: str, cover: str, **more: object) -> str:
        body = {"kind": "leave", "since_on": "2026-11-24", "until_on": "2026-11-25", "made_by": away, "cover_id": cover}
        id = by.create("cover", away, {**body, **more})
        by.push()
        covering.settle(self.service)
        return id

    def sees(self, laptop: Laptop, day: int, person: str = "") -> bool:
        on = MONDAY.date() + dt.timedelta(days=day)
        scope = self.service.engine.read(lambda transaction: scope_now(transaction, self.service.org, laptop.user, on))
        return bool(scope.sight("person", person or self.person, "clinical"))


@pytest.fixture
def scene(service: Service) -> Scene:
    return Scene(service)


def test_whoever_covers_holds_the_caseload_on_the_days_of_the_cover_and_not_before_or_after(scene: Scene) -> None:
    scene.cover(scene.ann, scene.ann.user, scene.bob.user)
    assert [scene.sees(scene.bob, day) for day in (0, 1, 2, 3)] == [False, True, True, False]
    assert covering.settle(scene.service) == 0, "nothing is written again"
    scene.now += dt.timedelta(days=1)
    scene.bob.pull()
    assert scene.person in scene.bob.rows
    later = scene.ann.person("Jones")
    scene.ann.push()
    assert covering.settle(scene.service) == 1
    assert scene.sees(scene.bob, 1, later), "who came to the caseload meanwhile is covered too"
    scene.now += dt.timedelta(days=2)
    scene.bob.pull()
    assert scene.person not in scene.bob.rows


def test_cover_that_is_ended_early_gives_nothing_from_then_on(scene: Scene) -> None:
    id = scene.cover(scene.ann, scene.ann.user, scene.bob.user)
    scene.now += dt.timedelta(days=1)
    scene.ann.pull()
    scene.ann.change(id, ended=True)
    scene.ann.push()
    assert covering.settle(scene.service) == 1
    assert [scene.sees(scene.bob, day) for day in (1, 2)] == [False, False]


def test_nobody_takes_a_colleagues_caseload_by_writing_down_that_they_cover_it(scene: Scene) -> None:
    lead = Laptop(scene.service, "Lea", "lead")
    members.create_as_server(scene.service, "team", "", {"name": "South", "lead_id": lead.user})
    scene.cover(scene.bob, scene.ann.user, scene.bob.user)  # not Bob's to write, whatever made_by says
    scene.cover(lead, scene.ann.user, lead.user)  # a lead, of another team
    assert not any(scene.sees(laptop, 1) for laptop in (scene.bob, lead))
    members.create_as_server(
        scene.service, "team", "", {"name": "North", "lead_id": lead.user, "members": [scene.ann.user]}
    )
    scene.cover(lead, scene.ann.user, scene.bob.user)
    assert scene.sees(scene.bob, 1)


def test_a_job_share_has_no_end_and_what_one_covers_is_not_handed_on(scene: Scene) -> None:
    carys = Laptop(scene.service, "Carys")
    scene.cover(scene.ann, scene.ann.user, scene.bob.user, kind="job_share", until_on=None)
    scene.cover(scene.bob, scene.bob.user, carys.user, kind="job_share", until_on=None)
    assert [scene.sees(scene.bob, day) for day in (1, 400)] == [True, True]
    assert not scene.sees(carys, 1)
