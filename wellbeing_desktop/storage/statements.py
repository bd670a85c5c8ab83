"""SQL built from definitions: names come from our own structs, never from people, and values are always bound."""

import re
from typing import Any, Final

import msgspec

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


def quoted(name: str) -> str:
    """A table or column name, quoted: some of the field's own words (`use`, `rows`, `key`) are SQL's too."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a name of ours: {name!r}")
    return f'"{name}"'


def listed(names: list[str] | tuple[str, ...]) -> str:
    """Quoted names with commas between."""
    return ", ".join(map(quoted, names))


def marks(count: int) -> str:
    """`?, ?, ?`: one place for each bound value."""
    return ", ".join(["?"] * count)


def fill(template: str, /, **parts: str) -> str:
    """Put quoted names and other fixed parts into a statement's `{places}`."""
    return template.format(**parts)


def json_text(value: Any) -> str:
    """A value as a statement takes it for `json_each`, or as a column keeps it."""
    return msgspec.json.encode(value).decode()
