"""The server's database, step by step. A step is frozen once released; each is one transaction with its own number.

Step 1 is `schema.py`. A later step adds tables, or columns that have a default: so a backup of any earlier step can be
read into its own step and brought up from there. A database of a later step than this program knows is refused; one of
an earlier step waits for `wellbeing-server upgrade`, which proves a backup first.
"""

from typing import Final

import msgspec

from wellbeing_desktop.sync.server.engine import EngineProblem, Transaction
from wellbeing_desktop.sync.server.schema import BEGINNING, TABLES

Columns = dict[str, tuple[str, ...]]


class Step(msgspec.Struct, frozen=True):
    """A step's number is its place in `STEPS`, from 1. `tables` are new, `columns` join earlier tables; `{bytes}` in the statements is the engine's word for bytes."""

    statements: str
    tables: Columns = {}
    columns: Columns = {}


_ADMINISTRATORS: Final = """
CREATE TABLE admin (
    org TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, password TEXT NOT NULL, state TEXT NOT NULL,
    made_at TEXT NOT NULL, enrol_until TEXT NOT NULL, totp {bytes} NOT NULL, totp_step BIGINT NOT NULL,
    recovery TEXT NOT NULL, failed BIGINT NOT NULL, wait_until TEXT NOT NULL, PRIMARY KEY (org, id));
CREATE UNIQUE INDEX admin_name ON admin (org, name);
CREATE TABLE admin_session (
    org TEXT NOT NULL, hash TEXT NOT NULL, admin_id TEXT NOT NULL, stage TEXT NOT NULL, made_at TEXT NOT NULL,
    seen_at TEXT NOT NULL, PRIMARY KEY (org, hash));
CREATE TABLE admin_act (
    org TEXT NOT NULL, number BIGINT NOT NULL, at TEXT NOT NULL, admin_id TEXT NOT NULL, act TEXT NOT NULL,
    target TEXT NOT NULL, hash TEXT NOT NULL, signature TEXT NOT NULL, PRIMARY KEY (org, number));
CREATE TABLE backup_made (
    org TEXT NOT NULL, made_at TEXT NOT NULL, file TEXT NOT NULL, seq BIGINT NOT NULL, records BIGINT NOT NULL,
    hash TEXT NOT NULL, PRIMARY KEY (org, made_at, file));
CREATE TABLE backup_due (org TEXT PRIMARY KEY, claimed_at TEXT NOT NULL);
"""

_FILES: Final = """
CREATE TABLE blob_part (
    org TEXT NOT NULL, sha TEXT NOT NULL, dev TEXT NOT NULL, i BIGINT NOT NULL, place TEXT NOT NULL, hash TEXT NOT NULL,
    PRIMARY KEY (org, sha, dev, i));
CREATE INDEX blob_part_place ON blob_part (org, place);
CREATE TABLE blob_holder (
    org TEXT NOT NULL, sha TEXT NOT NULL, user_id TEXT NOT NULL, PRIMARY KEY (org, sha, user_id));
CREATE TABLE blob_bytes (
    org TEXT NOT NULL, place TEXT NOT NULL, data {bytes} NOT NULL, PRIMARY KEY (org, place));
CREATE INDEX blob_wanted ON blob (org) WHERE state = 'wanted';
"""
"""Parts that a laptop is sending have its name, those of a whole file an empty one. A holder is somebody who has shown
all the bytes. Where the bytes are is behind `blob_bytes.py`."""

_OVERSIGHT: Final = """
ALTER TABLE quarantine ADD COLUMN subject TEXT NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN compartment TEXT NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN t TEXT NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN handed_to TEXT NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN reason TEXT NOT NULL DEFAULT '';
CREATE INDEX quarantine_undecided ON quarantine (org, at) WHERE state IN ('open', 'handed', 'waiting', 'salvaged');
CREATE TABLE decision (
    org TEXT NOT NULL, dev TEXT NOT NULL, n BIGINT NOT NULL, number BIGINT NOT NULL, at TEXT NOT NULL,
    by_user TEXT NOT NULL, what TEXT NOT NULL, to_user TEXT NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (org, dev, n, number));
ALTER TABLE device ADD COLUMN report TEXT NOT NULL DEFAULT '';
ALTER TABLE rec ADD COLUMN due_on TEXT NOT NULL DEFAULT '';
CREATE INDEX rec_due ON rec (org, due_on) WHERE due_on <> '';
CREATE TABLE erased (
    org TEXT NOT NULL, subject TEXT NOT NULL, seq BIGINT NOT NULL, at TEXT NOT NULL, by_user TEXT NOT NULL,
    reason TEXT NOT NULL, PRIMARY KEY (org, subject));
"""

_SESSIONS: Final = "ALTER TABLE device ADD COLUMN session BIGINT NOT NULL DEFAULT 0;"
"""The number of the laptop's last sync: tokens from before it are dead."""

_SEALS: Final = "ALTER TABLE seal ADD COLUMN given_at TEXT NOT NULL DEFAULT '';"
"""When a revoked laptop that proved itself was given the order to seal its store."""

_SIGNATURES: Final = """
CREATE TABLE request_seen (
    org TEXT NOT NULL, nonce TEXT NOT NULL, until TEXT NOT NULL, PRIMARY KEY (org, nonce));
"""
"""Numbers of signed requests, for workers that share the database; dropped when no signature with one can be good."""

