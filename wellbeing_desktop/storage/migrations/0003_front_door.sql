-- The front door: contacts received, requests, concerns, onward referrals, cover, knowledge, digital content.

ALTER TABLE "person" ADD COLUMN "unidentified" INTEGER;

ALTER TABLE "referral" ADD COLUMN "respond_by" TEXT;

ALTER TABLE "referral" ADD COLUMN "screening_id" TEXT;

ALTER TABLE "referral" ADD COLUMN "repeats_id" TEXT;

ALTER TABLE "referral" ADD COLUMN "reply_letter_id" TEXT;

ALTER TABLE "task" ADD COLUMN "rule" TEXT;

ALTER TABLE "task" ADD COLUMN "repeats" TEXT;

ALTER TABLE "task" ADD COLUMN "delegated_by" TEXT;

ALTER TABLE "task" ADD COLUMN "reviewed_on" TEXT;

ALTER TABLE "task" ADD COLUMN "escalated_to" TEXT;

ALTER TABLE "task" ADD COLUMN "escalated_at" TEXT;

CREATE TABLE "enquiry" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "received_at" TEXT,
  "received_on" TEXT,
  "medium" TEXT,
  "platform" TEXT,
  "direction" TEXT,
  "duration_minutes" INTEGER,
  "caller_name" TEXT,
  "caller_role" TEXT,
  "caller_organisation" TEXT,
  "caller_number" TEXT,
  "caller_email" TEXT,
  "identity_check" TEXT,
  "topic" TEXT,
  "words" TEXT,
  "urgent" INTEGER,
  "respond_by" TEXT,
  "state" TEXT,
  "claimed_by" TEXT,
  "claimed_at" TEXT,
  "team_id" TEXT,
  "outcome" TEXT,
  "contact_id" TEXT,
  "referral_id" TEXT,
  "closed_on" TEXT,
  extra TEXT
);

CREATE VIEW "live_enquiry" AS SELECT * FROM "enquiry" WHERE gone = 0;

CREATE INDEX "enquiry_by_subject" ON "enquiry" ("subject");

CREATE INDEX "enquiry_by_state_respond_by" ON "enquiry" ("state", "respond_by");

CREATE INDEX "enquiry_by_claimed_by" ON "enquiry" ("claimed_by");

CREATE INDEX "enquiry_by_caller_number" ON "enquiry" ("caller_number");

CREATE TABLE "request" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "enquiry_id" TEXT,
  "kind" TEXT,
  "items" TEXT,
  "clinical" INTEGER,
  "asked_on" TEXT,
  "due_at" TEXT,
  "owner_id" TEXT,
  "put_to" TEXT,
  "put_at" TEXT,
  "state" TEXT,
  "done_words" TEXT,
  "person_told" TEXT,
  "done_on" TEXT,
  extra TEXT
);

CREATE VIEW "live_request" AS SELECT * FROM "request" WHERE gone = 0;

CREATE INDEX "request_by_subject" ON "request" ("subject");

CREATE INDEX "request_by_state_due_at" ON "request" ("state", "due_at");

CREATE INDEX "request_by_owner_id" ON "request" ("owner_id");

CREATE INDEX "request_by_enquiry_id" ON "request" ("enquiry_id");

CREATE TABLE "instruction" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "request_id" TEXT,
  "words" TEXT,
  "clinician" TEXT,
  "given_at" TEXT,
  "read_back" INTEGER,
  "taken_by" TEXT,
  extra TEXT
);

CREATE VIEW "live_instruction" AS SELECT * FROM "instruction" WHERE gone = 0;

CREATE INDEX "instruction_by_subject" ON "instruction" ("subject");

CREATE INDEX "instruction_by_request_id" ON "instruction" ("request_id");

CREATE TABLE "message" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "from_id" TEXT,
  "person_id" TEXT,
  "about_id" TEXT,
  "words" TEXT,
  "urgent" INTEGER,
  "sent_at" TEXT,
  "state" TEXT,
  "read_at" TEXT,
  "answer" TEXT,
  extra TEXT
);

CREATE VIEW "live_message" AS SELECT * FROM "message" WHERE gone = 0;

CREATE INDEX "message_by_subject_state" ON "message" ("subject", "state");

CREATE INDEX "message_by_from_id" ON "message" ("from_id");

