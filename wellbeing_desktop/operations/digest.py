"""A caseload on one page for whoever takes over (Beyond 18): what changed, what is due, who is worried, what is owed.

Nothing is scored and nobody is put in order of danger (PRACTICE W7): concerns and alerts stand by their dates, without
their words, because paper is lost. Each part shows as much as fits one page together, and says how many more there
are; everything is in the program.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.domain.care_plan import PlanCopy
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.dates import long_date, staff_clock, staff_date, staff_moment
from wellbeing_desktop.domain.enquiry import Enquiry, Request
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.safety import Alert
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import found
from wellbeing_desktop.storage.concerns import open_concerns
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.joined import ids_of, survivor_of
from wellbeing_desktop.storage.records import load_all

DUE_WITHIN: Final = dt.timedelta(days=14)
ROOM: Final = 470
"""What fits one page of 12 point beside the titles, in points; a line takes 23, one that wraps 15 more."""

FIRST_ROWS: Final = 2
"""Of these each part has its own, so that a long list never pushes out a concern or a promise."""

LETTERS: Final = 54
"""Of a task's title on paper."""

_TOLD: Final = ("contact", "care_plan", "referral", "episode", "assessment", "letter", "alert", "attachment")
_WAITING_REQUEST: Final = frozenset({"open", "with_clinician", "instructed"})


class Entry(msgspec.Struct, frozen=True):
    """One line: who, what, and when in words."""

    person_id: str
    name: str
    what: str
    when: str = ""


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """The caseload of `practitioner_id` as this laptop knows it."""

    practitioner_id: str
    since: dt.date
    made_at: dt.datetime
    people: int
    changed: tuple[Entry, ...]
    due: tuple[Entry, ...]
    worried: tuple[Entry, ...]
    copies: tuple[Entry, ...]
    calls: tuple[Entry, ...]

    @property
    def parts(self) -> tuple[tuple[str, tuple[Entry, ...], str], ...]:
        """Title, lines, and what to say when there is none."""
        return (
            ("Open concerns and alerts", self.worried, "None on this laptop."),
            ("Due", self.due, f"Nothing within {DUE_WITHIN.days} days."),
            ("Calls and promises waiting", self.calls, "None."),
            ("Copies of plans owed", self.copies, "None."),
            (f"Changed since {staff_date(self.since)}", self.changed, "Nothing."),
        )


def caseload_digest(
    reader: Reader, practitioner_id: str, since: dt.date, now: dt.datetime, *, only: Sequence[str] = ()
) -> Digest:
    """`only` keeps these people of the caseload; everybody when it is empty."""
    today = local_date(now)
    people = [one for one in load_all(reader, Person, coordinator_id=practitioner_id) if not only or one.id in only]
    people = [one for one in people if survivor_of(reader, one.id) == one.id]
    people.sort(key=lambda one: (list_name(one.family_name, one.given_name).casefold(), one.id))
    names = {one.id: list_name(one.family_name, one.given_name, one.known_as) for one in people}
    return Digest(
        practitioner_id=practitioner_id,
        since=since,
        made_at=now,
        people=len(people),
        changed=tuple(_changed(reader, names, since)),
        due=tuple(_due(reader, names, today)),
        worried=tuple(_worried(reader, names, today)),
        copies=tuple(
            Entry(id, name, "Copy of the plan", f"Version {copy.version}" if copy.version else "")
            for id, name in names.items()
            for copy in found.every(reader, PlanCopy, id, state="owed")
        ),
        calls=tuple(_calls(reader, names)),
    )


def digest_document(digest: Digest, *, of_name: str, user_name: str) -> b.Document:
    """One page: the first lines of each part, and how many more there are."""
    people = "1 person" if digest.people == 1 else f"{digest.people} people"
    made: list[b.Block] = [
        b.Heading(f"Caseload of {of_name}", 1),
        b.Paragraph(
            f"{people}. Made by {user_name}, {long_date(local_date(digest.made_at))} {staff_clock(digest.made_at)}, "
            "as this laptop knew it."
        ),
    ]
    rows: list[tuple[b.Text, ...]] = []
    for (title, entries, none), shown in zip(digest.parts, _shown(digest), strict=True):
        many = f"{shown} of {len(entries)}" if shown < len(entries) else f"{shown}" if entries else none
        rows.append(((b.Strong(title),), many, ""))
        rows += [(entry.name, _short(entry.what), entry.when) for entry in entries[:shown]]
    made.append(b.Table(("Who", "What", "When"), tuple(rows), (4, 4, 3)))
    made.append(b.Paragraph("Put it in confidential waste when it has been read.", tone="quiet"))
    return b.Document("Caseload digest", tuple(made), purpose="Confidential: staff copy")


def people_of(digest: Digest) -> tuple[str, ...]:
    """Whom the page names."""
    parts = zip(digest.parts, _shown(digest), strict=True)
    named = (entry.person_id for (_title, entries, _none), shown in parts for entry in entries[:shown])
    return tuple(dict.fromkeys(named))


