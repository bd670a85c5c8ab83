"""A laptop in a process of its own, for tests that kill it: saves visits and syncs until it is killed."""

import datetime as dt
import itertools
from collections.abc import Callable
from pathlib import Path

from tests.sync.client.practice import PASSPHRASE
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.write_door import transaction
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.session import sync_once
from wellbeing_desktop.sync.client.transport import HttpTransport


def work(tell: Callable[[str], None], folder: str, url: str, person_id: str) -> None:
    """Tells the id of each visit once it is saved."""
    store = Store.open(Path(folder), PASSPHRASE)
    transport = HttpTransport(server_address(url))
    practitioner_id = store.identity.user_id

    def visit(writer: Writer) -> str:
        now = dt.datetime.now(dt.UTC)
        with transaction(writer, "record_contact") as tx:
            contact_id = tx.create(
                Contact(
                    subject=person_id,
                    happened_at=now,
                    happened_on=now.date(),
                    medium="home_visit",
                    outcome="seen",
                    practitioner_id=practitioner_id,
                )
            )
            tx.create(Note(subject=person_id, about_id=contact_id, written_on=now.date(), text=f"Visit {contact_id}"))
            tx.create(Note(subject=person_id, about_id=contact_id, written_on=now.date(), text=f"Plan {contact_id}"))
        return contact_id

    for number in itertools.count():
        tell(store.write(visit))
        if number % 3 == 2:
            sync_once(store, transport)
