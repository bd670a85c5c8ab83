"""Filters of the caseload as sentences: "People I support who have had no contact in 4 weeks"."""

import datetime as dt
from typing import Final

import msgspec

from wellbeing_desktop.storage.caseload import CaseloadFilter

WHOSE: Final = (("mine", "People I support"), ("everyone", "Everyone I may see"))
WHICH: Final = (
    ("", "All of them"),
    ("late", "Something is late"),
    ("quiet", "No contact in 4 weeks"),
    ("review", "Review due in 2 weeks"),
    ("copy", "Copy of the plan owed"),
    ("not_on_list", "Not on the practice list"),
    ("alert", "Alert in force"),
)
QUIET_DAYS: Final = 28
REVIEW_DAYS: Final = 14


def filter_of(whose: str, which: str, user_id: str, today: dt.date) -> CaseloadFilter:
    """The filter that the two choices mean."""
    found = CaseloadFilter(coordinator_id=user_id if whose == "mine" else "", living_only=which in ("quiet", "review"))
    match which:
        case "late":
            return msgspec.structs.replace(found, late_on=today)
        case "quiet":
            since = today - dt.timedelta(days=QUIET_DAYS)
            return msgspec.structs.replace(found, quiet_since=since, supported_only=True)
        case "review":
            return msgspec.structs.replace(found, reviews_by=today + dt.timedelta(days=REVIEW_DAYS))
        case "copy":
            return msgspec.structs.replace(found, copy_owed=True)
        case "not_on_list":
            return msgspec.structs.replace(found, list_state="not_on_list")
        case "alert":
            return msgspec.structs.replace(found, with_alert=True)
    return found


def count_in_words(total: int, whose: str, which: str, typed: str) -> str:
    """ "12 people I support. No contact in 4 weeks." for the line above the list."""
    people = "1 person" if total == 1 else f"{total:,} people"
    if typed:
        return f"{people} found. Press Enter on a row to open the record." if total else "Nobody found."
    owner = "whom I support" if whose == "mine" else "whom I may see"
    reason = dict(WHICH)[which]
    reason = reason[:1].lower() + reason[1:]
    return f"{people} {owner}" + (f": {reason}." if which else ".")