def _shown(digest: Digest) -> list[int]:
    """How many lines of each part are on the page: its own first, then in turn while there is room."""
    parts = [entries for _title, entries, _none in digest.parts]
    shown = [min(FIRST_ROWS, len(entries)) for entries in parts]
    room = ROOM - sum(_height(entry) for entries, many in zip(parts, shown, strict=True) for entry in entries[:many])
    grew = True
    while grew:
        grew = False
        for place, entries in enumerate(parts):
            if shown[place] < len(entries) and _height(entries[shown[place]]) <= room:
                room -= _height(entries[shown[place]])
                shown[place] += 1
                grew = True
    return shown


def _height(entry: Entry) -> int:
    lines = max(
        -(-len(words) // most) for words, most in ((entry.name, 22), (_short(entry.what), 28), (entry.when, 20))
    )
    return 8 + 15 * max(lines, 1)


def _short(words: str) -> str:
    return words if len(words) <= LETTERS else f"{words[: LETTERS - 1].rstrip()}…"


def _changed(reader: Reader, names: dict[str, str], since: dt.date) -> Iterable[Entry]:
    for id, name in names.items():
        parts, last = [], ""
        for member in ids_of(reader, id):
            for type_name, many, latest in reader.rows(_CHANGED, (member, since.isoformat())):
                if type_name in _TOLD:
                    label = RECORD_TYPES[type_name].label if many == 1 else RECORD_TYPES[type_name].plural
                    parts.append(f"{many} {label[:1].lower()}{label[1:]}")
                    last = max(last, latest)
        if parts:
            yield Entry(id, name, ", ".join(parts), f"Last {staff_date(dt.date.fromisoformat(last[:10]))}")


def _due(reader: Reader, names: dict[str, str], today: dt.date) -> list[Entry]:
    until = today + DUE_WITHIN
    made: list[tuple[dt.date, Entry]] = []
    for id, name in names.items():
        for task in found.every(reader, Task, id, state="open"):
            if task.due_on is not None and task.due_on <= until:
                late = ", late" if task.due_on < today else ""
                made.append((task.due_on, Entry(id, name, task.title, f"{staff_date(task.due_on)}{late}")))
        for one in found.every(reader, Appointment, id, state="booked"):
            if one.starts_on is not None and today <= one.starts_on <= until:
                at = f" {staff_clock(one.starts_at)}" if one.starts_at else ""
                made.append((one.starts_on, Entry(id, name, "Appointment", f"{staff_date(one.starts_on)}{at}")))
    made.sort(key=lambda pair: (pair[0], pair[1].name))
    return [entry for _day, entry in made]


def _worried(reader: Reader, names: dict[str, str], today: dt.date) -> list[Entry]:
    """The oldest first, concerns and alerts alike: a date is a fact, an order of danger would not be."""
    made: list[tuple[dt.date, Entry]] = []
    for concern in open_concerns(reader, today):
        kept = survivor_of(reader, concern.person_id)
        if kept in names:
            on = local_date(concern.raised_at) if concern.raised_at else today
            words = "Open concern" if concern.may_read else "A concern was raised"
            made.append((on, Entry(kept, names[kept], words, f"Raised {staff_date(on)}")))
    for id, name in names.items():
        alerts = found.every(reader, Alert, id)
        replaced = {alert.supersedes for alert in alerts}
        for alert in alerts:
            if not alert.ended and alert.id not in replaced:
                on = alert.stated_on or today
                review = f", review {staff_date(alert.review_on)}" if alert.review_on else ""
                kind = label_of("alert_kinds", alert.kind) if alert.kind else ""
                made.append((on, Entry(id, name, f"Alert: {kind}", f"Stated {staff_date(on)}{review}")))
    made.sort(key=lambda pair: (pair[0], pair[1].name))
    return [entry for _day, entry in made]


def _calls(reader: Reader, names: dict[str, str]) -> list[Entry]:
    made: list[tuple[str, Entry]] = []
    for id, name in names.items():
        for enquiry in found.every(reader, Enquiry, id):
            if enquiry.state != "finished":
                made.append(_promised(id, name, "Call or message waiting", enquiry.respond_by))
        for request in found.every(reader, Request, id):
            if request.state in _WAITING_REQUEST:
                what = label_of("request_kinds", request.kind) if request.kind else "Request"
                made.append(_promised(id, name, what, request.due_at))
    made.sort(key=lambda pair: (pair[0], pair[1].name))
    return [entry for _moment, entry in made]


def _promised(id: str, name: str, what: str, by: dt.datetime | None) -> tuple[str, Entry]:
    if by is None:
        return "~", Entry(id, name, what)
    return by.isoformat(), Entry(id, name, what, f"By {staff_moment(by)}")


_CHANGED: Final = (
    "SELECT type, count(*), max(at) FROM record WHERE subject = ? AND gone = 0 AND at >= ? GROUP BY type ORDER BY type"
)
