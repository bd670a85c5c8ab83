"""Set up an organisation, bring it to this version, and say who may use its console."""

import argparse
from pathlib import Path

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.sync.server import backup, history
from wellbeing_desktop.sync.server.commands.database import (
    Add,
    Answer,
    engine_of,
    first_line,
    new_key_place,
    read_key,
    with_service,
    write_key,
)
from wellbeing_desktop.sync.server.organisations import new_organisation
from wellbeing_desktop.sync.server.service import Service


def _init(options: argparse.Namespace) -> Answer:
    folder: Path = options.folder
    key_file = new_key_place(options)
    if not options.database or key_file.parent == folder:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / "server.db").exists() and not options.database:
        raise Refused("There is a server in this folder already.")
    key = write_key(key_file)
    engine = engine_of(options, key, create=True)
    try:
        if engine.read(lambda transaction: transaction.one("SELECT org FROM organisation")) is not None:
            raise Refused("There is an organisation in this database already.")
        org = new_organisation(engine, options.name, history.server_now())
    finally:
        engine.close()
    return {"organisation": org, "name": options.name, "folder": str(folder), "key_file": str(key_file)}


def _admin(options: argparse.Namespace) -> Answer:
    from wellbeing_desktop.sync.server.console.admins import Admins

    key = read_key(options)

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

    return with_service(options, work)


def _password(options: argparse.Namespace) -> str:
    if options.password_file:
        return first_line(options.password_file)
    import getpass

    typed = getpass.getpass("Password for the console, 15 characters or more: ")
    if getpass.getpass("The same again: ") != typed:
        raise Refused("The two passwords are not the same.")
    return typed


def _upgrade(options: argparse.Namespace) -> Answer:
    key = read_key(options)
    engine = engine_of(options, key, serving=True, earlier_allowed=True)
    try:
        steps = backup.upgrade(engine, key.material(), options.file, history.server_now())
    finally:
        engine.close()
    return {"steps": list(steps), "backup": str(options.file) if steps else ""}


def add_commands(add: Add) -> None:
    init = add("init", _init, "Set up an organisation.")
    init.add_argument("--name", required=True, help="the organisation's name")
    init.add_argument("--key-beside", action="store_true", help="keep the key in the data folder")
    admin = add("admin", _admin, "Who may use the web console.")
    admin.add_argument("what", choices=("add", "list", "reset", "remove"))
    admin.add_argument("--name", help="with add: the name to sign in with")
    admin.add_argument("--number", help="with reset and remove: the number, from list")
    admin.add_argument("--password-file", type=Path, help="the password is the first line of this file")
    upgrading = add("upgrade", _upgrade, "Bring the database to this version, after a proven backup.")
    upgrading.add_argument("file", type=Path, help="where the backup goes")
