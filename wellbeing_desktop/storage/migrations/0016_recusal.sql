-- *I know this person* (PRACTICE W4): who stands aside from whose record.

CREATE TABLE "recusal" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "person_id" TEXT,
  "how" TEXT,
  "since_at" TEXT,
  "declared_by" TEXT,
  "ended_at" TEXT,
  "ended_by" TEXT,
  "ended_reason" TEXT,
  extra TEXT
);

CREATE VIEW "live_recusal" AS SELECT * FROM "recusal" WHERE gone = 0;

CREATE INDEX "recusal_by_subject" ON "recusal" ("subject");

CREATE INDEX "recusal_by_person_id" ON "recusal" ("person_id");
