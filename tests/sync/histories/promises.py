"""I1 to I10 of the protocol of record, as assertions over one world. Scope is judged by a table of its own, written
from PRACTICE W1, and not by the rule that the program uses."""

import datetime as dt
import json
from typing import Any

import msgspec

from tests.sync.histories.model import Model
from tests.sync.histories.world import KINDS, Machine, World
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.storage import audit

CARE = {"card", "core", "documents", "clinical"}


def nothing_is_missing(model: Model) -> None:
    """I5 and I7: what was typed can be found, at any moment."""
    assert model.missing() == set(), "lost"


def what_was_acknowledged_is_in_the_journal(world: World, machine: Machine) -> None:
    """I2 and I3: each acknowledged operation is on the server, once."""
    said = [op_id for (op_id,) in machine.laptop.ask("SELECT op_id FROM outbox WHERE state = 3")]
    known = world.practice.engine.read(
        lambda transaction: transaction.all(
            "SELECT op_id FROM journal WHERE org = ? AND op_id IS NOT NULL", (world.org,)
        )
    )
    ids = [op_id for (op_id,) in known]
    assert len(ids) == len(set(ids))
    assert set(said) <= set(ids), "acknowledged, and not there"


def sequences_have_no_holes_in_sight(world: World) -> None:
    """I4: nothing is beyond the head, and every place below it belongs to a commit."""
    head, rows, log = world.practice.engine.read(
        lambda transaction: (
            transaction.one("SELECT seq FROM org_clock WHERE org = ?", (world.org,)),
            transaction.all("SELECT seq FROM rec WHERE org = ?", (world.org,)),
            transaction.all("SELECT MAX(seq) FROM commit_log WHERE org = ?", (world.org,)),
        )
    )
    assert head is not None
    assert all(seq <= head[0] for (seq,) in rows)
    assert log == [(head[0],)]


def ones_own_waiting_words_are_what_one_sees(model: Model, machine: Machine) -> None:
    """What somebody typed last in a field and has not sent is what they see (SYNC 3.8)."""
    last: dict[tuple[str, str], str] = {}
    waiting = machine.laptop.ask(
        "SELECT id, kind, patch FROM outbox WHERE state < 3 AND type = 'plan_narrative' ORDER BY local"
    )
    for id, kind, patch in waiting:
        if kind == "change":
            last.update({(id, name): value for name, value in json.loads(patch).items()})
    for (id, name), value in last.items():
        shown = machine.laptop.ask(f"SELECT {name} FROM plan_narrative WHERE id = ?", id)  # our own two names
        assert shown == [(value,)], f"{name} shows {shown}, typed was {value}"


# Scope --------------------------------------------------------------------------------------------------------------


class Oracle:
    """What each of the five may hold, from the grants as the server has them now."""

    def __init__(self, world: World, machine: Machine) -> None:
        self.kind = KINDS[machine.name]
        self.member = machine.laptop.member.id
        found = world.practice.engine.read(
            lambda transaction: transaction.all(
                "SELECT body FROM rec WHERE org = ? AND subject = ? AND t = 'grant' AND del = 0",
                (world.org, self.member),
            )
        )
        bodies = [msgspec.json.decode(bytes(row[0]))["body"] for row in found]
        today = dt.datetime.now(dt.UTC).date().isoformat()
        self.grants = [body for body in bodies if body.get("until_on", "9999") >= today]

    def may_hold(self, type_name: str, subject: str, compartment: str) -> bool:
        record_type = RECORD_TYPES[type_name]
        if type_name in ("organisation", "practitioner", "team", "setting", "grant"):
            return bool(self.grants) and (type_name != "grant" or subject == self.member or compartment == "card")
        if str(record_type.subject_kind) != "person":
            return bool(self.grants)
        return any(
            (subject in grant.get("subjects", ()) or "*" in grant.get("subjects", ()))
            and self._given(type_name, compartment)
            for grant in self.grants
        )

    def _given(self, type_name: str, compartment: str) -> bool:
        match self.kind:
            case "caseload" | "team":
                return compartment in CARE
            case "front_desk":
                return compartment == "card"
            case "office":
                return compartment in ("card", "documents") or type_name in ("appointment", "plan_copy")
            case "return":
                return compartment in ("card", "core")
        raise AssertionError(self.kind)


