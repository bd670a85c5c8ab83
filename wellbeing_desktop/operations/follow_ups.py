"""Follow-ups that the service's rules make and end: once for what happened, whatever the number of laptops (H2).

A rule is asked in the transaction of what it follows, and again for everybody when a store is opened and after a sync:
imports, other laptops and rules switched on meanwhile. The task's id follows from the rule and from what it follows
(`FollowUpRule.task_id`), so two laptops without a network make one task. What has been made is never made again, not
after it was removed, and not when the rule's words change.
"""

import datetime as dt
from collections import defaultdict
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.domain.dates import staff_date
from wellbeing_desktop.domain.death import CLOSED_BECAUSE
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.follow_up import (
    RULE_SETTING,
    FollowUpRule,
    check_rule,
    read_rules,
    rule_from,
    shipped_rules,
)
from wellbeing_desktop.domain.lease import Standing
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.organisation import Setting
from wellbeing_desktop.domain.periods import after
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.clocks import is_open_on
from wellbeing_desktop.storage import grants, lease
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.follow_ups import Ended, Triggered, ended, still_to_make
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.statements import json_text
from wellbeing_desktop.storage.write_door import Transaction

SUPPORT_CLOSED: Final = "Support was closed"
IN_ONE_GO: Final = 200
"""Of each rule: what is left is made when the rules are next asked."""
_HAPPENED: Final = json_text(sorted(code_list("contact_outcomes").codes_where("kind", "happened")))


def follow_up_rules(reader: Reader) -> tuple[FollowUpRule, ...]:
    """The example set with what the service made of it, and the service's own, in the order of their words."""
    rules = {rule.id: rule for rule in shipped_rules()}
    for setting in load_all(reader, Setting):
        if not setting.key.startswith(RULE_SETTING):
            continue
        try:
            rule = rule_from(msgspec.json.decode(setting.value))
        except msgspec.DecodeError:
            continue
        if rule is not None:
            rules[rule.id] = rule
    return tuple(sorted(rules.values(), key=lambda rule: (rule.words.casefold(), rule.id)))


def change_rule(writer: Writer, rule: FollowUpRule, *, at: dt.datetime | None = None) -> Changes:
    """A rule of the service, new or changed. One that is switched on counts from today on."""
    with doing(writer, "change_follow_up_rule", at=at) as tx:
        _save_rule(tx, check_rule(rule))
    return tx.changes


def import_rules(writer: Writer, content: bytes, *, at: dt.datetime | None = None) -> Changes:
    """The rules of a file, all or none. A rule with an id that is known replaces it."""
    rules = read_rules(content)
    with doing(writer, "import_follow_up_rules", at=at) as tx:
        for rule in rules:
            _save_rule(tx, rule)
    return tx.changes


def _save_rule(tx: Transaction, rule: FollowUpRule) -> None:
    known = {one.id: one for one in follow_up_rules(tx.reader)}.get(rule.id)
    since = known.since if known is not None and known.is_on else None
    rule = msgspec.structs.replace(rule, since=(since or local_date(tx.at)) if rule.is_on else None)
    key, text = RULE_SETTING + rule.id, msgspec.json.encode(rule).decode()
    kept = load_all(tx.reader, Setting, key=key)
    if kept:
        tx.change(Setting, kept[-1].id, {"value": text})
    else:
        tx.create(Setting(key=key, value=text))


def keep_follow_ups(tx: Transaction, person_id: str) -> None:
    """Within a transaction: make and end what the rules say of one person now."""
    rules = _in_use(tx.reader)
    for rule in rules:
        for one in ended(tx.reader, rule, _HAPPENED, person_id):
            _end(tx, one)
        for triggered in still_to_make(tx.reader, rule, local_date(tx.at), person_id):
            _make(tx, rule, triggered)


