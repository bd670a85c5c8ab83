"""E-mail files: what is read of them, and that bent ones are refused in words or read without harm."""

from email.message import EmailMessage

import pytest

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.exchange.eml import LARGEST_BYTES, MOST_PARTS, read_email


def made(**headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {"From": "Si\u00e2n Price <sian@example.org>", "Subject": "Mam", **headers}.items():
        message[name] = value
    return message


def test_who_wrote_what_and_when_is_read_with_the_names_of_its_files() -> None:
    message = made(Date="Wed, 18 Nov 2026 08:15:00 +0100")
    message.set_content("Can somebody ring her?\n")
    message.add_alternative("<p>Can <img src='http://192.0.2.1/x'> ring</p>", subtype="html")
    message.add_attachment(b"%PDF-1.4 x", maintype="application", subtype="pdf", filename="scan \u00e9.pdf")
    email = read_email(message.as_bytes())
    assert (email.sender_name, email.sender_address, email.subject) == ("Si\u00e2n Price", "sian@example.org", "Mam")
    assert email.sent_at is not None
    assert email.sent_at.isoformat() == "2026-11-18T07:15:00+00:00"
    assert email.text == "Can somebody ring her?"
    assert [(one.name, one.size, one.media_type) for one in email.attached] == [
        ("scan \u00e9.pdf", 10, "application/pdf")
    ]


@pytest.mark.parametrize(
    ("content", "name", "media_type", "why_not"),
    [
        (
            b"MZ\x90\x00",
            "letter.pdf",
            "",
            "This file calls itself a PDF, but it is a Windows program. It was not added.",
        ),
        (b"PK\x03\x04 x", "all.zip", "", "This is an archive of files. Take them out, and add them one by one."),
        (b"", "empty.pdf", "", "This file is empty, so there is nothing to keep."),
        (b"\x89PNG\r\n\x1a\n", "rash.pdf", "image/png", ""),
    ],
)
def test_a_file_with_an_email_is_told_by_its_bytes(content: bytes, name: str, media_type: str, why_not: str) -> None:
    message = made()
    message.set_content("See the file")
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    (file,) = read_email(message.as_bytes()).attached
    assert (file.name, file.media_type, file.why_not) == (name, media_type, why_not)
    assert file.content == (content if media_type else b"")


def test_a_picture_within_the_text_is_listed_and_not_kept() -> None:
    message = made()
    message.set_content("Kind regards")
    message.add_alternative("<img src='cid:logo'>", subtype="html")
    message.get_payload()[1].add_related(
        b"\x89PNG\r\n\x1a\n", "image", "png", cid="<logo>", filename="logo.png", disposition="inline"
    )
    (file,) = read_email(message.as_bytes()).attached
    assert (file.name, file.media_type, file.content, file.why_not) == ("logo.png", "", b"", "")


def test_html_alone_gives_no_text_and_a_message_inside_is_listed_and_not_read() -> None:
    message = made()
    message.set_content("<script>alert(1)</script>", subtype="html")
    assert read_email(message.as_bytes()).text == ""
    inner = made()
    inner.set_content("inner words")
    outer = made()
    outer.set_content("outer words")
    outer.add_attachment(inner)
    email = read_email(outer.as_bytes())
    assert email.text == "outer words"
    assert [one.name for one in email.attached] == ["message/rfc822"]


def test_what_a_screen_cannot_show_is_left_out() -> None:
    data = b"From: a@example.org\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nab\x00c\x1b[1m\xe2\x80\xaed\r\n\tx"
    assert read_email(data).text == "abc[1md\n\tx"


@pytest.mark.parametrize(
    "head",
    [
        b"From: =?utf-8?q?broken",
        b"From: " + b"<" * 5000,
        b"From: a@example.org\r\nDate: yesterday",
        b"From: a@example.org\r\nDate: Thu, 02 Jan 1975 00:00:00 +1400",
        b"From: a@example.org\r\nContent-Type: text/plain; charset=no-such-set",
        b'From: a@example.org\r\nContent-Type: text/plain; charset="\x00"',
        b"From: a@example.org\r\nContent-Transfer-Encoding: base64",
        b"From: a@example.org\r\nContent-Type: multipart/mixed",
        b"From: \xff\xfe",
        b"From: a@example.org\r\nSubject: =?no-such?q?x?=",
    ],
)
def test_bent_headers_are_read_as_far_as_they_go(head) -> None:
    email = read_email(head + b"\r\n\r\nwords\r\n")
    assert email.sent_at is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"only words",
        b"x" * (LARGEST_BYTES + 1),
        b"From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\n\r\nx\r\n" * (MOST_PARTS + 1),
    ],
    ids=["empty", "zeros", "no header", "too large", "too many parts"],
)
def test_what_is_no_email_or_too_much_is_refused_in_words(data) -> None:
    with pytest.raises(Refused) as refused:
        read_email(data)
    assert refused.value.message.endswith(".")


def test_parts_within_parts_without_end_are_refused() -> None:
    lines = [b"From: a@example.org"]
    for depth in range(3000):
        lines += [b'Content-Type: multipart/mixed; boundary="b%d"' % depth, b"", b"--b%d" % depth]
    with pytest.raises(Refused):
        read_email(b"\r\n".join(lines))
