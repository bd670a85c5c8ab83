-- The tables of records, their outbox, history, audit, drafts and search: the definitions as they were at release 0.1.
-- Frozen: storage/schema.py describes what the tables must be now, and a test holds that all migrations lead there.

CREATE TABLE "person" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "family_name" TEXT,
  "given_name" TEXT,
  "known_as" TEXT,
  "former_names" TEXT,
  "title" TEXT,
  "pronouns" TEXT,
  "born_on" TEXT,
  "nhs_number" TEXT,
  "nhs_number_status" TEXT,
  "no_nhs_number_reason" TEXT,
  "local_number" TEXT,
  "practice_id" TEXT,
  "registration" TEXT,
  "usual_gp" TEXT,
  "coordinator_id" TEXT,
  "language" TEXT,
  "interpreter_needed" INTEGER,
  "communication_needs" TEXT,
  "communication_detail" TEXT,
  "letter_format" TEXT,
  "preferred_contact_method" TEXT,
  "no_fixed_abode" INTEGER,
  "restricted" INTEGER,
  "list_state" TEXT,
  "controller" TEXT,
  "died_on" TEXT,
  "death_known_by" TEXT,
  "death_verified_by" TEXT,
  extra TEXT
);

CREATE VIEW "live_person" AS SELECT * FROM "person" WHERE gone = 0;

CREATE INDEX "person_by_subject" ON "person" ("subject");

CREATE INDEX "person_by_coordinator_id" ON "person" ("coordinator_id");

CREATE INDEX "person_by_practice_id" ON "person" ("practice_id");

CREATE INDEX "person_by_nhs_number" ON "person" ("nhs_number");

CREATE INDEX "person_by_local_number" ON "person" ("local_number");

CREATE TABLE "demographics" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "recorded_sex" TEXT,
  "stated_gender" TEXT,
  "gender_identity" TEXT,
  "gender_same_as_birth" TEXT,
  "ethnicity" TEXT,
  "religion" TEXT,
  "sexual_orientation" TEXT,
  "marital_status" TEXT,
  "disabilities" TEXT,
  "disability_impact" TEXT,
  "accommodation" TEXT,
  "settled_accommodation" TEXT,
  "employment" TEXT,
  "carer_support" TEXT,
  "young_carer" TEXT,
  "immigration_status" TEXT,
  "opted_out" INTEGER,
  "opt_out_checked_on" TEXT,
  "privacy_notice_on" TEXT,
  extra TEXT
);

CREATE VIEW "live_demographics" AS SELECT * FROM "demographics" WHERE gone = 0;

CREATE INDEX "demographics_by_subject" ON "demographics" ("subject");

CREATE TABLE "registration" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "practice_id" TEXT,
  "status" TEXT,
  "started_on" TEXT,
  "ended_on" TEXT,
  "listed" TEXT,
  extra TEXT
);

CREATE VIEW "live_registration" AS SELECT * FROM "registration" WHERE gone = 0;

CREATE INDEX "registration_by_subject" ON "registration" ("subject");

CREATE TABLE "address" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "line1" TEXT,
  "line2" TEXT,
  "line3" TEXT,
  "line4" TEXT,
  "line5" TEXT,
  "postcode" TEXT,
  "use" TEXT,
  "safe_to_write" INTEGER,
  "safety_reason" TEXT,
  "started_on" TEXT,
  "ended_on" TEXT,
  extra TEXT
);

CREATE VIEW "live_address" AS SELECT * FROM "address" WHERE gone = 0;

CREATE INDEX "address_by_subject" ON "address" ("subject");

CREATE INDEX "address_by_postcode" ON "address" ("postcode");

CREATE TABLE "contact_point" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "medium" TEXT,
  "value" TEXT,
  "extension" TEXT,
  "note" TEXT,
  "preferred" INTEGER,
  "safe_to_call" INTEGER,
  "safe_to_text" INTEGER,
  "safe_to_leave_message" INTEGER,
  "safe_times" TEXT,
  "code_word" TEXT,
  "safety_reason" TEXT,
  extra TEXT
);

