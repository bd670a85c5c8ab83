-- Tasks that come again, and whose outcome somebody looks at.

ALTER TABLE "task" ADD COLUMN "repeats_from" TEXT;

ALTER TABLE "task" ADD COLUMN "repeats_until" TEXT;

ALTER TABLE "task" ADD COLUMN "needs_review" INTEGER;

ALTER TABLE "task" ADD COLUMN "review_words" TEXT;