def support_goes_on(tx: Transaction, person_id: str, episode_id: str) -> None:
    """Closing was wrong: what it closed is open again, and what followed from it is not needed."""
    rules = {rule.id: rule for rule in follow_up_rules(tx.reader)}
    for task in load_all(tx.reader, Task, subject=person_id):
        rule = rules.get(task.rule)
        if rule is None:
            continue
        if task.state == "cancelled" and task.outcome == SUPPORT_CLOSED:
            tx.change(Task, task.id, {"state": "open", "outcome": ""})
        elif task.state == "open" and rule.trigger == "support_ended" and task.about_id == episode_id:
            tx.change(Task, task.id, {"state": "cancelled", "outcome": "Support goes on"})
    keep_follow_ups(tx, person_id)


def has_work(reader: Reader, today: dt.date) -> bool:
    """Is there anything for `look_after_follow_ups` to do?"""
    return any(
        ended(reader, rule, _HAPPENED, limit=1) or still_to_make(reader, rule, today, limit=1)
        for rule in _in_use(reader)
    )


def look_after_follow_ups(writer: Writer, *, at: dt.datetime | None = None) -> Changes:
    """Make and end what the rules say of everybody whose records may be written here, a person at a time. It is not the
    last thing that somebody did, so nothing is offered to undo."""
    now = at or dt.datetime.now(dt.UTC)
    if lease.terms(writer).standing not in (Standing.FULL, Standing.WARNED) or not has_work(writer, local_date(now)):
        return Changes()
    with doing(writer, "make_follow_ups", at=now) as tx:
        held, today = grants.grants_held(tx.reader), local_date(now)
        ends: dict[str, list[Ended]] = defaultdict(list)
        makes: dict[str, list[tuple[FollowUpRule, Triggered]]] = defaultdict(list)
        for rule in _in_use(tx.reader):
            for one in ended(tx.reader, rule, _HAPPENED, limit=IN_ONE_GO):
                ends[one.person_id].append(one)
            for triggered in still_to_make(tx.reader, rule, today, limit=IN_ONE_GO):
                makes[triggered.person_id].append((rule, triggered))
        for person_id in sorted({*ends, *makes}):
            if not _may_write(tx, held, person_id, today):
                continue
            tx.begin_group()
            for one in ends[person_id]:
                _end(tx, one)
            for rule, triggered in makes[person_id]:
                _make(tx, rule, triggered)
    return Changes(tx.changes.touched)


def _in_use(reader: Reader) -> list[FollowUpRule]:
    """Rules that are on, and those that were: what they made still ends."""
    return [rule for rule in follow_up_rules(reader) if rule.is_on or _has_made(reader, rule)]


def _has_made(reader: Reader, rule: FollowUpRule) -> bool:
    return reader.value("SELECT 1 FROM live_task WHERE rule = ? AND state = 'open' LIMIT 1", (rule.id,)) is not None


def _make(tx: Transaction, rule: FollowUpRule, triggered: Triggered) -> None:
    owner = {"coordinator": triggered.coordinator_id, "named": rule.named_id}.get(rule.to, "")
    tx.create(
        Task(
            id=rule.task_id(triggered.id),
            subject=triggered.person_id,
            title=rule.words,
            kind=rule.kind,
            about_id=triggered.id,
            owner_id=owner,
            team_id=triggered.team_id if rule.to == "team" or not owner else "",
            due_on=after(triggered.on, rule.period, is_open_on(tx.reader)),
            rule=rule.id,
            state="open",
        )
    )


def _end(tx: Transaction, one: Ended) -> None:
    """With its reason, and never as missed."""
    fields: dict[str, Any]
    if one.why == "contact" and one.on is not None:
        fields = {"state": "done", "done_on": one.on, "outcome": f"Contact on {staff_date(one.on)}"}
    else:
        fields = {"state": "cancelled", "outcome": CLOSED_BECAUSE if one.why == "death" else SUPPORT_CLOSED}
    tx.change(Task, one.task_id, fields)


def _may_write(tx: Transaction, held: Any, person_id: str, today: dt.date) -> bool:
    task_type = RECORD_TYPES["task"]
    compartment = task_type.compartment.value if task_type.compartment else ""
    about = grants.about(tx.reader, held, person_id)
    try:
        grants.require_write(about, task_type, person_id, compartment, today, adding=True)
        grants.require_write(about, task_type, person_id, compartment, today, adding=False)
    except Refused:
        return False
    return True
