"""Letters written about the person, files kept, and copies of the plan."""

from functools import partial

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.ui.pages.person.parts import Around, column_of, day_words, entry, joined, row_of_buttons
from wellbeing_desktop.ui.widgets import buttons, labels
from wellbeing_desktop.ui.widgets.empty_state import empty_state

_TONES: dict[str, labels.Tone] = {"sent": "good", "returned": "warning", "draft": "warning"}


def build(record: PersonRecord, around: Around) -> QWidget:
    """Newest first."""
    write = buttons.secondary("Write a letter", partial(around.go, "letters", record.person.id), icon="mail")
    summary = buttons.secondary("Print a summary", partial(around.act, "print_summary", ""), icon="printer")
    parts: list[QWidget] = [row_of_buttons(write, summary)]
    for letter in record.letters:
        open_it = buttons.link("Open the letter", partial(around.go, "letters", f"{record.person.id}/{letter.id}"))
        open_it.setAccessibleName(f"Open the letter of {day_words(letter.written_on)} to {letter.to_name}")
        state = labels.chip(label_of("letter_states", letter.state) or "Draft", _TONES.get(letter.state, "plain"))
        ends: list[QWidget] = [state, open_it]
        if letter.state == "sent":
            argument = f"letter_came_back/{record.person.id}/{letter.id}"
            back = buttons.link("The letter came back", partial(around.go, "person_entry", argument))
            back.setAccessibleName(f"The letter of {day_words(letter.written_on)} to {letter.to_name} came back")
            ends.append(back)
        parts.append(
            entry(
                letter.subject_line or f"Letter to {letter.to_name}",
                [],
                joined(day_words(letter.written_on), f"To {letter.to_name}", record.names.get(letter.author_id, "")),
                *ends,
            )
        )
    for attachment in record.attachments:
        meta = joined(
            day_words(attachment.received_on), attachment.source, label_of("attachment_kinds", attachment.kind)
        )
        parts.append(entry(attachment.title, [], meta, labels.chip("File", "plain", "file-text")))
    if len(parts) == 1:
        parts.append(
            empty_state(
                "No letters or files yet.", "Letters you write about this person are kept here.", icon="file-text"
            )
        )
    return column_of(*parts)
