"""What the administrator writes down at the front door: who rang, what was asked, and for whom it waits."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from wellbeing_desktop.domain.enquiry import Enquiry, Message, Request
from wellbeing_desktop.operations import enquiries, messages, requests
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.store import Store


def answer_the_telephone(store: Store, person_ids: Sequence[str], coordinator_id: str, now: dt.datetime) -> None:
    """Three contacts about people of the caseload, a call back that is promised, and words for their coordinator."""

    def work(writer: Writer) -> None:
        for subject, ago, enquiry in (
            (
                person_ids[2],
                25,
                Enquiry(
                    medium="02",
                    caller_name="Helen Leach",
                    caller_role="family",
                    topic="support",
                    words="Asks whether Friday's visit can be later: she would like to be there.",
                ),
            ),
            (
                person_ids[4],
                50,
                Enquiry(
                    medium="02",
                    caller_role="self",
                    topic="appointment",
                    words="Cannot get to the clinic on Thursday. Wants another day.",
                    urgent=True,
                ),
            ),
            (
                person_ids[6],
                80,
                Enquiry(
                    medium="shared_mailbox",
                    caller_role="professional",
                    caller_organisation="Falls clinic",
                    topic="referral",
                    words="No reply to two letters. Is there a better address?",
                ),
            ),
        ):
            received = now - dt.timedelta(minutes=ago)
            made = msgspec.structs.replace(enquiry, subject=subject, received_at=received)
            enquiries.begin_enquiry(writer, made, at=received)
        promised = now + dt.timedelta(hours=2)
        call_back = Request(subject=person_ids[1], kind="call_back", items="About the lunch club", due_at=promised)
        requests.add_request(writer, call_back, at=now)
        words = "Mrs Leach rang about Friday. It is in the inbox."
        message = Message(subject=coordinator_id, person_id=person_ids[2], words=words)
        messages.send_message(writer, message, at=now)

    store.write(work)
