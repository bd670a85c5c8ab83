"""What was asked for, and the clinician's word about it."""

import datetime as dt

import pytest

from tests.operations.made import NOW, Made, made_id
from wellbeing_desktop.domain.enquiry import Instruction, Message, Request
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations import messages, requests


def asked(made: Made, kind: str = "prescription", **fields: object) -> str:
    request = Request(subject=made.mary, kind=kind, items="Two items", **fields)
    return made_id(requests.add_request(made.writer, request, at=NOW), "request")


@pytest.mark.capability("A6", "W23")
def test_a_clinical_request_is_finished_only_on_a_clinicians_instruction(made: Made) -> None:
    id = asked(made)
    with pytest.raises(Refused, match="instruction first"):
        requests.finish_request(made.writer, id, "Sent to the pharmacy", "told", at=NOW)
    requests.put_to_clinician(made.writer, id, "Dr Ahmed", at=NOW)
    with pytest.raises(Refused, match="as it was given"):
        requests.record_instruction(made.writer, Instruction(request_id=id), at=NOW)
    words = "One week only, then a review"
    requests.record_instruction(made.writer, Instruction(request_id=id, words=words, read_back=True), at=NOW)
    (given,) = requests.instructions_about(made.writer, id)
    assert (given.words, given.clinician, given.subject) == (words, "Dr Ahmed", made.mary)
    with pytest.raises(Refused, match="person was told"):
        requests.finish_request(made.writer, id, "Sent", "", at=NOW)
    requests.finish_request(made.writer, id, "Sent to the pharmacy", "told", at=NOW)
    assert made.one(Request, id).state == "done"


def test_an_ordinary_request_is_closed_by_saying_what_was_done(made: Made) -> None:
    id = asked(made, "call_back", due_at=NOW + dt.timedelta(hours=1))
    assert not made.one(Request, id).clinical
    with pytest.raises(Refused, match="what was done"):
        requests.finish_request(made.writer, id, " ", "told", at=NOW)
    requests.finish_request(made.writer, id, "Rang back", "told", at=NOW)
    requests.reopen_request(made.writer, id, at=NOW)
    requests.cancel_request(made.writer, id, "Rang us meanwhile", at=NOW)
    assert made.one(Request, id).state == "cancelled"


def test_a_promise_in_the_past_is_refused(made: Made) -> None:
    with pytest.raises(Refused, match="passed already"):
        asked(made, "call_back", due_at=NOW - dt.timedelta(hours=1))


def test_a_message_goes_to_somebody_else_and_only_they_read_it(made: Made) -> None:
    with pytest.raises(Refused, match="who the message is for"):
        messages.send_message(made.writer, Message(words="Ring Mary"), at=NOW)
    sent = messages.send_message(made.writer, Message(subject="bo", person_id=made.mary, words="Ring Mary"), at=NOW)
    id = made_id(sent, "message")
    assert made.one(Message, id).state == "sent"
    with pytest.raises(Refused, match="Only the person it is for"):
        messages.read_message(made.writer, id, at=NOW)
