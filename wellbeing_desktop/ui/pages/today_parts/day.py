"""The day as words and rows: what the lists hold is what the sentence counts."""

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words, staff_clock, staff_date
from wellbeing_desktop.operations.watching import Clocks, clocks
from wellbeing_desktop.storage.concerns import answers_waiting, without_outcome
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.new_referrals import WaitingReferral, waiting_referrals
from wellbeing_desktop.storage.referral_list import Listed, check_ins_due
from wellbeing_desktop.storage.search import PersonRow
from wellbeing_desktop.storage.similar import rows_of
from wellbeing_desktop.storage.today import Due, Today, Visit, today, week
from wellbeing_desktop.ui.models.paged_table import TableRow
from wellbeing_desktop.ui.pages.referrals.words import waiting_words
from wellbeing_desktop.ui.widgets.labels import Tone

_FREE_SHOWN_FROM = 5


class Day(msgspec.Struct, frozen=True):
    """Everything the screen shows, read in one go. `people` are those named in it, by id."""

    today: Today
    referrals: tuple[WaitingReferral, ...]
    week: tuple[Visit, ...]
    people: Mapping[str, PersonRow]
    on: dt.date
    check_ins: tuple[Listed, ...] = ()
    """People who wait for support to begin and are to be looked in on by today (B5)."""
    at_risk: int = 0
    """People at risk for whom no outcome is recorded yet (PRACTICE W6)."""
    answers: int = 0
    """Safety questions answered above 0, on another laptop or in another program, that nobody has seen to."""
    clocks: Clocks = Clocks()
    """What has run out, is not watched yet, or is not confirmed (PRACTICE W13)."""
    now: dt.datetime | None = None


def read_day(reader: Reader, practitioner_id: str, on: dt.date, now: dt.datetime | None = None) -> Day:
    """Ask for the day of one practitioner."""
    found = today(reader, practitioner_id, on)
    referrals = waiting_referrals(reader)
    check_ins = check_ins_due(reader, practitioner_id, on)
    ahead = week(reader, practitioner_id, on)
    ids = {visit.person_id for visit in (*found.visits, *found.without_outcome, *ahead)}
    ids |= {due.person_id for due in (*found.tasks, *found.actions, *found.reviews, *found.copies_owed)}
    ids |= {referral.person_id for referral in referrals} | {each.person_id for each in check_ins}
    ids |= {draft.person_id for draft in found.drafts if draft.person_id}
    people = rows_of(reader, ids)
    at_risk, answers = without_outcome(reader, on), len(answers_waiting(reader))
    return Day(found, referrals, ahead, people, on, check_ins, at_risk, answers, clocks(reader, on), now)


