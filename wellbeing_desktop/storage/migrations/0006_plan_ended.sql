-- The day on which a plan ended or was declined, which the monthly return counts by.

ALTER TABLE "care_plan" ADD COLUMN "ended_on" TEXT;
