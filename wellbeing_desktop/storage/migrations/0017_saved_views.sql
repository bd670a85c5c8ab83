-- Lists as somebody wants to find them again.

CREATE TABLE "saved_view" (
  id TEXT PRIMARY KEY,
  subject TEXT,
  compartment TEXT,
  gone INTEGER,
  "name" TEXT,
  "whose" TEXT,
  "which" TEXT,
  "stage" TEXT,
  "sort" TEXT,
  "descending" INTEGER,
  "columns" TEXT,
  extra TEXT
);

CREATE VIEW "live_saved_view" AS SELECT * FROM "saved_view" WHERE gone = 0;

CREATE INDEX "saved_view_by_subject" ON "saved_view" ("subject");
