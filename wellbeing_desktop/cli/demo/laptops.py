"""A demo organisation's server on loopback, and the laptops that join it."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from wellbeing_desktop.cli.demo.details import SERVICE
from wellbeing_desktop.storage.kdf import KdfParams
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.words import generate_passphrase
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.conversation import Conversation
from wellbeing_desktop.sync.client.digest import compare
from wellbeing_desktop.sync.client.membership import membership_of
from wellbeing_desktop.sync.client.pairing import enrol, join
from wellbeing_desktop.sync.client.report import SyncReport
from wellbeing_desktop.sync.client.session import sync_once
from wellbeing_desktop.sync.client.transport import HttpTransport
from wellbeing_desktop.sync.server import members
from wellbeing_desktop.sync.server.local import new_service, running_server
from wellbeing_desktop.sync.server.service import Service

NOWHERE: Final = "http://127.0.0.1:9"
"""The discard port: nothing answers, as on a visit with no signal."""


class Laptop:
    """One person's store, joined to the demo's server. `passphrase` is made for this run and shown nowhere else."""

    def __init__(self, name: str, store: Store, passphrase: str, url: str) -> None:
        self.name: Final = name
        self.store: Final = store
        self.passphrase: Final = passphrase
        self._url = url

    @property
    def user_id(self) -> str:
        return self.store.identity.user_id

    def sync(self) -> SyncReport:
        """Push and pull until nothing is left for later. Raises the first problem met: the demo's server must answer."""
        transport = HttpTransport(server_address(self._url))
        try:
            report = sync_once(self.store, transport)
            for _ in range(50):
                if report.problems:
                    raise report.problems[0]
                if not report.more and not report.waiting:
                    break
                report = sync_once(self.store, transport)
            return report
        finally:
            transport.close()

    def agrees_with_server(self) -> bool:
        """True if the sums over every record held here equal the server's for what this laptop may hold."""
        return agreement(self.store, self._url)

    def try_with_no_network(self) -> SyncReport:
        """A sync where nothing answers: what the sync line would say on a visit."""
        transport = HttpTransport(server_address(NOWHERE))
        try:
            return sync_once(self.store, transport)
        finally:
            transport.close()


def agreement(store: Store, url: str) -> bool:
    """Compare the sums of a store with its server's. False also when the two are not at the same place."""
    membership = store.read(membership_of)
    if membership is None:
        return False
    transport = HttpTransport(server_address(url))
    try:
        comparison = compare(store, Conversation(transport, membership, lambda: dt.datetime.now(dt.UTC)))
    finally:
        transport.close()
    return comparison.is_meaningful and not comparison.differing and not comparison.only_here


class DemoServer:
    """The running server and the way to invite somebody to it."""

    def __init__(self, service: Service, url: str, folder: Path, argon: KdfParams | None) -> None:
        self.service: Final = service
        self.url: Final = url
        self._folder = folder
        self._argon = argon
        self._laptops: list[Laptop] = []

    def laptop_for(self, name: str, *roles: str, folder: str, with_names: bool = False) -> Laptop:
        """Make the person a member, spend their one-time code, and load what they may hold into a store in `folder`."""
        member_id = members.add_member(self.service, name, roles, with_names=with_names)
        code, _until = members.invite(self.service, member_id, approved=True)
        address = server_address(self.url)
        transport = HttpTransport(address)
        enrolment = enrol(transport, address, code, laptop_name=f"{name}'s laptop")
        transport.close()
        passphrase = generate_passphrase()
        store, _kit = Store.create(
            self._folder / folder,
            f"{name}'s laptop",
            passphrase,
            organisation_id=enrolment.membership.organisation,
            user_id=enrolment.practitioner_id,
            user_name=enrolment.practitioner_name,
            argon=self._argon,
        )
        join(store, enrolment)
        laptop = Laptop(name, store, passphrase, self.url)
        laptop.sync()
        self._laptops.append(laptop)
        return laptop

    def team(self, name: str, *laptops: Laptop) -> str:
        """A team of these people; answers its id."""
        return members.create_as_server(
            self.service, "team", "", {"name": name, "members": sorted(each.user_id for each in laptops)}
        )

    def record_count(self) -> int:
        """Records that the server holds."""
        org = self.service.org
        row = self.service.engine.read(
            lambda transaction: transaction.one("SELECT count(*) FROM rec WHERE org = ?", (org,))
        )
        return int(row[0]) if row else 0

    def close(self) -> None:
        for laptop in self._laptops:
            laptop.store.close()


@contextmanager
def demo_server(folder: Path, *, database: str = "", argon: KdfParams | None = None) -> Iterator[DemoServer]:
    """A server of the demo's own: on an encrypted file in `folder`, or on the PostgreSQL `database`."""
    service = new_service(SERVICE, folder / "server", database=database)
    try:
        with running_server(service) as url:
            server = DemoServer(service, url, folder / "laptops", argon)
            try:
                yield server
            finally:
                server.close()
    finally:
        service.engine.close()
