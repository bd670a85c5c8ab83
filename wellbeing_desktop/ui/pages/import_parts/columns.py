"""How the columns of a list are read: each heading with the field it fills, to put right where it is wrong."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.exchange.column_mapping import FIELDS, ColumnMapping
from wellbeing_desktop.exchange.people_list import PeopleFile
from wellbeing_desktop.ui.tokens import SPACE_M, SPACE_S
from wellbeing_desktop.ui.widgets import buttons, fields, labels, layouts
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.fields import ChoiceField

LAYOUTS = {"emis": "EMIS", "systmone": "SystmOne", "generic": "no known GP system"}
_NOT_USED = "Not used"


class ColumnsCard(Card):
    """Says which layout was recognised; the mapping itself opens on demand. `changed` carries the new fields."""

    changed = Signal(tuple)

    def __init__(self) -> None:
        self.toggle = buttons.link("Change the &columns", self._open_or_close)
        super().__init__("How the columns are read", action=self.toggle)
        self.sentence = labels.body()
        self.unused = labels.muted()
        self.body.addWidget(self.sentence)
        self.body.addWidget(self.unused)
        self._holder = QWidget()
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(0, SPACE_S, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_M)
        self._holder.hide()
        self.body.addWidget(self._holder)
        self.choices: list[ChoiceField] = []
        self._mapping: ColumnMapping | None = None

    def show_file(self, file: PeopleFile) -> None:
        """The mapping of a file that was read."""
        self._mapping = file.mapping
        used = sum(1 for field in file.mapping.fields if field)
        self.sentence.setText(
            f"This looks like a list from {LAYOUTS.get(file.mapping.preset, file.mapping.preset)}. "
            f"{used} of its {len(file.mapping.headers)} columns are used."
        )
        unused = file.mapping.unmapped_headers()
        self.unused.setText(
            f"Not used: {', '.join(unused[:12])}{' and more' if len(unused) > 12 else ''}." if unused else ""
        )
        self.unused.setVisible(bool(unused))
        self._fill(file)

    def open_columns(self) -> None:
        """Show the mapping: it is wrong, or a name column is missing."""
        self._holder.show()
        self.toggle.set_words("Hide the &columns")

    def _open_or_close(self) -> None:
        if self._holder.isHidden():
            self.open_columns()
        else:
            self._holder.hide()
            self.toggle.set_words("Change the &columns")

    def _fill(self, file: PeopleFile) -> None:
        layouts.empty(self._grid)
        self.choices = []
        first = file.table.rows[0].cells if file.table.rows else ()
        for at, header in enumerate(file.mapping.headers):
            field = fields.choice(list(FIELDS.items()), empty=_NOT_USED)
            field.setMinimumContentsLength(10)
            field.set_value(file.mapping.fields[at])
            field.edited.connect(partial(self._chosen, at))
            sample = " ".join(first[at].split())[:24] if at < len(first) else ""
            words = f"{header or f'Column {at + 1}'}" + (f" (like “{sample}”)" if sample else "")
            row, column = divmod(at, 2)
            self._grid.addWidget(labels.label_for(words.replace("&", "&&"), field), row * 2, column)
            self._grid.addWidget(field, row * 2 + 1, column)
            self.choices.append(field)
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)

    def _chosen(self, at: int) -> None:
        if self._mapping is not None:
            self._mapping = self._mapping.with_column(at, self.choices[at].value())
            self.changed.emit(self._mapping.fields)


class GenderCard(Card):
    """Words of the list for gender, each with the code it would become, confirmed once (reference/09)."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__("Gender words in this list")
        self.body.addWidget(
            labels.muted(
                "These go into “Gender in the GP record”. Put right what is wrong; it is confirmed when you import."
            )
        )
        self._holder = QWidget()
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self._holder)
        self._words: dict[str, ChoiceField] = {}
        self._shown: tuple[tuple[str, str], ...] = ()
        self.hide()

    def show_words(self, words: tuple[tuple[str, str], ...]) -> None:
        """(word, proposed code) for each word of the list."""
        self.setVisible(bool(words))
        if words == self._shown:
            return
        self._shown = words
        layouts.empty(self._grid)
        self._words = {}
        choices = [(entry.code, entry.label) for entry in code_list("person_stated_gender").entries]
        for at, (word, code) in enumerate(words):
            field = fields.choice(choices, empty="Do not use")
            field.setMinimumContentsLength(8)
            field.set_value(code)
            field.edited.connect(self.changed)
            self._grid.addWidget(labels.label_for(f"“{word}” means".replace("&", "&&"), field), 0, at)
            self._grid.addWidget(field, 1, at)
            self._grid.setColumnStretch(at, 1)
            self._words[word] = field

    def fields(self) -> list[ChoiceField]:
        """The choices in order, for Tab."""
        return list(self._words.values())

    def confirmed(self) -> dict[str, str]:
        """Word to code, as shown."""
        return {word: field.value() for word, field in self._words.items() if field.value()}
