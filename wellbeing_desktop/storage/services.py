"""Services of the directory by the beginning of a word of their name."""

from typing import Final

import msgspec

from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.statements import fill


class ServiceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One service to choose from. `room` says whether it has room, in words, where that is known."""

    id: str
    name: str
    postcode: str
    room: str


def find_services(reader: Reader, typed: str, limit: int = 6) -> list[ServiceRow]:
    """Services a word of whose name begins with what was typed; those in use only."""
    words = " ".join(typed.split())
    if not words:
        return []
    rows = reader.rows(_FIND, {"first": f"{_plain(words)}%", "later": f"% {_plain(words)}%", "limit": limit})
    return [
        ServiceRow(
            id=id, name=name, postcode=postcode or "", room=label_of("capacity_states", capacity) if capacity else ""
        )
        for id, name, postcode, capacity in rows
    ]


def service_named(reader: Reader, name: str) -> str:
    """The id of the one service in use with this very name, else empty: two of one name are never told apart here."""
    found = [id for (id,) in reader.rows(_NAMED, (" ".join(name.split()),))]
    return found[0] if len(found) == 1 else ""


def _plain(text: str) -> str:
    """As LIKE takes it with `\\` as its escape: no sign of the typed words is a pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


_IN_USE: Final = "coalesce(s.state, '') <> 'defunct'"
_FIND: Final = fill(
    "SELECT s.id, s.name, s.postcode, s.capacity FROM live_service AS s"
    " WHERE {in_use} AND (s.name LIKE :first ESCAPE '\\' OR s.name LIKE :later ESCAPE '\\')"
    " ORDER BY s.name, s.id LIMIT +:limit",
    in_use=_IN_USE,
)
_NAMED: Final = fill(
    "SELECT s.id FROM live_service AS s WHERE {in_use} AND s.name = ? COLLATE NOCASE LIMIT 2", in_use=_IN_USE
)
