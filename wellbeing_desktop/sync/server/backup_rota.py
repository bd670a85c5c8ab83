"""Backups by the clock: names them, makes the one that is due, removes the oldest ones only after a newer one is proven."""

import datetime as dt
import logging
import re
import threading
from pathlib import Path
from typing import Final

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.sync.server import history, sql
from wellbeing_desktop.sync.server.backup import Summary, make_backup
from wellbeing_desktop.sync.server.engine import Engine, EngineBusy, EngineFull, EngineProblem, Transaction
from wellbeing_desktop.sync.server.service import Service

log: Final = logging.getLogger("wellbeing.server")

_OURS: Final = re.compile(r"wellbeing-\d{8}T\d{6}Z\.backup")
LOOK_SECONDS: Final = 60.0


class Rota(msgspec.Struct, frozen=True, kw_only=True):
    """Into which folder, how often, and how many stay."""

    folder: Path
    every: dt.timedelta
    keep: int


def backup_into(engine: Engine, key: bytes, folder: Path, keep: int, now: dt.datetime) -> tuple[Path, Summary]:
    """A proven backup under a name of ours in `folder`; then all but the newest `keep` of ours are removed.

    Raises as `make_backup`; nothing is removed unless the new one was proven.
    """
    if keep < 1:
        raise Refused("Keep at least one backup.")
    path = folder / f"wellbeing-{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}.backup"
    made = make_backup(engine, key, path, now)
    prune(folder, keep)
    return path, made


def prune(folder: Path, keep: int) -> list[str]:
    """Remove the oldest of our backups beyond `keep`; the names of those removed. Other files are not touched."""
    ours = sorted((found for found in folder.iterdir() if _OURS.fullmatch(found.name)), key=lambda found: found.name)
    gone = ours[: max(0, len(ours) - keep)]
    for path in gone:
        path.unlink()
    return [path.name for path in gone]


def claim(service: Service, every: dt.timedelta) -> bool:
    """Is a backup due, and is it this process that makes it? Several servers on one database ask the same row."""
    now = service.now()

    def work(transaction: Transaction) -> bool:
        sql.locked_clock(transaction, service.org)
        since = history.moment(now - every)
        recent = "SELECT 1 FROM backup_made WHERE org = ? AND made_at > ?"
        claimed = "SELECT 1 FROM backup_due WHERE org = ? AND claimed_at > ?"
        # a claim whose backup failed, or whose server died, is free again after a quarter of the time
        stale = history.moment(now - every / 4)
        if transaction.one(recent, (service.org, since)) or transaction.one(claimed, (service.org, stale)):
            return False
        transaction.run(
            "INSERT INTO backup_due (org, claimed_at) VALUES (?, ?) "
            "ON CONFLICT (org) DO UPDATE SET claimed_at = excluded.claimed_at",
            (service.org, history.moment(now)),
        )
        return True

    return service.engine.write(work)


class Keeper:
    """A thread beside a serving server that makes what is due. `stop` lets a backup in hand finish."""

    def __init__(self, service: Service, key: bytes, rota: Rota) -> None:
        self._service = service
        self._key = key
        self._rota = rota
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="backup-keeper")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def make_if_due(self) -> str:
        """The name of the backup made, or ""; trouble is logged, and tried again when the claim has lapsed."""
        try:
            if not claim(self._service, self._rota.every):
                return ""
            path, _made = backup_into(
                self._service.engine, self._key, self._rota.folder, self._rota.keep, self._service.now()
            )
        except (Refused, EngineBusy, EngineFull, EngineProblem, OSError) as error:
            log.error("%s", msgspec.json.encode({"backup": "failed", "why": type(error).__name__}).decode())
            return ""
        log.info("%s", msgspec.json.encode({"backup": "made", "file": path.name}).decode())
        return path.name

    def _run(self) -> None:
        while not self._ended.is_set():
            self.make_if_due()
            self._ended.wait(LOOK_SECONDS)
