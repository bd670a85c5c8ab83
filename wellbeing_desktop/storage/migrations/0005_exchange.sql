-- What sync keeps beside the records: receipts of what was sent, the places in the server's history that this laptop
-- passed, and what a restored server may lack.

CREATE TABLE receipt (number INTEGER PRIMARY KEY, begun_at TEXT NOT NULL, body TEXT NOT NULL);

CREATE TABLE passed_place (
  epoch TEXT NOT NULL, seq INTEGER NOT NULL, tok TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (epoch, seq)
) WITHOUT ROWID;

CREATE TABLE salvage (
  id TEXT PRIMARY KEY, type TEXT NOT NULL, subject TEXT NOT NULL, compartment TEXT NOT NULL, epoch TEXT NOT NULL,
  rev INTEGER NOT NULL, deleted INTEGER NOT NULL, body TEXT NOT NULL, author TEXT NOT NULL
) WITHOUT ROWID;
