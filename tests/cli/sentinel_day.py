"""The demo's day with a sentinel in every text field of every record type; then this process works until it is killed.

Run as `python -m tests.cli.sentinel_day OUT DATABASE` (DATABASE may be ""). Says `made JSON` and then `working PID`.
The fields are read from the registry, so that a new type or field is covered the day it is added.
"""

import datetime as dt
import functools
import itertools
import json
import os
import sys
from pathlib import Path
from typing import Any

import msgspec

from tests.cli.at_small_cost import at_small_cost
from tests.storage.sample_records import filled, save
from wellbeing_desktop.cli.demo.day import Team, hire, live
from wellbeing_desktop.cli.demo.laptops import DemoServer, Laptop, demo_server
from wellbeing_desktop.cli.demo.report import write_passphrases
from wellbeing_desktop.cli.window import Shot
from wellbeing_desktop.domain.definition import Field, Kind, Merge, Record, RecordType, SubjectKind
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.pictures import RealWindow
from wellbeing_desktop.storage.backup import backup
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.drafts import save_draft
from wellbeing_desktop.storage.process import harden_process
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.write_door import transaction
from wellbeing_desktop.sync.server import members

STEM = "Zyzzyvaquorn"
"""In no word list and in nothing that the program writes of itself; every field has it with a number of its own."""
PEOPLE = 24

EXCEPT = {
    "grant.subjects": "whose records a grant opens: a list of ids",
    "grant.compartments": "names of compartments",
    "grant.signature": "made by the server",
    "goal.position": "a place in a list, in letters and numbers",
    "action.position": "a place in a list, in letters and numbers",
    "gp_entry.target_type": "the name of a record type",
    "amendment.target_type": "the name of a record type",
    "amendment.field": "the name of a field",
    "conflict.target_type": "the name of a record type",
    "conflict.field": "the name of a field",
    "misfiling.target_type": "the name of a record type",
}
"""Text fields that nobody types in, beside those that refer to a record or take a code of a list."""
AS_JSON = {"amendment.value", "amendment.was", "conflict.base", "conflict.mine", "conflict.theirs", "setting.value"}


def typed_fields(record_type: RecordType) -> list[Field]:
    """The fields in which somebody's words can stand."""
    return [
        field
        for field in record_type.fields
        if field.kind in (Kind.TEXT, Kind.SET)
        and field.merge is not Merge.STATE
        and not field.about.code_list
        and not field.about.refers_to
        and not field.name.endswith("_id")
        and f"{record_type.name}.{field.name}" not in EXCEPT
    ]


@functools.cache
def all_fields() -> list[str]:
    return [f"{each.name}.{field.name}" for each in RECORD_TYPES.values() for field in typed_fields(each)]


def sentinel_of(name: str) -> str:
    return f"{STEM}{all_fields().index(name):04d}"


def with_sentinels(record_type: RecordType, person_id: str) -> Record:
    record = filled(record_type, person_id)
    words: dict[str, Any] = {}
    for field in typed_fields(record_type):
        name = f"{record_type.name}.{field.name}"
        word = json.dumps(sentinel_of(name)) if name in AS_JSON else sentinel_of(name)
        words[field.name] = (word,) if field.kind is Kind.SET else word
    if record_type.name == "amendment":
        words |= {"target_type": "contact", "field": "late_reason"}
    return msgspec.structs.replace(record, **words)


