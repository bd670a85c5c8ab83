"""`wellbeing-server`: set up, serve, invite, look after. Exit codes: 0 done, 1 refused, 2 usage, 3 database, 4 sync."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.sync.server.commands import data, grants, laptops, people, recovery_key, serve, setting_up
from wellbeing_desktop.sync.server.commands.database import Answer
from wellbeing_desktop.sync.server.engine import EngineBusy, EngineFull, EngineProblem
from wellbeing_desktop.sync.server.settings import DATABASE_FOLDER

DONE: Final = 0
REFUSED: Final = 1
DATABASE_PROBLEM: Final = 3


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

    for room in (setting_up, serve, people, grants, laptops, recovery_key, data):
        room.add_commands(add)
    return parser


if __name__ == "__main__":
    sys.exit(main())
