"""The tables that the record definitions describe, and those that go with them.

One typed table for each record type: `id`, `subject`, `compartment`, `gone`, one column for each field, `extra`.
Synced columns carry no CHECK, NOT NULL or foreign key: rows arrive in id order, orphaned, and with newer codes.
A field at its default is NULL. `gone` is 0 for what people see, 1 for what was removed as entered in error or
marked as written in the wrong record; `live_<type>` is the view without those, and every list reads it.

Typed tables keep their rowid: a note is longer than a fraction of a page, which WITHOUT ROWID tables are bad at, and
the load in id order appends to the table and to the index on `id` alike. `record.number` is the one integer that
both search tables and their sources share; it is declared, because a bare rowid may change when a file is rewritten.

Migrations hold frozen text that was once printed from here; a test holds that the two agree.
"""

import sys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from wellbeing_desktop.domain.definition import Kind, RecordType
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.storage.directory_schema import directory_statements
from wellbeing_desktop.storage.statements import fill, listed, quoted

ENVELOPE_COLUMNS: Final = ("id", "subject", "compartment", "gone")

_COLUMN_TYPE: Final = {
    Kind.TEXT: "TEXT",
    Kind.DATE: "TEXT",
    Kind.MOMENT: "TEXT",
    Kind.NUMBER: "INTEGER",
    Kind.YES_NO: "INTEGER",
    Kind.SET: "TEXT",
}

# What screens and returns ask for beside `subject`, which every table has an index on.
_INDEXES: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "person": (("coordinator_id",), ("practice_id",), ("nhs_number",), ("local_number",)),
    "address": (("postcode",),),
    "contact_point": (("value",),),
    "alert": (("subject", "kind"), ("review_on",)),
    "organisation": (("ods_code",), ("name",)),
    "practitioner": (("name",),),
    "grant": (("practitioner_id",),),
    "recusal": (("person_id",),),
    "setting": (("key",),),
    "assessment_tool": (("tool", "version"),),
    "return_run": (("month", "definition"),),
    "referral": (("state", "received_on"), ("received_on",), ("allocated_to",)),
    "episode": (
        ("state", "practitioner_id"),
        ("practitioner_id",),
        ("opened_on",),
        ("closed_on",),
        ("referral_id",),
        ("check_in_due_on",),
    ),
    "screening": (("referral_id",),),
    "appointment": (("practitioner_id", "starts_on"), ("starts_on",), ("subject", "starts_at")),
    "contact": (("subject", "happened_at"), ("happened_on",), ("practitioner_id", "happened_on"), ("episode_id",)),
    "note": (("about_id",), ("subject", "written_on")),
    "gp_entry": (("target_id",), ("state",)),
    "care_plan": (("review_on",), ("agreed_on",), ("practitioner_id", "review_on"), ("supersedes",)),
    "plan_narrative": (("plan_id",),),
    "goal": (("plan_id",),),
    "action": (("plan_id",), ("due_on",), ("review_on",)),
    "plan_copy": (("plan_id",), ("state",)),
    "assessment": (("subject", "tool", "taken_on"), ("contact_id",), ("tool",)),
    "score": (("subject", "tool", "scale", "taken_on"), ("tool", "taken_on"), ("assessment_id",)),
    "consent": (("subject", "purpose", "recipient"),),
    "task": (("owner_id", "due_on"), ("state", "due_on"), ("about_id",)),
    "letter": (("state",), ("written_on",)),
    "attachment": (("sha256",), ("about_id",)),
    "amendment": (("target_id", "field"),),
    "conflict": (("target_id", "field", "mine_author"), ("state", "due_on"), ("owner_id",)),
    "alias": (("vanished_id",), ("survivor_id",)),
    "misfiling": (("target_id",),),
    "enquiry": (("state", "respond_by"), ("claimed_by",), ("caller_number",)),
    "request": (("state", "due_at"), ("owner_id",), ("enquiry_id",)),
    "instruction": (("request_id",),),
    "message": (("subject", "state"), ("from_id",)),
    "concern": (("state", "raised_on"), ("lead_id",)),
    "concern_step": (("concern_id",),),
    "concern_child": (("concern_id",),),
    "incident": (("state",), ("person_id",)),
    "complaint": (("state",), ("person_id",)),
    "onward_referral": (("state", "chase_on"), ("service_id",), ("owner_id",)),
    "cover": (("cover_id",),),
    "article_edition": (("article_id",), ("review_on",)),
    "knowledge_report": (("state",), ("target_id",)),
    "service": (("name",), ("source", "source_id"), ("organisation_id",)),
    "module_release": (("module_id",), ("state", "expires_on")),
}

