"""Who did what, when, and to whose record, for people to read: of one's own store (SECURITY 3.5)."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

import msgspec

from wellbeing_desktop.domain.london_time import moment_of
from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations.catalogue import ACTIONS
from wellbeing_desktop.storage import audit
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.records import load_many


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `at` is ISO text (UTC); `touched` says what was saved, empty when something was only looked at;
    `person` is empty when it was nobody's record, or that of somebody whom this laptop no longer holds."""

    number: int
    at: str
    who: str
    what: str
    touched: str
    person_id: str
    person: str


class Trail(msgspec.Struct, frozen=True):
    """Lines, newest first; `before` begins the next page, None when there are no more."""

    lines: tuple[Done, ...]
    before: int | None


def trail(
    reader: Reader, *, person_id: str = "", day: dt.date | None = None, before: int | None = None, limit: int = 100
) -> Trail:
    """What was done to everybody's records or to one person's, on every day or on one local day."""
    between = None
    if day is not None:
        between = (moment_of(day, dt.time()), moment_of(day + dt.timedelta(days=1), dt.time()))
    found = audit.entries(reader, limit=limit + 1, before=before, person_id=person_id or None, between=between)
    more, found = found[limit:], found[:limit]
    workers = load_many(reader, Practitioner, {line.user for line in found})
    people = load_many(reader, Person, {line.person_id for line in found if line.person_id})
    own = user_of(reader)
    lines = []
    for line in found:
        worker, person = workers.get(line.user), people.get(line.person_id)
        lines.append(
            Done(
                number=line.number,
                at=line.at,
                who=worker.name if worker else "You" if line.user == own else "A colleague",
                what=what_words(line.action),
                touched=_sentence(line.done),
                person_id=person.id if person else "",
                person=list_name(person.family_name, person.given_name, person.known_as) if person else "",
            )
        )
    return Trail(tuple(lines), found[-1].number if more else None)


def what_words(action: str) -> str:
    """`Recorded a contact`. An action of another version is said as it is named."""
    taken_back = action.startswith("undo_") and action not in ACTIONS
    name = action.removeprefix("undo_") if taken_back else action
    known = ACTIONS.get(name)
    said = known.done if known else _LOOKED.get(name) or _sentence(name.replace("_", " ").strip())
    return f"Took back: {said[:1].lower()}{said[1:]}" if taken_back else said


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


_LOOKED: Final[Mapping[str, str]] = {
    "open_record": "Opened the record",
    "open_beyond_the_card": "Opened more than the card",
    "copy_for_gp_record": "Copied an entry for the GP record",
    "copy_requests": "Copied a request for the practice's list",
    "show_key_safe": "Looked at how to get in",
    "print_record": "Printed the record",
    "print_plan_copy": "Printed or saved the person's copy of the plan",
    "print_summary": "Printed or saved the summary of the record",
    "print_caseload_digest": "Printed or saved the caseload on one page",
    "save_web_page": "Saved a copy as a web page outside the program",
    "save_copy_of_letter": "Saved a copy of a letter outside the program",
    "set_aside_grant": "Set aside a grant that the server had not signed",
    "print_receipt": "Printed the receipt of a sync",
    "print_road_sheet": "Printed the sheet for the road",
    "print_call_sheet": "Printed the call sheet",
    "print_answer_letter": "Printed the draft of an answer to a complaint",
    "open_service_file": "Opened an incident or complaint",
    "export_record": "Exported the record",
    "open_file": "Opened a document",
    "save_copy_of_file": "Saved a copy of a document outside the program",
    "remove_from_laptop": "Removed from this laptop, because access ended",
    "set_up": "Set up this store",
    "seal_store": "Sealed this store by order of the organisation",
    "recover_by_kit": "Opened this store by its recovery kit, for a new passphrase",
    "recover_by_organisation": "Opened this store by the organisation's recovery key, for a new passphrase",
    "take_recovery_key": "Let the organisation's recovery key open this store",
    "leave_recovery_key": "Left another recovery key unused that the server named",
    "hold_work": "Held work back from sending",
    "release_work": "Let held work be sent",
    "try_again": "Asked for work that was not applied to be tried again",
    "take_back_work": "Took back work that was not applied",
    "decide_work": "Decided about work that was not applied",
}
"""Looking and what the program does by itself; what people do to records is in the catalogue of actions."""