CREATE TABLE "concern" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "path" TEXT,
  "raised_at" TEXT,
  "raised_on" TEXT,
  "raised_by" TEXT,
  "enquiry_id" TEXT,
  "where_now" TEXT,
  "call_back_number" TEXT,
  "who_is_there" TEXT,
  "words" TEXT,
  "abuse_types" TEXT,
  "child_categories" TEXT,
  "prompts" TEXT,
  "has_care_needs" TEXT,
  "at_risk_of_abuse" TEXT,
  "cannot_protect_self" TEXT,
  "consent" TEXT,
  "without_consent_reason" TEXT,
  "persons_wishes" TEXT,
  "parents_told" TEXT,
  "children" TEXT,
  "council" TEXT,
  "council_reference" TEXT,
  "lead_id" TEXT,
  "respond_by" TEXT,
  "state" TEXT,
  "outcome" TEXT,
  "outcome_words" TEXT,
  "closed_at" TEXT,
  "closed_by" TEXT,
  extra TEXT
);

CREATE VIEW "live_concern" AS SELECT * FROM "concern" WHERE gone = 0;

CREATE INDEX "concern_by_subject" ON "concern" ("subject");

CREATE INDEX "concern_by_state_raised_on" ON "concern" ("state", "raised_on");

CREATE INDEX "concern_by_lead_id" ON "concern" ("lead_id");

CREATE TABLE "concern_step" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "concern_id" TEXT,
  "raised_by" TEXT,
  "at" TEXT,
  "kind" TEXT,
  "tried" TEXT,
  "tried_role" TEXT,
  "answered" INTEGER,
  "words" TEXT,
  extra TEXT
);

CREATE VIEW "live_concern_step" AS SELECT * FROM "concern_step" WHERE gone = 0;

CREATE INDEX "concern_step_by_subject" ON "concern_step" ("subject");

CREATE INDEX "concern_step_by_concern_id" ON "concern_step" ("concern_id");

CREATE TABLE "incident" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "kind" TEXT,
  "raised_by" TEXT,
  "happened_at" TEXT,
  "happened_on" TEXT,
  "place" TEXT,
  "person_id" TEXT,
  "words" TEXT,
  "immediate_action" TEXT,
  "harm" TEXT,
  "reported_in" TEXT,
  "reference" TEXT,
  "corrective_action" TEXT,
  "corrective_owner" TEXT,
  "corrective_due_on" TEXT,
  "learning" TEXT,
  "candour" TEXT,
  "breach_aware_at" TEXT,
  "state" TEXT,
  "closed_on" TEXT,
  extra TEXT
);

CREATE VIEW "live_incident" AS SELECT * FROM "incident" WHERE gone = 0;

CREATE INDEX "incident_by_subject" ON "incident" ("subject");

CREATE INDEX "incident_by_state" ON "incident" ("state");

CREATE INDEX "incident_by_person_id" ON "incident" ("person_id");

CREATE TABLE "complaint" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "number" TEXT,
  "kind" TEXT,
  "raised_by" TEXT,
  "received_on" TEXT,
  "from_name" TEXT,
  "from_contact" TEXT,
  "person_id" TEXT,
  "words" TEXT,
  "acknowledge_by" TEXT,
  "acknowledged_on" TEXT,
  "answer_by" TEXT,
  "answered_on" TEXT,
  "answer" TEXT,
  "learning" TEXT,
  "next_stop" TEXT,
  "owner_id" TEXT,
  "state" TEXT,
  "closed_on" TEXT,
  extra TEXT
);

CREATE VIEW "live_complaint" AS SELECT * FROM "complaint" WHERE gone = 0;

CREATE INDEX "complaint_by_subject" ON "complaint" ("subject");

CREATE INDEX "complaint_by_state" ON "complaint" ("state");

CREATE INDEX "complaint_by_person_id" ON "complaint" ("person_id");

CREATE TABLE "onward_referral" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "kind" TEXT,
  "service_id" TEXT,
  "to_name" TEXT,
  "reason" TEXT,
  "sent_on" TEXT,
  "sent_how" TEXT,
  "sent_by" TEXT,
  "letter_id" TEXT,
  "referral_id" TEXT,
  "appointment_on" TEXT,
  "chase_on" TEXT,
  "chased_count" INTEGER,
  "owner_id" TEXT,
  "state" TEXT,
  "ended_on" TEXT,
  "useful" TEXT,
  "outcome" TEXT,
  extra TEXT
);

CREATE VIEW "live_onward_referral" AS SELECT * FROM "onward_referral" WHERE gone = 0;

CREATE INDEX "onward_referral_by_subject" ON "onward_referral" ("subject");

CREATE INDEX "onward_referral_by_state_chase_on" ON "onward_referral" ("state", "chase_on");

CREATE INDEX "onward_referral_by_service_id" ON "onward_referral" ("service_id");

CREATE INDEX "onward_referral_by_owner_id" ON "onward_referral" ("owner_id");