CREATE VIEW "live_contact_point" AS SELECT * FROM "contact_point" WHERE gone = 0;

CREATE INDEX "contact_point_by_subject" ON "contact_point" ("subject");

CREATE INDEX "contact_point_by_value" ON "contact_point" ("value");

CREATE TABLE "related_person" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "name" TEXT,
  "relationship" TEXT,
  "roles" TEXT,
  "telephone" TEXT,
  "email" TEXT,
  "address" TEXT,
  "born_on" TEXT,
  "lives_with_person" INTEGER,
  "may_be_told" TEXT,
  "not_to_be_told" TEXT,
  "legal_role" TEXT,
  "document_seen_by" TEXT,
  "document_seen_on" TEXT,
  extra TEXT
);

CREATE VIEW "live_related_person" AS SELECT * FROM "related_person" WHERE gone = 0;

CREATE INDEX "related_person_by_subject" ON "related_person" ("subject");

CREATE TABLE "alert" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "kind" TEXT,
  "statement" TEXT,
  "what_to_do" TEXT,
  "source" TEXT,
  "stated_on" TEXT,
  "review_on" TEXT,
  "ended" INTEGER,
  "end_reason" TEXT,
  "supersedes" TEXT,
  "before_visit" INTEGER,
  extra TEXT
);

CREATE VIEW "live_alert" AS SELECT * FROM "alert" WHERE gone = 0;

CREATE INDEX "alert_by_subject_kind" ON "alert" ("subject", "kind");

CREATE INDEX "alert_by_review_on" ON "alert" ("review_on");

CREATE TABLE "safety_fact" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "kind" TEXT,
  "statement" TEXT,
  "reaction" TEXT,
  "presence" TEXT,
  "source" TEXT,
  "stated_on" TEXT,
  "original_kept_at" TEXT,
  "document_seen_by" TEXT,
  "expires_on" TEXT,
  "review_on" TEXT,
  "ended_on" TEXT,
  extra TEXT
);

CREATE VIEW "live_safety_fact" AS SELECT * FROM "safety_fact" WHERE gone = 0;

CREATE INDEX "safety_fact_by_subject" ON "safety_fact" ("subject");

CREATE TABLE "access_note" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "instructions" TEXT,
  "key_safe" TEXT,
  "two_person_visit" INTEGER,
  "animals" TEXT,
  "checked_on" TEXT,
  extra TEXT
);

CREATE VIEW "live_access_note" AS SELECT * FROM "access_note" WHERE gone = 0;

CREATE INDEX "access_note_by_subject" ON "access_note" ("subject");

CREATE TABLE "stay" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "place" TEXT,
  "kind" TEXT,
  "started_on" TEXT,
  "expected_end_on" TEXT,
  "ended_on" TEXT,
  extra TEXT
);

CREATE VIEW "live_stay" AS SELECT * FROM "stay" WHERE gone = 0;

CREATE INDEX "stay_by_subject" ON "stay" ("subject");

CREATE TABLE "organisation" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "name" TEXT,
  "ods_code" TEXT,
  "kind" TEXT,
  "address" TEXT,
  "postcode" TEXT,
  "telephone" TEXT,
  "email" TEXT,
  "list_size" INTEGER,
  "list_size_on" TEXT,
  "closed_on" TEXT,
  extra TEXT
);

CREATE VIEW "live_organisation" AS SELECT * FROM "organisation" WHERE gone = 0;

CREATE INDEX "organisation_by_subject" ON "organisation" ("subject");

CREATE INDEX "organisation_by_ods_code" ON "organisation" ("ods_code");

CREATE INDEX "organisation_by_name" ON "organisation" ("name");

CREATE TABLE "practitioner" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "name" TEXT,
  "job_title" TEXT,
  "organisation_id" TEXT,
  "telephone" TEXT,
  "email" TEXT,
  "languages" TEXT,
  "registration_body" TEXT,
  "registration_number" TEXT,
  "is_user" INTEGER,
  "left_on" TEXT,
  extra TEXT
);

CREATE VIEW "live_practitioner" AS SELECT * FROM "practitioner" WHERE gone = 0;

