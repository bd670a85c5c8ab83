"""A practice of five laptops that begins anew for every history: made once, then put back as it was.

Making stores and tables takes a thousand times as long as what a history does with them. So the scene is made once
for each engine and process; a history gets copies of the laptops' folders, and the server's rows are put back.
"""

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.quick_stores import quick_stores
from tests.sync.client.practice import PASSPHRASE, Laptop, Member, Practice, practice_on
from tests.sync.histories.wire import InProcess
from wellbeing_desktop.domain.care_plan import CarePlan, PlanNarrative
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.write_door import transaction
from wellbeing_desktop.sync.server import members
from wellbeing_desktop.sync.server.engine import Engine
from wellbeing_desktop.sync.server.engine import Transaction as ServerTransaction
from wellbeing_desktop.sync.server.migrations import SCHEMA_NUMBER, tables_at

TABLES = {table: columns for table, columns in tables_at(SCHEMA_NUMBER).items() if columns[0] == "org"}
Rows = dict[str, list[tuple[Any, ...]]]
WHO = ("Ann", "Bob", "Dot", "Olu", "Mel")
"""A coordinator with a caseload, a colleague with a team's, the front desk, the office, and somebody who counts."""

KINDS = {"Ann": "caseload", "Bob": "team", "Dot": "front_desk", "Olu": "office", "Mel": "return"}


@dataclass
class Machine:
    """One laptop of a history; its clock may be wrong by years."""

    name: str
    laptop: Laptop
    ahead: dt.timedelta = dt.timedelta()

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self.ahead

    def do(self, work: Any) -> Any:
        def run(writer: Writer) -> Any:
            with transaction(writer, "test", at=self.now()) as tx:
                return work(tx)

        return self.laptop.store.write(run)


@dataclass
class World:
    """One history's server and laptops."""

    practice: Practice
    folder: Path
    machines: list[Machine]
    people: list[str]
    narratives: dict[str, str]
    backup: Rows
    copies: dict[str, Path] = field(default_factory=dict)

    @property
    def org(self) -> str:
        return self.practice.service.org

    def close(self) -> None:
        for machine in self.machines:
            machine.laptop.close()
        self.practice.laptops.clear()


@dataclass
class Scene:
    """What every history begins with."""

    practice: Practice
    folder: Path
    members: dict[str, Member]
    people: list[str]
    narratives: dict[str, str]
    rows: Rows

    @contextmanager
    def history(self, names: tuple[str, ...], *, real_http: bool) -> Iterator[World]:
        practice = self.practice
        put_back(practice.engine, practice.service.org, self.rows)
        practice.fault = lambda path, count: None
        practice.bend = lambda path, reply: reply
        practice.late, practice.wire, practice.paths = [], [], []
        practice.http.asked.clear()
        with tempfile.TemporaryDirectory(dir=self.folder) as made:
            machines = []
            for number, name in enumerate(names):
                shutil.copytree(self.folder / name, Path(made) / name)
                by_wire = real_http and number == 0
                transport = practice.transport() if by_wire else InProcess(practice.http.url, practice.answer)
                store = Store.open(Path(made) / name, PASSPHRASE)
                machines.append(Machine(name, Laptop(store, transport, self.members[name])))
            world = World(practice, Path(made), machines, self.people, self.narratives, self.rows)
            try:
                yield world
            finally:
                world.close()


@contextmanager
def scene_on(engine: Engine, folder: Path) -> Iterator[Scene]:
    """Make the scene: five joined laptops, three people, the words of a plan for each; everything synced."""
    with quick_stores(), practice_on(engine, folder) as practice:
        everyone = {name: _member(practice, name) for name in WHO}
        laptops = {name: practice.laptop(everyone[name]) for name in WHO}
        ann, bob = laptops["Ann"], laptops["Bob"]
        ann.synced()
        people, narratives = [], {}
        for number in range(3):
            person_id = ann.create(Person(family_name=f"Hughes {number}", coordinator_id=everyone["Ann"].id))
            plan_id = ann.create(CarePlan(subject=person_id, state="draft"))
            narratives[person_id] = ann.create(PlanNarrative(subject=person_id, plan_id=plan_id))
            people.append(person_id)
        ann.synced()
        practice.move(everyone["Bob"], add=tuple(people[:2]))
        for laptop in (ann, bob, *laptops.values()):
            laptop.synced()
        for name, laptop in laptops.items():
            laptop.close()
            laptop.store.folder.rename(folder / name)
        practice.laptops.clear()
        yield Scene(practice, folder, everyone, people, narratives, dump(engine, practice.service.org))


def _member(practice: Practice, name: str) -> Member:
    kind = KINDS[name]
    id, grant_id = members.add_member(practice.service, name, ("administrator",)), new_id()
    grant = Grant(
        id=grant_id,
        subject=id,
        practitioner_id=id,
        kind=kind,
        subjects=() if kind in ("caseload", "team") else ("*",),
        may_write=kind != "return",
    )
    practice.write_as_server(OperationKind.CREATE, grant, "card")
    return Member(id, grant_id, name)


# The server's rows --------------------------------------------------------------------------------------------------


def dump(engine: Engine, org: str) -> Rows:
    """Everything that the server keeps of an organisation, in one picture: what a backup holds."""

    def read(transaction: ServerTransaction) -> Rows:
        return {
            table: transaction.all(f"SELECT {', '.join(columns)} FROM {table} WHERE org = ?", (org,))
            for table, columns in TABLES.items()
        }

    return engine.read(read)


def put_back(engine: Engine, org: str, rows: Rows) -> None:
    """What a restore does to the rows. The epoch is the restored one: whoever restores may forget to begin a new one."""

    def write(transaction: ServerTransaction) -> None:
        for table, columns in TABLES.items():
            transaction.run(f"DELETE FROM {table} WHERE org = ?", (org,))
            if rows[table]:
                marks = ", ".join("?" * len(columns))
                transaction.many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows[table])

    engine.write(write)
