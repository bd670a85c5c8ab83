"""Organisations that a directory of community services names.

A directory gives no ODS code, and an organisation here has no place for the publisher's id: the name is all there is
to know it by, so only an organisation without an ODS code is ever taken for it.
"""

import datetime as dt
from collections.abc import Iterable

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load_all


def organisations_not_here(reader: Reader, names: Iterable[str]) -> tuple[str, ...]:
    """The names, each once however it is spaced or capitalised, that no organisation here has; empty ones left out."""
    here = {_key(organisation.name) for organisation in load_all(reader, Organisation, ods_code="")}
    missing: dict[str, str] = {}
    for name in names:
        if _key(name) and _key(name) not in here:
            missing.setdefault(_key(name), " ".join(name.split()))
    return tuple(missing.values())


def add_named_organisations(
    writer: Writer, names: Iterable[str], *, at: dt.datetime | None = None
) -> tuple[Changes, int]:
    """Add those that are not here, all or none; answers how many. Their kind is not said, so none is given."""
    with doing(writer, "add_organisation", at=at) as tx:
        missing = organisations_not_here(tx.reader, names)
        for name in missing:
            tx.begin_group()
            tx.create(Organisation(name=name))
    return tx.changes, len(missing)


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
