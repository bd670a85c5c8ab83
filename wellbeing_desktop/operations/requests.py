"""What was asked for on a contact, and the clinician's word about it (PRACTICE W23)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.domain.enquiry import Instruction, Request
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load_all


def add_request(writer: Writer, request: Request, *, at: dt.datetime | None = None) -> Changes:
    """One thing asked for. Whether it is clinical follows from its kind unless it was said."""
    with doing(writer, "add_request", at=at) as tx:
        if not request.kind:
            raise Refused("Say what is asked for.", "kind")
        if request.due_at is not None and request.due_at < tx.at - dt.timedelta(minutes=5):
            raise Refused("The time promised has passed already.", "due_at")
        clinical = request.clinical
        if clinical is None:
            clinical = request.kind in code_list("request_kinds").codes_where("clinical", True)
        tx.create(
            msgspec.structs.replace(
                request,
                id=request.id or new_id(),
                clinical=clinical,
                asked_on=request.asked_on or local_date(tx.at),
                owner_id=request.owner_id or tx.author,
                state="open",
            )
        )
    return tx.changes


def change_request(
    writer: Writer,
    request_id: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    *,
    at: dt.datetime | None = None,
) -> Changes:
    """Put right what is asked. Refused for how it ended, which has steps of its own."""
    with doing(writer, "change_request", at=at) as tx:
        if {"state", "done_on", "done_words", "person_told"} & set(fields):
            raise Refused("Put it to a clinician, finish it or cancel it instead.", "state")
        tx.change(Request, request_id, fields, seen)
    return tx.changes


def put_to_clinician(writer: Writer, request_id: str, clinician: str, *, at: dt.datetime | None = None) -> Changes:
    """Asked of the duty clinician; it waits for an instruction."""
    with doing(writer, "put_to_clinician", at=at) as tx:
        request = found.found(tx.reader, Request, request_id)
        if not clinician.strip():
            raise Refused("Say which clinician it is put to.", "put_to")
        if request.state not in ("open", "instructed"):
            raise Refused("This request is not waiting to be put to a clinician.", "state")
        tx.change(Request, request_id, {"state": "with_clinician", "put_to": clinician, "put_at": tx.at})
    return tx.changes


def record_instruction(writer: Writer, instruction: Instruction, *, at: dt.datetime | None = None) -> Changes:
    """The clinician's words as they were given, and whether they were read back."""
    with doing(writer, "record_instruction", at=at) as tx:
        request = found.found(tx.reader, Request, instruction.request_id)
        if request.state != "with_clinician":
            raise Refused("Put the request to a clinician first.", "state")
        if not instruction.words.strip():
            raise Refused("Write the instruction as it was given.", "words")
        if not (instruction.clinician or request.put_to).strip():
            raise Refused("Say which clinician gave the instruction.", "clinician")
        given_at = instruction.given_at or tx.at
        if given_at > tx.at + dt.timedelta(minutes=5):
            raise Refused("An instruction cannot be given in the future.", "given_at")
        tx.create(
            msgspec.structs.replace(
                instruction,
                subject=request.subject,
                clinician=instruction.clinician or request.put_to,
                given_at=given_at,
                taken_by=tx.author,
            )
        )
        tx.change(Request, request.id, {"state": "instructed"})
    return tx.changes


def finish_request(
    writer: Writer, request_id: str, done_words: str, person_told: str, *, at: dt.datetime | None = None
) -> Changes:
    """Done: what was done, and whether the person was told. A clinical one needs its instruction first."""
    with doing(writer, "finish_request", at=at) as tx:
        request = found.found(tx.reader, Request, request_id)
        if request.state in ("done", "cancelled"):
            raise Refused("This request is closed already.", "state")
        if request.clinical and not instructions_about(tx.reader, request_id):
            raise Refused("A clinical request is finished on a clinician's instruction. Record the instruction first.")
        if not done_words.strip():
            raise Refused("Say what was done.", "done_words")
        if not person_told:
            raise Refused("Say whether the person was told.", "person_told")
        if request.state == "with_clinician":
            raise Refused("This request is still with the clinician.", "state")
        tx.change(
            Request,
            request_id,
            {"state": "done", "done_words": done_words, "person_told": person_told, "done_on": local_date(tx.at)},
        )
    return tx.changes


def cancel_request(writer: Writer, request_id: str, reason: str, *, at: dt.datetime | None = None) -> Changes:
    """It is not needed any more. Refused without a reason."""
    with doing(writer, "cancel_request", at=at) as tx:
        if not reason.strip():
            raise Refused("Say why it is not needed.", "done_words")
        tx.change(Request, request_id, {"state": "cancelled", "done_words": reason, "done_on": local_date(tx.at)})
    return tx.changes


def reopen_request(writer: Writer, request_id: str, *, at: dt.datetime | None = None) -> Changes:
    """It was closed too soon: what was said about the end is taken out. Refused unless it is done or cancelled."""
    with doing(writer, "reopen_request", at=at) as tx:
        if found.found(tx.reader, Request, request_id).state not in ("done", "cancelled"):
            raise Refused("This request is not closed.", "state")
        tx.change(Request, request_id, {"state": "open", "done_on": None, "done_words": "", "person_told": ""})
    return tx.changes


def instructions_about(reader: Reader, request_id: str) -> list[Instruction]:
    """Every instruction about a request, the first first."""
    given = load_all(reader, Instruction, request_id=request_id)
    return sorted(given, key=lambda one: (one.given_at or dt.datetime.min.replace(tzinfo=dt.UTC), one.id))
