-- Quick phrases are the service's own data.

CREATE TABLE "phrase" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "name" TEXT,
  "words" TEXT,
  "places" TEXT,
  "retired" INTEGER,
  extra TEXT
);

CREATE VIEW "live_phrase" AS SELECT * FROM "phrase" WHERE gone = 0;

CREATE INDEX "phrase_by_subject" ON "phrase" ("subject");
