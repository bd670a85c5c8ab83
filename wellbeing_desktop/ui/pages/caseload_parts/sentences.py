"""Filters of the caseload as sentences: "People I support who have had no contact in 4 weeks"."""

import datetime as dt
from typing import Final

import msgspec

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.storage.caseload import CaseloadFilter
from wellbeing_desktop.storage.stages import stages

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


def stage_choices() -> tuple[tuple[str, str], ...]:
    """The stages, and first every one of them."""
    return (("", "Any stage"), *stages())


def filter_of(whose: str, which: str, user_id: str, today: dt.date, stage: str = "") -> CaseloadFilter:
    """The filter that the three choices mean."""
    found = CaseloadFilter(
        coordinator_id=user_id if whose == "mine" else "", living_only=which in ("quiet", "review"), stage=stage
    )
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


def count_in_words(
    total: int, whose: str, which: str, typed: str, stage: str = "", order: str = "", turned: bool = False
) -> str:
    """ "12 people whom I support: no contact in 4 weeks." for the line above the list."""
    people = "1 person" if total == 1 else f"{total:,} people"
    if typed:
        return f"{people} found. Press Enter on a row to open the record." if total else "Nobody found."
    owner = "whom I support" if whose == "mine" else "whom I may see"
    reasons = [dict(WHICH)[which]] if which else []
    reasons += [label_of("support_stages", stage)] if stage else []
    said = f"{people} {owner}" + (f": {', '.join(_lower_first(reason) for reason in reasons)}." if reasons else ".")
    if order or turned:
        said += f" In order of {_lower_first(order or 'Name')}{', the other way round' if turned else ''}."
    return said


def _lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]
