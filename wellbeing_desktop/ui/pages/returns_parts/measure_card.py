"""One number of the return: what it counts, what it is split by, and the people behind each part."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.operations.return_results import MeasureResult, PersonBehind, Split
from wellbeing_desktop.ui.chart_data import ChartData, Series
from wellbeing_desktop.ui.charts import ChartCard
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import labels
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.short_table import ShortTable

MOST_BARS = 8


class MeasureCard(QWidget):
    """`people_asked` carries the id of a number whose people somebody wants to see; `person_asked` a person's id."""

    people_asked = Signal(str)
    person_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        self.card = Card("Choose a number")
        self.value = labels.heading("", 1)
        self.definition = labels.body()
        self.figures = labels.strong()
        for label in (self.value, self.definition, self.figures):
            self.card.body.addWidget(label)
        column.addWidget(self.card)
        self.people_model = ShortList([Column("Name"), Column("Born", width=14), Column("Records", width=9)], self)
        self.people_table = ShortTable("People behind this number", self.people_model, has_header=True, most_rows=8)
        self.people_table.opened.connect(self.person_asked)
        self.people = Card("People behind this number")
        self.people_words = labels.muted()
        self.people.body.addWidget(self.people_words)
        self.people.body.addWidget(self.people_table)
        column.addWidget(self.people)
        self._column = column
        self._parts: list[QWidget] = []
        self.split_tables: list[ShortTable] = []
        self.in_order: list[QWidget] = []
        """What Tab visits here, in order."""
        self.people.hide()

    def show_measure(self, measure: MeasureResult) -> None:
        """The number, its definition in full, its figures, its splits."""
        for part in self._parts:
            self._column.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts, self.split_tables, self.in_order = [], [], []
        self.people.hide()
        self.card.title.setText(measure.title)
        self.card.setAccessibleName(f"{measure.title}: {measure.count:,}")
        self.value.setText(f"{measure.count:,}")
        self.definition.setText(measure.definition)
        self.figures.setText("\n".join(f"{label}: {text}" for label, text in measure.figures))
        self.figures.setVisible(bool(measure.figures))
        for at, split in enumerate(measure.splits):
            if not split.cells:
                continue
            if at == 0 and measure.count and len(split.cells) > 1:
                chart = ChartCard(chart_of(measure, split))
                self.in_order.append(chart.toggle)
                self._add(chart)
            self._add(self._split_card(split))

    def show_people(self, label: str, people: Sequence[PersonBehind]) -> None:
        """Everybody behind one part, or the reason why there are no names."""
        self.people.show()
        self.people.title.setText(f"{label}: {things(len(people), 'person', 'people')}")
        named = [person for person in people if person.name]
        self.people_words.setText(
            "Enter opens the record." if named else "Your return grant counts without names. Nobody is named here."
        )
        self.people_model.show_rows(
            [
                TableRow(
                    person.person_id,
                    (
                        person.name,
                        day_words(person.born_on, "Not known"),
                        str(len(person.record_ids)),
                    ),
                )
                for person in named
            ]
        )
        self.people_table.setVisible(bool(named))
        if named:
            self.people_table.setFocus()

    def _split_card(self, split: Split) -> Card:
        by = split.title.removeprefix("By ")
        model = ShortList([Column(by[:1].upper() + by[1:]), Column("Number", is_number=True, width=9)], self)
        table = ShortTable(split.title, model, most_rows=12, has_header=True)
        model.show_rows([TableRow(cell.id, (cell.label, f"{cell.count:,}")) for cell in split.cells])
        table.opened.connect(self.people_asked)
        card = Card(split.title)
        card.body.addWidget(table)
        self.split_tables.append(table)
        self.in_order.append(table)
        return card

    def _add(self, part: QWidget) -> None:
        self._parts.append(part)
        self._column.insertWidget(self._column.count() - 1, part)  # the people stay last, under what they are behind


def chart_of(measure: MeasureResult, split: Split) -> ChartData:
    """The first split as bars, the largest first; the title says what was found."""
    cells = [cell for cell in split.cells if cell.count]
    largest = max(split.cells, key=lambda cell: cell.count)
    shown = cells[:MOST_BARS]
    more = "" if len(cells) <= MOST_BARS else f" ({len(cells) - MOST_BARS} smaller ones are in the table)"
    return ChartData(
        "bar",
        f"{measure.title}: most are {largest.label} ({largest.count:,} of {measure.count:,}){more}",
        tuple(cell.label for cell in shown),
        (Series("Number", tuple(float(cell.count) for cell in shown)),),
    )