# Tables that are the same whatever the definitions say. `person_sort` is narrow on purpose: putting thousands of people
# who begin alike in order reads it row by row, and it must fit the reader's page cache at 100,000 people.
_FIXED: Final = """
CREATE TABLE record (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, subject TEXT NOT NULL,
  compartment TEXT NOT NULL, at TEXT, seq INTEGER NOT NULL DEFAULT 0, rev INTEGER NOT NULL DEFAULT 0,
  deleted INTEGER NOT NULL DEFAULT 0, gone INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX record_timeline ON record (subject, at) WHERE at IS NOT NULL;
CREATE INDEX record_bucket ON record (subject, compartment);
CREATE TABLE raw_record (
  id TEXT PRIMARY KEY, type TEXT NOT NULL, subject TEXT NOT NULL, compartment TEXT NOT NULL, seq INTEGER NOT NULL,
  rev INTEGER NOT NULL, deleted INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE INDEX raw_record_bucket ON raw_record (subject, compartment);
CREATE TABLE shadow (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, rev INTEGER NOT NULL, deleted INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE TABLE outbox (
  local INTEGER PRIMARY KEY, op_id TEXT NOT NULL UNIQUE, n INTEGER, door TEXT NOT NULL, txn TEXT NOT NULL,
  id TEXT NOT NULL, type TEXT NOT NULL, subject TEXT NOT NULL, compartment TEXT NOT NULL, kind TEXT NOT NULL,
  base INTEGER NOT NULL, patch TEXT NOT NULL, was TEXT NOT NULL, at TEXT NOT NULL, author TEXT NOT NULL,
  schema INTEGER NOT NULL, action TEXT NOT NULL, state INTEGER NOT NULL DEFAULT 0, why TEXT, seq INTEGER, result TEXT
);
CREATE UNIQUE INDEX outbox_n ON outbox (n) WHERE n IS NOT NULL;
CREATE INDEX outbox_record ON outbox (id, local);
CREATE INDEX outbox_bucket ON outbox (subject, compartment, state);
CREATE INDEX outbox_state ON outbox (state, local);
CREATE INDEX outbox_door ON outbox (door);
CREATE TABLE version (
  id TEXT NOT NULL, rev INTEGER NOT NULL, author TEXT NOT NULL, dev TEXT NOT NULL, at_claimed TEXT NOT NULL,
  at_server TEXT NOT NULL, patch TEXT NOT NULL, was TEXT NOT NULL, kind TEXT NOT NULL DEFAULT 'change',
  PRIMARY KEY (id, rev)
);
CREATE TABLE sync (k TEXT PRIMARY KEY, v TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE bucket_to_fetch (
  subject TEXT NOT NULL, compartment TEXT NOT NULL, after TEXT NOT NULL DEFAULT '', stage TEXT NOT NULL DEFAULT 'rows',
  PRIMARY KEY (subject, compartment)
) WITHOUT ROWID;
CREATE TABLE bucket_to_leave (
  subject TEXT NOT NULL, compartment TEXT NOT NULL, why TEXT NOT NULL, hidden INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (subject, compartment)
) WITHOUT ROWID;
CREATE TABLE receipt (number INTEGER PRIMARY KEY, begun_at TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE passed_place (
  epoch TEXT NOT NULL, seq INTEGER NOT NULL, tok TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (epoch, seq)
) WITHOUT ROWID;
CREATE TABLE salvage (
  id TEXT PRIMARY KEY, type TEXT NOT NULL, subject TEXT NOT NULL, compartment TEXT NOT NULL, epoch TEXT NOT NULL,
  rev INTEGER NOT NULL, deleted INTEGER NOT NULL, body TEXT NOT NULL, author TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE audit (number INTEGER PRIMARY KEY, subject TEXT, entry TEXT NOT NULL, hash TEXT NOT NULL);
CREATE INDEX audit_by_subject ON audit (subject, number) WHERE subject IS NOT NULL;
CREATE TABLE audit_key (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), secret BLOB NOT NULL);
CREATE TABLE audit_subject (pseudonym TEXT PRIMARY KEY, subject TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX audit_subject_by_subject ON audit_subject (subject);
CREATE TABLE draft (key TEXT PRIMARY KEY, person_id TEXT NOT NULL, body TEXT NOT NULL, saved_at TEXT NOT NULL);
CREATE INDEX draft_person ON draft (person_id);
CREATE TABLE person_sort (number INTEGER PRIMARY KEY, sort TEXT NOT NULL);
CREATE INDEX person_sort_order ON person_sort (sort, number);
CREATE TABLE person_words (number INTEGER PRIMARY KEY, family TEXT NOT NULL, born_on TEXT, words TEXT NOT NULL);
CREATE INDEX person_words_birth ON person_words (family, born_on);
CREATE INDEX person_words_born_on ON person_words (born_on);
CREATE TABLE person_first_name (
  family TEXT NOT NULL, first TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (family, first, number)
) WITHOUT ROWID;
CREATE INDEX person_first_name_number ON person_first_name (number);
CREATE TABLE family_key (key TEXT NOT NULL, family TEXT NOT NULL, PRIMARY KEY (key, family)) WITHOUT ROWID;
"""