CREATE TABLE "cover" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "cover_id" TEXT,
  "kind" TEXT,
  "since_on" TEXT,
  "until_on" TEXT,
  "words" TEXT,
  "made_by" TEXT,
  "ended" INTEGER,
  extra TEXT
);

CREATE VIEW "live_cover" AS SELECT * FROM "cover" WHERE gone = 0;

CREATE INDEX "cover_by_subject" ON "cover" ("subject");

CREATE INDEX "cover_by_cover_id" ON "cover" ("cover_id");

CREATE TABLE "article" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "title" TEXT,
  "words" TEXT,
  "services" TEXT,
  "localities" TEXT,
  "sources" TEXT,
  "owner_id" TEXT,
  "state" TEXT,
  "sent_back_words" TEXT,
  extra TEXT
);

CREATE VIEW "live_article" AS SELECT * FROM "article" WHERE gone = 0;

CREATE INDEX "article_by_subject" ON "article" ("subject");

CREATE TABLE "article_edition" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "article_id" TEXT,
  "title" TEXT,
  "words" TEXT,
  "services" TEXT,
  "localities" TEXT,
  "sources" TEXT,
  "approved_by" TEXT,
  "approved_on" TEXT,
  "review_on" TEXT,
  "supersedes" TEXT,
  "retired" INTEGER,
  extra TEXT
);

CREATE VIEW "live_article_edition" AS SELECT * FROM "article_edition" WHERE gone = 0;

CREATE INDEX "article_edition_by_subject" ON "article_edition" ("subject");

CREATE INDEX "article_edition_by_article_id" ON "article_edition" ("article_id");

CREATE INDEX "article_edition_by_review_on" ON "article_edition" ("review_on");

CREATE TABLE "knowledge_report" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "target_id" TEXT,
  "words" TEXT,
  "reported_by" TEXT,
  "reported_on" TEXT,
  "owner_id" TEXT,
  "state" TEXT,
  "answer" TEXT,
  "closed_on" TEXT,
  extra TEXT
);

CREATE VIEW "live_knowledge_report" AS SELECT * FROM "knowledge_report" WHERE gone = 0;

CREATE INDEX "knowledge_report_by_subject" ON "knowledge_report" ("subject");

CREATE INDEX "knowledge_report_by_state" ON "knowledge_report" ("state");

CREATE INDEX "knowledge_report_by_target_id" ON "knowledge_report" ("target_id");

CREATE TABLE "service" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "name" TEXT,
  "organisation_id" TEXT,
  "description" TEXT,
  "topics" TEXT,
  "eligibility" TEXT,
  "minimum_age" INTEGER,
  "maximum_age" INTEGER,
  "areas" TEXT,
  "cost" TEXT,
  "how_to_use" TEXT,
  "opening" TEXT,
  "languages" TEXT,
  "accessibility" TEXT,
  "address" TEXT,
  "postcode" TEXT,
  "telephone" TEXT,
  "email" TEXT,
  "website" TEXT,
  "capacity" TEXT,
  "capacity_on" TEXT,
  "checked_on" TEXT,
  "checked_by" TEXT,
  "state" TEXT,
  "source" TEXT,
  "source_id" TEXT,
  extra TEXT
);

CREATE VIEW "live_service" AS SELECT * FROM "service" WHERE gone = 0;

CREATE INDEX "service_by_subject" ON "service" ("subject");

CREATE INDEX "service_by_name" ON "service" ("name");

CREATE INDEX "service_by_source_source_id" ON "service" ("source", "source_id");

CREATE TABLE "digital_module" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "name" TEXT,
  "pathway" TEXT,
  "sessions" TEXT,
  "criteria" TEXT,
  "days_open" INTEGER,
  "drop_off_days" INTEGER,
  "platform" TEXT,
  "retired" INTEGER,
  extra TEXT
);

CREATE VIEW "live_digital_module" AS SELECT * FROM "digital_module" WHERE gone = 0;

CREATE INDEX "digital_module_by_subject" ON "digital_module" ("subject");

CREATE TABLE "module_release" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "module_id" TEXT,
  "released_on" TEXT,
  "released_by" TEXT,
  "criteria_met" TEXT,
  "reason" TEXT,
  "expires_on" TEXT,
  "last_used_on" TEXT,
  "sessions_done" INTEGER,
  "state" TEXT,
  "end_reason" TEXT,
  "ended_on" TEXT,
  extra TEXT
);

CREATE VIEW "live_module_release" AS SELECT * FROM "module_release" WHERE gone = 0;

CREATE INDEX "module_release_by_subject" ON "module_release" ("subject");

CREATE INDEX "module_release_by_module_id" ON "module_release" ("module_id");

CREATE INDEX "module_release_by_state_expires_on" ON "module_release" ("state", "expires_on");

