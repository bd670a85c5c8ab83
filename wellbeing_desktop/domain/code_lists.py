"""The lists of codes that record fields name: data in `resources/code_lists`, one file a list.

A file is `{id, title, source, version, entries: [{code, label, ...}]}`. A value that is a product choice says so in
`source`; an entry may carry more, such as `maps_to` (the national code it is exported as) or `kind`.
"""

import functools
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from wellbeing_desktop.domain.resources import resource


class CodeEntry(msgspec.Struct, frozen=True):
    """One code. `more` holds what the file says beyond the label."""

    code: str
    label: str
    more: Mapping[str, Any] = {}


class CodeList(msgspec.Struct, frozen=True):
    """A list of codes in the order in which it is offered."""

    id: str
    title: str
    source: str
    version: str
    entries: tuple[CodeEntry, ...]

    def codes(self) -> frozenset[str]:
        return frozenset(entry.code for entry in self.entries)

    def label(self, code: str) -> str:
        """The words for a code. A code that this list does not know is shown as it is: never hidden, never guessed."""
        return next((entry.label for entry in self.entries if entry.code == code), code)

    def codes_where(self, key: str, value: Any) -> frozenset[str]:
        """The codes whose entry says `key` is `value`."""
        return frozenset(entry.code for entry in self.entries if entry.more.get(key) == value)


_KNOWN: Final = frozenset({"code", "label"})


@functools.cache
def code_list(name: str) -> CodeList:
    """The list called `name`. Raises FileNotFoundError when there is none."""
    return read_code_list(resource(f"code_lists/{name}.json").read_bytes())


def read_code_list(content: bytes) -> CodeList:
    """A list from the bytes of its file. Raises msgspec.DecodeError or KeyError if it is not one."""
    found = msgspec.json.decode(content)
    return CodeList(
        id=found["id"],
        title=found["title"],
        source=found["source"],
        version=found["version"],
        entries=tuple(
            CodeEntry(
                code=entry["code"],
                label=entry.get("ui_label") or entry["label"],
                more={key: value for key, value in entry.items() if key not in _KNOWN},
            )
            for entry in found["entries"]
        ),
    )


def label_of(list_name: str, code: str) -> str:
    """The words for a code of a list; empty for an empty code."""
    return code_list(list_name).label(code) if code else ""
