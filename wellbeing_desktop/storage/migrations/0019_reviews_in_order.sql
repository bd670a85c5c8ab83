-- One's own reviews are read in the order in which they are due, and only as many as are shown.

DROP INDEX "care_plan_by_practitioner_id";

CREATE INDEX "care_plan_by_practitioner_id_review_on" ON "care_plan" ("practitioner_id", "review_on");