CREATE INDEX "practitioner_by_subject" ON "practitioner" ("subject");

CREATE INDEX "practitioner_by_name" ON "practitioner" ("name");

CREATE TABLE "team" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "name" TEXT,
  "members" TEXT,
  "lead_id" TEXT,
  "deputy_id" TEXT,
  extra TEXT
);

CREATE VIEW "live_team" AS SELECT * FROM "team" WHERE gone = 0;

CREATE INDEX "team_by_subject" ON "team" ("subject");

CREATE TABLE "grant" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "practitioner_id" TEXT,
  "kind" TEXT,
  "subjects" TEXT,
  "compartments" TEXT,
  "with_names" INTEGER,
  "may_write" INTEGER,
  "since_on" TEXT,
  "until_on" TEXT,
  "reason" TEXT,
  "signature" TEXT,
  extra TEXT
);

CREATE VIEW "live_grant" AS SELECT * FROM "grant" WHERE gone = 0;

CREATE INDEX "grant_by_subject" ON "grant" ("subject");

CREATE INDEX "grant_by_practitioner_id" ON "grant" ("practitioner_id");

CREATE TABLE "setting" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "key" TEXT,
  "value" TEXT,
  extra TEXT
);

CREATE VIEW "live_setting" AS SELECT * FROM "setting" WHERE gone = 0;

CREATE INDEX "setting_by_subject" ON "setting" ("subject");

CREATE INDEX "setting_by_key" ON "setting" ("key");

CREATE TABLE "assessment_tool" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "tool" TEXT,
  "version" TEXT,
  "title" TEXT,
  "questionnaire" TEXT,
  "licence" TEXT,
  extra TEXT
);

CREATE VIEW "live_assessment_tool" AS SELECT * FROM "assessment_tool" WHERE gone = 0;

CREATE INDEX "assessment_tool_by_subject" ON "assessment_tool" ("subject");

CREATE INDEX "assessment_tool_by_tool_version" ON "assessment_tool" ("tool", "version");

CREATE TABLE "return_run" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "definition" TEXT,
  "definition_version" TEXT,
  "month" TEXT,
  "computed_at" TEXT,
  "computed_by" TEXT,
  "as_of_epoch" TEXT,
  "as_of_seq" INTEGER,
  "code_version" TEXT,
  "counts" TEXT,
  "facts" TEXT,
  "completeness" TEXT,
  "hash" TEXT,
  "provisional" INTEGER,
  "closed_on" TEXT,
  extra TEXT
);

CREATE VIEW "live_return_run" AS SELECT * FROM "return_run" WHERE gone = 0;

CREATE INDEX "return_run_by_subject" ON "return_run" ("subject");

CREATE INDEX "return_run_by_month_definition" ON "return_run" ("month", "definition");

CREATE TABLE "import_run" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "source" TEXT,
  "imported_at" TEXT,
  "imported_by" TEXT,
  "rows" INTEGER,
  "new" INTEGER,
  "updated" INTEGER,
  "unchanged" INTEGER,
  "refused" INTEGER,
  "undone_at" TEXT,
  extra TEXT
);

CREATE VIEW "live_import_run" AS SELECT * FROM "import_run" WHERE gone = 0;

CREATE INDEX "import_run_by_subject" ON "import_run" ("subject");

CREATE TABLE "referral" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "received_at" TEXT,
  "received_on" TEXT,
  "source" TEXT,
  "organisation_id" TEXT,
  "referrer_name" TEXT,
  "referrer_contact" TEXT,
  "practice_id" TEXT,
  "reason" TEXT,
  "urgency" TEXT,
  "suggested_priority" TEXT,
  "priority" TEXT,
  "priority_signed_by" TEXT,
  "state" TEXT,
  "decided_on" TEXT,
  "decided_by" TEXT,
  "decline_reason" TEXT,
  "allocated_to" TEXT,
  "allocated_team" TEXT,
  extra TEXT
);

CREATE VIEW "live_referral" AS SELECT * FROM "referral" WHERE gone = 0;

