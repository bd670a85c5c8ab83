-- One search over services and articles: what can be found, its words, and the triggers that keep both in step.
-- Who last wrote an article, so that another approves it; who said whether a service has room.

ALTER TABLE "article" ADD COLUMN "written_by" TEXT;

ALTER TABLE "service" ADD COLUMN "capacity_by" TEXT;

CREATE INDEX "service_by_organisation_id" ON "service" ("organisation_id");

CREATE TABLE directory_entry (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, sort TEXT NOT NULL
);

CREATE INDEX directory_entry_sort ON directory_entry (sort, number);

CREATE VIEW directory_source AS
SELECT e.number AS number, s.id AS id, s.organisation_id AS organisation_id, NULL AS article_id,
  coalesce(s.name, '') || ' ' || replace(replace(coalesce(s.name, ''), char(39), ''), char(8217), '') AS name,
  coalesce(s.topics, '') || ' ' || coalesce(s.areas, '') || ' ' || coalesce(o.name, '') || ' '
    || replace(replace(coalesce(o.name, ''), char(39), ''), char(8217), '') || ' ' || coalesce(s.postcode, '')
    AS known,
  coalesce(s.description, '') || ' ' || coalesce(s.eligibility, '') AS words
  FROM directory_entry AS e JOIN service AS s ON s.id = e.id
  LEFT JOIN organisation AS o ON o.id = s.organisation_id AND o.gone = 0
UNION ALL
SELECT e.number, a.id, NULL, a.article_id,
  coalesce(a.title, '') || ' ' || replace(replace(coalesce(a.title, ''), char(39), ''), char(8217), ''),
  coalesce(a.services, '') || ' ' || coalesce(a.localities, ''),
  coalesce(a.words, '')
  FROM directory_entry AS e JOIN article_edition AS a ON a.id = e.id;

CREATE VIRTUAL TABLE directory USING fts5(
  name, known, words, content = 'directory_source', content_rowid = 'number', prefix = '1 2 3',
  tokenize = "unicode61 remove_diacritics 2 categories 'L* M* N* Co'"
);

INSERT INTO directory (directory, rank) VALUES ('secure-delete', 1);

CREATE VIRTUAL TABLE directory_word USING fts5vocab('directory', 'row');

CREATE TRIGGER directory_service_added AFTER INSERT ON service BEGIN
  INSERT INTO directory_entry (id, kind, sort)
    SELECT id, 'service', lower(coalesce(name, '')) FROM service WHERE id = new.id AND gone = 0;
  INSERT INTO directory (rowid, name, known, words)
    SELECT number, name, known, words FROM directory_source WHERE id = new.id;
END;

CREATE TRIGGER directory_service_changing BEFORE UPDATE ON service BEGIN
  INSERT INTO directory (directory, rowid, name, known, words)
    SELECT 'delete', number, name, known, words FROM directory_source WHERE id = old.id;
  DELETE FROM directory_entry WHERE id = old.id;
END;

CREATE TRIGGER directory_service_changed AFTER UPDATE ON service BEGIN
  INSERT INTO directory_entry (id, kind, sort)
    SELECT id, 'service', lower(coalesce(name, '')) FROM service WHERE id = new.id AND gone = 0;
  INSERT INTO directory (rowid, name, known, words)
    SELECT number, name, known, words FROM directory_source WHERE id = new.id;
END;

CREATE TRIGGER directory_service_going BEFORE DELETE ON service BEGIN
  INSERT INTO directory (directory, rowid, name, known, words)
    SELECT 'delete', number, name, known, words FROM directory_source WHERE id = old.id;
  DELETE FROM directory_entry WHERE id = old.id;
END;

CREATE TRIGGER directory_edition_adding BEFORE INSERT ON article_edition BEGIN
  INSERT INTO directory (directory, rowid, name, known, words)
    SELECT 'delete', number, name, known, words FROM directory_source WHERE article_id = new.article_id;
  DELETE FROM directory_entry WHERE id IN (
    SELECT id FROM article_edition WHERE article_id = new.article_id);
END;

CREATE TRIGGER directory_edition_added AFTER INSERT ON article_edition BEGIN
  INSERT INTO directory_entry (id, kind, sort)
    SELECT a.id, 'article', lower(coalesce(a.title, '')) FROM article_edition AS a
    WHERE a.article_id = new.article_id AND a.gone = 0 AND a.retired IS NOT 1 AND NOT EXISTS (
      SELECT 1 FROM article_edition AS later
      WHERE later.article_id = new.article_id AND later.gone = 0 AND later.supersedes = a.id)
    ORDER BY a.id DESC LIMIT 1;
  INSERT INTO directory (rowid, name, known, words)
    SELECT number, name, known, words FROM directory_source WHERE article_id = new.article_id;
