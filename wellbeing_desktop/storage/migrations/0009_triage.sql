-- Triage forms, each one filled in, who signed a priority and when, waiting with check-ins, where somebody works, training.

ALTER TABLE "referral" ADD COLUMN "priority_signed_at" TEXT;
ALTER TABLE "referral" ADD COLUMN "priority_reason" TEXT;
ALTER TABLE "referral" ADD COLUMN "allocated_role" TEXT;
ALTER TABLE "referral" ADD COLUMN "allocation_reason" TEXT;
ALTER TABLE "referral" ADD COLUMN "receipt_letter_id" TEXT;
ALTER TABLE "episode" ADD COLUMN "waiting_since" TEXT;
ALTER TABLE "episode" ADD COLUMN "started_on" TEXT;
ALTER TABLE "episode" ADD COLUMN "check_in_due_on" TEXT;
CREATE INDEX "episode_by_check_in_due_on" ON "episode" ("check_in_due_on");
ALTER TABLE "practitioner" ADD COLUMN "practices" TEXT;
ALTER TABLE "practitioner" ADD COLUMN "districts" TEXT;

CREATE TABLE "triage_form" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "form" TEXT,
  "version" TEXT,
  "title" TEXT,
  "definition" TEXT,
  extra TEXT
);

CREATE VIEW "live_triage_form" AS SELECT * FROM "triage_form" WHERE gone = 0;

CREATE INDEX "triage_form_by_subject" ON "triage_form" ("subject");

CREATE TABLE "screening" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "referral_id" TEXT,
  "form" TEXT,
  "form_version" TEXT,
  "answers" TEXT,
  "suggested_priority" TEXT,
  "flags" TEXT,
  "followed" TEXT,
  "taken_at" TEXT,
  "taken_on" TEXT,
  "practitioner_id" TEXT,
  "supersedes" TEXT,
  extra TEXT
);

CREATE VIEW "live_screening" AS SELECT * FROM "screening" WHERE gone = 0;

CREATE INDEX "screening_by_subject" ON "screening" ("subject");

CREATE INDEX "screening_by_referral_id" ON "screening" ("referral_id");

CREATE TABLE "training" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "kind" TEXT,
  "done_on" TEXT,
  "expires_on" TEXT,
  extra TEXT
);

CREATE VIEW "live_training" AS SELECT * FROM "training" WHERE gone = 0;

CREATE INDEX "training_by_subject" ON "training" ("subject");

