"""A receipt of a sync on paper: for whoever keeps proof that their work was taken (Beyond 4).

For staff: it names people. The countersign is the server's signature over this laptop's audit chain; an administrator
can check it against the server's own record.
"""

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.domain.dates import kept_moment_words
from wellbeing_desktop.operations.outbox import PrintedReceipt


def receipt_document(receipt: PrintedReceipt, *, user_name: str) -> b.Document:
    """What was sent, what became of each piece, and the places and signatures that prove it."""
    asked = "Not noted: nothing was sent" if receipt.head else "Not reached"
    counts = (
        ("Sent from", user_name),
        ("Begun", _moment(receipt.begun_at)),
        ("Ended", _moment(receipt.ended_at) if receipt.ended_at else "Broken off. What is listed as sent was taken"),
        ("The server's clock", _moment(receipt.server_at) if receipt.server_at else asked),
        ("Sent", _count(receipt.sent_count, "change")),
        ("Received", _count(receipt.received, "record")),
        ("Still waiting", _count(receipt.waiting, "change")),
    )
    made: list[b.Block] = [
        b.Heading("Receipt of a sync", 1),
        b.KeyValues(tuple((name, words) for name, words in counts)),
    ]
    if receipt.sent:
        rows = tuple(
            (line.person or "About no one person", line.sentence, line.became or "Taken", _moment(line.at))
            for line in receipt.sent
        )
        made += [
            b.Heading("What was sent", 2),
            b.Table(("Who", "What", "What became of it", "Saved"), rows, (2, 4, 2.5, 2)),
        ]
    else:
        made.append(b.Paragraph("Nothing waited to be sent."))
    proof = []
    if receipt.head:
        proof.append(("Place in the server's record", receipt.head))
    if receipt.countersign:
        proof += [
            ("Audit of this laptop up to entry", f"{receipt.audit_entry:,}"),
            ("Server's signature", receipt.countersign),
        ]
    if proof:
        made += [b.Heading("Proof", 2), b.KeyValues(tuple(proof))]
    made.append(b.Paragraph("Keep this with care: it names people. Put it in confidential waste.", tone="quiet"))
    return b.Document(
        "Receipt of a sync", tuple(made), reference=f"Sync {receipt.number}", purpose="Confidential: staff copy"
    )


def _count(count: int, one: str) -> str:
    return f"{count:,} {one}{'' if count == 1 else 's'}"


def _moment(text: str) -> str:
    return kept_moment_words(text, "Not known")
