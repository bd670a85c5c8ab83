"""Letters written and files kept."""

import datetime as dt
from typing import Annotated

from wellbeing_desktop.domain.definition import Compartment, Merge, Record, RecordType, Sensitivity, about

SPECIAL = Sensitivity.SPECIAL


class Letter(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A letter from draft to post. What was printed is kept whole in `body` with the address it went to."""

    template: Annotated[str, about("Template", Merge.FIXED)] = ""
    template_version: Annotated[str, about("Version", Merge.FIXED)] = ""
    to_kind: Annotated[str, about("To", code_list="letter_recipients", required=True)] = ""
    to_name: Annotated[str, about("Name on the envelope", required=True)] = ""
    to_address: Annotated[str, about("Address on the envelope", long=True)] = ""
    address_id: Annotated[str, about("Address it was taken from", refers_to="address")] = ""
    subject_line: Annotated[str, about("Subject", search=1)] = ""
    body: Annotated[str, about("Letter", Merge.NARRATIVE, search=1, sensitivity=SPECIAL)] = ""
    cc: Annotated[tuple[str, ...], about("Copies to", Merge.SET)] = ()
    format: Annotated[str, about("Format", code_list="letter_format")] = ""
    reference: Annotated[str, about("Reference", Merge.FIXED)] = ""
    state: Annotated[str, about("State", Merge.STATE, code_list="letter_states")] = ""
    written_on: Annotated[dt.date | None, about("Dated", required=True)] = None
    author_id: Annotated[str, about("From", Merge.FIXED, refers_to="practitioner")] = ""
    sent_on: Annotated[dt.date | None, about("Sent on")] = None
    sent_how: Annotated[str, about("Sent how")] = ""
    returned_on: Annotated[dt.date | None, about("Came back on")] = None
    cancel_reason: Annotated[str, about("Why cancelled")] = ""
    contact_id: Annotated[str, about("About contact", refers_to="contact")] = ""


class Attachment(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A file, named by the hash of its bytes. The bytes travel apart."""

    sha256: Annotated[str, about("Hash", Merge.FIXED, required=True)] = ""
    bytes: Annotated[int | None, about("Size in bytes", Merge.FIXED)] = None
    media_type: Annotated[str, about("Type", Merge.FIXED)] = ""
    title: Annotated[str, about("Title", required=True, search=1)] = ""
    kind: Annotated[str, about("Kind", code_list="attachment_kinds")] = ""
    received_on: Annotated[dt.date | None, about("Received on")] = None
    source: Annotated[str, about("From")] = ""
    about_id: Annotated[str, about("About", Merge.FIXED)] = ""


LETTER = RecordType(
    struct=Letter,
    name="letter",
    label="Letter",
    plural="Letters",
    compartment=Compartment.DOCUMENTS,
    transitions={
        "": frozenset({"draft"}),
        "draft": frozenset({"ready", "cancelled"}),
        "ready": frozenset({"printed", "draft", "cancelled"}),
        "printed": frozenset({"sent", "ready", "cancelled"}),
        "sent": frozenset({"returned"}),
        "returned": frozenset({"ready"}),
        "cancelled": frozenset({"draft"}),
    },
    at="written_on",
)
ATTACHMENT = RecordType(
    struct=Attachment,
    name="attachment",
    label="Attachment",
    plural="Attachments",
    compartment=Compartment.DOCUMENTS,
    at="received_on",
)
