-- Children in the household of a concern are rows; the service's own files say more (PRACTICE W12, W19).

CREATE TABLE "concern_child" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "concern_id" TEXT,
  "name" TEXT,
  "born_on" TEXT,
  extra TEXT
);

CREATE VIEW "live_concern_child" AS SELECT * FROM "concern_child" WHERE gone = 0;

CREATE INDEX "concern_child_by_subject" ON "concern_child" ("subject");

CREATE INDEX "concern_child_by_concern_id" ON "concern_child" ("concern_id");

ALTER TABLE "concern" DROP COLUMN "children";

ALTER TABLE "incident" ADD COLUMN "number" TEXT;
ALTER TABLE "incident" ADD COLUMN "corrective_done_on" TEXT;
ALTER TABLE "incident" ADD COLUMN "learning_reviewed_on" TEXT;
ALTER TABLE "incident" ADD COLUMN "candour_applies" TEXT;
ALTER TABLE "incident" ADD COLUMN "candour_told" TEXT;
ALTER TABLE "incident" ADD COLUMN "candour_told_on" TEXT;
ALTER TABLE "incident" ADD COLUMN "apology_on" TEXT;
ALTER TABLE "incident" ADD COLUMN "breach_told_at" TEXT;
ALTER TABLE "incident" ADD COLUMN "breach_reference" TEXT;
ALTER TABLE "incident" ADD COLUMN "breach_not_told" TEXT;
ALTER TABLE "complaint" ADD COLUMN "from_address" TEXT;
ALTER TABLE "complaint" ADD COLUMN "escalated_on" TEXT;
ALTER TABLE "complaint" ADD COLUMN "escalated_to" TEXT;
ALTER TABLE "complaint" ADD COLUMN "escalated_why" TEXT;