END;

CREATE TRIGGER directory_organisation_adding BEFORE INSERT ON organisation BEGIN
  INSERT INTO directory (directory, rowid, name, known, words)
    SELECT 'delete', number, name, known, words FROM directory_source WHERE organisation_id = new.id AND NOT EXISTS (SELECT 1 FROM organisation WHERE id = new.id);
END;

CREATE TRIGGER directory_organisation_added AFTER INSERT ON organisation BEGIN
  INSERT INTO directory (rowid, name, known, words)
    SELECT number, name, known, words FROM directory_source WHERE organisation_id = new.id;
END;

CREATE TRIGGER directory_edition_changing BEFORE UPDATE ON article_edition BEGIN
  INSERT INTO directory (directory, rowid, name, known, words)
    SELECT 'delete', number, name, known, words FROM directory_source WHERE article_id = old.article_id;
  DELETE FROM directory_entry WHERE id IN (
    SELECT id FROM article_edition WHERE article_id = old.article_id);
END;

CREATE TRIGGER directory_edition_changed AFTER UPDATE ON article_edition BEGIN
  INSERT INTO directory_entry (id, kind, sort)
    SELECT a.id, 'article', lower(coalesce(a.title, '')) FROM article_edition AS a
    WHERE a.article_id = old.article_id AND a.gone = 0 AND a.retired IS NOT 1 AND NOT EXISTS (
      SELECT 1 FROM article_edition AS later
      WHERE later.article_id = old.article_id AND later.gone = 0 AND later.supersedes = a.id)
    ORDER BY a.id DESC LIMIT 1;
  INSERT INTO directory (rowid, name, known, words)
    SELECT number, name, known, words FROM directory_source WHERE article_id = old.article_id;
END;

CREATE TRIGGER directory_organisation_changing BEFORE UPDATE ON organisation BEGIN
  INSERT INTO directory (directory, rowid, name, known, words)
    SELECT 'delete', number, name, known, words FROM directory_source WHERE organisation_id = old.id;
END;

CREATE TRIGGER directory_organisation_changed AFTER UPDATE ON organisation BEGIN
  INSERT INTO directory (rowid, name, known, words)
    SELECT number, name, known, words FROM directory_source WHERE organisation_id = old.id;
END;

CREATE TRIGGER directory_edition_going BEFORE DELETE ON article_edition BEGIN
  INSERT INTO directory (directory, rowid, name, known, words)
    SELECT 'delete', number, name, known, words FROM directory_source WHERE article_id = old.article_id;
  DELETE FROM directory_entry WHERE id IN (
    SELECT id FROM article_edition WHERE article_id = old.article_id);
END;

CREATE TRIGGER directory_edition_gone AFTER DELETE ON article_edition BEGIN
  INSERT INTO directory_entry (id, kind, sort)
    SELECT a.id, 'article', lower(coalesce(a.title, '')) FROM article_edition AS a
    WHERE a.article_id = old.article_id AND a.gone = 0 AND a.retired IS NOT 1 AND NOT EXISTS (
      SELECT 1 FROM article_edition AS later
      WHERE later.article_id = old.article_id AND later.gone = 0 AND later.supersedes = a.id)
    ORDER BY a.id DESC LIMIT 1;
  INSERT INTO directory (rowid, name, known, words)
    SELECT number, name, known, words FROM directory_source WHERE article_id = old.article_id;
END;

CREATE TRIGGER directory_organisation_going BEFORE DELETE ON organisation BEGIN
  INSERT INTO directory (directory, rowid, name, known, words)
    SELECT 'delete', number, name, known, words FROM directory_source WHERE organisation_id = old.id;
END;

CREATE TRIGGER directory_organisation_gone AFTER DELETE ON organisation BEGIN
  INSERT INTO directory (rowid, name, known, words)
    SELECT number, name, known, words FROM directory_source WHERE organisation_id = old.id;
END;

INSERT INTO directory_entry (id, kind, sort) SELECT id, 'service', lower(coalesce(name, '')) FROM service WHERE gone = 0;

INSERT INTO directory_entry (id, kind, sort)
  SELECT max(a.id), 'article', lower(coalesce(a.title, '')) FROM article_edition AS a
  WHERE a.gone = 0 AND a.retired IS NOT 1 AND NOT EXISTS (
    SELECT 1 FROM article_edition AS later
    WHERE later.article_id = a.article_id AND later.gone = 0 AND later.supersedes = a.id)
  GROUP BY a.article_id;

INSERT INTO directory (directory) VALUES ('rebuild');
