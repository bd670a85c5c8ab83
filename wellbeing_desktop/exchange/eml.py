"""E-mail files (.eml, RFC 5322) as the plain text of an enquiry.

What comes in is hostile until checked. The structure is read by the older policy of the standard library, whose cost
does not grow with a header's length; the four headers that are shown are cut before the newer one reads their words.
HTML is never shown, turned into text or fetched from. A message inside the message is not followed. A file that came
with it is told by its bytes, as one that is added by hand is, and never opened.
"""

import datetime as dt
import email
from collections.abc import Iterator
from email.message import Message
from email.policy import compat32, default
from typing import Final

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.file_kinds import sniff

LARGEST_BYTES: Final = 25 << 20
MOST_PARTS: Final = 200
MOST_LISTED: Final = 50
_LONGEST_HEADER: Final = 2_000
_LONGEST_NAME: Final = 120
_NO_EMAIL: Final = "This is not an e-mail file. Save the e-mail as an .eml file and choose that."


class AttachedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came with the e-mail. `media_type` and `content` are empty where it may not be kept; `why_not` says
    why, and is empty for a picture within the text, a signature's for the most part."""

    name: str
    size: int
    media_type: str = ""
    content: bytes = b""
    why_not: str = ""


class Email(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of one e-mail. `text` is empty where it has only HTML."""

    sender_name: str
    sender_address: str
    subject: str
    sent_at: dt.datetime | None
    text: str
    attached: tuple[AttachedFile, ...]


def read_email(data: bytes) -> Email:
    """One e-mail file. Raises Refused with the sentence to show."""
    if len(data) > LARGEST_BYTES:
        raise Refused(f"This e-mail is larger than {LARGEST_BYTES >> 20} MB. Save its files by themselves.")
    try:
        message = email.message_from_bytes(data, policy=compat32)
    except (RecursionError, ValueError, LookupError) as problem:
        raise Refused("This e-mail is built in a way that cannot be read.") from problem
    if not any(message.get(name) for name in ("From", "Subject", "Date", "Received")):
        raise Refused(_NO_EMAIL)
    texts, attached = [], []
    for part in _parts(message):
        name = _file_name(part)
        kind = part.get_content_type()
        if not name and part.get_content_disposition() != "attachment" and kind == "text/plain":
            texts.append(_text_of(part))
        elif name or part.get_content_disposition() == "attachment" or part.get_content_maintype() != "text":
            attached.append(_attached(part, name or kind))
    name, address = _sender(message)
    return Email(
        sender_name=name,
        sender_address=address,
        subject=_header(message, "Subject"),
        sent_at=_sent_at(message),
        text="\n\n".join(filter(None, texts)),
        attached=tuple(attached[:MOST_LISTED]),
    )


def _attached(part: Message, name: str) -> AttachedFile:
    content = _bytes_of(part)
    is_in_the_text = part.get_content_maintype() == "image" and part.get("Content-ID") is not None
    if is_in_the_text and part.get_content_disposition() != "attachment":
        return AttachedFile(name=name, size=len(content))
    try:
        found = sniff(content, name)
    except Refused as refusal:
        return AttachedFile(name=name, size=len(content), why_not=refusal.message)
    return AttachedFile(name=name, size=len(content), media_type=found.kind.media_type, content=content)


def _parts(message: Message) -> Iterator[Message]:
    """The leaves in their order, without following messages inside it; by a stack, because nesting is the sender's."""
    waiting, seen = [message], 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if seen > MOST_PARTS:
            raise Refused(f"This e-mail has more than {MOST_PARTS} parts, so it is not read.")
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting.extend(one for one in reversed(inner) if isinstance(one, Message))
        else:
            yield part


def _bytes_of(part: Message) -> bytes:
    inner = part.get_payload(decode=True)
    if isinstance(inner, bytes):
        return inner
    try:
        return part.as_bytes()
    except (RecursionError, ValueError, LookupError, AttributeError):
        return b""


def _text_of(part: Message) -> str:
    content = _bytes_of(part)
    charset = part.get_content_charset() or "utf-8"
    try:
        text = content.decode(charset, "replace")
    except (LookupError, ValueError):
        text = content.decode("utf-8", "replace")
    return _plain(text).strip()


def _file_name(part: Message) -> str:
    try:
        name = str(part.get_filename() or "")
    except (ValueError, LookupError):
        name = "a file"
    return _line(_words("subject", name))[:_LONGEST_NAME]


def _header(message: Message, name: str) -> str:
    return _line(_words(name, str(message.get(name, ""))))


def _words(name: str, value: str) -> str:
    """A header's words with what RFC 2047 encoded; as it stands where the library cannot read it."""
    cut = " ".join(value[:_LONGEST_HEADER].split())
    try:
        return str(default.header_factory(name, cut))
    except Exception:  # noqa: BLE001 - the library's reader fails in many ways on bent headers; none may stop an import
        return cut


def _sender(message: Message) -> tuple[str, str]:
    value = " ".join(str(message.get("From", ""))[:_LONGEST_HEADER].split())
    try:
        first = default.header_factory("from", value).addresses[0]
        name, address = first.display_name, first.addr_spec
    except Exception:  # noqa: BLE001 - as above
        return _line(value)[:_LONGEST_NAME], ""
    return _line(name)[:_LONGEST_NAME], _line(address)[:254] if address != "<>" else ""


def _sent_at(message: Message) -> dt.datetime | None:
    """When it says that it was sent; None without a time zone, and for a year that cannot be."""
    try:
        found = default.header_factory("date", str(message.get("Date", ""))[:200]).datetime
        if found is None or found.tzinfo is None:
            return None
        moment: dt.datetime = found.astimezone(dt.UTC)
    except Exception:  # noqa: BLE001 - as above
        return None
    return moment if moment.year >= 2000 else None


def _plain(text: str) -> str:
    """Without what a screen cannot show: control characters, and marks that turn the order of letters round."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        one
        for one in kept
        if one in "\n\t" or ((one.isprintable() or (one.isspace() and one >= " ")) and one not in _TURNS)
    )


def _line(text: str) -> str:
    return " ".join(_plain(text).split())


_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
