"""The tables of SYNC 3.3, the same for both engines. Every key begins with the organisation, so that PostgreSQL can
be spread by it and an organisation can be moved. `body` columns hold the JSON that is sent, made once when written.

This is step 1 of `migrations.py`; once released it never changes.
"""

from typing import Final

TABLES: Final[dict[str, tuple[str, ...]]] = {
    "organisation": ("org", "name", "made_at", "secret"),
    "org_clock": ("org", "epoch", "seq", "tok", "backed_up_seq", "schema", "mark"),
    "commit_log": ("org", "seq", "tok", "at"),
    "rec": ("org", "id", "t", "subject", "kind", "compartment", "about", "seq", "rev", "del", "h", "body", "field_rev"),
    "version": ("org", "id", "rev", "seq", "t", "subject", "kind", "compartment", "dev", "n", "body"),
    "journal": ("org", "dev", "n", "op_id", "hash", "received_at", "raw", "result", "seq"),
    "audit": ("org", "dev", "a", "entry"),
    "audit_head": ("org", "dev", "a", "head", "signature", "countersign", "at"),
    "quarantine": ("org", "dev", "n", "id", "txn", "author", "why", "state", "at"),
    "device": ("org", "dev", "user_id", "name", "public_key", "last_n", "last_seen", "state", "schema", "paired_at"),
    "member": ("org", "id", "name", "roles", "state"),
    "invite": ("org", "code_hash", "user_id", "expires_at", "used_at", "approved"),
    "nonce": ("org", "nonce", "dev", "expires_at"),
    "blob": ("org", "sha", "size", "state"),
    "restricted": ("org", "subject", "seq_in", "seq_out"),
    "lease": ("org", "dev", "issued_at", "warn_at", "adding_at", "locks_at", "past"),
    "leave": ("org", "member", "from_on", "until_on"),
    "seal": ("org", "dev", "ordered_at", "done_at"),
    "removal": ("org", "member", "scope_ver", "reason", "at"),
    "fork": ("org", "dev", "at", "successor", "seen_at"),
}
"""Every table with its columns, in the order in which a backup writes them."""

BEGINNING: Final = """
CREATE TABLE organisation (
    org TEXT PRIMARY KEY, name TEXT NOT NULL, made_at TEXT NOT NULL, secret {bytes} NOT NULL);
CREATE TABLE org_clock (
    org TEXT PRIMARY KEY, epoch TEXT NOT NULL, seq BIGINT NOT NULL, tok TEXT NOT NULL, backed_up_seq BIGINT NOT NULL,
    schema BIGINT NOT NULL, mark TEXT NOT NULL);
CREATE TABLE commit_log (
    org TEXT NOT NULL, seq BIGINT NOT NULL, tok TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (org, seq));
CREATE TABLE rec (
    org TEXT NOT NULL, id TEXT NOT NULL, t TEXT NOT NULL, subject TEXT NOT NULL, kind TEXT NOT NULL,
    compartment TEXT NOT NULL, about TEXT NOT NULL, seq BIGINT NOT NULL, rev BIGINT NOT NULL, del BIGINT NOT NULL,
    h {bytes} NOT NULL, body {bytes} NOT NULL, field_rev {bytes} NOT NULL, PRIMARY KEY (org, id));
CREATE UNIQUE INDEX rec_seq ON rec (org, seq);
CREATE INDEX rec_subject ON rec (org, subject, t);
CREATE INDEX rec_about ON rec (org, about) WHERE about <> '';
CREATE INDEX rec_of_organisation ON rec (org, subject) WHERE kind <> 'person';
CREATE TABLE version (
    org TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL, seq BIGINT NOT NULL, t TEXT NOT NULL,
    subject TEXT NOT NULL, kind TEXT NOT NULL, compartment TEXT NOT NULL, dev TEXT NOT NULL, n BIGINT NOT NULL,
    body {bytes} NOT NULL, PRIMARY KEY (org, id, rev));
CREATE INDEX version_seq ON version (org, seq);
CREATE TABLE journal (
    org TEXT NOT NULL, dev TEXT NOT NULL, n BIGINT NOT NULL, op_id TEXT, hash TEXT NOT NULL,
    received_at TEXT NOT NULL, raw {bytes} NOT NULL, result {bytes} NOT NULL, seq BIGINT NOT NULL,
    PRIMARY KEY (org, dev, n));
CREATE UNIQUE INDEX journal_op ON journal (org, op_id);
CREATE TABLE audit (
    org TEXT NOT NULL, dev TEXT NOT NULL, a BIGINT NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (org, dev, a));
CREATE TABLE audit_head (
    org TEXT NOT NULL, dev TEXT NOT NULL, a BIGINT NOT NULL, head TEXT NOT NULL, signature TEXT NOT NULL,
    countersign TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (org, dev, a));
CREATE TABLE quarantine (
    org TEXT NOT NULL, dev TEXT NOT NULL, n BIGINT NOT NULL, id TEXT NOT NULL, txn TEXT NOT NULL, author TEXT NOT NULL,
    why TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (org, dev, n));
CREATE INDEX quarantine_waiting ON quarantine (org, id) WHERE state = 'waiting';
CREATE TABLE device (
    org TEXT NOT NULL, dev TEXT NOT NULL, user_id TEXT NOT NULL, name TEXT NOT NULL, public_key TEXT NOT NULL,
    last_n BIGINT NOT NULL, last_seen TEXT NOT NULL, state TEXT NOT NULL, schema BIGINT NOT NULL,
    paired_at TEXT NOT NULL, PRIMARY KEY (org, dev));
CREATE TABLE member (
    org TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, roles TEXT NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (org, id));
CREATE TABLE invite (
    org TEXT NOT NULL, code_hash TEXT NOT NULL, user_id TEXT NOT NULL, expires_at TEXT NOT NULL,
    used_at TEXT NOT NULL, approved BIGINT NOT NULL, PRIMARY KEY (org, code_hash));
CREATE TABLE nonce (
    org TEXT NOT NULL, nonce TEXT NOT NULL, dev TEXT NOT NULL, expires_at TEXT NOT NULL, PRIMARY KEY (org, nonce));
CREATE TABLE restricted (
    org TEXT NOT NULL, subject TEXT NOT NULL, seq_in BIGINT NOT NULL, seq_out BIGINT NOT NULL,
    PRIMARY KEY (org, subject, seq_in));
CREATE TABLE lease (
    org TEXT NOT NULL, dev TEXT NOT NULL, issued_at TEXT NOT NULL, warn_at TEXT NOT NULL, adding_at TEXT NOT NULL,
    locks_at TEXT NOT NULL, past TEXT NOT NULL,
    PRIMARY KEY (org, dev));
CREATE TABLE leave (
    org TEXT NOT NULL, member TEXT NOT NULL, from_on TEXT NOT NULL, until_on TEXT NOT NULL,
    PRIMARY KEY (org, member, from_on));
CREATE TABLE seal (
    org TEXT NOT NULL, dev TEXT NOT NULL, ordered_at TEXT NOT NULL, done_at TEXT NOT NULL, PRIMARY KEY (org, dev));
CREATE TABLE removal (
    org TEXT NOT NULL, member TEXT NOT NULL, scope_ver BIGINT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (org, member, scope_ver));
CREATE TABLE fork (
    org TEXT NOT NULL, dev TEXT NOT NULL, at TEXT NOT NULL, successor TEXT NOT NULL, seen_at TEXT NOT NULL,
    PRIMARY KEY (org, dev, at));
CREATE TABLE blob (
    org TEXT NOT NULL, sha TEXT NOT NULL, size BIGINT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (org, sha));
"""
