"""What the database holds: backed up, restored, checked, erased."""

import argparse
from pathlib import Path

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.sync.server import acts, backup, backup_rota, erasure, history
from wellbeing_desktop.sync.server.check import check
from wellbeing_desktop.sync.server.commands.database import Add, Answer, engine_of, plain, read_key, with_service
from wellbeing_desktop.sync.server.service import Service


def _erase(options: argparse.Namespace) -> Answer:
    """Without --confirm only what would go is said."""

    def work(service: Service) -> Answer:
        found = erasure.look_at(service, options.subject, options.born)
        if not options.confirm:
            return {
                **plain(found),
                "next": "Nothing was erased. Say the same with --confirm and --reason to erase it.",
            }
        return plain(
            erasure.erase_by_administrator(
                service, options.subject, options.born, reason=options.reason, by=acts.COMMAND_LINE
            )
        )

    return with_service(options, work)


def _backup(options: argparse.Namespace) -> Answer:
    key = read_key(options)
    engine = engine_of(options, key)
    path, now = Path(options.file), history.server_now()
    try:
        if path.is_dir():
            path, made = backup_rota.backup_into(engine, key.material(), path, options.keep, now)
        else:
            made = backup.make_backup(engine, key.material(), path, now)
    finally:
        engine.close()
    return {"file": str(path), "records": made.records, "rows": made.rows, "hash": made.hash}


def _restore(options: argparse.Namespace) -> Answer:
    key = read_key(options)
    backup.read_backup(options.file, key.material())  # before anything is made in the place it goes to
    schema = backup.schema_of(options.file, key.material())
    if not options.database:
        options.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (options.folder / "server.db").exists():
            raise Refused("There is a server in this folder already. Restore into a new folder.")
    engine = engine_of(options, key, create=True, schema=schema)
    try:
        found = backup.restore_backup(engine, key.material(), options.file)
    finally:
        engine.close()
    return {"records": found.records, "rows": found.rows, "hash": found.hash}


def _check(options: argparse.Namespace) -> Answer:
    if options.backup:
        found = backup.read_backup(options.backup, read_key(options).material())
        return {"file": str(options.backup), "records": found.records, "rows": found.rows, "hash": found.hash}
    return with_service(options, lambda service: plain(check(service)))


def add_commands(add: Add) -> None:
    erasing = add("erase", _erase, "Erase everything about one person, on request. It cannot be undone.")
    erasing.add_argument("subject", help="the number of the record, as its page in the program says it")
    erasing.add_argument("born", help="the date of birth in it, as 1950-02-03, or unknown where it has none")
    erasing.add_argument("--reason", default="", help="why, and who decided it; kept")
    erasing.add_argument("--confirm", action="store_true", help="erase; without it nothing is done")
    saving = add("backup", _backup, "Write an encrypted backup and prove it by reading it back.")
    saving.add_argument("file", type=Path, help="a new file, or a folder in which it is named by date and time")
    saving.add_argument("--keep", type=int, default=14, help="in a folder: how many stay (14)")
    restoring = add("restore", _restore, "Fill an empty folder or database from a backup.")
    restoring.add_argument("file", type=Path)
    checking = add("check", _check, "Find what does not agree with itself.")
    checking.add_argument("--backup", type=Path, metavar="FILE", help="read a backup to its end instead")
