"""What follow-up rules have still to make, and which of what they made has ended: the SQL."""

import datetime as dt
from typing import Final

import msgspec

from wellbeing_desktop.domain.death import GOES_ON
from wellbeing_desktop.domain.follow_up import FollowUpRule
from wellbeing_desktop.storage.columns import as_day
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.statements import fill, json_text

SUPPORT: Final = "support"
CONTACT: Final = "contact"


class Triggered(msgspec.Struct, frozen=True):
    """Something that happened and has no follow-up by the rule asked about."""

    id: str
    person_id: str
    on: dt.date
    coordinator_id: str
    team_id: str


class Ended(msgspec.Struct, frozen=True):
    """An open follow-up and why it ends: `death`, `support`, or `contact` on a day."""

    task_id: str
    person_id: str
    why: str
    on: dt.date | None


_OPEN_SUPPORT: Final = "SELECT 1 FROM live_episode AS o WHERE o.subject = t.subject AND o.state = 'open'"
_TRIGGERS: Final = {
    "referral_received": ("referral", "t.received_on", "t.state IN ('incomplete', 'new', 'accepted')"),
    "support_started": ("episode", "t.opened_on", "t.state = 'open'"),
    "support_ended": ("episode", "t.closed_on", "t.state = 'closed' AND t.close_reason IS NOT 'opened_in_error'"),
    "left_hospital": ("stay", "t.ended_on", "t.kind = 'ward' AND t.ended_on IS NOT NULL"),
    "plan_agreed": ("care_plan", "t.agreed_on", "t.state = 'agreed'"),
}
_CONDITIONS: Final = {
    "": "1",
    "supported": f"EXISTS ({_OPEN_SUPPORT})",
    "alert": "EXISTS (SELECT 1 FROM live_alert AS a WHERE a.subject = t.subject AND a.ended IS NOT 1"
    " AND NOT EXISTS (SELECT 1 FROM live_alert AS later WHERE later.supersedes = a.id))",
    "from_hospital": "EXISTS (SELECT 1 FROM live_referral AS r WHERE r.subject = t.subject"
    " AND r.source IN ('hospital', 'emergency') AND ({of_trigger}))",
    "ended_as_planned": "t.close_reason IN ('completed', 'goals_met')",
}
# Which referral a trigger came from, for `from_hospital`.
_OF_TRIGGER: Final = {"referral": "r.id = t.id", "episode": "r.id = t.referral_id"}
_DIED: Final = "(p.died_on IS NOT NULL OR p.death_known_by IS NOT NULL)"
_NOT_ABOUT_OTHERS: Final = " AND k.kind NOT IN (SELECT value FROM json_each(:goes_on))"
_GOES_ON: Final = json_text(sorted(GOES_ON))
_SINCE: Final = (
    "SELECT t.id, t.subject, {day}, coalesce({who}, p.coordinator_id), {team} FROM live_{type} AS t"
    " JOIN live_person AS p ON p.id = t.subject"
    " WHERE {day} >= :since AND {day} <= :today AND {which} AND {condition} AND NOT {died} AND {whose}"
    " AND NOT EXISTS (SELECT 1 FROM task AS k WHERE k.rule = :rule AND k.about_id = t.id)"
    " ORDER BY {day}, t.id LIMIT +:limit"
)


def still_to_make(
    reader: Reader, rule: FollowUpRule, today: dt.date, person_id: str = "", *, limit: int = 200
) -> list[Triggered]:
    """What `rule` has not answered yet, of one person or of everybody here; nothing of somebody who has died."""
    if rule.since is None or not rule.is_on:
        return []
    type_name, day, which = _TRIGGERS[rule.trigger]
    condition = _CONDITIONS[rule.only_if]
    if rule.only_if == "ended_as_planned" and type_name != "episode":
        return []
    sql = fill(
        _SINCE,
        day=day,
        who="t.practitioner_id" if type_name in ("episode", "care_plan") else "NULL",
        team="t.team_id" if type_name == "episode" else "NULL",
        type=type_name,
        which=which,
        condition=fill(condition, of_trigger=_OF_TRIGGER.get(type_name, "1")) if "{" in condition else condition,
        died=_DIED,
        whose="t.subject = :person" if person_id else ":person = ''",
    )
    values = {
        "since": rule.since.isoformat(),
        "today": today.isoformat(),
        "rule": rule.id,
        "person": person_id,
        "limit": limit,
    }
    return [
        Triggered(found[0], found[1], dt.date.fromisoformat(found[2]), found[3] or "", found[4] or "")
        for found in reader.rows(sql, values)
    ]


_OPEN_ONES: Final = (
    "SELECT k.id, k.subject, {why}, {on} FROM live_task AS k JOIN live_person AS p ON p.id = k.subject"
    " WHERE k.rule = :rule AND k.state = 'open' AND {which} AND {whose} ORDER BY k.id LIMIT +:limit"
)
_CONTACT_SINCE: Final = (
    "(SELECT min(c.happened_on) FROM live_contact AS c WHERE c.subject = k.subject"
    " AND c.happened_on >= (SELECT {day} FROM live_{type} AS t WHERE t.id = k.about_id)"
    " AND c.outcome IN (SELECT value FROM json_each(:happened)))"
)


def ended(reader: Reader, rule: FollowUpRule, happened: str, person_id: str = "", *, limit: int = 200) -> list[Ended]:
    """Open follow-ups of `rule` that have ended. `happened` are the outcomes of a contact that took place, as JSON."""
    type_name, day, _which = _TRIGGERS[rule.trigger]
    supported = (
        "EXISTS (SELECT 1 FROM live_episode AS o WHERE o.id = k.about_id AND o.state = 'open')"
        if type_name == "episode"
        else "EXISTS (SELECT 1 FROM live_episode AS o WHERE o.subject = k.subject AND o.state = 'open')"
        " OR NOT EXISTS (SELECT 1 FROM live_episode AS o WHERE o.subject = k.subject AND o.state = 'closed')"
    )
    found = [
        *_ended(
            reader,
            rule,
            "'death'",
            "NULL",
            _DIED + _NOT_ABOUT_OTHERS,
            person_id,
            limit,
            happened,
        )
    ]
    if rule.ends_with == SUPPORT:
        found += _ended(reader, rule, "'support'", "NULL", f"NOT ({supported})", person_id, limit, happened)
    elif rule.ends_with == CONTACT:
        since = fill(_CONTACT_SINCE, day=day, type=type_name)
        found += _ended(reader, rule, "'contact'", since, f"{since} IS NOT NULL", person_id, limit, happened)
    return list({one.task_id: one for one in reversed(found)}.values())


def _ended(
    reader: Reader, rule: FollowUpRule, why: str, on: str, which: str, person_id: str, limit: int, happened: str
) -> list[Ended]:
    whose = "k.subject = :person" if person_id else ":person = ''"
    sql = fill(_OPEN_ONES, why=why, on=on, which=which, whose=whose)
    values = {"rule": rule.id, "person": person_id, "limit": limit}
    values |= {name: value for name, value in (("happened", happened), ("goes_on", _GOES_ON)) if f":{name}" in sql}
    return [Ended(found[0], found[1], found[2], as_day(found[3])) for found in reader.rows(sql, values)]
