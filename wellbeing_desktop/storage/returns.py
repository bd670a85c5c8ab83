"""The counting queries of returns: few, each over an index on the local date, each answering groups and who is in them.

A group carries its members as text, one `record person` a line, so that SQLite does the counting and Python touches a
member only when a return is kept or a number is opened. What was amended is left out of the contact and score queries
and counted by its effective value instead; removed and misfiled rows are in no `live_` view.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from wellbeing_desktop.domain.assessment import Score
from wellbeing_desktop.domain.contact import Contact
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.effective import effective_of
from wellbeing_desktop.storage.statements import json_text


class Group(NamedTuple):
    """Rows that agree in their keys: how many, and `record person` a line."""

    keys: tuple[str, ...]
    size: int
    members: str


class FirstContact(NamedTuple):
    """A referral whose first contact was in the time asked about."""

    referral_id: str
    person_id: str
    received_on: dt.date
    first_on: dt.date


class ScoreRow(NamedTuple):
    id: str
    person_id: str
    episode_id: str
    value: int
    taken_on: dt.date


# Everything below is fixed text; what varies is bound.
CONTACTS: Final = """
SELECT coalesce(medium, ''), coalesce(outcome, ''), coalesce(place, ''), count(*),
  group_concat(id || ' ' || subject, char(10))
FROM contact INDEXED BY contact_by_happened_on
WHERE gone = 0 AND happened_on BETWEEN :first AND :last
  AND id NOT IN (SELECT target_id FROM live_amendment WHERE target_type = 'contact')
GROUP BY 1, 2, 3
"""

_REFERRALS: Final = """
SELECT coalesce(r.source, ''), coalesce(r.practice_id, p.practice_id, ''), coalesce(r.decline_reason, ''),
  coalesce(
    CAST(substr(r.received_on, 1, 4) AS INTEGER) - CAST(substr(p.born_on, 1, 4) AS INTEGER)
      - (substr(r.received_on, 6) < substr(p.born_on, 6)), ''),
  coalesce(r.reason, ''),
  coalesce((SELECT stated_gender FROM live_demographics WHERE subject = r.subject ORDER BY id LIMIT 1), ''),
  coalesce((SELECT ethnicity FROM live_demographics WHERE subject = r.subject ORDER BY id LIMIT 1), ''),
  count(*), group_concat(r.id || ' ' || r.subject, char(10))
FROM live_referral AS r LEFT JOIN live_person AS p ON p.id = r.subject
"""
REFERRALS_RECEIVED: Final = _REFERRALS + "WHERE r.received_on BETWEEN :first AND :last GROUP BY 1, 2, 3, 4, 5, 6, 7"
REFERRALS_ACCEPTED: Final = (
    _REFERRALS + "WHERE r.state = 'accepted' AND r.decided_on BETWEEN :first AND :last GROUP BY 1, 2, 3, 4, 5, 6, 7"
)
REFERRALS_DECLINED: Final = (
    _REFERRALS + "WHERE r.state = 'declined' AND r.decided_on BETWEEN :first AND :last GROUP BY 1, 2, 3, 4, 5, 6, 7"
)

_EPISODES: Final = """
SELECT coalesce(p.practice_id, ''), coalesce(e.close_reason, ''),
  coalesce(CAST((julianday(min(coalesce(e.closed_on, :last), :last)) - julianday(e.opened_on)) / 7 AS INTEGER), ''),
  count(*),
  group_concat(e.id || ' ' || e.subject, char(10))
