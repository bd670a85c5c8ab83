"""Words handed to a colleague, and whether they were read (A5)."""

import datetime as dt

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.enquiry import Message
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.handover import require_may_take
from wellbeing_desktop.storage.connection import Writer


def send_message(writer: Writer, message: Message, *, at: dt.datetime | None = None) -> Changes:
    """`message.subject` is the colleague."""
    with doing(writer, "send_message", at=at) as tx:
        if not message.subject:
            raise Refused("Choose who the message is for.", "subject")
        if message.subject == tx.author:
            raise Refused("This message would go to yourself. Add a task instead.", "subject")
        if not message.words.strip():
            raise Refused("Write the message.", "words")
        if message.person_id:
            require_may_take(tx.reader, message.person_id, message.subject, "subject")
        tx.create(msgspec.structs.replace(message, from_id=tx.author, sent_at=tx.at, state="sent"))
    return tx.changes


def read_message(writer: Writer, message_id: str, *, at: dt.datetime | None = None) -> Changes:
    """Opened by the one it is for; the sender sees when."""
    with doing(writer, "read_message", at=at) as tx:
        message = found.found(tx.reader, Message, message_id)
        if message.subject != tx.author:
            raise Refused("Only the person it is for can mark a message as read.")
        if message.state == "sent":
            tx.change(Message, message_id, {"state": "read", "read_at": tx.at})
    return tx.changes


def answer_message(writer: Writer, message_id: str, answer: str = "", *, at: dt.datetime | None = None) -> Changes:
    """Dealt with, with an answer for the sender if there is something to say."""
    with doing(writer, "answer_message", at=at) as tx:
        message = found.found(tx.reader, Message, message_id)
        if message.subject != tx.author:
            raise Refused("Only the person it is for can answer a message.")
        if message.state == "done":
            raise Refused("This message is dealt with already.", "state")
        fields = {"state": "done", "read_at": message.read_at or tx.at}
        tx.change(Message, message_id, {**fields, **({"answer": answer} if answer.strip() else {})})
    return tx.changes
