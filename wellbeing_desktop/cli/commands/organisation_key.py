"""`wellbeing organisation-key`: the organisation's recovery key, made off line: three sheets to print, and a public half.

The private half is in memory while the sheets are made, and afterwards on them alone.
"""

import argparse
import contextlib
import datetime as dt
import itertools
import os
import sys
from pathlib import Path
from typing import Final

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.documents.organisation_sheet import OrganisationSheet, organisation_sheet_document
from wellbeing_desktop.documents.pdf import render_pdf
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.storage.organisation_public import SETTING, text_of
from wellbeing_desktop.storage.recovery import RecoveryKey
from wellbeing_desktop.storage.recovery_sheets import code_of_sheet, key_from_sheets, sheet_from_code, sheets_of

PUBLIC_FILE: Final = "organisation-key.toml"
SHEET_FILES: Final = ("sheet-1.pdf", "sheet-2.pdf", "sheet-3.pdf")


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--out", type=Path, metavar="FOLDER", help="make a key: a new or empty folder for the files")
    what.add_argument("--check", action="store_true", help="type two sheets and see which key they give; keeps nothing")
    parser.add_argument("--name", default="", help="with --out: the organisation's name, to be printed on the sheets")


def _run(arguments: argparse.Namespace, output: Output) -> Exit:
    return _check(output) if arguments.check else _make(arguments, output)


def _check(output: Output) -> Exit:
    """The drill: do two sheets, as they are kept, still give the key?"""
    sheets = []
    for which in ("first", "second"):
        output.say(f"The 15 groups of the {which} sheet, then Enter:")
        sheets.append(sheet_from_code(sys.stdin.readline()))
    key = key_from_sheets(sheets[0], sheets[1])
    groups = six_groups(key.public())
    key.forget()
    output.say("These two sheets give this key. Compare the groups with Settings on a laptop, and with the console.")
    output.result({"key": groups, "sheets": [sheet.number for sheet in sheets]})
    return Exit.DONE


def _make(arguments: argparse.Namespace, output: Output) -> Exit:
    folder: Path = arguments.out
    _refuse_taken(folder)
    key = RecoveryKey.new()
    public = key.public()
    codes = tuple(code_of_sheet(sheet) for sheet in sheets_of(key))
    key.forget()
    _prove(codes, public)
    today, groups = dt.datetime.now().astimezone().date(), six_groups(public)
    files: dict[str, bytes] = {}
    for number, (name, code) in enumerate(zip(SHEET_FILES, codes, strict=True), start=1):
        sheet = OrganisationSheet(arguments.name, number, tuple(code.split("-")), groups, today)
        files[name] = render_pdf(organisation_sheet_document(sheet)).data
    files[PUBLIC_FILE] = _public_file(arguments.name, public, groups, today).encode()
    _write(folder, files)
    output.say(
        "Print each sheet and give it to another person. Then delete the three PDF files: whoever has two of them opens "
        f"every store that is given this key. {PUBLIC_FILE} is no secret: it goes into the laptops' policy file, and to "
        "the server."
    )
    output.result({"files": [str(folder / name) for name in files], "key": groups, SETTING: text_of(public)})
    return Exit.DONE


def _prove(codes: tuple[str, ...], public: bytes) -> None:
    """What is going to be printed is read as it will be typed: any two give the key."""
    for one, two in itertools.combinations(codes, 2):
        found = key_from_sheets(sheet_from_code(one), sheet_from_code(two))
        if found.public() != public:
            raise AssertionError("two sheets did not give the key")
        found.forget()


def _public_file(organisation: str, public: bytes, groups: str, made_on: dt.date) -> str:
    whose = "".join(character if character.isprintable() else " " for character in organisation)
    return (
        "# The public half of the organisation's recovery key. It is no secret.\n"
        + (f"# Organisation: {whose}\n" if whose.strip() else "")
        + f"# Made on {made_on.isoformat()}. On the sheets: {groups}\n"
        "# Copy the line into the laptops' policy.toml, and give this file to: wellbeing-server recovery-key --set\n\n"
        f'{SETTING} = "{text_of(public)}"\n'
    )


def _refuse_taken(folder: Path) -> None:
    """Never a key in the place of another: its sheets would open nothing that was sealed to the first."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused("There are files in this folder already. Name a new or an empty one; nothing was made.")


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """All or none: a sheet without the others is of no use, and is a secret."""
    written: list[Path] = []
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, content in files.items():
            path = folder / name
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            written.append(path)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        for path in written:
            with contextlib.suppress(OSError):
                path.unlink()
        raise Refused(f"The files could not be written ({error.strerror}). None was left behind.") from error


ORGANISATION_KEY = Command(
    "organisation-key", "make the organisation's recovery key, or check two sheets of it", _add_arguments, _run
)