CREATE INDEX "referral_by_subject" ON "referral" ("subject");

CREATE INDEX "referral_by_state_received_on" ON "referral" ("state", "received_on");

CREATE INDEX "referral_by_received_on" ON "referral" ("received_on");

CREATE INDEX "referral_by_allocated_to" ON "referral" ("allocated_to");

CREATE TABLE "episode" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "referral_id" TEXT,
  "opened_on" TEXT,
  "practitioner_id" TEXT,
  "team_id" TEXT,
  "state" TEXT,
  "closed_on" TEXT,
  "close_reason" TEXT,
  extra TEXT
);

CREATE VIEW "live_episode" AS SELECT * FROM "episode" WHERE gone = 0;

CREATE INDEX "episode_by_subject" ON "episode" ("subject");

CREATE INDEX "episode_by_state_practitioner_id" ON "episode" ("state", "practitioner_id");

CREATE INDEX "episode_by_practitioner_id" ON "episode" ("practitioner_id");

CREATE INDEX "episode_by_opened_on" ON "episode" ("opened_on");

CREATE INDEX "episode_by_closed_on" ON "episode" ("closed_on");

CREATE INDEX "episode_by_referral_id" ON "episode" ("referral_id");

CREATE TABLE "appointment" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "starts_at" TEXT,
  "starts_on" TEXT,
  "duration_minutes" INTEGER,
  "medium" TEXT,
  "place" TEXT,
  "purpose" TEXT,
  "practitioner_id" TEXT,
  "second_worker_id" TEXT,
  "travel_minutes" INTEGER,
  "episode_id" TEXT,
  "state" TEXT,
  "outcome" TEXT,
  "cancel_reason" TEXT,
  extra TEXT
);

CREATE VIEW "live_appointment" AS SELECT * FROM "appointment" WHERE gone = 0;

CREATE INDEX "appointment_by_practitioner_id_starts_on" ON "appointment" ("practitioner_id", "starts_on");

CREATE INDEX "appointment_by_starts_on" ON "appointment" ("starts_on");

CREATE INDEX "appointment_by_subject_starts_at" ON "appointment" ("subject", "starts_at");

CREATE TABLE "contact" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "happened_at" TEXT,
  "happened_on" TEXT,
  "ended_at" TEXT,
  "written_at" TEXT,
  "late_reason" TEXT,
  "transcribed_by" TEXT,
  "medium" TEXT,
  "direction" TEXT,
  "outcome" TEXT,
  "planned" INTEGER,
  "duration_minutes" INTEGER,
  "travel_minutes" INTEGER,
  "admin_minutes" INTEGER,
  "place" TEXT,
  "practitioner_id" TEXT,
  "second_worker_id" TEXT,
  "present" TEXT,
  "seen_alone" INTEGER,
  "not_alone_reason" TEXT,
  "interpreter" TEXT,
  "chaperone" TEXT,
  "episode_id" TEXT,
  "appointment_id" TEXT,
  "clock_doubtful" INTEGER,
  extra TEXT
);

CREATE VIEW "live_contact" AS SELECT * FROM "contact" WHERE gone = 0;

CREATE INDEX "contact_by_subject_happened_at" ON "contact" ("subject", "happened_at");

CREATE INDEX "contact_by_happened_on" ON "contact" ("happened_on");

CREATE INDEX "contact_by_practitioner_id_happened_on" ON "contact" ("practitioner_id", "happened_on");

CREATE INDEX "contact_by_episode_id" ON "contact" ("episode_id");

CREATE TABLE "note" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "about_id" TEXT,
  "written_on" TEXT,
  "text" TEXT,
  "said_by_person" TEXT,
  "observed" TEXT,
  "told_by_others" TEXT,
  "told_by" TEXT,
  "in_confidence" INTEGER,
  "agreed" TEXT,
  "agreed_by" TEXT,
  "author_id" TEXT,
  "signed_at" TEXT,
  "signed_by" TEXT,
  "countersign_needed" INTEGER,
  extra TEXT
);

CREATE VIEW "live_note" AS SELECT * FROM "note" WHERE gone = 0;

