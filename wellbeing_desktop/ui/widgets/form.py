"""A form: label above each field with its buddy, help, errors beside the field and in a summary with links at the top.

form = Form()
form.add("note", "&Note", fields.note(), help_text="What happened, in your words.", required=True)
form.add_actions(buttons.primary("&Save contact", self.save))
if form.check(): ...
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.ui.mnemonics import with_letters
from wellbeing_desktop.ui.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from wellbeing_desktop.ui.widgets import buttons, labels, messages
from wellbeing_desktop.ui.widgets.beside import Beside
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.choices import AnswerField, TickSetField
from wellbeing_desktop.ui.widgets.fields import ChoiceField, DateField, LineField, NoteField, TickField
from wellbeing_desktop.ui.widgets.flow import FlowLayout
from wellbeing_desktop.ui.widgets.read_back import ReadBackField

AnyField = LineField | NoteField | ChoiceField | TickField | DateField | TickSetField | AnswerField
Asked = tuple[str, str, AnyField, str]
"""Of one field: its name, its label, itself, and help."""


@dataclass
class Row:
    """One field of a form with its words. `name` is the record field that Refused names."""

    name: str
    label: str
    field: AnyField
    required: bool
    holder: QWidget
    error: QLabel


class ErrorSummary(QFrame):
    """ "There are 2 things to put right", with a link to each field. A link is one line: it says the first sentence, and
    all of it stands beside the field."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "notice")
        labels.set_tone(self, "bad")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        self._column.setSpacing(0)
        self._title = labels.strong()
        self._column.addWidget(self._title)
        self._links: list[QPushButton] = []
        self.hide()

    def show_errors(self, errors: Mapping[str, tuple[str, QWidget]]) -> None:
        """`errors` is field name to (sentence, field); an empty one hides the summary."""
        for link in self._links:
            self._column.removeWidget(link)
            link.deleteLater()
        self._links = []
        count = len(errors)
        self._title.setText("There is 1 thing to put right" if count == 1 else f"There are {count} things to put right")
        for sentence, field in errors.values():
            link = buttons.link(sentence.partition(". ")[0].removesuffix("."), partial(_go_to, field))
            self._links.append(link)
            self._column.addWidget(link)
        self.setVisible(bool(errors))
        if errors:
            spoken = ". ".join([self._title.text(), *(sentence for sentence, _field in errors.values())])
            self.setAccessibleName(spoken)
            messages.announce(self, spoken)


