"""Many rows in few statements are the rows that one by one would have been."""

import pytest

from wellbeing_desktop.storage.connection import Writer

ADD = "INSERT INTO kept (place, a, b, c, d) VALUES (?, ?, ?, ?, ?)"


@pytest.mark.parametrize("count", [0, 1, 9, 10, 49, 50, 61, 499, 500, 777])
def test_insert_all_keeps_every_row_in_its_order(writer: Writer, count: int) -> None:
    # the second is the same throughout, the third absent throughout, the others are not
    rows = [(number, "always", None, f"text {number % 7}", None if number % 3 else number) for number in range(count)]
    with writer.immediate():
        writer.execute("CREATE TABLE kept (number INTEGER PRIMARY KEY, place, a, b, c, d)")
        writer.insert_all(ADD, rows)
        assert writer.rows("SELECT place, a, b, c, d FROM kept ORDER BY number") == rows


def test_insert_all_binds_many_equal_rows_once_and_stores_each(writer: Writer) -> None:
    with writer.immediate():
        writer.execute("CREATE TABLE kept (number INTEGER PRIMARY KEY, place, a, b, c, d)")
        writer.insert_all(ADD, [(1, "x", None, b"y", "z")] * 612)
        assert writer.rows("SELECT place, a, b, c, d, count(*) FROM kept") == [(1, "x", None, b"y", "z", 612)]


def test_insert_all_refuses_a_statement_with_another_number_of_marks(writer: Writer) -> None:
    with writer.immediate():
        writer.execute("CREATE TABLE kept (place, a)")
        with pytest.raises(ValueError, match="mark for each column"):
            writer.insert_all("INSERT INTO kept (place, a) VALUES (?, ?)", [(1, 2, 3)])


def test_insert_all_takes_nothing_outside_a_transaction(writer: Writer) -> None:
    with pytest.raises(RuntimeError, match="immediate"):
        writer.insert_all(ADD, [(1, 2, 3, 4, 5)])
