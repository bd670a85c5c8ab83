"""One day of a made-up organisation: the people arrive, visits with no network, letters, the return, one truth after."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from wellbeing_desktop.cli.demo import details, front_door, new_referrals, papers, past, safety, visits
from wellbeing_desktop.cli.demo.bringing_in import bring_in
from wellbeing_desktop.cli.demo.laptops import DemoServer, Laptop
from wellbeing_desktop.cli.demo.papers import CountedReturn, Paper
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.operations.people import change_person
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.store import Store

Say = Callable[[str], None]

_PRIYAS_SHARE: Final = 20
_LAST_MONTHS_WORK: Final = 14
_VISITS: Final = 3
_BOTH_EDIT: Final = 4
"""Place in Priya's list of the person whose plan both coordinators rewrite: nobody of today's visits."""


class Team(msgspec.Struct, frozen=True):
    """The laptops of the demo, by who uses them."""

    lead: Laptop
    coordinator: Laptop
    colleague: Laptop
    administrator: Laptop
    manager: Laptop

    def everyone(self) -> tuple[Laptop, ...]:
        return (self.lead, self.coordinator, self.colleague, self.administrator, self.manager)


class Day(msgspec.Struct, frozen=True):
    """What happened. `converged`: after the last syncs every laptop's sums equal the server's for what it may hold."""

    people: int
    visits_offline: int
    conflicts_kept: int
    papers: tuple[Paper, ...]
    stopped: tuple[str, ...]
    """Why letters were not written, in words."""
    monthly_return: CountedReturn
    converged: bool
    person_id: str
    """The person of the first visit."""


def hire(server: DemoServer) -> Team:
    """Five people join by one-time code. The two coordinators are one team, so that each may hold the other's people."""
    coordinator = server.laptop_for("Priya Shah", "coordinator", "lead", folder="coordinator")
    colleague = server.laptop_for("Sam Okafor", "coordinator", "lead", folder="colleague")
    server.team("Kington coordinators", coordinator, colleague)
    lead = server.laptop_for("Robin Bell", "owner", folder="lead")
    details.introduce_service(lead.store)
    lead.sync()
    return Team(
        lead=lead,
        coordinator=coordinator,
        colleague=colleague,
        administrator=server.laptop_for("Jo Price", "office", "front_desk", folder="administrator"),
        manager=server.laptop_for("Alex Morgan", "manager", folder="manager", with_names=True),
    )


def live(team: Team, count: int, now: dt.datetime, out: Path, say: Say) -> Day:
    """Live the day and write its papers into `out`. Raises the first problem: a demo that half works shows nothing."""
    today = local_date(now)
    say(f"Bringing in {count} made-up people from a practice list")
    person_ids = bring_in(team.lead.store, count, today)
    details.give_practices_addresses(team.lead.store)
    details.switch_on_a_rule(team.lead.store, now)
    mine = person_ids[: min(_PRIYAS_SHARE, count * 2 // 3)]
    allocate(team.lead.store, mine, team.coordinator.user_id)
    allocate(team.lead.store, person_ids[len(mine) :], team.colleague.user_id)
    team.lead.sync()
    say("The coordinators fetch their people")
    team.coordinator.sync()
    say("Writing last month's work")
    past.live_last_month(team.coordinator.store, mine[:_LAST_MONTHS_WORK], today)
    details.add_details(team.coordinator.store, mine, now)
    new_referrals.choose_form(team.lead.store)
    team.lead.sync()
    team.coordinator.sync()
    say("New referrals come in")
    new_referrals.arrive(team.coordinator.store, mine, now)
    team.colleague.sync()

    say(f"{_VISITS} home visits with no network")
    visited = mine[:_VISITS]
    visits.visit(team.coordinator.store, visited, now - dt.timedelta(minutes=_VISITS))
    tried = team.coordinator.try_with_no_network()
    visits_offline = len(visited) if tried.problems and tried.waiting else 0
    say("Two coordinators rewrite the same words of one plan")
    both = mine[_BOTH_EDIT]
    visits.rewrite_what_matters(team.coordinator.store, both, "My independence, and the allotment.", now)
    visits.rewrite_what_matters(team.colleague.store, both, "My independence. Not going into a home.", now)
    say("Back in the office: everything is sent")
    for _ in range(2):
        for laptop in (team.coordinator, team.colleague):
            laptop.sync()
    conflicts_kept = min(len(_clashes(laptop.store)) for laptop in (team.coordinator, team.colleague))

    say("The person's plan, the letters and the visit sheet")
    made = papers.coordinator_papers(team.coordinator.store, visited[0], out, now)
    team.coordinator.sync()
    team.administrator.sync()
    say("The administrator answers the telephone")
    front_door.answer_the_telephone(team.administrator.store, mine, team.coordinator.user_id, now)
    letters, stopped = papers.administrator_papers(
        team.administrator.store, mine[: details.BOOKED_PEOPLE], team.coordinator.user_id, out, now
    )
    team.administrator.sync()
    say("Concerns, and the service's own files")
    safety.set_safety(team.lead.store, team.colleague.user_id, team.colleague.name, now)
    safety.raise_concerns(team.coordinator.store, mine[2:6], now)
    team.coordinator.sync()
    safety.write_files(team.administrator.store, mine[0], now)
    team.administrator.sync()
    team.lead.sync()
    say("The manager's return of last month")
    team.manager.sync()
    monthly = papers.manager_return(team.manager.store, past.first_of_last_month(today), out, now)
    team.coordinator.sync()
    say("Every laptop compares itself with the server")
    return Day(
        people=len(person_ids),
        visits_offline=visits_offline,
        conflicts_kept=conflicts_kept,
        papers=(*made, *letters),
        stopped=stopped,
        monthly_return=monthly,
        converged=_converged(team),
        person_id=visited[0],
    )


def allocate(store: Store, person_ids: Sequence[str], coordinator_id: str) -> None:
    """Give these people to a coordinator."""

    def work(writer: Writer) -> None:
        for person_id in person_ids:
            change_person(writer, person_id, {"coordinator_id": coordinator_id}, {"coordinator_id": ""})

    store.write(work)


def _clashes(store: Store) -> list[Conflict]:
    return store.read(lambda reader: load_all(reader, Conflict, state="open"))


def _converged(team: Team) -> bool:
    """Twice round, so that what one laptop sends is on the others before their sums are compared."""
    for _ in range(2):
        for laptop in team.everyone():
            laptop.sync()
    return all(laptop.agrees_with_server() for laptop in team.everyone())