_WATCH: Final = """
ALTER TABLE rec ADD COLUMN watch_at TEXT NOT NULL DEFAULT '';
CREATE INDEX rec_watch ON rec (org, watch_at) WHERE watch_at <> '';
"""
"""When a record's clock runs out, in the server's own writing; empty where it has none."""

_ACCESS: Final = """
CREATE TABLE cover_grant (org TEXT NOT NULL, cover TEXT NOT NULL, grant_id TEXT NOT NULL, PRIMARY KEY (org, cover));
CREATE TABLE emergency (
    org TEXT NOT NULL, id TEXT NOT NULL, grant_id TEXT NOT NULL, member TEXT NOT NULL, subject TEXT NOT NULL,
    reason TEXT NOT NULL, at TEXT NOT NULL, until TEXT NOT NULL, ended_at TEXT NOT NULL, PRIMARY KEY (org, id));
"""
"""Grants that the server keeps: for a record of cover, and for access in an emergency."""

_RECOVERY_KEY: Final = """
ALTER TABLE organisation ADD COLUMN recovery_key TEXT NOT NULL DEFAULT '';
ALTER TABLE seal ADD COLUMN opened_by TEXT NOT NULL DEFAULT '';
"""
"""The public half of the organisation's recovery key, and what a sealed laptop says still opens its store."""
_OWN_NEWS: Final = "CREATE INDEX rec_own_news ON rec (org, seq) WHERE kind <> 'person';"
"""What is new of the organisation's own, without everybody's people."""

STEPS: Final = (
    Step(BEGINNING, TABLES),
    Step(
        _ADMINISTRATORS,
        {
            "admin": (
                "org",
                "id",
                "name",
                "password",
                "state",
                "made_at",
                "enrol_until",
                "totp",
                "totp_step",
                "recovery",
                "failed",
                "wait_until",
            ),
            "admin_session": ("org", "hash", "admin_id", "stage", "made_at", "seen_at"),
            "admin_act": ("org", "number", "at", "admin_id", "act", "target", "hash", "signature"),
            "backup_made": ("org", "made_at", "file", "seq", "records", "hash"),
            "backup_due": ("org", "claimed_at"),
        },
    ),
    Step(
        _OVERSIGHT,
        {
            "decision": ("org", "dev", "n", "number", "at", "by_user", "what", "to_user", "reason"),
            "erased": ("org", "subject", "seq", "at", "by_user", "reason"),
        },
        {
            "quarantine": ("subject", "kind", "compartment", "t", "handed_to", "reason"),
            "device": ("report",),
            "rec": ("due_on",),
        },
    ),
    Step(
        _FILES,
        {
            "blob_part": ("org", "sha", "dev", "i", "place", "hash"),
            "blob_holder": ("org", "sha", "user_id"),
            "blob_bytes": ("org", "place", "data"),
        },
    ),
    Step(_SESSIONS, {}, {"device": ("session",)}),
    Step(_SEALS, {}, {"seal": ("given_at",)}),
    Step(_SIGNATURES, {"request_seen": ("org", "nonce", "until")}),
    Step(_WATCH, {}, {"rec": ("watch_at",)}),
    Step(
        _ACCESS,
        {
            "cover_grant": ("org", "cover", "grant_id"),
            "emergency": ("org", "id", "grant_id", "member", "subject", "reason", "at", "until", "ended_at"),
        },
    ),
    Step(_RECOVERY_KEY, {}, {"organisation": ("recovery_key",), "seal": ("opened_by",)}),
    Step(_OWN_NEWS, {}),
)

SCHEMA_NUMBER: Final = len(STEPS)


def tables_at(number: int) -> Columns:
    """Every table with its columns after a step, in the order in which a backup writes them."""
    tables: Columns = {}
    for step in STEPS[:number]:
        tables |= step.tables
        for table, columns in step.columns.items():
            tables[table] += columns
    return tables


def migrate(transaction: Transaction, bytes_type: str, upto: int = SCHEMA_NUMBER) -> tuple[int, ...]:
    """Take the steps that are missing, up to `upto`; the numbers of those taken. An empty database begins at 1."""
    transaction.run("CREATE TABLE IF NOT EXISTS schema_number (number BIGINT NOT NULL)")
    row = transaction.one("UPDATE schema_number SET number = number RETURNING number")  # held against a second upgrade
    now = int(row[0]) if row else 0
    taken = tuple(range(now + 1, upto + 1))
    for step in STEPS[now:upto]:
        for statement in step.statements.replace("{bytes}", bytes_type).split(";"):
            if statement.strip():
                transaction.run(statement)
    if row is None:
        transaction.run("INSERT INTO schema_number (number) VALUES (?)", (upto,))
    elif taken:
        transaction.run("UPDATE schema_number SET number = ?", (upto,))
    return taken


def schema_number(transaction: Transaction) -> int:
    row = transaction.one("SELECT number FROM schema_number")
    return int(row[0]) if row else 0


def check_number(number: int, *, earlier_allowed: bool = False) -> None:
    """Raises EngineProblem for a database that this program must not touch as it is."""
    if number > SCHEMA_NUMBER:
        raise EngineProblem("The database is from a newer version of wellbeing-server. Install that version.")
    if number < SCHEMA_NUMBER and not earlier_allowed:
        raise EngineProblem(
            "The database is from an earlier version. Stop the server and run: wellbeing-server upgrade BACKUP_FILE. "
            "It proves a backup first."
        )
