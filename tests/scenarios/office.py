"""An organisation with its server, its team and their laptops, for a day that is lived through the window."""

import datetime as dt
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from wellbeing_desktop.cli.demo import details
from wellbeing_desktop.cli.demo.bringing_in import bring_in
from wellbeing_desktop.cli.demo.day import Team, allocate, hire
from wellbeing_desktop.cli.demo.laptops import DemoServer, Laptop
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.server.local import new_service, running_server


class Office:
    """The organisation with its server, which can be stopped and comes back under its address."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._service = new_service(details.SERVICE, folder / "server")
        stack.callback(self._service.engine.close)
        self._running = ExitStack()
        stack.callback(self.stop)
        self.url = self._running.enter_context(running_server(self._service))
        self.server = DemoServer(self._service, self.url, folder / "laptops", FAST_FOR_TESTS)
        stack.callback(self.server.close)
        self.team: Team = hire(self.server)

    def stop(self) -> None:
        self._running.close()

    def start(self) -> None:
        port = urlsplit(self.url).port
        assert port is not None
        self._running.enter_context(running_server(self._service, port=port))


def the_person(office: Office) -> Person:
    """24 people arrive; two coordinators share them; the first has a visit today."""
    team, now = office.team, dt.datetime.now(dt.UTC)
    ids = bring_in(team.lead.store, 24, local_date(now))
    details.give_practices_addresses(team.lead.store)
    allocate(team.lead.store, ids[:16], team.coordinator.user_id)
    team.lead.sync()
    team.coordinator.sync()
    details.add_details(team.coordinator.store, ids, now)
    team.coordinator.sync()
    team.colleague.sync()
    person = team.coordinator.store.read(lambda reader: load(reader, Person, ids[0]))
    assert person is not None
    return person


def record_on(laptop: Laptop | Store, person_id: str) -> PersonRecord:
    store = laptop.store if isinstance(laptop, Laptop) else laptop
    today = local_date(dt.datetime.now(dt.UTC))
    return store.read(lambda reader: read_person(reader, person_id, today))
