"""Charts say in words what they paint, and turn into tables."""

import dataclasses

from PySide6.QtCore import Qt

from tests.ui import gallery
from wellbeing_desktop.ui.chart_data import ChartData, Series, axis_top
from wellbeing_desktop.ui.charts import ChartCard


def test_the_description_holds_every_value_and_every_gap() -> None:
    words = gallery.TWO_SCORES.description()
    assert words == (
        "Anxiety fell below 4. Anxiety yesterday: Mar 8, Jun 6, Sep not recorded, Nov 3. "
        "Happiness yesterday: Mar 3, Jun 5, Sep 6, Nov 7"
    )


def test_show_as_table_gives_the_same_figures(qtbot) -> None:
    card = ChartCard(gallery.CONTACTS)
    qtbot.addWidget(card)
    card.show()
    qtbot.mouseClick(card.toggle, Qt.MouseButton.LeftButton)
    assert card.shows_table
    model = card._table.model()
    rows = [[model.index(row, column).data() for column in range(4)] for row in range(3)]
    assert rows == [["Aug", "12", "8", "2"], ["Sep", "9", "11", "3"], ["Oct", "21", "6", "5"]]
    assert card.toggle.text() == "Show as chart"
    qtbot.mouseClick(card.toggle, Qt.MouseButton.LeftButton)
    assert not card.shows_table


def test_an_empty_chart_says_so(qtbot) -> None:
    card = ChartCard(dataclasses.replace(gallery.WELLBEING, series=(Series("Life satisfaction", (None,) * 4),)))
    qtbot.addWidget(card)
    card.show()
    assert card.nothing.isVisible()
    assert not card.area.isVisible()


def test_the_axis_ends_at_a_round_number_above_all_values() -> None:
    def top(*values: float) -> float:
        return axis_top(ChartData("bar", "", ("",) * len(values), (Series("", values),)))

    assert [top(9), top(10), top(11), top(204), top(0.4), top(0)] == [10, 10, 20, 400, 1, 1]
    assert axis_top(gallery.CONTACTS) == 40, "a stack counts as a whole"
