"""The fields of a contact (PRACTICE W18): the common ones first, the rest one step away, and what they become."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from wellbeing_desktop.domain.clock_time import parse_clock_time
from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.dates import parse_typed_date, staff_time
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_time, moment_of
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import fields, read_back
from wellbeing_desktop.ui.widgets.form import Asked, Form

FIRST: Final = ("medium", "outcome", "text", "gp_record")
"""Always shown; every other field is under "More about this contact"."""
_OUTCOME_OF: Final = {"home_visit": "5", "01": "5", "visitor": "5", "11": "spoke", "sign_video": "spoke"}
_PLACE_OF: Final = {"home_visit": "home", "visitor": "our_office"}
_WRITTEN: Final = frozenset({"09", "05", "letter", "online_form", "nhs_app", "gp_task", "shared_mailbox", "10"})
_YES_NO: Final = (("yes", "Yes"), ("no", "No"))
_FOR_NOTE: Final = ("text", "said_by_person", "observed", "told_by_others", "told_by", "agreed", "agreed_by")


def codes(name: str) -> list[tuple[str, str]]:
    """A code list as a field offers it."""
    return [(entry.code, entry.label) for entry in code_list(name).entries]


def add_fields(form: Form, session: Session, workers: list[tuple[str, str]]) -> None:
    """Adds every field to the form, labelled with Alt letters of their own."""
    rows: list[list[Asked]] = [
        [
            ("medium", "How", fields.choice(codes("contact_mediums")), ""),
            ("outcome", "Outcome", fields.choice(codes("contact_outcomes")), ""),
        ],
        [("text", "Note", fields.note(lines=5), "")],
        [("gp_record", "GP record", fields.choice(codes("gp_entry_states")), "")],
        [
            ("said_by_person", "Said by the person", fields.note(lines=2), ""),
            ("observed", "Observed", fields.note(lines=2), ""),
        ],
        [
            (
                "told_by_others",
                "Told by others",
                fields.note(lines=2),
                "You may listen to anyone. It is kept as from them.",
            ),
            ("told_by", "Told by whom", fields.line(), "Name and who they are, such as Sian, daughter."),
        ],
        [("in_confidence", "", fields.tick("Told in confidence: kept out of copies and access bundles"), "")],
        [
            ("agreed", "What was agreed", fields.note(lines=2), ""),
            ("agreed_by", "Agreed by whom", fields.line(), ""),
        ],
        [
            ("on", "Date", fields.day(session.today, parse=_past_date), ""),
            ("at", "Started", time_field(), "For example 09:40."),
            ("until", "Ended", time_field(), "Empty: when you save, if it began with this form."),
        ],
        [("late_reason", "Why it is written late", fields.line(), "Only when it was more than 24 hours ago.")],
        [
            ("direction", "In or out", fields.choice(codes("directions"), empty="Not recorded"), ""),
            ("planned", "Planned", fields.choice(_YES_NO, empty="Not recorded"), ""),
            ("place", "Where", fields.choice(codes("contact_places"), empty="Not recorded"), ""),
        ],
        [("present", "Who was present, and in what role", fields.note(lines=2, hint="One on each line"), "")],
        [
            ("seen_alone", "Seen alone", fields.choice(_YES_NO, empty="Not recorded"), ""),
            ("not_alone_reason", "Why not alone", fields.line(), ""),
        ],
        [
            ("interpreter", "Interpreter", fields.choice(codes("interpreter_present"), empty="Not recorded"), ""),
            ("chaperone", "Chaperone", fields.line(), ""),
        ],
        [
            ("second_worker_id", "Second worker", fields.choice(workers, empty="None"), ""),
            ("transcribed_by", "Copied from paper by", fields.line(), ""),
        ],
        [
            ("travel_minutes", "Travel minutes", minutes_field("travel_minutes"), ""),
            ("admin_minutes", "Administration minutes", minutes_field("admin_minutes"), ""),
        ],
        [("countersign_needed", "", fields.tick("The note needs countersigning"), "")],
    ]
    form.add_rows(rows, letters_taken="smdl", required=("medium", "outcome"))


def starting_values(now: dt.datetime) -> dict[str, str]:
    """A call from us that went through and began now: the three-key case."""
    local = local_time(now)
    return {
        "medium": "02",
        "outcome": "spoke",
        "direction": "out",
        "place": "online",
        "gp_record": "to_enter",
        "on": local.date().isoformat(),
        "at": staff_time(local.time()),
    }


def follows_from(medium: str) -> dict[str, str]:
    """What is usual for a way of making contact; offered until somebody chooses otherwise."""
    if medium in _WRITTEN:
        return {"outcome": "exchanged", "place": ""}
    return {
        "outcome": _OUTCOME_OF.get(medium, "spoke"),
        "place": _PLACE_OF.get(medium, "" if medium == "01" else "online"),
    }


def contact_from(
    values: Mapping[str, str],
    *,
    person_id: str,
    began: dt.datetime,
    now: dt.datetime,
    episode_id: str = "",
    id: str = "",
) -> Contact:
    """The contact that the fields describe. Raises Refused, naming the field.

    `began` is when the form was opened: a contact that still says so ends now, without anybody counting minutes.
    """
    on = _date(values["on"], local_time(now).date())
    began_local = local_time(began)
    clock_ran = values["at"] == staff_time(began_local.time()) and on == began_local.date()
    started = began if clock_ran else moment_of(on, parse_clock_time(values["at"], "at"))
    if values["until"].strip():
        ended: dt.datetime | None = moment_of(on, parse_clock_time(values["until"], "until"))
    else:
        ended = now if clock_ran and values["medium"] not in _WRITTEN else None
    return Contact(
        id=id,
        subject=person_id,
        happened_at=started,
        ended_at=ended,
        medium=values["medium"],
        outcome=values["outcome"],
        direction=values["direction"],
        planned=_yes_no(values["planned"]),
        place=values["place"],
        present=tuple(sorted({line.strip() for line in values["present"].split("\n") if line.strip()})),
        seen_alone=_yes_no(values["seen_alone"]),
        not_alone_reason=values["not_alone_reason"].strip(),
        interpreter=values["interpreter"],
        chaperone=values["chaperone"].strip(),
        second_worker_id=values["second_worker_id"],
        transcribed_by=values["transcribed_by"].strip(),
        travel_minutes=_number(values["travel_minutes"], "travel_minutes"),
        admin_minutes=_number(values["admin_minutes"], "admin_minutes"),
        late_reason=values["late_reason"].strip(),
        episode_id=episode_id,
    )


def note_from(values: Mapping[str, str], person_id: str) -> Note | None:
    """The note, or None when nothing was written: a call that nobody answered needs none."""
    if not any(values[name].strip() for name in _FOR_NOTE):
        return None
    words = {name: values[name].strip() for name in _FOR_NOTE}
    return Note(
        subject=person_id,
        text=words["text"],
        said_by_person=words["said_by_person"],
        observed=words["observed"],
        told_by_others=words["told_by_others"],
        told_by=words["told_by"],
        agreed=words["agreed"],
        agreed_by=words["agreed_by"],
        in_confidence=True if values["in_confidence"] else None,
        countersign_needed=True if values["countersign_needed"] else None,
    )


FIELD_OF: Final = {"happened_at": "at", "ended_at": "until", "happened_on": "on"}
"""Where a refusal about a field of the record is shown."""


def time_field() -> read_back.ReadBackField:
    """A time of day, checked on leaving."""
    return read_back.clock_time()


def minutes_field(name: str) -> fields.LineField:
    return fields.line(check=lambda text: _number(text, name))


def _past_date(text: str, today: dt.date) -> dt.date:
    return parse_typed_date(text, today, "on", "past")


def _date(text: str, today: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return _past_date(text, today)


def _number(text: str, field: str) -> int | None:
    bare = text.strip()
    if not bare:
        return None
    if not bare.isascii() or not bare.isdigit():
        raise Refused("Give whole minutes, like 20.", field)
    return int(bare)


def _yes_no(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)
