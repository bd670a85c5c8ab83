"""People around the person, what each may be told (PRACTICE W17), and every way to reach the person (W10)."""

from functools import partial

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.consent_rules import may_be_told
from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.domain.person import RelatedPerson
from wellbeing_desktop.domain.safe_to_reach import may_write_to
from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.ui.pages.person import who
from wellbeing_desktop.ui.pages.person.parts import Around, column_of, entry, joined, row_of_buttons
from wellbeing_desktop.ui.pages.person.warnings import number_line
from wellbeing_desktop.ui.widgets import buttons, labels
from wellbeing_desktop.ui.widgets.empty_state import empty_state


def build(record: PersonRecord, around: Around) -> QWidget:
    """Family, carers and others first, then addresses and numbers."""
    person_id = record.person.id

    def form(kind: str, id: str = "") -> None:
        around.go("person_entry", "/".join(filter(None, (kind, person_id, id))))

    parts: list[QWidget] = [
        row_of_buttons(
            buttons.secondary("Add a person", partial(form, "related"), icon="plus"),
            buttons.secondary("Add a number or e-mail", partial(form, "number"), icon="plus"),
            buttons.secondary("Add an address", partial(form, "address"), icon="plus"),
        )
    ]
    if not record.related:
        parts.append(
            empty_state(
                "Nobody is recorded yet.", "Family, carers and friends, and what each may be told.", icon="users"
            )
        )
    for related in record.related:
        parts.append(_related(related, partial(form, "related", related.id)))
    for address in record.addresses:
        ended = address.ended_on is not None and address.ended_on <= around.today
        stop = may_write_to(address, around.today)
        chips: list[QWidget] = []
        if stop is not None:
            chips.append(labels.chip(stop.sentence, "bad" if stop.kind == "unsafe_address" else "plain"))
        elif address.safe_to_write:
            chips.append(labels.chip("Safe to write here", "good"))
        change = buttons.link("Change this address", partial(form, "address", address.id))
        parts.append(
            entry(
                label_of("address_association", address.use) or "Address",
                [("", who.address_line(address)), ("Why it is not safe", address.safety_reason)],
                joined(
                    f"From {day_words(address.started_on)}" if address.started_on else "",
                    f"until {day_words(address.ended_on)}" if ended else "",
                ),
                *chips,
                change,
            )
        )
    for point in record.contact_points:
        what = "e-mail" if point.medium == "email" else "number"
        change = buttons.link(f"Change this {what}", partial(form, "number", point.id))
        change.setAccessibleName(f"Change {point.value}")
        remove = buttons.link(f"Remove this {what}", partial(form, "remove_number", point.id))
        remove.setAccessibleName(f"Remove {point.value}")
        chips = [labels.chip("Use this first", "plain")] if point.preferred else []
        parts.append(
            entry(number_line(record, point), [("Why it is not safe", point.safety_reason)], "", *chips, change, remove)
        )
    return column_of(*parts)


def _related(related: RelatedPerson, change: partial[None]) -> QWidget:
    roles = ", ".join(label_of("related_person_roles", role) for role in related.roles)
    legal = label_of("legal_roles", related.legal_role)
    seen = ""
    if legal:
        seen = (
            f"Document seen by {related.document_seen_by}, {day_words(related.document_seen_on)}"
            if related.document_seen_by
            else "No document seen: a title alone gives no right to decide"
        )
    link = buttons.link("Change these details", change)
    link.setAccessibleName(f"Change the details of {related.name}")
    return entry(
        joined(related.name, related.relationship),
        [
            ("May I tell them?", may_be_told(related)),
            ("Reach them", joined(related.telephone, related.email, " ".join(related.address.split()))),
            ("Legal role", joined(legal, seen)),
        ],
        joined(roles, "Lives with the person" if related.lives_with_person else ""),
        link,
    )
