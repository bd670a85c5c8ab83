"""What the one search over services and articles is made of: what can be found, its words, and the triggers that keep
both in step with the tables, whatever writes them (a save, a pull, an import, an undo, a bucket that leaves).

`directory_entry` holds every service and, of each article, the newest approved edition that stands: the one that
everybody reads. A row there means that its words are in the index, so that they are taken out exactly once.
"""

from typing import Final

from wellbeing_desktop.storage.statements import fill

_TABLES: Final = (
    """CREATE TABLE directory_entry (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, sort TEXT NOT NULL
)""",
    "CREATE INDEX directory_entry_sort ON directory_entry (sort, number)",
    # Men's and Men’s are found by `mens` too.
    """CREATE VIEW directory_source AS
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
  FROM directory_entry AS e JOIN article_edition AS a ON a.id = e.id""",
    """CREATE VIRTUAL TABLE directory USING fts5(
  name, known, words, content = 'directory_source', content_rowid = 'number', prefix = '1 2 3',
  tokenize = "unicode61 remove_diacritics 2 categories 'L* M* N* Co'"
)""",
    "INSERT INTO directory (directory, rank) VALUES ('secure-delete', 1)",
    "CREATE VIRTUAL TABLE directory_word USING fts5vocab('directory', 'row')",
)
_FORGET: Final = (
    "INSERT INTO directory (directory, rowid, name, known, words)\n"
    "    SELECT 'delete', number, name, known, words FROM directory_source WHERE "
)
_LEARN: Final = (
    "INSERT INTO directory (rowid, name, known, words)\n"
    "    SELECT number, name, known, words FROM directory_source WHERE "
)
_IS_NEW: Final = " AND NOT EXISTS (SELECT 1 FROM organisation WHERE id = new.id)"
"""An upsert of what is there says BEFORE INSERT too; its words would be taken out twice."""


def directory_statements() -> tuple[str, ...]:
    """Every statement, in the order to run them."""
    made = list(_TABLES)
    made.append(_trigger("service_added", "AFTER INSERT ON service", *_service_in()))
    made.append(_trigger("service_changing", "BEFORE UPDATE ON service", *_service_out()))
    made.append(_trigger("service_changed", "AFTER UPDATE ON service", *_service_in()))
    made.append(_trigger("service_going", "BEFORE DELETE ON service", *_service_out()))
    for event, before, after, row in (
        ("INSERT", "adding", "added", "new"),
        ("UPDATE", "changing", "changed", "old"),
        ("DELETE", "going", "gone", "old"),
    ):
        made.append(_trigger(f"edition_{before}", f"BEFORE {event} ON article_edition", *_article_out(row)))
        made.append(_trigger(f"edition_{after}", f"AFTER {event} ON article_edition", *_article_in(row)))
        only = _IS_NEW if event == "INSERT" else ""
        of_it = f"organisation_id = {row}.id"
        made.append(_trigger(f"organisation_{before}", f"BEFORE {event} ON organisation", f"{_FORGET}{of_it}{only}"))
        made.append(_trigger(f"organisation_{after}", f"AFTER {event} ON organisation", f"{_LEARN}{of_it}"))
    return tuple(made)


def _service_out() -> tuple[str, ...]:
    return (f"{_FORGET}id = old.id", "DELETE FROM directory_entry WHERE id = old.id")


def _service_in() -> tuple[str, ...]:
    return (
        "INSERT INTO directory_entry (id, kind, sort)\n"
        "    SELECT id, 'service', lower(coalesce(name, '')) FROM service WHERE id = new.id AND gone = 0",
        f"{_LEARN}id = new.id",
    )


def _article_out(row: str) -> tuple[str, ...]:
    return (
        f"{_FORGET}article_id = {row}.article_id",
        fill(
            "DELETE FROM directory_entry WHERE id IN (\n"
            "    SELECT id FROM article_edition WHERE article_id = {row}.article_id)",
            row=row,
        ),
    )


def _article_in(row: str) -> tuple[str, ...]:
    """The edition that everybody reads, as `operations/knowledge.py: edition_of` finds it."""
    return (
        fill(
            "INSERT INTO directory_entry (id, kind, sort)\n"
            "    SELECT a.id, 'article', lower(coalesce(a.title, '')) FROM article_edition AS a\n"
            "    WHERE a.article_id = {row}.article_id AND a.gone = 0 AND a.retired IS NOT 1 AND NOT EXISTS (\n"
            "      SELECT 1 FROM article_edition AS later\n"
            "      WHERE later.article_id = {row}.article_id AND later.gone = 0 AND later.supersedes = a.id)\n"
            "    ORDER BY a.id DESC LIMIT 1",
            row=row,
        ),
        f"{_LEARN}article_id = {row}.article_id",
    )


def _trigger(name: str, when: str, *statements: str) -> str:
    body = "".join(f"  {statement};\n" for statement in statements)
    return f"CREATE TRIGGER directory_{name} {when} BEGIN\n{body}END"
