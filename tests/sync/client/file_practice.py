"""A practice whose laptops reach a real server over a link that can be cut, for the tests of files."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from tests.sync.client.failing_link import FailingLink, failing_link
from tests.sync.client.practice import Laptop, Practice
from wellbeing_desktop.domain.document import Attachment
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage import attachments
from wellbeing_desktop.storage.attachments import Blob, blob_of, keep_file, read_file
from wellbeing_desktop.sync.client.report import SyncReport
from wellbeing_desktop.sync.server.engine import Engine
from wellbeing_desktop.sync.server.local import running_server
from wellbeing_desktop.sync.server.organisations import new_organisation
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.settings import Settings

NOW = dt.datetime(2026, 11, 21, 10, tzinfo=dt.UTC)


@contextmanager
def file_practice_on(engine: Engine, folder: Path, **limits: int) -> Iterator[tuple[Practice, FailingLink]]:
    service = Service(engine, new_organisation(engine, "Test practice", dt.datetime.now(dt.UTC)))
    settings = Settings(folder=folder, session_attempts_a_minute=10_000, **limits)
    with running_server(service, settings) as url, failing_link(url) as link:
        practice = Practice(service, engine, cast(Any, link), folder)
        try:
            yield practice, link
        finally:
            for laptop in practice.laptops:
                laptop.close()


def add(laptop: Laptop, content: bytes, *, person: str = "", title: str = "Letter", **fields: Any) -> str:
    """Add a document as the window does: the bytes first, the record second. Answers its hash."""
    sha = keep_file(laptop.store.files, content, now=NOW)
    person = person or laptop.create(Person(family_name="Jones"))
    laptop.create(Attachment(subject=person, sha256=sha, bytes=len(content), title=title, **fields))
    return sha


def sha_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def held(laptop: Laptop, sha: str) -> Blob | None:
    return laptop.store.files.call(lambda writer: blob_of(writer, sha))


def content_on(laptop: Laptop, sha: str) -> bytes | None:
    return read_file(laptop.store.files, sha)


def all_files(laptop: Laptop, **how: Any) -> SyncReport:
    """One sync with all the time that files need."""
    return laptop.sync(files_seconds=600.0, **how)


def forget(laptop: Laptop, sha: str) -> None:
    laptop.store.files.call(lambda writer: attachments.forget(writer, [sha]))


def joined(practice: Practice, name: str) -> Laptop:
    """A laptop of somebody new, with everything fetched that there is so far."""
    laptop = practice.laptop(practice.member(name))
    laptop.synced()
    return laptop
