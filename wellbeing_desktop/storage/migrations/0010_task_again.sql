-- Tasks that come again, and whose outcome somebody looks at; what a follow-up rule made is found by its person and rule.

ALTER TABLE "task" ADD COLUMN "repeats_from" TEXT;

ALTER TABLE "task" ADD COLUMN "repeats_until" TEXT;

ALTER TABLE "task" ADD COLUMN "needs_review" INTEGER;

ALTER TABLE "task" ADD COLUMN "review_words" TEXT;

CREATE INDEX "task_by_rule" ON "task" ("rule", "about_id") WHERE "rule" IS NOT NULL;
