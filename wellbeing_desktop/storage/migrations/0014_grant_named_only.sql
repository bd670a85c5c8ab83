-- A grant that names people one by one does not follow who their coordinator is.

ALTER TABLE "grant" ADD COLUMN "named_only" INTEGER;