# External content: the words are kept once, in `person_words` and in the typed tables. Never contentless: a deleted word
# stayed in the file. Bodies of text have no prefix index and no trigrams: over notes those cost 13 times as much.
_SEARCH: Final = """
CREATE VIRTUAL TABLE find USING fts5(
  words, content = 'person_words', content_rowid = 'number', prefix = '1 2 3',
  tokenize = "unicode61 remove_diacritics 2 categories 'L* M* N* Co'"
);
INSERT INTO find (find, rank) VALUES ('secure-delete', 1);
CREATE VIRTUAL TABLE find_part USING fts5(
  words, content = 'person_words', content_rowid = 'number', tokenize = 'trigram'
);
INSERT INTO find_part (find_part, rank) VALUES ('secure-delete', 1);
CREATE VIRTUAL TABLE text USING fts5(
  body, content = 'text_source', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO text (text, rank) VALUES ('secure-delete', 1);
"""


@cache
def described() -> tuple[str, ...]:
    """Every statement of the schema, in the order to run them."""
    statements: list[str] = []
    for record_type in RECORD_TYPES.values():
        statements += _typed_table(record_type)
    statements += _split(_FIXED)
    statements.append(_text_source())
    statements += _split(_SEARCH)
    statements += directory_statements()
    return tuple(statements)


def text_fields(record_type: RecordType) -> tuple[str, ...]:
    """The narrative fields that `text` searches."""
    return tuple(field.name for field in record_type.fields if field.about.search == 1)


def narrative_sql(record_type: RecordType, table: str) -> str:
    """The expression for all the searched narrative of a row, one field a line."""
    return " || char(10) || ".join(
        fill("coalesce({table}.{field}, '')", table=table, field=quoted(name)) for name in text_fields(record_type)
    )


def _typed_table(record_type: RecordType) -> list[str]:
    name = record_type.name
    columns = ["id TEXT PRIMARY KEY", "subject TEXT", "compartment TEXT", "gone INTEGER"]
    columns += [f"{quoted(field.name)} {_COLUMN_TYPE[field.kind]}" for field in record_type.fields]
    columns.append("extra TEXT")
    statements = [
        fill("CREATE TABLE {table} (\n  {columns}\n)", table=quoted(name), columns=",\n  ".join(columns)),
        fill(
            "CREATE VIEW {view} AS SELECT * FROM {table} WHERE gone = 0",
            view=quoted(f"live_{name}"),
            table=quoted(name),
        ),
    ]
    indexes = _INDEXES.get(name, ())
    if not any(columns[0] == "subject" for columns in indexes):
        indexes = (("subject",), *indexes)
    statements += [
        fill(
            "CREATE INDEX {index} ON {table} ({columns})",
            index=quoted(f"{name}_by_{'_'.join(columns)}"),
            table=quoted(name),
            columns=listed(columns),
        )
        for columns in indexes
    ]
    return statements


def _text_source() -> str:
    parts = [
        fill(
            "SELECT record.number AS number, {narrative} AS body\n"
            "  FROM {table} JOIN record ON record.id = {table}.id WHERE {table}.gone = 0",
            narrative=narrative_sql(record_type, quoted(record_type.name)),
            table=quoted(record_type.name),
        )
        for record_type in RECORD_TYPES.values()
        if text_fields(record_type)
    ]
    return "CREATE VIEW text_source AS\n" + "\nUNION ALL\n".join(parts)


def _split(script: str) -> list[str]:
    return [statement.strip() for statement in script.split(";\n") if statement.strip()]


def new_tables(record_types: Sequence[RecordType]) -> tuple[str, ...]:
    """The statements of a migration that adds these types: their tables, and the source of the narrative search made
    again where they have narrative."""
    statements = [statement for record_type in record_types for statement in _typed_table(record_type)]
    if any(text_fields(record_type) for record_type in record_types):
        statements += ["DROP VIEW text_source", _text_source()]
    return tuple(statements)


if __name__ == "__main__":  # the text for a new migration: of the types named, or of everything
    wanted = new_tables([RECORD_TYPES[name] for name in sys.argv[1:]]) or described()
    sys.stdout.write(";\n\n".join(wanted) + ";\n")
