"""The closed list of what a user can do to records: each with a sentence for audit and outbox, and one for undo.

An operation opens its transaction by name through `doing`, so that nothing can be done which is not on the list.
"""

import datetime as dt
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Final

import msgspec

from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.write_door import Transaction, transaction


class Action(msgspec.Struct, frozen=True):
    """`done` is past tense for audit and the undo bar; `undo` is the label of taking it back, empty if that makes no
    sense (what was printed is on paper)."""

    done: str
    undo: str


ACTIONS: Final[Mapping[str, Action]] = {
    "register_person": Action("Added a person", "Take back adding this person"),
    "change_person": Action("Changed a person's details", "Put the details back"),
    "change_demographics": Action("Changed equality details", "Put the details back"),
    "add_address": Action("Added an address", "Take back the address"),
    "change_address": Action("Changed an address", "Put the address back"),
    "end_address": Action("Ended an address", "Use the address again"),
    "add_contact_point": Action("Added a telephone number or e-mail", "Take it back"),
    "change_contact_point": Action("Changed a telephone number or e-mail", "Put it back"),
    "remove_contact_point": Action("Removed a telephone number or e-mail", "Bring it back"),
    "add_related_person": Action("Added a related person", "Take back the related person"),
    "change_related_person": Action("Changed a related person", "Put the details back"),
    "restrict_person": Action("Changed whether the record is restricted", "Put it back"),
    "record_death": Action("Recorded a death", "Take back the record of death"),
    "undo_death": Action("Took back a record of death", "Record the death again"),
    "receive_referral": Action("Received a referral", "Take back the referral"),
    "complete_referral": Action("Completed a referral", "Put the referral back"),
    "accept_referral": Action("Accepted a referral", "Take back accepting"),
    "decline_referral": Action("Declined a referral", "Take back declining"),
    "withdraw_referral": Action("Recorded a referral as withdrawn", "Take that back"),
    "close_episode": Action("Closed support", "Open the support again"),
    "reopen_episode": Action("Opened support again", "Close it again"),
    "book_appointment": Action("Booked an appointment", "Take back the booking"),
    "move_appointment": Action("Moved an appointment", "Move it back"),
    "cancel_appointment": Action("Cancelled an appointment", "Book it again"),
    "record_outcome": Action("Recorded what came of an appointment", "Take back the outcome"),
    "record_contact": Action("Recorded a contact", "Take back the contact"),
    "finish_visit": Action("Recorded a visit", "Take back the visit"),
    "amend_contact": Action("Amended a contact", "Take back the amendment"),
    "mark_written_in_wrong_record": Action("Marked an entry as written in the wrong record", "Take back the mark"),
    "set_gp_entry": Action("Changed what is entered in the GP record", "Put it back"),
    "write_note": Action("Wrote a note", "Take back the note"),
    "change_note": Action("Changed a note", "Put the note back"),
    "sign_note": Action("Signed a note", ""),
    "amend_note": Action("Amended a note", "Take back the amendment"),
    "start_plan": Action("Started a care plan", "Take back the plan"),
    "write_narrative": Action("Wrote in a care plan", "Put the words back"),
    "set_goal": Action("Wrote a goal", "Put the goal back"),
    "set_action": Action("Wrote an action", "Put the action back"),
    "remove_goal": Action("Removed a goal", "Bring the goal back"),
    "remove_action": Action("Removed an action", "Bring the action back"),
    "agree_plan": Action("Agreed a care plan", "Take back the agreement"),
    "review_plan": Action("Reviewed a care plan", "Take back the review"),
    "end_plan": Action("Ended a care plan", "Take that back"),
    "decline_plan": Action("Recorded that a plan is not wanted", "Take that back"),
    "choose_copy_sections": Action("Chose the sections of the person's copy", "Put the sections back"),
    "settle_copy": Action("Settled the person's copy", "Take that back"),
    "take_assessment": Action("Took an assessment", "Take back the assessment"),
    "record_consent": Action("Recorded a decision about sharing", "Take back the decision"),
    "raise_alert": Action("Raised an alert", "Take back the alert"),
    "replace_alert": Action("Replaced an alert", "Take that back"),
    "end_alert": Action("Ended an alert", "Put the alert back in force"),
    "record_safety_fact": Action("Recorded a safety fact", "Take back the fact"),
    "change_safety_fact": Action("Changed a safety fact", "Put it back"),
    "record_stay": Action("Recorded where the person is", "Put it back"),
    "record_access_note": Action("Recorded how to get in", "Put it back"),
    "draft_letter": Action("Drafted a letter", "Take back the draft"),
    "change_letter": Action("Changed a letter", "Put the words back"),
    "ready_letter": Action("Made a letter ready to print", "Make it a draft again"),
    "record_printed": Action("Printed a letter", ""),
    "record_sent": Action("Sent a letter", ""),
    "cancel_letter": Action("Cancelled a letter", "Make it a draft again"),
    "add_file": Action("Added a document", "Take back the document"),
    "replace_file": Action("Replaced a document by a newer one", "Bring the older one back"),
    "remove_file": Action("Removed a document as entered in error", "Bring the document back"),
    "describe_file": Action("Changed what a document is called", "Put it back"),
    "letter_came_back": Action("Recorded that a letter came back", "Take that back"),
    "add_task": Action("Added a task", "Take back the task"),
    "change_task": Action("Changed a task", "Put the task back"),
    "finish_task": Action("Finished a task", "Open the task again"),
    "cancel_task": Action("Cancelled a task", "Open the task again"),
    "reopen_task": Action("Opened a task again", "Close it again"),
    "settle_conflict": Action("Settled a clash of edits", "Open the clash again"),
    "assign_conflict": Action("Said who settles a clash", "Put back who settles it"),
    "reopen_conflict": Action("Opened a clash of edits again", "Settle it again"),
    "join_people": Action("Joined two records of one person", "Take the records apart"),
    "take_people_apart": Action("Took two records apart", "Join the records again"),
    "import_people": Action("Brought in a list of people", "Take back the list"),
    "undo_import": Action("Took back a list of people", ""),
    "import_calendar": Action("Brought in a calendar", "Take back the calendar"),
    "keep_return": Action("Kept a return", ""),
    "close_return": Action("Closed a return", "Open the return again"),
    "change_setting": Action("Changed a setting", "Put the setting back"),
    "describe_service": Action("Changed the details of the service", "Put the details back"),
    "begin_enquiry": Action("Began a contact at the front door", "Take back the contact"),
    "change_enquiry": Action("Wrote down more about an enquiry", "Put the enquiry back"),
    "claim_enquiry": Action("Took an enquiry", "Give the enquiry back"),
    "pass_enquiry": Action("Passed an enquiry on", "Take the enquiry back"),
    "name_person": Action("Named the person of an enquiry", "Take the name back"),
    "join_to_person": Action("Joined an enquiry to a person's record", "Take the records apart"),
    "finish_enquiry": Action("Finished an enquiry", "Open the enquiry again"),
    "reopen_enquiry": Action("Opened an enquiry again", "Finish it again"),
    "add_request": Action("Took a request", "Take back the request"),
    "change_request": Action("Changed a request", "Put the request back"),
    "put_to_clinician": Action("Put a request to a clinician", "Take that back"),
    "record_instruction": Action("Recorded a clinician's instruction", "Take back the instruction"),
    "finish_request": Action("Finished a request", "Open the request again"),
    "cancel_request": Action("Cancelled a request", "Open the request again"),
    "reopen_request": Action("Opened a request again", "Close it again"),
    "send_message": Action("Sent a message to a colleague", "Take back the message"),
    "read_message": Action("Read a message", ""),
    "answer_message": Action("Dealt with a message", "Take that back"),
    "send_onward": Action("Sent a person on", "Take that back"),
    "ask_again": Action("Asked whether a person got there", "Take that back"),
    "booked_onward": Action("Recorded a day given elsewhere", "Take that back"),
    "end_onward": Action("Recorded what became of sending a person on", "Open it again"),
    "reopen_onward": Action("Opened an onward referral again", "Close it again"),
    "raise_concern": Action("Raised a concern", ""),
    "add_concern_step": Action("Recorded a step about a concern", ""),
    "change_concern": Action("Wrote more about a concern", "Put the concern back"),
    "take_concern": Action("Took a concern", "Give the concern back"),
    "close_concern": Action("Closed a concern", "Open the concern again"),
    "reopen_concern": Action("Opened a concern again", "Close it again"),
    "arrange_cover": Action("Arranged cover", "Take back the cover"),
    "end_cover": Action("Ended cover", "Put the cover back"),
    "draft_article": Action("Began an article", "Take back the article"),
    "change_article": Action("Changed an article", "Put the article back"),
    "send_for_approval": Action("Sent an article for approval", "Make it a draft again"),
    "send_article_back": Action("Sent an article back to its writer", "Take that back"),
    "approve_article": Action("Approved an article", ""),
    "retire_article": Action("Retired an article", ""),
    "report_missing_or_wrong": Action("Reported something missing or wrong", "Take back the report"),
    "answer_report": Action("Answered a report", "Open the report again"),
    "add_service": Action("Added a service to the directory", "Take back the service"),
    "change_service": Action("Changed a service of the directory", "Put the service back"),
    "import_directory": Action("Brought in a directory of services", "Take back the directory"),
    "check_service": Action("Checked a service of the directory", "Take back the check"),
    "add_module": Action("Added a digital module", "Take back the module"),
    "change_module": Action("Changed a digital module", "Put the module back"),
    "release_module": Action("Released digital content", "Take it back"),
    "note_use": Action("Noted use of digital content", "Put that back"),
    "revoke_release": Action("Took back digital content", "Open it again"),
    "look_after_releases": Action("Looked after released content", ""),
    "add_organisation": Action("Added an organisation", "Take back the organisation"),
}


def doing(
    writer: Writer, action: str, *, at: dt.datetime | None = None, author: str | None = None
) -> AbstractContextManager[Transaction]:
    """A transaction for one action of the list; KeyError for any other."""
    ACTIONS[action]
    return transaction(writer, action, at=at, author=author)