def nothing_of_another_scope_is_on_the_laptop(world: World, machine: Machine, model: Model) -> None:
    """Raw rows of every table that has any."""
    oracle = Oracle(world, machine)
    laptop = machine.laptop
    rows = laptop.ask("SELECT type, id, subject, compartment, rev FROM record")
    for type_name, id, subject, compartment, rev in rows:
        if oracle.kind == "front_desk" and rev == 0 and type_name in ("appointment", "contact", "task", "enquiry"):
            continue  # what it wrote itself for somebody whose record it does not hold stays as it wrote it
        assert oracle.may_hold(type_name, subject, compartment), f"{machine.name} holds {type_name} {id}"
    held = {id for (id,) in laptop.ask("SELECT id FROM record")}
    for table in ("version", "shadow"):
        assert {id for (id,) in laptop.ask(f"SELECT DISTINCT id FROM {table}")} <= held, table
    if oracle.kind == "return":
        for (table,) in laptop.ask("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%search%'"):
            said = repr(laptop.ask(f"SELECT * FROM {table}")) if table in RECORD_TYPES else ""
            assert not any(text in said for text in model.typed), f"words in {table} of somebody who only counts"


def nothing_of_another_scope_travels(world: World, machine: Machine, path: str, reply: bytes, model: Model) -> None:
    """Every row and every version in every reply, at the moment that it is sent."""
    body: dict[str, Any] = msgspec.json.decode(reply)
    rows = body.get("changes") or ()
    versions = body.get("versions") or ()
    if not rows and not versions:
        return
    oracle = Oracle(world, machine)
    for row in rows:
        if row["type"] in RECORD_TYPES:
            assert oracle.may_hold(row["type"], row["subject"], row["compartment"]), f"{path} sent {row['type']}"
    places = _places(world, [version["id"] for version in versions])
    for version in versions:
        type_name, subject, compartment = places[version["id"]]
        assert oracle.may_hold(type_name, subject, compartment), f"{path} sent history of {type_name}"
        assert oracle.kind != "return" or str(RECORD_TYPES[type_name].subject_kind) != "person"
    if oracle.kind == "return":
        assert not any(text.encode() in reply for text in model.typed), "words to somebody who only counts"


def _places(world: World, ids: list[str]) -> dict[str, tuple[str, str, str]]:
    if not ids:
        return {}
    rows = world.practice.engine.read(
        lambda transaction: transaction.all("SELECT id, t, subject, compartment FROM rec WHERE org = ?", (world.org,))
    )
    return {id: (type_name, subject, compartment) for id, type_name, subject, compartment in rows}


# At the end ---------------------------------------------------------------------------------------------------------


def history_is_the_servers(world: World, machine: Machine) -> None:
    """Whoever sees whole records has every version of them, the same as the server's."""
    if KINDS[machine.name] not in ("caseload", "team"):
        return
    held = set(machine.laptop.ask("SELECT id FROM record WHERE type NOT IN ('grant', 'practitioner')"))
    ours = {(id, rev) for id, rev in machine.laptop.ask("SELECT id, rev FROM version") if (id,) in held}
    rows = world.practice.engine.read(
        lambda transaction: transaction.all("SELECT id, rev FROM version WHERE org = ?", (world.org,))
    )
    theirs = {(id, rev) for id, rev in rows if (id,) in held}
    assert ours == theirs, f"{machine.name}: {sorted(ours ^ theirs)}"


def nothing_was_applied_twice(world: World, model: Model) -> None:
    """A text that clashed with nothing is in one version of its record."""
    org = world.org
    versions, conflicts = world.practice.engine.read(
        lambda transaction: (
            transaction.all("SELECT id, body FROM version WHERE org = ? AND t <> 'conflict'", (org,)),
            transaction.all("SELECT body FROM version WHERE org = ? AND t = 'conflict'", (org,)),
        )
    )
    clashed = b"\n".join(bytes(body) for (body,) in conflicts)
    count: dict[str, int] = dict.fromkeys(model.typed, 0)
    for id, raw in versions:
        body = msgspec.json.decode(bytes(raw))
        said = json.dumps([body.get("patch"), body.get("kept")])
        for text, typed in model.typed.items():
            if typed.record_id == id and text in said:
                count[text] += 1
    twice = {text for text, times in count.items() if times > 1 and text.encode() not in clashed}
    assert twice == set(), "applied twice"


def audit_is_whole(machine: Machine) -> None:
    assert machine.laptop.store.read(audit.verify) == []
