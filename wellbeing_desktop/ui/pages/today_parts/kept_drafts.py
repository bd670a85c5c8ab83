"""Where a kept draft belongs: the page to go back to, and words for it."""

from typing import Final

from wellbeing_desktop.storage.drafts import Draft

_PAGES: Final = {
    "new_person": ("A new person", "new_person"),
    "new_referral": ("A referral", "new_referral"),
    "referral": ("A step of a referral", "referral"),
    "triage": ("A triage form", "triage"),
    "new_task": ("A task", "new_task"),
    "task": ("What became of a task", "task"),
    "new_appointment": ("An appointment", "new_appointment"),
    "enquiry": ("A contact at the front door", "enquiry"),
    "new_request": ("A request", "new_request"),
    "request": ("A step of a request", "request"),
    "new_message": ("A message", "new_message"),
    "message": ("An answer to a message", "message"),
    "new_onward": ("Sending somebody on", "new_onward"),
    "onward": ("News of somebody sent on", "onward"),
    "contact": ("A contact", "contact"),
    "person_entry": ("A change to the record", "person_entry"),
    "visit": ("A visit", "visit"),
    "care_plan": ("A care plan", "care_plan"),
    "letter": ("A letter", "letters"),
    "at_risk": ("Somebody at risk now", "at_risk"),
    "concern": ("A concern", "concern"),
    "incident": ("An incident", "incident"),
    "complaint": ("A complaint or compliment", "complaint"),
    "organisation": ("A GP practice or organisation", "organisation"),
    "clash": ("A text for a clash of edits", "clashes"),
}
_BY_KEY: Final = frozenset(
    {
        "letters",
        "person_entry",
        "enquiry",
        "new_request",
        "request",
        "new_message",
        "message",
        "onward",
        "referral",
        "triage",
        "task",
        "at_risk",
        "concern",
        "incident",
        "complaint",
        "organisation",
    }
)
"""Pages whose argument is what their draft's key says after the form."""


def belongs_to(draft: Draft) -> tuple[str, str, str]:
    """(words, page, argument). An unknown form leads to the person's record, or to the caseload."""
    form = draft.key.replace(":", "/").split("/")[0]
    words, nav_key = _PAGES.get(form, ("Something typed", "person" if draft.person_id else "caseload"))
    argument = draft.key.partition("/")[2] if nav_key in _BY_KEY else draft.person_id
    return words, nav_key, argument