FROM live_episode AS e LEFT JOIN live_person AS p ON p.id = e.subject
"""
CASELOAD_OPEN: Final = (
    _EPISODES + "WHERE e.opened_on <= :last AND (e.closed_on IS NULL OR e.closed_on > :last) GROUP BY 1, 2, 3"
)
CASELOAD_OPENED: Final = _EPISODES + "WHERE e.opened_on BETWEEN :first AND :last GROUP BY 1, 2, 3"
CASELOAD_CLOSED: Final = _EPISODES + "WHERE e.closed_on BETWEEN :first AND :last GROUP BY 1, 2, 3"

_PLANS: Final = """
SELECT coalesce(p.practice_id, ''), count(*), group_concat(c.id || ' ' || c.subject, char(10))
FROM live_care_plan AS c LEFT JOIN live_person AS p ON p.id = c.subject
"""
PLANS_AGREED: Final = _PLANS + "WHERE c.agreed_on BETWEEN :first AND :last GROUP BY 1"
PLANS_REVIEWED: Final = _PLANS + "WHERE c.reviewed_on BETWEEN :first AND :last GROUP BY 1"
PLANS_OFFERED: Final = _PLANS + "WHERE c.started_on BETWEEN :first AND :last GROUP BY 1"
PLANS_DECLINED: Final = _PLANS + "WHERE c.state = 'declined' AND c.ended_on BETWEEN :first AND :last GROUP BY 1"
PLANS_OVERDUE: Final = _PLANS + "WHERE c.state = 'agreed' AND c.review_on < :last GROUP BY 1"

_ONWARD: Final = """
SELECT coalesce(kind, ''), coalesce(state, ''), count(*), group_concat(id || ' ' || subject, char(10))
FROM live_onward_referral
"""
ONWARD: Final = _ONWARD + "WHERE sent_on BETWEEN :first AND :last GROUP BY 1, 2"
ONWARD_WAITING: Final = _ONWARD + "WHERE sent_on <= :last AND (ended_on IS NULL OR ended_on > :last) GROUP BY 1, 2"

# Somebody's first plan, and the newest referral that came before it.
FIRST_PLANS: Final = """
SELECT c.id, c.subject, max(r.received_on), c.agreed_on
FROM live_care_plan AS c JOIN live_referral AS r ON r.subject = c.subject AND r.received_on <= c.agreed_on
WHERE c.version = 1 AND c.agreed_on BETWEEN :first AND :last
  AND NOT EXISTS (SELECT 1 FROM live_care_plan AS e WHERE e.subject = c.subject AND e.agreed_on < c.agreed_on)
GROUP BY c.id
"""

_WITHOUT_ETHNICITY: Final = """
SELECT count(*), group_concat(e.id || ' ' || e.subject, char(10))
FROM live_episode AS e
WHERE e.opened_on <= :last AND (e.closed_on IS NULL OR e.closed_on > :last)
  AND NOT EXISTS (SELECT 1 FROM live_demographics AS d WHERE d.subject = e.subject AND d.ethnicity IS NOT NULL)
"""
_WITHOUT_PRACTICE: Final = """
SELECT count(*), group_concat(e.id || ' ' || e.subject, char(10))
FROM live_episode AS e JOIN live_person AS p ON p.id = e.subject
WHERE e.opened_on <= :last AND (e.closed_on IS NULL OR e.closed_on > :last) AND p.practice_id IS NULL
"""
NOT_RECORDED: Final = {"ethnicity": _WITHOUT_ETHNICITY, "practice": _WITHOUT_PRACTICE}
"""What is not recorded of people supported on the last day. Only what a return may read: an NHS number is not."""

# Begins at the contacts of the month, so that it costs what the month holds and not what the store holds. The moment is
# there for the index alone (a local date may be the UTC one before); what counts is the local date.
FIRST_CONTACTS: Final = """
SELECT r.id, r.subject, r.received_on, min(c.happened_on)
FROM contact AS c INDEXED BY contact_by_happened_on
JOIN live_referral AS r ON r.subject = c.subject AND r.received_on <= c.happened_on
WHERE c.gone = 0 AND c.happened_on BETWEEN :first AND :last
  AND c.outcome IN (SELECT value FROM json_each(:reached))
  AND c.subject NOT IN (SELECT value FROM json_each(:apart))
GROUP BY r.id
HAVING NOT EXISTS (
  SELECT 1 FROM contact AS e INDEXED BY contact_by_subject_happened_at
  WHERE e.subject = r.subject AND e.happened_at >= date(r.received_on, '-1 day') AND e.gone = 0
    AND e.happened_on >= r.received_on AND e.happened_on < :first
    AND e.outcome IN (SELECT value FROM json_each(:reached)))
"""

_SCORES: Final = """
SELECT id, subject, coalesce(episode_id, ''), value, taken_on FROM live_score
WHERE tool = :tool AND scale = :scale AND taken_on <= :last AND value IS NOT NULL
  AND subject IN (SELECT value FROM json_each(:people))