CREATE INDEX "note_by_about_id" ON "note" ("about_id");

CREATE INDEX "note_by_subject_written_on" ON "note" ("subject", "written_on");

CREATE TABLE "gp_entry" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "target_id" TEXT,
  "target_type" TEXT,
  "state" TEXT,
  "entered_by" TEXT,
  "entered_on" TEXT,
  extra TEXT
);

CREATE VIEW "live_gp_entry" AS SELECT * FROM "gp_entry" WHERE gone = 0;

CREATE INDEX "gp_entry_by_subject" ON "gp_entry" ("subject");

CREATE INDEX "gp_entry_by_target_id" ON "gp_entry" ("target_id");

CREATE INDEX "gp_entry_by_state" ON "gp_entry" ("state");

CREATE TABLE "care_plan" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "episode_id" TEXT,
  "supersedes" TEXT,
  "state" TEXT,
  "started_on" TEXT,
  "agreed_on" TEXT,
  "agreed_with" TEXT,
  "supported_by" TEXT,
  "practitioner_id" TEXT,
  "review_on" TEXT,
  "reviewer" TEXT,
  "reviewed_on" TEXT,
  "version" INTEGER,
  extra TEXT
);

CREATE VIEW "live_care_plan" AS SELECT * FROM "care_plan" WHERE gone = 0;

CREATE INDEX "care_plan_by_subject" ON "care_plan" ("subject");

CREATE INDEX "care_plan_by_review_on" ON "care_plan" ("review_on");

CREATE INDEX "care_plan_by_agreed_on" ON "care_plan" ("agreed_on");

CREATE INDEX "care_plan_by_practitioner_id" ON "care_plan" ("practitioner_id");

CREATE INDEX "care_plan_by_supersedes" ON "care_plan" ("supersedes");

CREATE TABLE "plan_narrative" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "plan_id" TEXT,
  "most_important" TEXT,
  "people_important" TEXT,
  "communicate" TEXT,
  "wellness" TEXT,
  "please_do" TEXT,
  "support" TEXT,
  "also_know" TEXT,
  "formulation" TEXT,
  "strengths" TEXT,
  "needs" TEXT,
  "triggers" TEXT,
  "early_signs" TEXT,
  "coping" TEXT,
  "what_should_happen" TEXT,
  "who_to_contact" TEXT,
  "advance_statement" TEXT,
  "other_plans" TEXT,
  "staff_only" TEXT,
  extra TEXT
);

CREATE VIEW "live_plan_narrative" AS SELECT * FROM "plan_narrative" WHERE gone = 0;

CREATE INDEX "plan_narrative_by_subject" ON "plan_narrative" ("subject");

CREATE INDEX "plan_narrative_by_plan_id" ON "plan_narrative" ("plan_id");

CREATE TABLE "goal" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "plan_id" TEXT,
  "position" TEXT,
  "what" TEXT,
  "importance" INTEGER,
  "state" TEXT,
  "target_on" TEXT,
  "outcome" TEXT,
  extra TEXT
);

CREATE VIEW "live_goal" AS SELECT * FROM "goal" WHERE gone = 0;

CREATE INDEX "goal_by_subject" ON "goal" ("subject");

CREATE INDEX "goal_by_plan_id" ON "goal" ("plan_id");

CREATE TABLE "action" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "plan_id" TEXT,
  "goal_id" TEXT,
  "position" TEXT,
  "what" TEXT,
  "who" TEXT,
  "practitioner_id" TEXT,
  "due_on" TEXT,
  "state" TEXT,
  "confidence" INTEGER,
  "strategies" TEXT,
  "review_on" TEXT,
  "outcome" TEXT,
  extra TEXT
);

CREATE VIEW "live_action" AS SELECT * FROM "action" WHERE gone = 0;

CREATE INDEX "action_by_subject" ON "action" ("subject");

CREATE INDEX "action_by_plan_id" ON "action" ("plan_id");

CREATE INDEX "action_by_due_on" ON "action" ("due_on");

CREATE INDEX "action_by_review_on" ON "action" ("review_on");

