"""What a command says: the result on stdout, everything else on stderr."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec


class Output:
    """With `as_json`, the result is one JSON object or array on stdout; otherwise plain lines for a person."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def say(self, text: str) -> None:
        """A sentence for the person at the keyboard or in the log of a scheduled job."""
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def result(self, value: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> None:
        """What the command was asked for, on stdout: one JSON value, or a line for each entry."""
        if self.as_json:
            sys.stdout.write(msgspec.json.format(msgspec.json.encode(value, order=None), indent=2).decode() + "\n")
        elif isinstance(value, Mapping):
            for name, entry in value.items():
                sys.stdout.write(_line(name, entry))
        else:
            for row in value:
                sys.stdout.write("  ".join(str(entry) for entry in row.values() if entry not in (None, "")) + "\n")
        sys.stdout.flush()


def _line(name: str, entry: Any) -> str:
    label = name.replace("_", " ").capitalize()
    if isinstance(entry, list | tuple):
        inner = "".join(f"  {_flat(item)}\n" for item in entry)
        return f"{label}: {len(entry)}\n{inner}"
    return f"{label}: {_flat(entry)}\n"


def _flat(entry: Any) -> str:
    if isinstance(entry, Mapping):
        return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in entry.items())
    return (
        {True: "yes", False: "no", None: "-"}.get(entry, str(entry)) if isinstance(entry, bool | None) else str(entry)
    )