def fill(team: Team, server: DemoServer) -> tuple[str, list[str]]:
    """A record of every type, each by whoever may write it; answers the person and the types that only a server makes."""
    laptops = (team.coordinator, team.lead)
    person = with_sentinels(RECORD_TYPES["person"], "")
    own = {"coordinator_id": team.coordinator.user_id, "practice_id": "", "restricted": None, "died_on": None}
    person_id = write(team.lead, RECORD_TYPES["person"], msgspec.structs.replace(person, **own))
    team.lead.sync()
    team.coordinator.sync()
    by_server = []
    for record_type in RECORD_TYPES.values():
        if record_type.name == "person":
            continue
        subject = person_id if record_type.subject_kind is SubjectKind.PERSON else ""
        record = with_sentinels(record_type, subject)
        for laptop in laptops:
            try:
                write(
                    laptop, record_type, msgspec.structs.replace(record, subject=_subject(record_type, subject, laptop))
                )
                break
            except Refused:
                continue
        else:
            subject = team.lead.user_id if record_type.name == "grant" else ""
            body = {field.name: getattr(record, field.name) for field in typed_fields(record_type)}
            if record_type.name == "grant":
                body["kind"] = "none"  # a kind that opens nothing
            members.create_as_server(server.service, record_type.name, subject, body)
            by_server.append(record_type.name)
    return person_id, by_server


def write(laptop: Laptop, record_type: RecordType, record: Record) -> str:
    def work(writer: Writer) -> str:
        with transaction(writer, "save_it") as tx:
            return save(tx, record_type, record)

    return laptop.store.write(work)


def _subject(record_type: RecordType, person_id: str, laptop: Laptop) -> str:
    if record_type.subject_kind is SubjectKind.ORGANISATION:
        return laptop.store.identity.organisation_id
    if record_type.subject_kind is SubjectKind.PRACTITIONER and record_type.name not in ("practitioner", "grant"):
        return laptop.user_id
    return person_id


def held(store: Store) -> list[str]:
    """The fields whose sentinel this store holds: so that an empty scan means something."""
    bodies = store.read(lambda reader: _bodies(reader))
    return [name for name in all_fields() if sentinel_of(name) in bodies]


def _bodies(reader: Any) -> str:
    from wellbeing_desktop.storage.records import load_all

    return "\n".join(repr(load_all(reader, each.struct)) for each in RECORD_TYPES.values())


def day(out: Path, database: str) -> None:
    at_small_cost()
    harden_process()
    with demo_server(out, database=database) as server:
        team = hire(server)
        write_passphrases(out, team)
        lived = live(team, PEOPLE, dt.datetime.now(dt.UTC), out / "papers", _ignore)
        person_id, by_server = fill(team, server)
        for _ in range(2):
            for laptop in team.everyone():
                laptop.sync()
        team.coordinator.store.write(
            lambda w: save_draft(w, f"contact:{person_id}", person_id, {"text": f"{STEM} draft"})
        )
        backup(team.coordinator.store, out / "coordinator.backup")
        first, second = held(team.coordinator.store), held(team.colleague.store)
        lead = held(team.lead.store)
        # the real window, which prints in its worker process, locks, and is closed
        shots = [
            Shot(f"filled-{page}", page, person_id)
            for page in ("person", "contact", "visit", "care_plan", "plan_copy", "letters", "audit", "sync", "locked")
        ]
        taken = RealWindow().picture([(team.coordinator.store, shots)], out / "screenshots")
        known = {laptop.store.folder.name: laptop for laptop in team.everyone()}
        made = {
            "person": person_id,
            "by_server": by_server,
            "coordinator": first,
            "colleague": second,
            "lead": lead,
            "stores": {name: str(laptop.store.folder) for name, laptop in known.items()},
            "pictures": len(taken),
            "converged": lived.converged,
        }
        _say(f"made {json.dumps(made)}")
        again = Store.open(team.coordinator.store.folder, team.coordinator.passphrase)
        task = RECORD_TYPES["task"]
        for number in itertools.count():
            again.write(lambda writer: _work(writer, task, person_id))
            if number == 20:
                _say(f"working {os.getpid()}")


def _work(writer: Writer, record_type: RecordType, person_id: str) -> None:
    with transaction(writer, "save_it") as tx:
        save(tx, record_type, with_sentinels(record_type, person_id))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _ignore(_words: str) -> None:
    return


if __name__ == "__main__":
    day(Path(sys.argv[1]), sys.argv[2])