CREATE TABLE "plan_copy" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "plan_id" TEXT,
  "version" INTEGER,
  "sections" TEXT,
  "state" TEXT,
  "settled_on" TEXT,
  "settled_by" TEXT,
  "code" TEXT,
  extra TEXT
);

CREATE VIEW "live_plan_copy" AS SELECT * FROM "plan_copy" WHERE gone = 0;

CREATE INDEX "plan_copy_by_subject" ON "plan_copy" ("subject");

CREATE INDEX "plan_copy_by_plan_id" ON "plan_copy" ("plan_id");

CREATE INDEX "plan_copy_by_state" ON "plan_copy" ("state");

CREATE TABLE "assessment" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "tool" TEXT,
  "tool_version" TEXT,
  "answers" TEXT,
  "taken_at" TEXT,
  "taken_on" TEXT,
  "practitioner_id" TEXT,
  "contact_id" TEXT,
  "how" TEXT,
  extra TEXT
);

CREATE VIEW "live_assessment" AS SELECT * FROM "assessment" WHERE gone = 0;

CREATE INDEX "assessment_by_subject_tool_taken_on" ON "assessment" ("subject", "tool", "taken_on");

CREATE INDEX "assessment_by_contact_id" ON "assessment" ("contact_id");

CREATE TABLE "score" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "assessment_id" TEXT,
  "tool" TEXT,
  "scale" TEXT,
  "value" INTEGER,
  "taken_on" TEXT,
  "episode_id" TEXT,
  extra TEXT
);

CREATE VIEW "live_score" AS SELECT * FROM "score" WHERE gone = 0;

CREATE INDEX "score_by_subject_tool_scale_taken_on" ON "score" ("subject", "tool", "scale", "taken_on");

CREATE INDEX "score_by_tool_taken_on" ON "score" ("tool", "taken_on");

CREATE INDEX "score_by_assessment_id" ON "score" ("assessment_id");

CREATE TABLE "consent" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "purpose" TEXT,
  "recipient" TEXT,
  "decision" TEXT,
  "given_by" TEXT,
  "given_by_name" TEXT,
  "document_seen" TEXT,
  "how" TEXT,
  "given_on" TEXT,
  "expires_on" TEXT,
  "note" TEXT,
  "supersedes" TEXT,
  extra TEXT
);

CREATE VIEW "live_consent" AS SELECT * FROM "consent" WHERE gone = 0;

CREATE INDEX "consent_by_subject_purpose_recipient" ON "consent" ("subject", "purpose", "recipient");

CREATE TABLE "task" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "title" TEXT,
  "detail" TEXT,
  "kind" TEXT,
  "about_id" TEXT,
  "owner_id" TEXT,
  "team_id" TEXT,
  "due_on" TEXT,
  "due_at" TEXT,
  "urgent" INTEGER,
  "state" TEXT,
  "done_on" TEXT,
  "outcome" TEXT,
  extra TEXT
);

CREATE VIEW "live_task" AS SELECT * FROM "task" WHERE gone = 0;

CREATE INDEX "task_by_subject" ON "task" ("subject");

CREATE INDEX "task_by_owner_id_due_on" ON "task" ("owner_id", "due_on");

CREATE INDEX "task_by_state_due_on" ON "task" ("state", "due_on");

CREATE INDEX "task_by_about_id" ON "task" ("about_id");

CREATE TABLE "letter" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "template" TEXT,
  "template_version" TEXT,
  "to_kind" TEXT,
  "to_name" TEXT,
  "to_address" TEXT,
  "address_id" TEXT,
  "subject_line" TEXT,
  "body" TEXT,
  "cc" TEXT,
  "format" TEXT,
  "reference" TEXT,
  "state" TEXT,
  "written_on" TEXT,
  "author_id" TEXT,
  "sent_on" TEXT,
  "sent_how" TEXT,
  "returned_on" TEXT,
  "cancel_reason" TEXT,
  "contact_id" TEXT,
  extra TEXT
);

CREATE VIEW "live_letter" AS SELECT * FROM "letter" WHERE gone = 0;