DROP VIEW text_source;

CREATE VIEW text_source AS
SELECT record.number AS number, coalesce("alert"."statement", '') AS body
  FROM "alert" JOIN record ON record.id = "alert".id WHERE "alert".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("safety_fact"."statement", '') AS body
  FROM "safety_fact" JOIN record ON record.id = "safety_fact".id WHERE "safety_fact".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("note"."text", '') || char(10) || coalesce("note"."said_by_person", '') || char(10) || coalesce("note"."observed", '') || char(10) || coalesce("note"."told_by_others", '') || char(10) || coalesce("note"."agreed", '') AS body
  FROM "note" JOIN record ON record.id = "note".id WHERE "note".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("plan_narrative"."most_important", '') || char(10) || coalesce("plan_narrative"."people_important", '') || char(10) || coalesce("plan_narrative"."communicate", '') || char(10) || coalesce("plan_narrative"."wellness", '') || char(10) || coalesce("plan_narrative"."please_do", '') || char(10) || coalesce("plan_narrative"."support", '') || char(10) || coalesce("plan_narrative"."also_know", '') || char(10) || coalesce("plan_narrative"."formulation", '') || char(10) || coalesce("plan_narrative"."strengths", '') || char(10) || coalesce("plan_narrative"."needs", '') || char(10) || coalesce("plan_narrative"."triggers", '') || char(10) || coalesce("plan_narrative"."early_signs", '') || char(10) || coalesce("plan_narrative"."coping", '') || char(10) || coalesce("plan_narrative"."what_should_happen", '') || char(10) || coalesce("plan_narrative"."who_to_contact", '') || char(10) || coalesce("plan_narrative"."advance_statement", '') || char(10) || coalesce("plan_narrative"."other_plans", '') || char(10) || coalesce("plan_narrative"."staff_only", '') AS body
  FROM "plan_narrative" JOIN record ON record.id = "plan_narrative".id WHERE "plan_narrative".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("goal"."what", '') || char(10) || coalesce("goal"."outcome", '') AS body
  FROM "goal" JOIN record ON record.id = "goal".id WHERE "goal".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("action"."what", '') || char(10) || coalesce("action"."strategies", '') || char(10) || coalesce("action"."outcome", '') AS body
  FROM "action" JOIN record ON record.id = "action".id WHERE "action".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("task"."title", '') || char(10) || coalesce("task"."detail", '') || char(10) || coalesce("task"."outcome", '') AS body
  FROM "task" JOIN record ON record.id = "task".id WHERE "task".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("letter"."subject_line", '') || char(10) || coalesce("letter"."body", '') AS body
  FROM "letter" JOIN record ON record.id = "letter".id WHERE "letter".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("attachment"."title", '') AS body
  FROM "attachment" JOIN record ON record.id = "attachment".id WHERE "attachment".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("enquiry"."caller_name", '') || char(10) || coalesce("enquiry"."words", '') AS body
  FROM "enquiry" JOIN record ON record.id = "enquiry".id WHERE "enquiry".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("instruction"."words", '') AS body
  FROM "instruction" JOIN record ON record.id = "instruction".id WHERE "instruction".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("message"."words", '') || char(10) || coalesce("message"."answer", '') AS body
  FROM "message" JOIN record ON record.id = "message".id WHERE "message".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("concern"."words", '') AS body
  FROM "concern" JOIN record ON record.id = "concern".id WHERE "concern".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("incident"."words", '') AS body
  FROM "incident" JOIN record ON record.id = "incident".id WHERE "incident".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("complaint"."words", '') AS body
  FROM "complaint" JOIN record ON record.id = "complaint".id WHERE "complaint".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("onward_referral"."reason", '') || char(10) || coalesce("onward_referral"."outcome", '') AS body
  FROM "onward_referral" JOIN record ON record.id = "onward_referral".id WHERE "onward_referral".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("article"."title", '') || char(10) || coalesce("article"."words", '') AS body
  FROM "article" JOIN record ON record.id = "article".id WHERE "article".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("article_edition"."title", '') || char(10) || coalesce("article_edition"."words", '') AS body
  FROM "article_edition" JOIN record ON record.id = "article_edition".id WHERE "article_edition".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("service"."name", '') || char(10) || coalesce("service"."description", '') || char(10) || coalesce("service"."eligibility", '') AS body
  FROM "service" JOIN record ON record.id = "service".id WHERE "service".gone = 0
UNION ALL
SELECT record.number AS number, coalesce("digital_module"."name", '') AS body
  FROM "digital_module" JOIN record ON record.id = "digital_module".id WHERE "digital_module".gone = 0;
