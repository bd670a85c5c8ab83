"""Pages of rows come when they are looked at; a reload keeps the row that the keyboard is on."""

from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from PySide6.QtCore import Qt

from wellbeing_desktop.ui.models.paged_table import (
    NOT_YET,
    PAGE_ROWS,
    RECORD_ID,
    Column,
    PagedTable,
    PageOfRows,
    TableRow,
    rows_in_memory,
)
from wellbeing_desktop.ui.widgets.table import Table

COLUMNS = [Column("Name", "name"), Column("Days", "days", is_number=True, width=6)]


class People:
    """1,000 people asked for on a thread of its own."""

    def __init__(self, total: int = 1000) -> None:
        self.total, self.asked = total, []
        self.thread = ThreadPoolExecutor(1)

    def ask(self, first: int, count: int, sort: str, down: bool) -> "Future[PageOfRows]":
        self.asked.append((first, sort, down))
        numbers = range(self.total - 1, -1, -1) if down else range(self.total)
        rows = [TableRow(f"p{n}", (f"PERSON {n}", str(n))) for n in numbers[first : first + count]]
        return self.thread.submit(lambda: PageOfRows(first, self.total, rows))


@pytest.fixture
def people():
    made = People()
    yield made
    made.thread.shutdown()


def test_the_model_keeps_qts_rules(qtmodeltester, qtbot, people) -> None:
    model = PagedTable(COLUMNS, people.ask)
    with qtbot.waitSignal(model.loaded):
        model.reload()
    qtmodeltester.check(model)
    qtmodeltester.check(rows_in_memory(COLUMNS, [TableRow("p1", ("A", "1"))]))


def test_a_far_row_is_asked_for_when_it_is_looked_at(qtbot, people) -> None:
    model = PagedTable(COLUMNS, people.ask)
    with qtbot.waitSignal(model.loaded):
        model.reload()
    assert model.rowCount() == 1000
    assert [first for first, *_ in people.asked] == [0]
    with qtbot.waitSignal(model.loaded):
        assert model.index(700, 0).data() == NOT_YET
        assert model.index(701, 0).data() == NOT_YET
    assert model.index(700, 0).data() == "PERSON 700"
    assert model.index(700, 0).data(RECORD_ID) == "p700"
    assert [first for first, *_ in people.asked] == [0, 700 // PAGE_ROWS * PAGE_ROWS]


def test_an_answer_to_an_older_question_is_dropped(qtbot) -> None:
    futures = []

    def ask(first: int, count: int, sort: str, down: bool) -> "Future[PageOfRows]":
        futures.append(Future())
        futures[-1].set_running_or_notify_cancel()
        return futures[-1]

    model = PagedTable(COLUMNS, ask)
    model.reload()
    model.reload()
    with qtbot.waitSignal(model.loaded):
        futures[0].set_result(PageOfRows(0, 1, [TableRow("old", ("OLD", "1"))]))
        futures[1].set_result(PageOfRows(0, 1, [TableRow("new", ("NEW", "1"))]))
    assert model.index(0, 0).data() == "NEW"


def test_sorting_asks_the_store_and_enter_opens_the_row(qtbot, people) -> None:
    model = PagedTable(COLUMNS, people.ask)
    table = Table("People", model)
    qtbot.addWidget(table)
    table.resize(400, 300)
    table.show()
    with qtbot.waitSignal(model.loaded):
        model.reload()
    table.choose_row(3)
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == ["p3"]
    with qtbot.waitSignal(model.loaded):
        model.reload()
    assert table.record_id() == "p3", "the same person after a reload"
    with qtbot.waitSignal(model.loaded):
        model.sort(1, Qt.SortOrder.DescendingOrder)
    assert people.asked[-1] == (0, "days", True)
    assert model.index(0, 0).data() == "PERSON 999"


def test_rows_are_twice_the_font_and_follow_the_text_size(qtbot) -> None:
    from wellbeing_desktop.ui.theme import theme

    table = Table("People", rows_in_memory(COLUMNS, [TableRow("p1", ("A", "1"))]))
    qtbot.addWidget(table)
    table.show()
    for percent in (100, 200):
        theme().set_percent(percent)
        assert table.rowHeight(0) == table.fontMetrics().height() * 2