CREATE INDEX "letter_by_subject" ON "letter" ("subject");

CREATE INDEX "letter_by_state" ON "letter" ("state");

CREATE INDEX "letter_by_written_on" ON "letter" ("written_on");

CREATE TABLE "attachment" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "sha256" TEXT,
  "bytes" INTEGER,
  "media_type" TEXT,
  "title" TEXT,
  "kind" TEXT,
  "received_on" TEXT,
  "source" TEXT,
  "about_id" TEXT,
  extra TEXT
);

CREATE VIEW "live_attachment" AS SELECT * FROM "attachment" WHERE gone = 0;

CREATE INDEX "attachment_by_subject" ON "attachment" ("subject");

CREATE INDEX "attachment_by_sha256" ON "attachment" ("sha256");

CREATE INDEX "attachment_by_about_id" ON "attachment" ("about_id");

CREATE TABLE "amendment" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "target_type" TEXT,
  "target_id" TEXT,
  "field" TEXT,
  "value" TEXT,
  "was" TEXT,
  "reason" TEXT,
  "supersedes" TEXT,
  "amended_at" TEXT,
  "amended_by" TEXT,
  extra TEXT
);

CREATE VIEW "live_amendment" AS SELECT * FROM "amendment" WHERE gone = 0;

CREATE INDEX "amendment_by_subject" ON "amendment" ("subject");

CREATE INDEX "amendment_by_target_id_field" ON "amendment" ("target_id", "field");

CREATE TABLE "conflict" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "target_type" TEXT,
  "target_id" TEXT,
  "field" TEXT,
  "base" TEXT,
  "mine" TEXT,
  "mine_author" TEXT,
  "mine_at" TEXT,
  "mine_device" TEXT,
  "theirs" TEXT,
  "theirs_author" TEXT,
  "theirs_at" TEXT,
  "theirs_device" TEXT,
  "operations" TEXT,
  "owner_id" TEXT,
  "due_on" TEXT,
  "state" TEXT,
  "choice" TEXT,
  "settled_value" TEXT,
  "settled_by" TEXT,
  "settled_at" TEXT,
  extra TEXT
);

CREATE VIEW "live_conflict" AS SELECT * FROM "conflict" WHERE gone = 0;

CREATE INDEX "conflict_by_subject" ON "conflict" ("subject");

CREATE INDEX "conflict_by_target_id_field_mine_author" ON "conflict" ("target_id", "field", "mine_author");

CREATE INDEX "conflict_by_state_due_on" ON "conflict" ("state", "due_on");

CREATE INDEX "conflict_by_owner_id" ON "conflict" ("owner_id");

CREATE TABLE "alias" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "survivor_id" TEXT,
  "vanished_id" TEXT,
  "state" TEXT,
  "reason" TEXT,
  "made_by" TEXT,
  extra TEXT
);

CREATE VIEW "live_alias" AS SELECT * FROM "alias" WHERE gone = 0;

CREATE INDEX "alias_by_subject" ON "alias" ("subject");

CREATE INDEX "alias_by_vanished_id" ON "alias" ("vanished_id");

CREATE INDEX "alias_by_survivor_id" ON "alias" ("survivor_id");

CREATE TABLE "misfiling" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "target_type" TEXT,
  "target_id" TEXT,
  "copy_id" TEXT,
  "right_person_id" TEXT,
  "reason" TEXT,
  "marked_by" TEXT,
  "marked_at" TEXT,
  "ended" INTEGER,
  extra TEXT
);

CREATE VIEW "live_misfiling" AS SELECT * FROM "misfiling" WHERE gone = 0;

CREATE INDEX "misfiling_by_subject" ON "misfiling" ("subject");

CREATE INDEX "misfiling_by_target_id" ON "misfiling" ("target_id");

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

CREATE TABLE person_first_name (
  family TEXT NOT NULL, first TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (family, first, number)
) WITHOUT ROWID;

CREATE INDEX person_first_name_number ON person_first_name (number);

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
  FROM "attachment" JOIN record ON record.id = "attachment".id WHERE "attachment".gone = 0;

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
