"""The public half of the organisation's recovery key: shown, and set from the file of `wellbeing organisation-key`."""

import argparse
import tomllib
from pathlib import Path

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.storage.organisation_public import SETTING
from wellbeing_desktop.sync.server import acts, recovery_keys
from wellbeing_desktop.sync.server.commands.database import Add, Answer, with_service
from wellbeing_desktop.sync.server.service import Service


def _recovery_key(options: argparse.Namespace) -> Answer:
    text = _text_in(options.set) if options.set else ""

    def work(service: Service) -> Answer:
        now = service.now()
        if text:
            groups = service.engine.write(
                lambda transaction: recovery_keys.put(
                    transaction, service.org, service.keys, text, now, replace=options.replace, by=acts.COMMAND_LINE
                )
            )
        else:
            groups = recovery_keys.groups_of(
                service.engine.read(lambda transaction: recovery_keys.recovery_key(transaction, service.org))
            )
        return {"key": groups or "none", "next": _NEXT if groups else _NONE}

    return with_service(options, work)


_NEXT = "Compare these groups with a sheet. Laptops learn the key when they next sync."
_NONE = "A sealed laptop is opened by its user's printed recovery kit. Make a key with: wellbeing organisation-key."


def _text_in(path: Path) -> str:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")).get(SETTING)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        found = None
    if not isinstance(found, str):
        raise Refused('This is not the file of a public half: it has no line recovery_key = "...".')
    return found


def add_commands(add: Add) -> None:
    made = add("recovery-key", _recovery_key, "The organisation's recovery key: its public half, named to laptops.")
    made.add_argument("--set", type=Path, metavar="FILE", help="organisation-key.toml, from wellbeing organisation-key")
    made.add_argument("--replace", action="store_true", help="with --set: in the place of the one there is")
