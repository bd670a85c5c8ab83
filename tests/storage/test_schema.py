"""The tables after all migrations are the tables that the definitions describe."""

import pytest
from sqlcipher3 import dbapi2

from wellbeing_desktop.domain.definition import fields_of
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.schema import described

_OWN = ("identity", "migration")


def _shape(ask) -> dict[tuple[str, str], object]:
    """What there is, by kind and name. A table is its columns in any order, since a migration appends what is new."""
    rows = ask("SELECT type, name, tbl_name, sql FROM sqlite_master")
    shape: dict[tuple[str, str], object] = {}
    for kind, name, table, sql in rows:
        if table in _OWN or name.startswith("sqlite_"):
            continue
        words = " ".join((sql or "").split())
        if kind == "table" and words.startswith("CREATE TABLE"):
            columns = ask(f'PRAGMA table_info("{name}")')
            ending = words[words.rindex(")") :]
            shape[kind, name] = (frozenset(tuple(column[1:]) for column in columns), ending)
        else:
            shape[kind, name] = words
    return shape


def test_the_schema_after_all_migrations_is_the_schema_described(writer: Writer) -> None:
    fresh = dbapi2.connect(":memory:")
    for statement in described():
        fresh.execute(statement)
    assert _shape(writer.rows) == _shape(lambda sql: fresh.execute(sql).fetchall())
    fresh.close()


@pytest.mark.parametrize("record_type", RECORD_TYPES.values(), ids=RECORD_TYPES)
def test_every_field_of_a_type_has_its_column_without_constraints(writer: Writer, record_type) -> None:
    columns = {row[1]: row for row in writer.rows(f"PRAGMA table_info({record_type.name})")}
    names = {field.name for field in fields_of(record_type.struct)}
    assert set(columns) == names | {"id", "subject", "compartment", "gone", "extra"}
    assert not [name for name in names if columns[name][3] or columns[name][4] is not None]
    assert not writer.rows(f"PRAGMA foreign_key_list({record_type.name})")


@pytest.mark.parametrize("record_type", RECORD_TYPES.values(), ids=RECORD_TYPES)
def test_a_person_s_records_of_every_type_are_found_by_an_index(writer: Writer, record_type) -> None:
    plan = writer.rows(f"EXPLAIN QUERY PLAN SELECT * FROM live_{record_type.name} WHERE subject = 'x'")
    assert any("USING INDEX" in row[3] for row in plan)


def test_both_search_tables_overwrite_what_is_deleted(writer: Writer) -> None:
    for table in ("find", "find_part", "text"):
        assert writer.value(f"SELECT v FROM {table}_config WHERE k = 'secure-delete'") == 1
