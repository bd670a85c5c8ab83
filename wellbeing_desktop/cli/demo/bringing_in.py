"""The demo's people come in as anybody's would: through the importer."""

import datetime as dt

from wellbeing_desktop.cli.demo.people import practice_list
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.exchange.people_list import read_people_file
from wellbeing_desktop.operations.import_preview import preview_people_list
from wellbeing_desktop.operations.imports import import_people
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.store import Store


def bring_in(store: Store, count: int, today: dt.date) -> list[str]:
    """Import the made-up list through the importer that everybody uses; the people's ids, in the order of the list."""
    listed = read_people_file(practice_list(count), "practice-list.csv", today)
    preview = store.read(lambda reader: preview_people_list(reader, listed.people, source=listed.mapping.preset))
    store.write(lambda writer: import_people(writer, preview))
    return store.read(_ids_in_order)


def _ids_in_order(reader: Reader) -> list[str]:
    return [person.id for person in load_all(reader, Person)]
