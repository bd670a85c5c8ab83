"""A form made from the definition of a record type: the page says which fields and in what order, the rest follows.

form = RecordForm(RECORD_TYPES["address"], (("line1",), ("line2",), ("line4", "postcode")), today, shown=address)
form.changed()    # only what differs from `shown`: {"postcode": "CB1 2AB"}
form.seen()       # what the person saw in those fields, for the write door
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from wellbeing_desktop.domain.clock_time import parse_typed_moment
from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.domain.dates import staff_moment
from wellbeing_desktop.domain.definition import Field, Kind, Record, RecordType
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.nhs_number import format_nhs_number
from wellbeing_desktop.domain.wire import from_wire, to_wire
from wellbeing_desktop.ui.mnemonics import with_letters
from wellbeing_desktop.ui.widgets import fields, read_back
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.choices import TickSetField
from wellbeing_desktop.ui.widgets.form import AnyField, Form

Choices = Sequence[tuple[str, str]]
_YES_NO: Final = (("yes", "Yes"), ("no", "No"))


class RecordForm(Form):
    """Fields of one record. `shown` is what the screen shows before anything is typed; None for a new record.

    `rows` are names of fields, those of one inner sequence side by side. `choices` gives (id, words) for fields that
    refer to other records, `words` another label for a field, `needed` names fields beyond those always required.
    `cards_before` begins a card at the row whose first field it names, `made` has a field that is not as usual.
    """

    def __init__(
        self,
        record_type: RecordType,
        rows: Sequence[Sequence[str]],
        today: Callable[[], dt.date],
        *,
        shown: Record | None = None,
        choices: Mapping[str, Choices] | None = None,
        words: Mapping[str, str] | None = None,
        needed: Sequence[str] = (),
        letters_taken: Sequence[str] = ("s", "c"),
        prefix: str = "",
        made: Mapping[str, AnyField] | None = None,
        cards_before: Mapping[str, Card] | None = None,
    ) -> None:
        super().__init__()
        self.record_type = record_type
        self._today = today
        self.names = [name for row in rows for name in row]
        self._shown = shown if shown is not None else record_type.struct()
        self._prefix = prefix
        wanted = [(words or {}).get(name, record_type.field(name).label) for name in self.names]
        labels = dict(zip(self.names, with_letters(wanted, letters_taken), strict=True))
        for row in rows:
            if cards_before and row[0] in cards_before:
                self.begin_card(cards_before[row[0]])
            if len(row) > 1:
                self.begin_row()
            for name in row:
                field = record_type.field(name)
                self.add(
                    prefix + name,
                    labels[name],
                    (made or {}).get(name) or widget_for(field, today, (choices or {}).get(name)),
                    help_text=field.about.help,
                    required=field.about.required or name in needed,
                )
            self.end_row()
        self.end_card()
        self.set_values(
            {prefix + name: text_of(record_type.field(name), getattr(self._shown, name)) for name in self.names}
        )
        self.take_as_kept()
        for each in self.rows.values():
            each.error.hide()

    def changed(self) -> dict[str, Any]:
        """The fields whose value differs from what was shown. Raises Refused, naming the field, for one that cannot
        be read; call `check` first."""
        return {
            name: self.value_of(name)
            for name in self.names
            if self.rows[self._prefix + name].field.value() != self._kept[self._prefix + name]
        }

    def seen(self) -> dict[str, Any]:
        """What every field of the form showed before."""
        return {name: getattr(self._shown, name) for name in self.names}

    def value_of(self, name: str) -> Any:
        """One field as the record holds it."""
        field = self.record_type.field(name)
        text = self.rows[self._prefix + name].field.value()
        return value_from(field, text, self._today())

    def all_values(self) -> dict[str, Any]:
        """Every field that is not empty, for a new record."""
        made = {name: self.value_of(name) for name in self.names}
        return {name: value for name, value in made.items() if value not in (None, "", ())}


def text_of(field: Field, value: Any) -> str:
    """A value as its field on screen holds it."""
    if value in (None, "", ()):
        return ""
    match field.kind:
        case Kind.YES_NO:
            return "yes" if value else "no"
        case Kind.MOMENT:
            return staff_moment(value)
        case Kind.SET:
            return "\n".join(_in_order(field, value))
        case Kind.TEXT:
            return format_nhs_number(value).replace("\u00a0", " ") if field.name == "nhs_number" else str(value)
        case _:
            return str(to_wire(value))


def value_from(field: Field, text: str, today: dt.date = dt.date.min) -> Any:
    """The value that a field on screen holds; `today` is what a moment's day without a year is near. Raises Refused,
    naming the field."""
    bare = text.strip()
    match field.kind:
        case Kind.TEXT:
            return bare
        case Kind.SET:
            return tuple(sorted({line.strip() for line in text.split("\n") if line.strip()}))
        case Kind.YES_NO:
            return {"yes": True, "no": False}.get(bare)
        case Kind.NUMBER:
            return _whole_number(bare, field.name) if bare else None
        case Kind.MOMENT:
            return parse_typed_moment(bare, today, field.name) if bare else None
        case _:
            if not bare:
                return None
            try:
                return from_wire(field.kind, bare)
            except Refused as refusal:
                raise Refused("This is not a date. Type it like 21/11/2026 or 21 Nov 2026.", field.name) from refusal


def _in_order(field: Field, value: Sequence[str]) -> list[str]:
    if not field.about.code_list:
        return list(value)
    known = [entry.code for entry in code_list(field.about.code_list).entries]
    return sorted(value, key=lambda code: known.index(code) if code in known else len(known))


def widget_for(field: Field, today: Callable[[], dt.date], choices: Choices | None = None) -> AnyField:
    """The field on screen that a field of a record asks for."""
    if choices is not None:
        return fields.choice(choices, empty="Not chosen")
    if field.about.code_list:
        coded = [(entry.code, entry.label) for entry in code_list(field.about.code_list).entries]
        return TickSetField(coded) if field.kind is Kind.SET else fields.choice(coded, empty="Not recorded")
    match field.kind:
        case Kind.SET:
            return fields.note(lines=2, hint="One on each line")
        case Kind.YES_NO:
            return fields.choice(_YES_NO, empty="Not recorded")
        case Kind.NUMBER:
            number = fields.line()
            number.check = lambda text: _whole_number(text, field.name)
            return number
        case Kind.DATE:
            return fields.birth_date(today) if field.name == "born_on" else fields.day(today)
        case Kind.MOMENT:
            return read_back.moment(today)
        case _:
            return _text_widget(field)


def _text_widget(field: Field) -> AnyField:
    if field.about.long:
        return fields.note(lines=3)
    made = _READ_BACK.get(field.name)
    return made() if made is not None else fields.line()


_READ_BACK: Final[Mapping[str, Callable[[], AnyField]]] = {
    "nhs_number": read_back.nhs_number,
    "postcode": read_back.postcode,
    "telephone": read_back.phone,
    "call_back_number": read_back.phone,
    "email": read_back.email,
}
"""Fields of records that are read in any usual writing, by their name."""


def _whole_number(text: str, name: str) -> int:
    digits = text.strip().replace(",", "")
    if not digits.isascii() or not digits.isdigit():
        raise Refused("Give a whole number, like 20.", name)
    return int(digits)
