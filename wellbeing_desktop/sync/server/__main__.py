"""`wellbeing-server`: set up, serve, invite, look after. Exit codes: 0 done, 1 refused, 2 usage, 3 database, 4 sync."""

import argparse
import datetime as dt
import ipaddress
import logging
import os
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.removal import REASONS
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.server import (
    acts,
    backup,
    backup_rota,
    erasure,
    history,
    lost,
    members,
    removals,
    staff_list,
)
from wellbeing_desktop.sync.server.blobs import Blobs
from wellbeing_desktop.sync.server.check import check
from wellbeing_desktop.sync.server.engine import Engine, EngineBusy, EngineFull, EngineProblem
from wellbeing_desktop.sync.server.migrations import SCHEMA_NUMBER
from wellbeing_desktop.sync.server.service import Service, new_organisation
from wellbeing_desktop.sync.server.settings import DATABASE_FOLDER, Settings

DONE, REFUSED, USAGE, DATABASE_PROBLEM, SYNC_PROBLEM = 0, 1, 2, 3, 4
KEY_NAME: Final = "server.key"

Answer = dict[str, Any]

_DISK_ENCRYPTION: Final = (
    "With PostgreSQL, encrypting the disks of the database is your duty: this server must read records to merge them. "
    "Backups made with wellbeing-server backup are always encrypted."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code; usage errors leave through argparse with 2."""
    options = _parser().parse_args(arguments)
    options.own_words = list(sys.argv[1:] if arguments is None else arguments)
    command: Callable[[argparse.Namespace], Answer] = options.command
    try:
        answer = command(options)
    except Refused as refusal:
        return _failed(refusal.message, REFUSED)
    except LookupError:
        return _failed("There is no organisation in this database. Run: wellbeing-server init.", DATABASE_PROBLEM)
    except (EngineProblem, EngineBusy, EngineFull) as problem:
        return _failed(str(problem), DATABASE_PROBLEM)
    except OSError as error:
        return _failed(f"The disk or the network refused: {error.strerror or 'unknown reason'}.", DATABASE_PROBLEM)
    _tell(answer, as_json=options.json)
    nobody = answer.get("refused") and not (answer.get("invited") or answer.get("would_invite"))
    return REFUSED if answer.get("wrong") or nobody else DONE


def _init(options: argparse.Namespace) -> Answer:
    folder: Path = options.folder
    key_file = _new_key_place(options)
    if not options.database or key_file.parent == folder:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / "server.db").exists() and not options.database:
        raise Refused("There is a server in this folder already.")
    key = _write_key(key_file)
    engine = _engine(options, key, create=True)
    try:
        if engine.read(lambda transaction: transaction.one("SELECT org FROM organisation")) is not None:
            raise Refused("There is an organisation in this database already.")
        org = new_organisation(engine, options.name, history.server_now())
    finally:
        engine.close()
    return {"organisation": org, "name": options.name, "folder": str(folder), "key_file": str(key_file)}


def _serve(options: argparse.Namespace) -> Answer:
    from wellbeing_desktop.sync.server import serving
    from wellbeing_desktop.sync.server.app import make_app
    from wellbeing_desktop.sync.server.console.app import Console

    settings = Settings(
        folder=options.folder,
        database=options.database,
        host=options.host,
        port=options.port,
        certificate=options.certificate,
        certificate_key=options.certificate_key,
        metrics_token=_first_line(options.metrics_token_file) if options.metrics_token_file else "",
    )
    if settings.certificate is None and not _is_loopback(settings.host):
        raise Refused("A server that others can reach needs --certificate and --certificate-key.")
    rota = _rota(options)
    if options.workers > 1 and options.socket is None:
        if not options.database:
            raise Refused("Several workers need --database: the encrypted file is for one process.")
        serving.run_workers(options.own_words, settings, options.workers)
        return {"served": options.workers}
    key = _read_key(options)
    engine = _engine(options, key, serving=True)
    keeper = None
    try:
        service = Service(engine, options.organisation)
        logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
        if not history.check_mark_at_start(engine, service.org):
            sys.stderr.write("The database was put back from a copy: laptops will send again what it lacks.\n")
        Blobs(service, settings).sweep()
        if options.database:
            sys.stderr.write(_DISK_ENCRYPTION + "\n")
        scheme = "https" if settings.certificate else "http"
        console = [] if options.no_console else Console(service, key.material(), rota).routes()
        app = make_app(service, settings, console=console)
        sockets = [] if options.socket is None else [socket.socket(fileno=options.socket)]
        sys.stderr.write(f"Serving {service.name} at {scheme}://{settings.host}:{settings.port}\n")
        if rota is not None:
            keeper = backup_rota.Keeper(service, key.material(), rota)
            keeper.start()
        serving.run(app, settings, sockets)
    finally:
        if keeper is not None:
            keeper.stop()
        engine.close()
    return {"served": service.org}


def _rota(options: argparse.Namespace) -> backup_rota.Rota | None:
    if options.backup_folder is None:
        return None
    if not options.backup_folder.is_dir():
        raise Refused("The folder for backups is not there. Make it first, on another disk than the data.")
    if options.backup_every <= 0 or options.keep < 1:
        raise Refused("Backups are made every so many hours, and at least one is kept.")
    return backup_rota.Rota(
        folder=options.backup_folder, every=dt.timedelta(hours=options.backup_every), keep=options.keep
    )


def _admin(options: argparse.Namespace) -> Answer:
    from wellbeing_desktop.sync.server.console.admins import Admins

    key = _read_key(options)

    def work(service: Service) -> Answer:
        admins = Admins(service, key.material())
        if options.what == "add":
            number = admins.add(options.name or "", _password(options))
            return {"administrator": number, "next": "Sign in at /console within 24 hours to set up the second factor."}
        if options.what == "reset":
            admins.reset(options.number or "", _password(options))
        if options.what == "remove":
            admins.remove(options.number or "")
        return {
            "administrators": [
                {"number": one.id, "name": one.name, "second_factor": one.has_second_factor} for one in admins.all()
            ]
        }

    return _with_service(options, work)


def _password(options: argparse.Namespace) -> str:
    if options.password_file:
        return _first_line(options.password_file)
    import getpass

    typed = getpass.getpass("Password for the console, 15 characters or more: ")
    if getpass.getpass("The same again: ") != typed:
        raise Refused("The two passwords are not the same.")
    return typed


def _first_line(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0].strip():
        raise Refused("The file is empty.")
    return lines[0].strip()


def _invite(options: argparse.Namespace) -> Answer:
    if options.file:
        return _with_service(options, lambda service: _invite_staff(options, service))

    def work(service: Service) -> Answer:
        if options.member:
            member = str(options.member)
        elif options.name:
            member = members.add_member(service, options.name, tuple(options.role), with_names=options.with_names)
        else:
            raise Refused("Say who: --name for somebody new, --member with their number, or --file with a list.")
        code, ends = members.invite(service, member, approved=not options.approve_first)
        return {"member": member, "code": code, "ends_at": history.moment(ends)}

    return _with_service(options, work)


def _invite_staff(options: argparse.Namespace, service: Service) -> Answer:
    """A list of staff. With --dry-run nothing is made."""
    approved, place = not options.approve_first, options.slips
    staff = staff_list.read_staff_list(service, options.file)
    refused = [_plain(line) for line in staff.bad]
    planned = [staff_list.Invited(line=line, name=member.name, roles=member.roles) for line, member in staff.good]
    if options.dry_run:
        return {"would_invite": [_plain(one) for one in planned], "refused": refused}
    if place is None or not planned:
        invited = staff_list.invite_staff(service, staff, approved=approved)
        return {"invited": [_plain(one) for one in invited], "refused": refused}
    if not options.address:
        raise Refused("Say which address stands on the slips: --address https://...")
    server_address(options.address)

    def slips(people: list[staff_list.Invited]) -> bytes:
        return staff_list.slips(service, people, options.address, approved=approved, two_sided=options.two_sided)

    slips(planned)  # a name that cannot be printed is found before a code exists to be lost
    with _new_private_file(place) as file:
        invited = staff_list.invite_staff(service, staff, approved=approved)
        file.write(slips(invited))
    return {"invited": [_plain(one) for one in invited], "refused": refused, "slips": str(place)}


def _new_private_file(path: Path) -> BinaryIO:
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except FileExistsError:
        raise Refused("There is a file with that name already. Choose another name for the slips.") from None


def _users(options: argparse.Namespace) -> Answer:
    def work(service: Service) -> Answer:
        if options.leaves:
            members.end_membership(service, options.leaves)
        return {"users": [_plain(found) for found in members.members(service)]}

    return _with_service(options, work)


def _devices(options: argparse.Namespace) -> Answer:
    def work(service: Service) -> Answer:
        if options.approve:
            members.set_laptop_state(service, options.approve, "approved")
        if options.leaving:
            members.set_laptop_state(service, options.leaving, "leaving")
        return {"devices": [_plain(found) for found in members.laptops(service)]}

    return _with_service(options, work)


def _revoke(options: argparse.Namespace) -> Answer:
    def work(service: Service) -> Answer:
        members.set_laptop_state(service, options.device, "revoked")
        return {"revoked": options.device}

    return _with_service(options, work)


def _lost(options: argparse.Namespace) -> Answer:
    return _with_service(options, lambda service: _plain(lost.lost_laptop(service, options.device)))


def _allow_removal(options: argparse.Namespace) -> Answer:
    def work(service: Service) -> Answer:
        now, by = service.now(), acts.COMMAND_LINE
        made = service.engine.write(
            lambda transaction: removals.allow(
                transaction, service.org, service.keys, options.member, options.reason, now, by=by
            )
        )
        return _plain(made)

    return _with_service(options, work)


def _erase(options: argparse.Namespace) -> Answer:
    """Without --confirm only what would go is said."""

    def work(service: Service) -> Answer:
        found = erasure.look_at(service, options.subject, options.born)
        if not options.confirm:
            return {
                **_plain(found),
                "next": "Nothing was erased. Say the same with --confirm and --reason to erase it.",
            }
        return _plain(
            erasure.erase_by_administrator(
                service, options.subject, options.born, reason=options.reason, by=acts.COMMAND_LINE
            )
        )

    return _with_service(options, work)


def _leave(options: argparse.Namespace) -> Answer:
    def work(service: Service) -> Answer:
        first, last = options.first, options.last
        members.give_leave(service, options.member, first, last, by=acts.COMMAND_LINE)
        return {"member": options.member, "from": first.isoformat(), "until": last.isoformat()}

    return _with_service(options, work)


def _backup(options: argparse.Namespace) -> Answer:
    key = _read_key(options)
    engine = _engine(options, key)
    path, now = Path(options.file), history.server_now()
    try:
        if path.is_dir():
            path, made = backup_rota.backup_into(engine, key.material(), path, options.keep, now)
        else:
            made = backup.make_backup(engine, key.material(), path, now)
    finally:
        engine.close()
    return {"file": str(path), "records": made.records, "rows": made.rows, "hash": made.hash}


def _upgrade(options: argparse.Namespace) -> Answer:
    key = _read_key(options)
    engine = _engine(options, key, serving=True, earlier_allowed=True)
    try:
        steps = backup.upgrade(engine, key.material(), options.file, history.server_now())
    finally:
        engine.close()
    return {"steps": list(steps), "backup": str(options.file) if steps else ""}


def _restore(options: argparse.Namespace) -> Answer:
    key = _read_key(options)
    backup.read_backup(options.file, key.material())  # before anything is made in the place it goes to
    schema = backup.schema_of(options.file, key.material())
    if not options.database:
        options.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (options.folder / "server.db").exists():
            raise Refused("There is a server in this folder already. Restore into a new folder.")
    engine = _engine(options, key, create=True, schema=schema)
    try:
        found = backup.restore_backup(engine, key.material(), options.file)
    finally:
        engine.close()
    return {"records": found.records, "rows": found.rows, "hash": found.hash}


def _check(options: argparse.Namespace) -> Answer:
    if options.backup:
        found = backup.read_backup(options.backup, _read_key(options).material())
        return {"file": str(options.backup), "records": found.records, "rows": found.rows, "hash": found.hash}
    return _with_service(options, lambda service: _plain(check(service)))


def _with_service(options: argparse.Namespace, work: Callable[[Service], Answer]) -> Answer:
    engine = _engine(options, _read_key(options))
    try:
        return work(Service(engine, options.organisation))
    finally:
        engine.close()


def _engine(
    options: argparse.Namespace,
    key: StoreKey,
    *,
    create: bool = False,
    serving: bool = False,
    schema: int = SCHEMA_NUMBER,
    earlier_allowed: bool = False,
) -> Engine:
    if options.database:
        from wellbeing_desktop.sync.server.postgres_engine import PostgresEngine

        return PostgresEngine(options.database, create=create, schema=schema, earlier_allowed=earlier_allowed)
    from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine

    return SqliteEngine(
        options.folder, key, create=create, serving=serving, schema=schema, earlier_allowed=earlier_allowed
    )


def _new_key_place(options: argparse.Namespace) -> Path:
    if options.key_beside:
        return Path(options.folder) / KEY_NAME
    if options.key_file is None:
        raise Refused(
            "Say where the key goes: --key-file PATH, on another disk if you can, or --key-beside to keep it in the "
            "data folder. Whoever has the folder and the key can read everything."
        )
    return Path(options.key_file)


def _write_key(path: Path) -> StoreKey:
    key = StoreKey.new()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused("There is a key file already. Move it away, or name another.") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.material().hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def _read_key(options: argparse.Namespace) -> StoreKey:
    path = Path(options.key_file) if options.key_file else Path(options.folder) / KEY_NAME
    try:
        return StoreKey(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    except FileNotFoundError:
        raise EngineProblem("The key file is not there. Name it with --key-file.") from None
    except ValueError:
        raise EngineProblem("The key file does not hold a key: 64 hexadecimal digits.") from None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _plain(found: msgspec.Struct) -> Answer:
    plain: Answer = msgspec.to_builtins(found)
    return plain


def _tell(answer: Answer, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(answer)).decode() + "\n")
        return
    for name, value in answer.items():
        label = name.replace("_", " ").capitalize()
        if isinstance(value, list):
            sys.stdout.write(f"{label}: {len(value)}\n")
            for item in value:
                line = "  ".join(_word(part) for part in item.values()) if isinstance(item, dict) else str(item)
                sys.stdout.write(f"  {line}\n")
        else:
            sys.stdout.write(f"{label}: {_word(value)}\n")


def _word(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _failed(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="wellbeing-server", description="The server that laptops share through.")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--folder", type=Path, default=Path(DATABASE_FOLDER), help="the data folder")
    common.add_argument("--database", default="", help="postgresql://... instead of the encrypted file")
    common.add_argument("--key-file", type=Path, help="where the key is, when it is not in the data folder")
    common.add_argument("--organisation", default="", help="its id, when the database holds more than one")
    common.add_argument("--json", action="store_true", help="answer as JSON")
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, work: Callable[[argparse.Namespace], Answer], words: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=words, description=words, parents=[common])
        made.set_defaults(command=work)
        return made

    init = add("init", _init, "Set up an organisation.")
    init.add_argument("--name", required=True, help="the organisation's name")
    init.add_argument("--key-beside", action="store_true", help="keep the key in the data folder")
    serve = add("serve", _serve, "Serve laptops.")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    serve.add_argument("--port", type=int, default=8443, help="the port to listen on")
    serve.add_argument("--largest-file-mb", type=int, default=50, help="the largest file that is taken, in MB")
    serve.add_argument("--all-files-gb", type=int, default=50, help="the organisation's room for files, in GB")
    serve.add_argument("--certificate", type=Path, help="the TLS certificate with its chain, PEM")
    serve.add_argument("--certificate-key", type=Path, help="the TLS certificate's key, PEM")
    serve.add_argument("--workers", type=int, default=1, help="processes, with --database")
    serve.add_argument("--socket", type=int, help=argparse.SUPPRESS)
    serve.add_argument("--no-console", action="store_true", help="no web console, even with an administrator")
    serve.add_argument("--metrics-token-file", type=Path, help="who may ask for /v1/metrics from elsewhere")
    serve.add_argument("--backup-folder", type=Path, help="make backups by the clock, into this folder")
    serve.add_argument("--backup-every", type=float, default=24.0, metavar="HOURS", help="how often (24)")
    serve.add_argument("--keep", type=int, default=14, help="how many backups stay (14)")
    inviting = add("invite", _invite, "Make a one-time code for somebody's laptop, good for 24 hours.")
    inviting.add_argument("--name", help="somebody new: their name")
    inviting.add_argument("--role", action="append", default=[], help=f"one or more of {', '.join(members.ROLES)}")
    inviting.add_argument("--with-names", action="store_true", help="a manager may see who is counted")
    inviting.add_argument("--member", help="somebody who is here already: their number")
    inviting.add_argument("--approve-first", action="store_true", help="the laptop waits until you approve it")
    inviting.add_argument("--file", type=Path, help="a list of staff: CSV or XLSX with the columns name and roles")
    inviting.add_argument("--dry-run", action="store_true", help="with --file: say what would happen, do nothing")
    inviting.add_argument("--slips", type=Path, metavar="PDF", help="with --file: a slip to print for each person")
    inviting.add_argument("--address", default="", help="with --slips: the address that laptops use")
    inviting.add_argument("--two-sided", action="store_true", help="with --slips: blank backs for a duplex printer")
    users = add("users", _users, "Who works here.")
    users.add_argument("--leaves", metavar="NUMBER", help="somebody leaves: codes stop, laptops send their last work")
    devices = add("devices", _devices, "Which laptops there are.")
    devices.add_argument("--approve", metavar="DEVICE", help="approve a waiting laptop, after comparing fingerprints")
    devices.add_argument("--leaving", metavar="DEVICE", help="take its last work, send it nothing more")
    leave = add("leave", _leave, "Say when somebody will be away, so that their laptop does not close meanwhile.")
    leave.add_argument("member", help="their number, from users")
    leave.add_argument("first", type=dt.date.fromisoformat, help="the first day away, as 2026-12-21")
    leave.add_argument("last", type=dt.date.fromisoformat, help="the last day away")
    removing = add("allow-removal", _allow_removal, "Let somebody's laptops give up many people at once.")
    removing.add_argument("member", help="their number, from users")
    removing.add_argument("reason", choices=tuple(REASONS), help="why; it is signed and shown on the laptop")
    erasing = add("erase", _erase, "Erase everything about one person, on request. It cannot be undone.")
    erasing.add_argument("subject", help="the number of the record, as its page in the program says it")
    erasing.add_argument("born", help="the date of birth in it, as 1950-02-03, or unknown where it has none")
    erasing.add_argument("--reason", default="", help="why, and who decided it; kept")
    erasing.add_argument("--confirm", action="store_true", help="erase; without it nothing is done")
    revoke = add("revoke", _revoke, "End a laptop's access at once.")
    revoke.add_argument("device", help="its number, from devices")
    losing = add("lost", _lost, "The facts about a lost laptop, for deciding whom to tell within 72 hours.")
    losing.add_argument("device", help="its number, from devices")
    saving = add("backup", _backup, "Write an encrypted backup and prove it by reading it back.")
    saving.add_argument("file", type=Path, help="a new file, or a folder in which it is named by date and time")
    saving.add_argument("--keep", type=int, default=14, help="in a folder: how many stay (14)")
    restoring = add("restore", _restore, "Fill an empty folder or database from a backup.")
    restoring.add_argument("file", type=Path)
    checking = add("check", _check, "Find what does not agree with itself.")
    checking.add_argument("--backup", type=Path, metavar="FILE", help="read a backup to its end instead")
    admin = add("admin", _admin, "Who may use the web console.")
    admin.add_argument("what", choices=("add", "list", "reset", "remove"))
    admin.add_argument("--name", help="with add: the name to sign in with")
    admin.add_argument("--number", help="with reset and remove: the number, from list")
    admin.add_argument("--password-file", type=Path, help="the password is the first line of this file")
    upgrading = add("upgrade", _upgrade, "Bring the database to this version, after a proven backup.")
    upgrading.add_argument("file", type=Path, help="where the backup goes")
    return parser


if __name__ == "__main__":
    sys.exit(main())