ORDER BY taken_on, id
"""
_SCORED_IN: Final = "SELECT DISTINCT subject FROM live_score WHERE tool = :tool AND scale = :scale AND taken_on BETWEEN :first AND :last"


def contacts(reader: Reader, first: dt.date, last: dt.date) -> list[Group]:
    """By medium, outcome and place. Amended ones as they read now, wherever the amendment moved them."""
    groups = [
        Group((medium, outcome, place), count, members)
        for medium, outcome, place, count, members in reader.rows(CONTACTS, _span(first, last))
    ]
    amended = _amended(reader, "contact")
    found: dict[tuple[str, str, str], list[str]] = {}
    if amended:
        subjects = _subjects(reader, amended)
        for id, now in effective_of(reader, Contact, amended).items():
            if first.isoformat() <= str(now.body.get("happened_on", "")) <= last.isoformat():
                keys = (
                    str(now.body.get("medium", "")),
                    str(now.body.get("outcome", "")),
                    str(now.body.get("place", "")),
                )
                found.setdefault(keys, []).append(f"{id} {subjects[id]}")
    return [*groups, *(Group(keys, len(members), "\n".join(members)) for keys, members in found.items())]


def referrals(reader: Reader, sql: str, first: dt.date, last: dt.date) -> list[Group]:
    """By source, practice, decline reason, age in whole years (empty when the birth date is not known), what for,
    gender and ethnicity."""
    return grouped(reader, sql, first, last)


def grouped(reader: Reader, sql: str, first: dt.date, last: dt.date) -> list[Group]:
    """The groups of one of the queries above: its keys, then how many, then who."""
    values = _span(first, last)
    used = {name: value for name, value in values.items() if f":{name}" in sql}
    return [Group(tuple(map(str, keys)), count, members) for *keys, count, members in reader.rows(sql, used)]


def first_plans(reader: Reader, first: dt.date, last: dt.date) -> list[FirstContact]:
    """First plans agreed in the time asked about, each with the day of the referral before it."""
    return [
        FirstContact(id, person, dt.date.fromisoformat(received), dt.date.fromisoformat(agreed))
        for id, person, received, agreed in reader.rows(FIRST_PLANS, _span(first, last))
    ]


def not_recorded(reader: Reader, last: dt.date) -> list[tuple[str, Group]]:
    """What is missing, and of whom."""
    found = []
    for what, sql in NOT_RECORDED.items():
        for group in grouped(reader, sql, last, last):
            if group.size:
                found.append((what, group))
    return found


def supported_before(reader: Reader, day: dt.date) -> set[str]:
    """People with a period of support that began before the day."""
    sql = "SELECT DISTINCT subject FROM live_episode WHERE opened_on < ?"
    return {row[0] for row in reader.rows(sql, (day.isoformat(),))}


def first_contacts(
    reader: Reader, first: dt.date, last: dt.date, reached: Sequence[str], joined: Sequence[Sequence[str]] = ()
) -> list[FirstContact]:
    """Referrals first answered by a contact in the time asked about. `joined` are groups of records of one person:
    those, and people with amended contacts, are looked at one by one."""
    grouped = {id for group in joined for id in group}
    amended_people = set(_subjects(reader, _amended(reader, "contact")).values())
    alone = [[id] for id in sorted(amended_people - grouped)]
    found = reader.rows(
        FIRST_CONTACTS,
        {
            **_span(first, last),
            "reached": json_text(list(reached)),
            "apart": json_text(sorted(amended_people | grouped)),
        },
    )
    answered = [
        FirstContact(id, person, dt.date.fromisoformat(received), dt.date.fromisoformat(first_on))
        for id, person, received, first_on in found
    ]
    for group in (*joined, *alone):
        answered += _first_contacts_of(reader, group, first, last, frozenset(reached))
    return answered


def scores(
    reader: Reader, tool: str, scale: str, first: dt.date, last: dt.date, joined: Sequence[Sequence[str]] = ()
) -> list[ScoreRow]:
    """Every score, up to the last day, of those who have one in the time asked about; oldest first."""
    values = {"tool": tool, "scale": scale, **_span(first, last)}
    people = {row[0] for row in reader.rows(_SCORED_IN, values)}
    amended = _amended(reader, "score")
    subjects = _subjects(reader, amended)
    people |= set(subjects.values())
    for group in joined:
        if people & set(group):
            people |= set(group)
    rows = [
        ScoreRow(id, person, episode, value, dt.date.fromisoformat(taken_on))
        for id, person, episode, value, taken_on in reader.rows(
            _SCORES, {"tool": tool, "scale": scale, "last": last.isoformat(), "people": json_text(sorted(people))}
        )
        if id not in subjects
    ]
    for id, now in effective_of(reader, Score, amended).items():
        body = now.body
        if body.get("tool") != tool or body.get("scale") != scale or not isinstance(body.get("value"), int):
            continue
        taken_on = dt.date.fromisoformat(str(body["taken_on"]))
        if taken_on <= last:
            rows.append(ScoreRow(id, subjects[id], str(body.get("episode_id", "")), body["value"], taken_on))
    return sorted(rows, key=lambda row: (row.taken_on, row.id))


# How complete (W27) -------------------------------------------------------------------------------------------------


def appointments_without_outcome(reader: Reader, first: dt.date, last: dt.date) -> int:
    """Still booked, of the days from `first` to `last`, both included."""
    return int(
        reader.value(
            "SELECT count(*) FROM live_appointment WHERE state = 'booked' AND starts_on BETWEEN :first AND :last",
            _span(first, last),
        )
    )


def undecided_referrals(reader: Reader, last: dt.date) -> int:
    """Received by `last` and not decided yet, whenever they came."""
    return int(
        reader.value(
            "SELECT count(*) FROM live_referral WHERE state IN ('new', 'incomplete') AND received_on <= ?",
            (last.isoformat(),),
        )
    )


def supported_without_practice(reader: Reader, last: dt.date) -> int:
    """People in the caseload on the last day for whom no practice is recorded."""
    return int(
        reader.value(
            "SELECT count(DISTINCT e.subject) FROM live_episode AS e JOIN live_person AS p ON p.id = e.subject"
            " WHERE e.opened_on <= :last AND (e.closed_on IS NULL OR e.closed_on > :last) AND p.practice_id IS NULL",
            {"last": last.isoformat()},
        )
    )


def members_of(group: Group) -> Iterator[tuple[str, str]]:
    """(record id, person id) of everything in a group."""
    for line in group.members.split("\n") if group.members else ():
        record_id, _, person_id = line.partition(" ")
        yield record_id, person_id


def _amended(reader: Reader, type_name: str) -> list[str]:
    return [
        found[0]
        for found in reader.rows("SELECT DISTINCT target_id FROM live_amendment WHERE target_type = ?", (type_name,))
    ]


def _subjects(reader: Reader, ids: Sequence[str]) -> dict[str, str]:
    if not ids:
        return {}
    found = reader.rows(
        "SELECT id, subject FROM record WHERE id IN (SELECT value FROM json_each(?))", (json_text(list(ids)),)
    )
    return {row[0]: row[1] for row in found}


def _first_contacts_of(
    reader: Reader, group: Sequence[str], first: dt.date, last: dt.date, reached: frozenset[str]
) -> Iterator[FirstContact]:
    people = json_text(list(group))
    ids = [
        found[0]
        for found in reader.rows(
            "SELECT id FROM live_contact WHERE subject IN (SELECT value FROM json_each(?))", (people,)
        )
    ]
    days = sorted(
        str(now.body.get("happened_on", ""))
        for now in effective_of(reader, Contact, ids).values()
        if now.body.get("outcome") in reached
    )
    for id, person, received in reader.rows(
        "SELECT id, subject, received_on FROM live_referral WHERE received_on IS NOT NULL"
        " AND subject IN (SELECT value FROM json_each(?))",
        (people,),
    ):
        after = [day for day in days if day >= received]
        if after and first.isoformat() <= after[0] <= last.isoformat():
            yield FirstContact(id, person, dt.date.fromisoformat(received), dt.date.fromisoformat(after[0]))


def _span(first: dt.date, last: dt.date) -> dict[str, str]:
    return {"first": first.isoformat(), "last": last.isoformat()}