def things(count: int, one: str, many: str = "") -> str:
    """ "1 visit", "3 visits"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def summary(day: Day) -> str:
    """The day in one sentence, from the lists themselves."""
    t = day.today
    late = len(t.late(day.on, day.now))
    parts = []
    if t.visits:
        parts.append(things(len(t.visits), "appointment"))
    to_do = len(t.tasks) + len(t.actions)
    if to_do:
        parts.append(things(to_do, "thing to do", "things to do") + (f", {late} of them late" if late else ""))
    if t.without_outcome:
        parts.append(things(len(t.without_outcome), "appointment with no outcome", "appointments with no outcome"))
    if t.reviews:
        parts.append(things(len(t.reviews), "plan review") + " within 2 weeks")
    if t.copies_owed:
        parts.append(things(len(t.copies_owed), "copy owed", "copies owed"))
    if day.check_ins:
        parts.append(things(len(day.check_ins), "check-in") + " with people who wait")
    if day.referrals:
        parts.append(things(len(day.referrals), "new referral"))
    if t.drafts:
        parts.append(things(len(t.drafts), "draft"))
    return ". ".join(parts) + "." if parts else ""


def is_empty(day: Day) -> bool:
    """True when there is nothing at all to do."""
    t = day.today
    others = day.at_risk or day.answers or day.clocks.rows
    return not (summary(day) or t.conflicts or t.gp_entries or t.not_applied or t.held or t.found_by_sync or others)


def visit_rows(visits: Sequence[Visit], day: Day, *, with_day: bool = False) -> list[TableRow]:
    """When, who, what and where, the time before it, what to know."""
    rows = []
    before: Visit | None = None
    for visit in visits:
        same_day = before is not None and before.starts_on == visit.starts_on
        gap = "" if with_day else gap_in_words(before if same_day else None, visit)
        rows.append(
            TableRow(
                visit.id,
                (
                    (f"{day_words(visit.starts_on, 'No date')}\n" if with_day else "") + times(visit),
                    f"{who(visit.name, visit.person_id, day)}\n{what_and_where(visit)}",
                    gap or visit_state(visit),
                ),
            )
        )
        before = visit
    return rows


def times(visit: Visit) -> str:
    """ "09:40 to 10:40"."""
    if visit.starts_at is None:
        return "No time"
    if not visit.duration_minutes:
        return staff_clock(visit.starts_at)
    ends_at = visit.starts_at + dt.timedelta(minutes=visit.duration_minutes)
    return f"{staff_clock(visit.starts_at)} to {staff_clock(ends_at)}"


def what_and_where(visit: Visit) -> str:
    """ "Home visit, 23 Marsh Lane, DN18 5JD". A call has no place."""
    how = label_of("contact_mediums", visit.medium) if visit.medium else "Appointment"
    where = visit.place or (visit.address if visit.medium == "home_visit" else "")
    return ", ".join(part for part in (how, where, visit.purpose) if part)


def visit_state(visit: Visit) -> str:
    """What to know before going, or that it is done."""
    if visit.state == "attended":
        return "Done"
    if visit.state == "not_attended":
        return "Did not attend"
    if visit.two_person:
        return "Two people go"
    return "Read the alert first" if visit.before_visit else ""


def gap_in_words(before: Visit | None, visit: Visit) -> str:
    """The time between two appointments against the way between them: "Only 10 min, 20 needed"."""
    if visit_state(visit):
        return visit_state(visit)
    way = visit.travel_minutes or 0
    if before is None or before.starts_at is None or visit.starts_at is None:
        return f"{way} min away" if way else ""
    end = before.starts_at + dt.timedelta(minutes=before.duration_minutes or 0)
    free = int((visit.starts_at - end).total_seconds() // 60)
    if free < 0:
        return "Overlaps the one before"
    if way and free < way:
        return f"Only {free} min, {way} needed"
    if way:
        return f"{minutes(free)} free, {way} min away"
    return f"{minutes(free)} free before" if free >= _FREE_SHOWN_FROM else "Straight after"


def minutes(count: int) -> str:
    """ "20 min", "1 h 20 min"."""
    if count < 60:
        return f"{count} min"
    return f"{count // 60} h" + (f" {count % 60} min" if count % 60 else "")


def visit_tone(words: str) -> Tone:
    """Colours for the last cell of a visit; the words say the same."""
    if words.startswith(("Only", "Overlaps", "Two people", "Read the alert", "Did not")):
        return "warning"
    return "good" if words == "Done" else "plain"


def review_rows(day: Day) -> list[TableRow]:
    """Reviews of plans, late ones first."""
    return [
        TableRow(f"{due.type}/{due.id}", (when(due.due_on, day.on), who(due.name, due.person_id, day)))
        for due in day.today.reviews
    ]


def due_rows(dues: Sequence[Due], day: Day) -> list[TableRow]:
    """When, who, what."""
    return [
        TableRow(
            f"{due.type}/{due.id}",
            (
                when(due.due_on, day.on, urgent=due.urgent, at=due.due_at, now=day.now),
                f"{due.what}\n{who(due.name, due.person_id, day)}",
            ),
        )
        for due in dues
    ]


def when(
    due: dt.date | None,
    on: dt.date,
    *,
    urgent: bool = False,
    at: dt.datetime | None = None,
    now: dt.datetime | None = None,
) -> str:
    """ "2 days late", "Today", "09:30", "09:30, late", "In 3 days", "No date". `at` is its hour; without `now` no hour
    is called late."""
    if due is None:
        return "Urgent" if urgent else "No date"
    days = (due - on).days
    if days < 0:
        return things(-days, "day") + " late"
    if days == 0 and at is not None:
        said = staff_clock(at) + (", urgent" if urgent else "")
        return f"{said}, late" if now is not None and at < now else said
    if days == 0:
        return "Today, urgent" if urgent else "Today"
    return "Tomorrow" if days == 1 else f"In {days} days"


def when_tone(words: str) -> Tone:
    """Colours for `when`."""
    if words.endswith("late"):
        return "bad"
    is_soon = words.startswith(("Today", "Urgent", "Owed")) or words.endswith(", urgent") or ":" in words
    return "warning" if is_soon else "plain"


def copy_rows(day: Day) -> list[TableRow]:
    """Copies of plans that people are still owed."""
    return [
        TableRow(
            f"{due.type}/{due.id}",
            (
                f"{who(due.name, due.person_id, day)}\n{due.what}"
                + (f", agreed {staff_date(due.due_on)}" if due.due_on else ""),
            ),
        )
        for due in day.today.copies_owed
    ]


def referral_rows(day: Day) -> list[TableRow]:
    """New referrals, the urgent first."""
    return [
        TableRow(
            f"referral/{each.id}",
            (
                urgency(each),
                f"{who(each.name, each.person_id, day)}\n"
                f"{label_of('referral_sources', each.source)}, {day_words(each.received_on, 'No date')}",
            ),
        )
        for each in day.referrals
    ]


def check_in_rows(day: Day) -> list[TableRow]:
    """When to look in, and on whom."""
    return [
        TableRow(
            f"check_in/{each.episode_id}",
            (
                when(each.check_in_due_on, day.on),
                f"{who(each.name, each.person_id, day)}\n{waiting_words(each.waiting_since, day.on)}",
            ),
        )
        for each in day.check_ins
    ]


def urgency(referral: WaitingReferral) -> str:
    """What the referrer asked for, or that something is missing."""
    if referral.state == "incomplete":
        return "Incomplete"
    return label_of("urgencies", referral.urgency) if referral.urgency else "Not said"


def urgency_tone(words: str) -> Tone:
    """Colours for `urgency`."""
    if words == "Same day":
        return "bad"
    return "warning" if words in ("Urgent", "Incomplete") else "plain"


def who(name: str, person_id: str, day: Day) -> str:
    """Name and birth date: two people may share the first (PRACTICE W2)."""
    row = day.people.get(person_id)
    shown = name or "Not on this laptop"
    if row is None:
        return shown
    born = f", born {staff_date(row.born_on)}" if row.born_on else ""
    return f"{shown}{born}" + (" (similar name)" if row.similar_name else "")


def person_of(record_id: str, day: Day) -> str:
    """The person that a row is about, by the row's id."""
    kind, _, id = record_id.rpartition("/")
    t = day.today
    if not kind:
        return next((v.person_id for v in (*t.visits, *t.without_outcome, *day.week) if v.id == id), "")
    if kind == "clock":
        return next((row.person_id for row in day.clocks.rows if row.id == id), "")
    if kind == "referral":
        return next((each.person_id for each in day.referrals if each.id == id), "")
    if kind == "check_in":
        return next((each.person_id for each in day.check_ins if each.episode_id == id), "")
    dues = (*t.tasks, *t.actions, *t.reviews, *t.copies_owed)
    return next((due.person_id for due in dues if due.id == id), "")
