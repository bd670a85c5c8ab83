"""The requests as a list to copy and tick: plain text for the practice, one request a line (W23)."""

import datetime as dt
from collections.abc import Mapping, Sequence

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import recent_words, staff_date
from wellbeing_desktop.domain.nhs_number import format_nhs_number
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.inbox import RequestRow
from wellbeing_desktop.storage.search import PersonRow
from wellbeing_desktop.storage.similar import row_of


def people_of(reader: Reader, rows: Sequence[RequestRow]) -> dict[str, PersonRow]:
    """Who is in the list, by id."""
    asked = ((row.person_id, row_of(reader, row.person_id)) for row in rows if row.person_id)
    return {id: found for id, found in asked if found is not None}


def list_text(rows: Sequence[RequestRow], people: Mapping[str, PersonRow], now: dt.datetime) -> str:
    """`[ ] Repeat prescription: ...`, whose, and by when; in the order of the screen."""
    lines = [f"Requests, {staff_date(now.date())}", ""]
    for row in rows:
        items = "; ".join(part.strip() for part in row.items.splitlines() if part.strip())
        lines.append(f"[ ] {label_of('request_kinds', row.kind)}" + (f": {items}" if items else ""))
        lines.append(f"    {_who(people.get(row.person_id))}")
        if row.due_at is not None:
            lines.append(f"    Promised by {recent_words(row.due_at, now)}")
        if row.clinical:
            lines.append(f"    Needs a clinician's word. {label_of('request_states', row.state)}.")
    return "\n".join(lines) + "\n"


def _who(person: PersonRow | None) -> str:
    if person is None:
        return "Not known yet"
    born = f"born {staff_date(person.born_on)}" if person.born_on else "birth date not known"
    number = f"NHS number {format_nhs_number(person.nhs_number)}" if person.nhs_number else "NHS number not known"
    return f"{person.name}, {born}, {number}"
