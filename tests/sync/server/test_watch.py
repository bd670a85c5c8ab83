"""Clocks watched by the server on both engines: told to the deputy and on-call, to nobody else, across a restart (W13)."""

import datetime as dt
import threading
from pathlib import Path

import pytest
from laptop import ACCESSES, Laptop

from wellbeing_desktop.domain.concern_rules import CHAIN_SETTING
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.watching import VISIT_GRACE_SETTING
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.transport import HttpTransport
from wellbeing_desktop.sync.protocol.pushing import PushedOperation
from wellbeing_desktop.sync.protocol.transfer import decode, encode
from wellbeing_desktop.sync.protocol.waiting import WaitReply, WaitRequest
from wellbeing_desktop.sync.server import members, watch
from wellbeing_desktop.sync.server.local import running_server
from wellbeing_desktop.sync.server.news import News
from wellbeing_desktop.sync.server.service import Service, encode_reply
from wellbeing_desktop.sync.server.settings import Settings

NINE = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


class Scene:
    """A practice with a fake clock: Ann raises, Dee is the deputy, Oli is on call, Lea the named lead."""

    def __init__(self, service: Service) -> None:
        self.now = NINE
        self.service = Service(service.engine, service.org, clock=lambda: self.now)
        self.ann, self.dee, self.oli, self.lea = (Laptop(self.service, name) for name in ("Ann", "Dee", "Oli", "Lea"))
        chain = [
            {"role": "Named lead", "name": "Lea", "practitioner_id": self.lea.user},
            {"role": "Deputy", "name": "Dee", "practitioner_id": self.dee.user},
            {"role": "On call", "name": "Oli", "practitioner_id": self.oli.user},
        ]
        self.setting(CHAIN_SETTING, encode(chain).decode())
        self.person = self.ann.person("Sentinelname")

    def setting(self, key: str, value: str) -> None:
        members.create_as_server(self.service, "setting", self.service.org, {"key": key, "value": value})

    def minutes(self, minutes: float) -> None:
        self.now += dt.timedelta(minutes=minutes)

    def concern(self, minutes: int = 15) -> str:
        id = self.ann.create(
            "concern",
            self.person,
            {
                "path": "adult",
                "raised_at": self.at(0),
                "raised_on": self.now.date().isoformat(),
                "raised_by": self.ann.user,
                "words": "Sentinelwords",
                "respond_by": self.at(minutes),
                "state": "open",
            },
        )
        self.ann.push()
        return id

    def at(self, minutes: int) -> str:
        return (self.now + dt.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def told(self, laptop: Laptop) -> WaitReply:
        reply: WaitReply = laptop._as(WaitReply, News(self.service).wait(laptop.dev))
        return reply

    def ids(self, laptop: Laptop) -> list[str]:
        return [one.id for one in self.told(laptop).run_out]


@pytest.fixture
def scene(service: Service) -> Scene:
    return Scene(service)


@pytest.mark.capability("W13")
def test_a_concern_that_nobody_took_is_told_to_the_deputy_and_on_call_and_to_nobody_else(scene: Scene) -> None:
    concern = scene.concern(15)
    assert [scene.ids(one) for one in (scene.dee, scene.oli, scene.lea, scene.ann)] == [[], [], [], []]
    scene.minutes(15)
    assert [scene.ids(one) for one in (scene.dee, scene.oli)] == [[concern], [concern]]
    assert [scene.ids(one) for one in (scene.lea, scene.ann)] == [[], []]
    told = scene.told(scene.dee)
    assert (told.run_out[0].type, told.run_out[0].owner, told.watchers) == ("concern", scene.ann.user, 2)
    assert b"Sentinel" not in encode_reply(News(scene.service).wait(scene.dee.dev)), (
        "no name and no word that was written"
    )
    again = Scene.__new__(Scene)  # another process on the same database
    again.service, again.now = Service(scene.service.engine, scene.service.org, clock=lambda: scene.now), scene.now
    assert [one.id for one in again.told(scene.dee).run_out] == [concern]
    scene.ann.pull()
    members.write_as_server(
        scene.service,
        [
            PushedOperation(
                n=0, op_id=new_id(), txn=new_id(), id=concern,
                type="concern", subject=scene.person, compartment="restricted", kind=OperationKind.CHANGE, author="", at="",
                patch={"state": "with_lead", "lead_id": scene.dee.user}, was={"state": "open", "lead_id": None},
            )
        ],
    )  # fmt: skip
    assert scene.ids(scene.dee) == []


def test_referrals_urgent_enquiries_promises_and_visits_are_watched_each_in_its_own_way(scene: Scene) -> None:
    scene.setting(VISIT_GRACE_SETTING, "30")
    body = {"received_on": "2026-11-23", "respond_by": scene.at(10)}
    referral = scene.ann.create("referral", scene.person, {**body, "source": "gp", "state": "new"})
    enquiry = scene.ann.create(
        "enquiry", scene.person, {**body, "received_at": scene.at(0), "medium": "phone", "urgent": True, "state": "new"}
    )
    scene.ann.create(
        "enquiry", scene.person, {**body, "received_at": scene.at(0), "medium": "phone", "state": "new"}
    )  # not urgent
    visit = scene.ann.create(
        "appointment",
        scene.person,
        {
            "starts_at": scene.at(0),
            "starts_on": "2026-11-23",
            "duration_minutes": 10,
            "medium": "home_visit",
            "state": "booked",
            "practitioner_id": scene.ann.user,
        },
    )
    assert {result.r for result in scene.ann.push().results} == {"applied"}
    scene.minutes(10)
    assert set(scene.ids(scene.dee)) == {referral, enquiry}
    scene.minutes(29)
    assert visit not in scene.ids(scene.dee)
    scene.minutes(1)
    assert visit in scene.ids(scene.dee)
    scene.minutes(60 * 24)
    assert set(scene.ids(scene.dee)) == {referral, enquiry}


def test_whoever_covers_is_told_on_the_days_of_the_cover(scene: Scene) -> None:
    carys, dylan = Laptop(scene.service, "Carys"), Laptop(scene.service, "Dylan")
    covering = {"kind": "leave", "since_on": "2026-11-23", "until_on": "2026-11-23", "made_by": scene.dee.user}
    members.create_as_server(scene.service, "cover", scene.dee.user, covering | {"cover_id": carys.user})
    members.create_as_server(scene.service, "cover", scene.ann.user, covering | {"cover_id": dylan.user})
    concern = scene.concern(15)
    scene.minutes(15)
    assert [scene.ids(one) for one in (scene.dee, carys, dylan, scene.ann)] == [[concern], [concern], [concern], []]
    scene.minutes(60 * 24)
    assert [scene.ids(one) for one in (scene.dee, carys, dylan)] == [[concern], [], []]


def test_where_nobody_is_named_nobody_is_told_and_that_is_said(service: Service) -> None:
    ann = Laptop(service, "Ann")
    reply = ann._as(WaitReply, News(service).wait(ann.dev))
    assert (reply.run_out, reply.watchers) == ((), 0)


def test_the_look_that_wakes_those_who_wait_differs_when_a_clock_runs_out_and_when_one_is_stopped(
    scene: Scene,
) -> None:
    def tick() -> str:
        return scene.service.engine.read(lambda transaction: watch.tick(transaction, scene.service.org, scene.now))

    scene.concern(15)
    before = tick()
    scene.minutes(14)
    assert tick() == before
    scene.minutes(1)
    after = tick()
    assert after != before
    assert tick() == after


@pytest.mark.capability("W13")
def test_a_laptop_that_waits_is_told_within_seconds_of_the_due_time(scene: Scene) -> None:
    """The look is once a second; 60 are allowed."""
    concern = scene.concern(1)
    found: list[WaitReply] = []
    with running_server(scene.service, Settings(folder=Path())) as url:
        way = HttpTransport(server_address(url))
        known = scene.told(scene.dee)
        access = ACCESSES[scene.dee.sign_in().token]
        asked = encode(WaitRequest(device=scene.dee.dev, seq=known.seq, mark=known.mark))

        def wait() -> None:
            found.append(decode(way.post("/v1/wait", asked, access=access), WaitReply))

        thread = threading.Thread(target=wait)
        thread.start()
        scene.minutes(1)
        thread.join(30)
        way.close()
    assert [one.id for one in found[0].run_out] == [concern]
    assert found[0].seq == known.seq, "nothing was written: only the time went by"
