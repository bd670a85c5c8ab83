"""The data dictionary, printed from the definitions: every record type, where it lives, every field.

python -m wellbeing_desktop.domain.dictionary > docs/data-dictionary.md
"""

import sys
from typing import Final

from wellbeing_desktop.domain.definition import Compartment, Field, Kind, Lifecycle, Merge, RecordType, Sensitivity
from wellbeing_desktop.domain.registry import RECORD_TYPES

_KIND: Final = {
    Kind.TEXT: "text",
    Kind.DATE: "date",
    Kind.MOMENT: "moment (UTC)",
    Kind.NUMBER: "whole number",
    Kind.YES_NO: "yes or no",
    Kind.SET: "set of texts",
}
_LIFECYCLE: Final = {
    Lifecycle.EDITABLE: "May be changed.",
    Lifecycle.IMMUTABLE: "Is not changed once it is saved; it is amended, and the original stays.",
    Lifecycle.SIGNED: "May be changed until it is signed; afterwards it is amended, and the original stays.",
    Lifecycle.SUPERSEDING: "Is not changed once it is saved; a newer one names what it replaces.",
}
_MERGE: Final = {
    Merge.SCALAR: "last accepted",
    Merge.NARRATIVE: "both kept",
    Merge.SAFETY: "both kept, cautious first",
    Merge.OWNER: "both kept, never two owners",
    Merge.SET: "members",
    Merge.STATE: "next state",
    Merge.POSITION: "last accepted",
    Merge.FIXED: "fixed",
}
_COMPARTMENT: Final = {
    Compartment.CARD: "who this is and how to reach them safely",
    Compartment.CORE: "dates, codes, states, scores, demographics",
    Compartment.DOCUMENTS: "letters, scans",
    Compartment.CLINICAL: "narrative, plans, assessments",
    Compartment.RESTRICTED: "concerns, sensitive",
}
_SENSITIVITY: Final = {
    Sensitivity.PLAIN: "plain",
    Sensitivity.PERSONAL: "personal",
    Sensitivity.SPECIAL: "special category",
}


def data_dictionary() -> str:
    """The whole dictionary as Markdown."""
    lines = [
        "# Data dictionary",
        "",
        "Printed from the definitions by `python -m wellbeing_desktop.domain.dictionary`; a test holds that it is current.",
        "Every record also has an `id` (UUIDv7, made on the laptop) and a `subject`: the person, team, practitioner or",
        "organisation that it is about. A field that is empty is absent.",
        "",
        "When two people change one field: *last accepted* (the other value stays in history); *both kept* until a person",
        "settles it; *members* (added and removed one by one); *next state* (an allowed step applies, two different ends",
        "clash); *fixed* (says what the record is about, and never changes).",
        "",
        "| Compartment | Holds |",
        "|---|---|",
        *(f"| {compartment.value} | {what} |" for compartment, what in _COMPARTMENT.items()),
        "",
    ]
    for record_type in RECORD_TYPES.values():
        lines += _type_section(record_type)
    return "\n".join(lines).rstrip("\n") + "\n"


def _type_section(record_type: RecordType) -> list[str]:
    told = " ".join((record_type.struct.__doc__ or "").split())
    where = record_type.compartment.value if record_type.compartment is not None else "where its target is"
    lines = [
        f"## {record_type.label} (`{record_type.name}`)",
        "",
        *([told, ""] if told else []),
        f"About: {record_type.subject_kind.value}. Compartment: {where}. {_LIFECYCLE[record_type.lifecycle]}",
        "",
    ]
    if record_type.transitions:
        steps = "; ".join(
            f"{before or 'at first'}: {', '.join(sorted(after))}" for before, after in record_type.transitions.items()
        )
        lines += [f"States: {steps}.", ""]
    lines += ["| Field | Label | Kind | Two changes | Sensitivity | Notes |", "|---|---|---|---|---|---|"]
    lines += [_field_row(field) for field in record_type.fields]
    return [*lines, ""]


def _field_row(field: Field) -> str:
    about = field.about
    notes = [
        "needed" if about.required else "",
        f"code list {about.code_list}" if about.code_list else "",
        f"names a record: {about.refers_to.replace('_', ' ')}" if about.refers_to else "",
        "counted by returns" if about.counted else "",
        {1: "searched as words", 2: "people are found by it"}.get(about.search, ""),
        f"NHS: {about.export}" if about.export else "",
        about.help.rstrip("."),
    ]
    cells = (
        f"`{field.name}`",
        about.label,
        _KIND[field.kind],
        _MERGE[field.merge],
        _SENSITIVITY[about.sensitivity],
        "; ".join(note for note in notes if note),
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


if __name__ == "__main__":
    sys.stdout.buffer.write(data_dictionary().encode())
