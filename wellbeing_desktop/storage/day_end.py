"""What one practitioner did on a day, counted for the sentence at its end (PRACTICE W28)."""

import datetime as dt

import msgspec

from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.storage.columns import as_day
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.outbox import waiting_count


class ToCopy(msgspec.Struct, frozen=True, kw_only=True):
    """Something that waits to be copied into the GP system; `id` and `kind` are of the record itself."""

    id: str
    person_id: str
    name: str
    kind: str
    on: dt.date | None
    """When it happened, was written, agreed or taken: one person may have several."""


class DayEnd(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one day. `unsent` is how many pieces of work wait to be sent from this laptop, whatever their day."""

    visits: int
    calls: int
    other_contacts: int
    notes: int
    not_attended: int
    to_copy: tuple[ToCopy, ...]
    copies_owed: int
    without_outcome: int
    drafts: int
    unsent: int


def day_end(reader: Reader, practitioner_id: str, on: dt.date) -> DayEnd:
    """The day of one practitioner. Waiting work is counted whoever made it, because this laptop holds it."""
    who = {"who": practitioner_id, "on": on.isoformat()}
    contacts = reader.rows(_CONTACTS, who)
    media = [str(found[0] or "") for found in contacts]
    visits = sum(medium in ("home_visit", "01") for medium in media)
    calls = sum(medium in ("02", "11", "interpreter_call", "relay", "sign_video") for medium in media)
    return DayEnd(
        visits=visits,
        calls=calls,
        other_contacts=len(media) - visits - calls,
        notes=int(reader.value(_NOTES, who)),
        not_attended=int(reader.value(_NOT_ATTENDED, who)),
        to_copy=tuple(
            ToCopy(
                id=found[0],
                person_id=found[1],
                name=list_name(found[2] or "", found[3] or "", found[4] or ""),
                kind=found[5] or "",
                on=as_day(found[6]),
            )
            for found in reader.rows(_TO_COPY)
        ),
        copies_owed=int(reader.value("SELECT count(*) FROM live_plan_copy WHERE state = 'owed'")),
        without_outcome=int(reader.value(_WITHOUT_OUTCOME, who)),
        drafts=int(reader.value("SELECT count(*) FROM draft")),
        unsent=waiting_count(reader),
    )


_CONTACTS = "SELECT c.medium FROM live_contact AS c WHERE c.practitioner_id = :who AND c.happened_on = :on"
_NOTES = "SELECT count(*) FROM live_note AS n WHERE n.author_id = :who AND n.written_on = :on"
_NOT_ATTENDED = (
    "SELECT count(*) FROM live_appointment AS a WHERE a.practitioner_id = :who AND a.starts_on = :on"
    " AND a.state = 'not_attended'"
)
_WITHOUT_OUTCOME = (
    "SELECT count(*) FROM live_appointment AS a WHERE a.practitioner_id = :who AND a.starts_on <= :on"
    " AND a.state = 'booked'"
)
_TO_COPY = (
    "SELECT g.target_id, g.subject, p.family_name, p.given_name, p.known_as, g.target_type,"
    " coalesce(c.happened_on, n.written_on, k.agreed_on, s.taken_on) FROM live_gp_entry AS g"
    " LEFT JOIN live_person AS p ON p.id = g.subject"
    " LEFT JOIN live_contact AS c ON c.id = g.target_id LEFT JOIN live_note AS n ON n.id = g.target_id"
    " LEFT JOIN live_care_plan AS k ON k.id = g.target_id LEFT JOIN live_score AS s ON s.id = g.target_id"
    " WHERE g.state = 'to_enter' ORDER BY g.id LIMIT 500"
)
