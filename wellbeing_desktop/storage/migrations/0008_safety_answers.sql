-- Answers to a safety question that nobody has seen to are looked for by their questionnaire.

CREATE INDEX "assessment_by_tool" ON "assessment" ("tool");
