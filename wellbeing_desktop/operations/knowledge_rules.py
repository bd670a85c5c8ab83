"""What a service chose about its knowledge base: after how long to look again, and who may approve."""

from typing import Final

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.freshness import CHECK_AFTER_DAYS, ROOM_FADES_DAYS
from wellbeing_desktop.domain.organisation import Setting
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load_all

CHECK_SETTING: Final = "directory.check_after_days"
ROOM_SETTING: Final = "directory.room_fades_days"
ASK_SETTING: Final = "onward.ask_after_days"
OWN_SETTING: Final = "knowledge.own_approval"
LONGEST_DAYS: Final = 3650


class KnowledgeRules(msgspec.Struct, frozen=True, kw_only=True):
    """The values until a service sets its own are a product choice."""

    check_after_days: int = CHECK_AFTER_DAYS
    room_fades_days: int = ROOM_FADES_DAYS
    ask_after_days: int = 14
    own_approval: bool = False
    """Whether who wrote an article may approve it too."""


_KEYS: Final = {
    CHECK_SETTING: "check_after_days",
    ROOM_SETTING: "room_fades_days",
    ASK_SETTING: "ask_after_days",
    OWN_SETTING: "own_approval",
}


def knowledge_rules(reader: Reader) -> KnowledgeRules:
    """What is set now; a value that makes no sense counts as not set."""
    chosen: dict[str, int | bool] = {}
    for key, name in _KEYS.items():
        for setting in load_all(reader, Setting, key=key):
            try:
                chosen[name] = checked(key, msgspec.json.decode(setting.value or "null"))
            except (msgspec.DecodeError, Refused):
                continue
    return msgspec.convert(chosen, KnowledgeRules)


def checked(key: str, value: object) -> int | bool:
    """Raises Refused for what is not of that setting."""
    if key == OWN_SETTING:
        if not isinstance(value, bool):
            raise Refused("Say whether who wrote an article may approve it.", "own")
        return value
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LONGEST_DAYS:
        raise Refused(f"Choose 1 to {LONGEST_DAYS:,} days.", _KEYS[key].split("_")[0])
    return value


def is_one(key: str) -> bool:
    """Whether a setting is one of these."""
    return key in _KEYS
