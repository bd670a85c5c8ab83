"""Copy for GP record: one plain-text block in the practice's order (PRACTICE W22).

What others told in confidence and words for staff only are never in it.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.dates import day_words, staff_moment
from wellbeing_desktop.domain.errors import Refused

BLOCKS: Final[Mapping[str, str]] = {
    "heading": "",
    "present": "Present",
    "reason": "Reason",
    "history": "Said by the person",
    "told": "Told by others",
    "findings": "Observed",
    "summary": "Note",
    "scores": "Measures",
    "plan": "Agreed",
    "next": "Next",
    "author": "",
}
DEFAULT_ORDER: Final = (
    "heading",
    "present",
    "reason",
    "history",
    "told",
    "findings",
    "summary",
    "scores",
    "plan",
    "next",
    "author",
)
# What W22 puts a GP state on.
KINDS: Final = ("contact", "note", "care_plan", "score")


class GpCopy(msgspec.Struct, frozen=True):
    """What the block is made from; every part may be empty. `scores` are ready lines: `Satisfied with life 6 of 10`."""

    contact: Contact | None = None
    note: Note | None = None
    scores: tuple[str, ...] = ()
    reason: str = ""
    next_step: str = ""
    author: str = ""
    service: str = ""


def copy_for_gp_record(copy: GpCopy, order: Sequence[str] = DEFAULT_ORDER) -> str:
    """The block: one labelled line or paragraph for each part that says something, in the practice's order.

    Characters that a GP system's box would turn into something else (tabs, other line ends) become plain ones.
    """
    lines = []
    for block in check_order(order):
        text = _plain(_block(copy, block))
        if text:
            label = BLOCKS[block]
            lines.append(f"{label}: {text}" if label else text)
    return "\n".join(lines)


def check_order(order: Sequence[str]) -> tuple[str, ...]:
    """The order as chosen, with every block that it forgets put at the end: leaving one out would lose words."""
    unknown = [block for block in order if block not in BLOCKS]
    if unknown:
        raise Refused("The order for the GP record names a part that does not exist.", "value")
    chosen = tuple(dict.fromkeys(order))
    return chosen + tuple(block for block in DEFAULT_ORDER if block not in chosen)


def _block(copy: GpCopy, block: str) -> str:
    contact, note = copy.contact, copy.note
    match block:
        case "heading":
            return _heading(contact, note)
        case "present":
            return ", ".join(contact.present) if contact else ""
        case "reason":
            return copy.reason
        case "history":
            return note.said_by_person if note else ""
        case "told":
            if note is None or note.in_confidence or not note.told_by_others.strip():
                return ""
            return f"{note.told_by_others} ({note.told_by})" if note.told_by else note.told_by_others
        case "findings":
            return note.observed if note else ""
        case "summary":
            return note.text if note else ""
        case "scores":
            return "; ".join(copy.scores)
        case "plan":
            if note is None or not note.agreed.strip():
                return ""
            return f"{note.agreed} (agreed by {note.agreed_by})" if note.agreed_by else note.agreed
        case "next":
            return copy.next_step
        case _:
            return ", ".join(part for part in (copy.author, copy.service) if part)


def _heading(contact: Contact | None, note: Note | None) -> str:
    if contact is not None and contact.happened_at is not None:
        parts = [
            staff_moment(contact.happened_at),
            label_of("contact_mediums", contact.medium),
            label_of("contact_outcomes", contact.outcome),
            f"{contact.duration_minutes} minutes" if contact.duration_minutes else "",
        ]
        return ". ".join(part for part in parts if part)
    return day_words(note.written_on) if note else ""


def _plain(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)
