"""Many rows in few statements are the rows that one by one would have been."""

import pytest

from wellbeing_desktop.storage.connection import Writer

ADD = "INSERT INTO kept (place, a, b, c, d) VALUES (?, ?, ?, ?, ?)"


@pytest.mark.parametrize("count", [0, 1, 8, 9, 61, 999, 1_000, 2_777])
def test_insert_all_keeps_every_row_in_its_order(writer: Writer, count: int) -> None:
    # the second is the same throughout, the third absent throughout, the others are not
    rows = [(number, "always", None, f"text {number % 7}", None if number % 3 else number) for number in range(count)]
    with writer.immediate():
        writer.execute("CREATE TABLE kept (number INTEGER PRIMARY KEY, place, a, b, c, d)")
        writer.insert_all(ADD, rows)
        assert writer.rows("SELECT place, a, b, c, d FROM kept ORDER BY number") == rows


def test_insert_all_keeps_every_kind_of_value_to_the_last_character(writer: Writer) -> None:
    rows = [
        (-(2**63), "", "Llŷr 😀 \u0301", "a\x00b", b"\x00\xff"),  # a NUL within a text
        (2**63 - 1, "\\u0000", '{"a":"\\u0000"}', "\x00", None),
        (0, "' \" \n", "\x1f", "x" * 70_000, b""),
    ]
    for held in (rows[:1], rows * 5, [(0, "x" * 700, "\x1f", None, b"")] * 2_001):
        with writer.immediate():
            writer.execute("CREATE TABLE kept (number INTEGER PRIMARY KEY, place, a, b, c, d)")
            writer.insert_all(ADD, held)
            assert writer.rows("SELECT place, a, b, c, d FROM kept ORDER BY number") == held
            writer.execute("DROP TABLE kept")


def test_insert_all_overtaken_by_an_error_leaves_the_next_whole(writer: Writer) -> None:
    rows = [(number, "a", "b", "c", "d") for number in range(20)]
    with writer.immediate():
        writer.execute("CREATE TABLE kept (place UNIQUE, a, b, c, d)")
        with pytest.raises(Exception, match="UNIQUE"):
            writer.insert_all(ADD, [*rows, rows[3]])
        assert writer.value("SELECT count(*) FROM kept") == 0
        writer.insert_all(ADD, rows)
        assert writer.rows("SELECT * FROM kept ORDER BY place") == rows


def test_insert_all_stores_each_of_many_equal_rows(writer: Writer) -> None:
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