class Form(QWidget):
    """Fields one under another. `edited` tells of every key, `left` of every field left."""

    edited = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, Row] = {}
        self._kept: dict[str, str] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_L)
        self.summary = ErrorSummary()
        self._column.addWidget(self.summary)
        self.draft_line = labels.muted()
        self.draft_line.setAccessibleName("Draft")
        self._side_by_side: Beside | None = None
        self._into = self._column

    def add(
        self, name: str, label: str, field: AnyField, *, help_text: str = "", required: bool = False, stretch: int = 0
    ) -> AnyField:
        """Adds `field` under `label` (`&` marks its Alt letter) and gives it back. A field that may be left empty
        says "(optional)" only when most of the form is required; otherwise a required one says "(required)".
        """
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        words = f"{label} (required)" if required else label
        if isinstance(field, TickField):
            field.setAccessibleName(labels.without_mnemonic(label) or field.accessibleName())
        else:
            target = field.line if isinstance(field, DateField) else field
            plain = labels.without_mnemonic(words)
            column.addWidget(labels.label_for(words, target))
            field.setAccessibleName(plain)
        if help_text:
            explained = labels.muted(help_text)
            column.addWidget(explained)
            field.setAccessibleDescription(help_text)
        column.addWidget(field)
        error = labels.error()
        error.hide()
        column.addWidget(error)
        row = Row(name, labels.without_mnemonic(label), field, required, holder, error)
        self.rows[name] = row
        if self._side_by_side is not None:
            self._side_by_side.add(holder, stretch or 1, head=partial(_head_height, column, field))
        else:
            self._into.addWidget(holder)
        field.edited.connect(self.edited)
        field.left.connect(partial(self._field_left, name))
        return field

    def begin_row(self) -> None:
        """Fields added from here stand beside one another, until `end_row`; only for short ones that belong together."""
        self._side_by_side = Beside(SPACE_M)
        self._into.addWidget(self._side_by_side)

    def end_row(self) -> None:
        self._side_by_side = None

    def add_rows(
        self, rows: Sequence[Sequence[Asked]], *, letters_taken: Iterable[str], required: Collection[str]
    ) -> None:
        """Rows of fields beside one another, each label with an Alt letter of its own; a tick says its words itself."""
        words = [field.text() if isinstance(field, TickField) else label for row in rows for _, label, field, _ in row]
        lettered = iter(with_letters(words, letters_taken))
        for row in rows:
            if len(row) > 1:
                self.begin_row()
            for name, label, field, help_text in row:
                letter = next(lettered)
                if isinstance(field, TickField):
                    field.setText(letter)
                    self.add(name, label, field)
                else:
                    self.add(name, letter, field, help_text=help_text, required=name in required)
            self.end_row()

    def begin_card(self, card: Card) -> None:
        """What is added from here stands in `card`, until `end_card`: a long form in parts, with one draft."""
        self._column.addWidget(card)
        self._into = card.body
        card.body.setSpacing(SPACE_L)

    def end_card(self) -> None:
        self._into = self._column

    def add_widget(self, widget: QWidget) -> None:
        """Anything else in the order of the form: a heading, a notice."""
        self._into.addWidget(widget)

    def add_actions(self, *actions: QPushButton) -> None:
        """The buttons of the form with the draft line beside them, the main one last, wrapping when there is no room."""
        holder = QWidget()
        flow = FlowLayout(holder, spacing=SPACE_S)
        for action in actions:
            flow.addWidget(action)
        flow.addWidget(self.draft_line)
        self.draft_line.setWordWrap(False)
        self.draft_line.hide()
        self._into.addWidget(holder)

    def values(self) -> dict[str, str]:
        """What every field holds now, by name."""
        return {name: row.field.value() for name, row in self.rows.items()}

    def set_values(self, values: Mapping[str, str]) -> None:
        """Fills the fields that `values` names; the others stay."""
        for name, value in values.items():
            if name in self.rows:
                self.rows[name].field.set_value(value)

    def as_held(self, values: Mapping[str, str]) -> dict[str, str]:
        """These values as the fields would hold them: numbers in our writing."""
        return {name: _as_held(self.rows[name].field, value) for name, value in values.items() if name in self.rows}

    def take_as_kept(self) -> None:
        """What the fields hold now is what the record holds: a number that came with a list and cannot be read does not
        keep somebody from changing another field."""
        self._kept = self.values()

    def set_draft_line(self, words: str) -> None:
        """ "Draft saved on this laptop 10:42"; an empty text hides it."""
        self.draft_line.setText(words)
        # a form without buttons of its own has not placed the line: shown, it would be a window that takes the keyboard
        self.draft_line.setVisible(bool(words) and self.draft_line.parentWidget() is not None)

    def check(self) -> bool:
        """Checks every field, shows what to put right, and goes to the summary; True when all is well."""
        errors = {name: sentence for name in self.rows if (sentence := self._fault(name))}
        self.show_errors(errors)
        return not errors

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Shows these sentences beside their fields and at the top, and takes all others away."""
        for name, row in self.rows.items():
            self._show_beside(row, errors.get(name, ""))
        self.summary.show_errors(
            {
                name: (f"{self.rows[name].label}: {text}", self.rows[name].field)
                for name, text in errors.items()
                if name in self.rows
            }
        )
        if errors:
            _scroll_to(self.summary)

    def show_refusal(self, problem: BaseException) -> None:
        """For `on_failure` of an operation: a Refused that names a field stands beside it, all else on the page."""
        if isinstance(problem, Refused) and problem.field in self.rows:
            self.show_errors({problem.field: problem.message})
        else:
            messages.show(self, problem)

    def _field_left(self, name: str) -> None:
        row = self.rows[name]
        sentence = self._fault(name, on_leaving=True)
        if sentence or not row.error.isHidden():
            self._show_beside(row, sentence)
        self.left.emit()

    def _fault(self, name: str, *, on_leaving: bool = False) -> str:
        row = self.rows[name]
        value = row.field.value()
        if not value.strip():
            # an empty field is only a fault at Save: people fill a form in their own order
            return f"Enter {_lower_first(row.label)}" if row.required and not on_leaving else ""
        if value == self._kept.get(name):
            return ""
        if isinstance(row.field, ReadBackField) and not row.field.holds_up and not on_leaving:
            return ""
        try:
            if row.field.check is not None:
                row.field.check(value)
        except Refused as problem:
            return problem.message
        return ""

    def _show_beside(self, row: Row, sentence: str) -> None:
        row.error.setText(sentence)
        row.error.setVisible(bool(sentence))
        target = row.field.line if isinstance(row.field, DateField) else row.field
        target.setProperty("wrong", "true" if sentence else "false")
        labels.repolish(target)
        if sentence:
            target.setAccessibleDescription(sentence)


def _as_held(field: AnyField, value: str) -> str:
    return field.held(value) if isinstance(field, ReadBackField) else value


def _head_height(column: QVBoxLayout, field: QWidget, width: int) -> int:
    """How high label and help stand above `field`, so that the fields of a row are in line whatever is said of each."""
    height = 0
    for at in range(column.indexOf(field)):
        item = column.itemAt(at)
        if item is not None and not item.isEmpty():
            tall = item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
            height += tall + column.spacing()
    return height


def _lower_first(words: str) -> str:
    keeps_capital = len(words) > 1 and words[1].isupper()  # NHS number
    return words if keeps_capital else words[:1].lower() + words[1:]


def _go_to(field: QWidget) -> None:
    field.setFocus()
    _scroll_to(field)


def _scroll_to(widget: QWidget) -> None:
    step = widget.parentWidget()
    while step is not None:
        if isinstance(step, QScrollArea):
            step.ensureWidgetVisible(widget)
            return
        step = step.parentWidget()
