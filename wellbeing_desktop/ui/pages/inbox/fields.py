"""The fields of one contact at the front door: the common ones first, and what they become."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.enquiry import Enquiry
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations import enquiries
from wellbeing_desktop.operations.enquiries import Ending
from wellbeing_desktop.ui.pages.contact.fields import follows_from
from wellbeing_desktop.ui.pages.forms.form_page import choices_of
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import fields, read_back
from wellbeing_desktop.ui.widgets.form import Asked, Form

OF_ENQUIRY: Final = (
    "medium",
    "direction",
    "caller_name",
    "caller_role",
    "caller_number",
    "identity_check",
    "topic",
    "urgent",
    "words",
    "platform",
    "caller_organisation",
    "caller_email",
)
MORE: Final = ("platform", "caller_organisation", "caller_email", "direction")
NEW_PERSON: Final = ("family_name", "given_name", "born_on")
USUAL: Final[Mapping[str, str]] = {"medium": "02", "direction": "in", "gp_record": "not_needed", "keep": "yes"}


def add_fields(form: Form) -> None:
    """Every field, labelled with Alt letters of their own."""
    rows: list[list[Asked]] = [
        [
            ("medium", "How", fields.choice(choices_of("contact_mediums")), ""),
            ("topic", "About", fields.choice(choices_of("enquiry_topics"), empty="Not chosen"), ""),
        ],
        [
            ("caller_name", "Who made contact", fields.line(), ""),
            ("caller_role", "In what role", fields.choice(choices_of("caller_roles"), empty="Not recorded"), ""),
        ],
        [
            ("caller_number", "Telephone", read_back.phone(), ""),
            (
                "identity_check",
                "How identity was checked",
                fields.choice(choices_of("identity_checks"), empty="Not recorded"),
                "",
            ),
        ],
        [
            (
                "words",
                "What is asked",
                fields.note(lines=3),
                "Seen by everybody at the front desk. What is only for the care record goes into the note.",
            )
        ],
        [("urgent", "", fields.tick("Urgent: answer sooner"), "")],
        [
            ("platform", "On which platform", fields.line(), "Chat, social media or mailbox by its name."),
            ("direction", "In or out", fields.choice(choices_of("directions")), ""),
        ],
        [
            ("caller_organisation", "From which organisation", fields.line(), ""),
            ("caller_email", "E-mail", read_back.email(), ""),
        ],
        [("note", "Note for the care record", fields.note(lines=4), "Kept in the person's record when you finish.")],
        [("in_confidence", "", fields.tick("Told in confidence, by somebody else than the person"), "")],
        [
            ("outcome", "What came of it", fields.choice(choices_of("enquiry_outcomes"), empty="Not finished yet"), ""),
            ("gp_record", "GP record", fields.choice(choices_of("gp_entry_states")), ""),
        ],
        [("keep", "", fields.tick("Keep as a contact in the person's record"), "")],
    ]
    form.add_rows(rows, letters_taken="sfqdmlpg", required=("medium",))


def add_new_person(form: Form, session: Session) -> None:
    """What is needed to begin somebody's record."""
    form.begin_row()
    form.add("family_name", "Family name", fields.line())
    form.add("given_name", "First name", fields.line())
    form.add("born_on", "Date of birth", fields.birth_date(session.today))
    form.end_row()


def enquiry_values(values: Mapping[str, str]) -> dict[str, Any]:
    """The fields of the enquiry as its record holds them."""
    made: dict[str, Any] = {name: values[name].strip() for name in OF_ENQUIRY if name != "urgent"}
    number = enquiries.tidy_number(values["caller_number"])
    return {**made, "caller_number": number, "urgent": True if values["urgent"] else None}


def shown_values(enquiry: Enquiry) -> dict[str, str]:
    """An enquiry as the fields show it."""
    shown = {name: str(getattr(enquiry, name) or "") for name in OF_ENQUIRY if name != "urgent"}
    return {**shown, "urgent": "yes" if enquiry.urgent else "", "outcome": enquiry.outcome}


def new_person(values: Mapping[str, str]) -> Person | None:
    """Who is new here; None when no name was written."""
    family, given = values["family_name"].strip(), values["given_name"].strip()
    if not family and not given:
        return None
    born = dt.date.fromisoformat(values["born_on"]) if values["born_on"] else None
    return Person(family_name=family, given_name=given, born_on=born)


def ending_of(values: Mapping[str, str], began: dt.datetime, now: dt.datetime, *, keep: bool) -> Ending:
    """The outcome, and the contact with its note where it is kept in the person's record."""
    if not keep:
        return Ending(values["outcome"])
    medium = values["medium"]
    contact = Contact(
        happened_at=began,
        ended_at=now if medium in ("02", "11", "sign_video", "relay", "interpreter_call", "visitor") else None,
        medium=medium,
        direction=values["direction"],
        outcome=_contact_outcome(values, medium),
        planned=False,
    )
    return Ending(values["outcome"], contact, _note_of(values), values["gp_record"])


_OTHERS: Final = frozenset({"family", "neighbour"})
"""Callers whose words are kept as theirs, not as the person's or the writer's (PRACTICE W17)."""


def _note_of(values: Mapping[str, str]) -> Note | None:
    """What a relative or neighbour says is stored as from them, in confidence if they ask; anybody may be listened to."""
    text, role = values["note"].strip(), values["caller_role"]
    if not text:
        return None
    if role not in _OTHERS:
        if values["in_confidence"]:
            raise Refused(
                "Say in what role they made contact: only what others told can be in confidence.", "caller_role"
            )
        return Note(text=text)
    said_by = ", ".join(filter(None, (values["caller_name"].strip(), label_of("caller_roles", role).lower())))
    return Note(told_by_others=text, told_by=said_by, in_confidence=True if values["in_confidence"] else None)


def _contact_outcome(values: Mapping[str, str], medium: str) -> str:
    if values["outcome"] == "not_reached":
        return "no_answer"
    usual = follows_from(medium)["outcome"]
    return "spoke_other" if usual == "spoke" and values["caller_role"] not in ("", "self") else usual
