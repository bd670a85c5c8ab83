-- What a directory last said of a service, so that a later import knows what was changed here since.

ALTER TABLE "service" ADD COLUMN "published" TEXT;
