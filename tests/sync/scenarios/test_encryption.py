"""Encryption: scenario 50; 51 and 52 are in tests/storage. And 58: in whose name a synced change is written down."""

import datetime as dt
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.sync.client.misbehaving_server import misbehaving_server, new_authority
from tests.sync.client.practice import PASSPHRASE, Practice
from tests.sync.client.test_faults import visit
from tests.sync.client.test_secrecy import SENTINEL, readable_in
from tests.sync.scenarios.people import all_synced, laptops_of, person_shared_by
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage.backup import backup
from wellbeing_desktop.storage.history import history
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.transport import HttpTransport
from wellbeing_desktop.sync.server.backup import make_backup

NUMBER = "9434765919"


class Overheard:
    """Everything that passes a wire between two sockets."""

    def __init__(self, port: int) -> None:
        self.bytes = bytearray()
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._pairs: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self._listener.accept()
            except OSError:
                return
            there = socket.create_connection(("127.0.0.1", self._to))
            self._pairs += [here, there]
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(1 << 16):
                self.bytes += data
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def close(self) -> None:
        for found in (self._listener, *self._pairs):
            found.close()


@contextmanager
def overheard(port: int) -> Iterator[Overheard]:
    wire = Overheard(port)
    try:
        yield wire
    finally:
        wire.close()


@pytest.mark.scenario(50)
def test_nothing_readable_is_in_a_file_a_backup_or_on_the_wire(practice: Practice, tmp_path: Path) -> None:
    """Nothing readable (names, NHS numbers, notes) is in the store, journal, temp files, sync traffic or backup: search
    the raw bytes."""
    ann, bob = laptops_of(practice, "Ann", "Bob")
    now, day = dt.datetime.now(dt.UTC), dt.timedelta(days=1)
    authority = new_authority(now)
    (tmp_path / "tls").mkdir()
    tls = authority.server_context(tmp_path / "tls", names=("127.0.0.1",), starts=now - day, ends=now + day)
    with misbehaving_server(practice.answer, tls=tls) as server, overheard(server.server_address[1]) as wire:
        for laptop in (ann, bob):
            laptop.transport.close()
            laptop.transport = HttpTransport(
                server_address(f"https://127.0.0.1:{wire.port}"), organisation_authority=authority.pem
            )
        person_id = ann.create(Person(family_name=SENTINEL, given_name=SENTINEL, nhs_number=NUMBER))
        visit(ann, person_id, f"{SENTINEL} grows by the door.")
        all_synced(ann, bob)
        assert bob.load(Person, person_id).nhs_number == NUMBER
        backup(ann.store, tmp_path / "ann.backup")
        make_backup(practice.engine, bytes(range(32)), tmp_path / "server.backup", now)
        for laptop in (ann, bob):
            laptop.close()
        heard = bytes(wire.bytes)
    assert any(SENTINEL.encode() in message for message in practice.wire), "the test looks at nothing"
    assert len(heard) > 5_000, "the wire was not heard"
    for secret in (SENTINEL, SENTINEL.lower(), NUMBER, person_id):
        assert secret.encode() not in heard
    assert readable_in(tmp_path) == []
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert NUMBER.encode() not in path.read_bytes(), path.name
    assert PASSPHRASE.encode() not in heard


@pytest.mark.scenario(58)
def test_a_change_is_in_the_history_under_its_author_and_in_nobody_elses_audit(practice: Practice) -> None:
    """A synced change writes one audit line under its author and time, not the syncing user's."""
    ann, bob = laptops_of(practice, "Ann", "Bob")
    person_id = person_shared_by(ann, bob)
    ann.change(Person, person_id, known_as="Bron")
    [(saved_at,)] = ann.ask("SELECT at FROM outbox WHERE id = ? ORDER BY local DESC LIMIT 1", person_id)
    lines = ("SELECT count(*) FROM audit WHERE entry LIKE ?", '%"test"%')
    before_ann, before_bob = ann.ask(*lines), bob.ask(*lines)
    all_synced(ann, bob)
    assert ann.ask(*lines) == before_ann, "syncing wrote a second line"
    assert bob.ask(*lines) == before_bob, "the change was put down to whoever received it"
    for laptop in (ann, bob):
        [(author, at)] = laptop.ask("SELECT author, at_claimed FROM version WHERE id = ? AND rev = 2", person_id)
        assert (author, at) == (ann.member.id, saved_at)
        [line] = [one for one in laptop.store.read(lambda reader: history(reader, person_id)) if one.rev == 2]
        assert line.author == ann.member.id
    held = practice.engine.read(
        lambda transaction: transaction.all("SELECT dev, entry FROM audit WHERE org = ?", (practice.service.org,))
    )
    [(said,)] = ann.ask("SELECT entry FROM audit WHERE entry LIKE ? ORDER BY number DESC LIMIT 1", '%"test"%')
    assert [entry for _, entry in held].count(said) == 1
