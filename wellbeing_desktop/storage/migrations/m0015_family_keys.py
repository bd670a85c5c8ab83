"""Every family name under the keys that one spelled or sounding nearly like it is found by, for the duplicate check."""

from wellbeing_desktop.domain.name_keys import kept_under
from wellbeing_desktop.storage.connection import Writer


def apply(writer: Writer) -> None:
    writer.execute(
        "CREATE TABLE family_key (key TEXT NOT NULL, family TEXT NOT NULL, PRIMARY KEY (key, family)) WITHOUT ROWID"
    )
    families = writer.rows("SELECT DISTINCT family FROM person_first_name WHERE family <> '' ORDER BY family")
    writer.insert_all(
        "INSERT INTO family_key (key, family) VALUES (?, ?)",
        sorted((key, family) for (family,) in families for key in kept_under(family)),
    )
