"""What the person decided about sharing: three states for each purpose, never "refused" for what was not asked (W16)."""

from functools import partial

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.code_lists import code_list, label_of
from wellbeing_desktop.domain.consent import Consent
from wellbeing_desktop.domain.consent_rules import State, may_share, standing
from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.domain.standing import current_heads
from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.ui.pages.person.parts import Around, column_of, entry, joined
from wellbeing_desktop.ui.widgets import buttons, labels

_TONES: dict[State, labels.Tone] = {State.AGREED: "good", State.OBJECTED: "bad", State.NOT_RECORDED: "plain"}


def build(record: PersonRecord, around: Around) -> QWidget:
    """One entry for each purpose, and one for each recipient that has a decision of its own."""
    parts: list[QWidget] = [
        labels.muted(
            "Consent to share is not the lawful basis for keeping the record. "
            "Danger to somebody or the law can make sharing necessary: record why, once, when it happens."
        )
    ]
    recipients = sorted({c.recipient for c in current_heads(record.consents) if c.recipient})
    people = {related.id: related.name for related in record.related}
    for purpose in code_list("consent_purposes").entries:
        where = standing(record.consents, purpose.code, "", around.today)
        chips: list[QWidget] = [
            labels.chip(
                where.label,
                _TONES[where.state],
                None if where.state is not State.NOT_RECORDED else "circle-question-mark",
            )
        ]
        if where.clashes:
            chips.append(labels.chip("Two answers: settle which", "warning"))
        record_it = buttons.link("Record a decision", partial(_form, record, around, purpose.code))
        record_it.setAccessibleName(f"Record a decision: {purpose.label}")
        lines = [("", may_share(purpose.code, where).sentence)]
        for recipient in recipients:
            own = standing(record.consents, purpose.code, recipient, around.today)
            if own.heads and own.heads[0].recipient == recipient:
                lines.append((people.get(recipient, recipient), f"{own.label}. {_given(own.heads[0])}"))
        meta = _given(where.heads[0]) if where.heads else ""
        parts.append(entry(purpose.label, lines, meta, *chips, record_it))
    return column_of(*parts)


def _form(record: PersonRecord, around: Around, purpose: str) -> None:
    around.go("person_entry", f"consent/{record.person.id}/{purpose}")


def _given(consent: Consent) -> str:
    return joined(
        f"Given by {label_of('consent_givers', consent.given_by).lower()}",
        consent.given_by_name,
        consent.how,
        day_words(consent.given_on),
        f"Document seen: {consent.document_seen}" if consent.document_seen else "",
        f"Until {day_words(consent.expires_on)}" if consent.expires_on else "",
        consent.note,
    )
