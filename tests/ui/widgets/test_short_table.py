"""Words in a short list are all there to be read: they wrap before they are elided, and the row grows with them."""

import pytest
from pytestqt.qtbot import QtBot

from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.widgets.choices import AnswerField
from wellbeing_desktop.ui.widgets.short_table import ShortTable, wrapped

GAP = "1 h 45 min free, 20 min away"
SECOND = "Home visit, At home, Plan and wellbeing scores"


@pytest.fixture
def table(qtbot: QtBot) -> ShortTable:
    made = ShortTable("Visits", ShortList([Column("Who")]), has_two_lines=True)
    qtbot.addWidget(made)
    made.show()
    return made


def test_words_break_at_a_comma_where_both_sides_fit_and_nothing_is_lost(table: ShortTable) -> None:
    metrics = table.fontMetrics()
    room = metrics.horizontalAdvance(GAP)
    assert wrapped(GAP, metrics, room) == [GAP]
    assert wrapped(GAP, metrics, room - 1) == ["1 h 45 min free,", "20 min away"]
    assert " ".join(wrapped(SECOND, metrics, metrics.horizontalAdvance(SECOND) * 2 // 3)) == SECOND
    waits = "Waits for a reply (30 days)"
    parted = metrics.horizontalAdvance("Waits for a reply (30")
    assert wrapped(waits, metrics, parted) == ["Waits for a reply", "(30 days)"], "a number keeps its unit"
    assert wrapped("30 days", metrics, metrics.horizontalAdvance("days")) == ["30", "days"], "unless there is no room"
    assert wrapped(GAP, metrics, 60)[-1].endswith("\u2026")
    assert wrapped("", metrics, 60) == []


def test_a_row_is_higher_where_its_words_wrap_and_the_list_with_it(table: ShortTable) -> None:
    model = table.model()
    assert isinstance(model, ShortList)
    table.resize(900, 200)
    model.show_rows([TableRow("1", (f"Jones\n{SECOND}",)), TableRow("2", ("Hughes\nCall",))])
    wide, height = table.rowHeight(0), table.height()
    assert wide == table.rowHeight(1)
    table.resize(table.fontMetrics().horizontalAdvance(SECOND) - 20, height)
    assert table.rowHeight(0) > wide
    assert table.rowHeight(1) == wide
    assert table.height() - height == table.rowHeight(0) - wide


def test_rows_that_take_the_place_of_others_have_heights_of_their_own(table: ShortTable) -> None:
    model = table.model()
    assert isinstance(model, ShortList)
    table.resize(table.fontMetrics().horizontalAdvance(SECOND) - 20, 200)
    model.show_rows([TableRow("1", ("Jones\nCall",))])
    low = table.rowHeight(0)
    model.show_rows([TableRow("1", (f"Jones\n{SECOND}",))])
    assert table.rowHeight(0) > low
    model.show_rows([TableRow("1", ("Jones\nCall",))])
    assert table.rowHeight(0) == low


def test_columns_of_dates_and_names_leave_room_for_what_a_row_is(qtbot: QtBot) -> None:
    table = ShortTable("Files", ShortList([Column("Due", width=34), Column("What"), Column("With", width=24)]))
    table.draw_as_chips(0, lambda _words: "bad")
    qtbot.addWidget(table)
    table.show()
    table.model().show_rows([TableRow("1", ("Tell the Commissioner by 01-Dec-2026 07:49 (71 hours left)", GAP, "Jo"))])
    for width in (1200, 500):
        table.resize(width, 200)
        widths = [table.columnWidth(at) for at in range(3)]
        assert sum(widths) <= table.viewport().width() + 2
        assert widths[1] > width // 4
    assert table.rowHeight(0) > table.verticalHeader().defaultSectionSize(), "the chip wraps, it is not cut"


def test_a_chosen_answer_has_room_for_its_bold_words(qtbot: QtBot) -> None:
    field = AnswerField([("high", "High contrast"), ("dark", "Dark")])
    qtbot.addWidget(field)
    field.show()
    before = field.options["high"].width()
    field.set_value("high")
    button = field.options["high"]
    assert button.width() == before  # the row stays where it is
    assert button.fontMetrics().horizontalAdvance("High contrast") < button.width()
