"""The fields for a recovery key: the printed kit's code, or two sheets of the organisation's key. Two pages have them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.storage.organisation_part import part_key
from wellbeing_desktop.storage.recovery import RecoveryKey, key_from_code
from wellbeing_desktop.storage.recovery_sheets import key_from_sheets, key_id, sheet_from_code
from wellbeing_desktop.storage.sealed import kit_opens
from wellbeing_desktop.ui.widgets import fields
from wellbeing_desktop.ui.widgets.form import Form

KIT: Final = "kit"
SHEETS: Final = "sheets"
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {KIT: ("code",), SHEETS: ("sheet_one", "sheet_two")}


class RecoveryWays(NamedTuple):
    """What a store can be opened by besides its passphrase. `organisation` is the organisation's key that its part is
    sealed to; empty if it has no part, or that is not known."""

    kit: bool = True
    sheets: bool = True
    organisation: bytes = b""

    @property
    def groups(self) -> str:
        return six_groups(self.organisation) if self.organisation else ""


def ways_into(folder: Path) -> RecoveryWays:
    """By the files that are there. Where none can be read the kit is asked for, and its own sentence says what is wrong."""
    organisation = part_key(folder)
    return RecoveryWays(kit_opens(folder) or not organisation, bool(organisation), organisation)


def add_fields(form: Form) -> None:
    form.add(
        "code",
        "&Recovery code",
        fields.note(lines=3),
        help_text="The groups of five from the printed kit, in order. Spaces, dashes and small letters do not matter.",
    )
    form.add(
        "sheet_one",
        "&First sheet",
        fields.note(lines=3),
        help_text="The 15 groups of one of the three sheets, in order. Spaces, dashes and small letters do not matter.",
    )
    form.add("sheet_two", "&Second sheet", fields.note(lines=3), help_text="Another of the three, of the same key.")


def show_fields(form: Form, way: str) -> None:
    """Only those of the way that was chosen."""
    for each, names in _FIELDS.items():
        for name in names:
            form.rows[name].holder.setVisible(each == way)


def fields_of(way: str) -> tuple[str, ...]:
    return _FIELDS[way]


def key_of(values: Mapping[str, str], way: str, organisation: bytes = b"") -> RecoveryKey:
    """The key that was typed. Raises Refused at the field that is wrong: a typing error by its group, the same sheet
    twice, sheets of two keys, and where the store's own key is known, a sheet of another."""
    if way == KIT:
        if not values["code"].strip():
            raise Refused("Enter the recovery code", "code")
        try:
            return key_from_code(values["code"])
        except Refused as refusal:
            raise Refused(refusal.message, "code") from refusal
    sheets = []
    for name, which in (("sheet_one", "first"), ("sheet_two", "second")):
        if not values[name].strip():
            raise Refused(f"Enter the groups of the {which} sheet", name)
        sheet = sheet_from_code(values[name], name)
        if organisation and sheet.key_id != key_id(organisation):
            raise Refused(
                f"This is sheet {sheet.number} of another key. This store is opened by the key "
                f"{six_groups(organisation)}: find two sheets with these groups on them.",
                name,
            )
        sheets.append(sheet)
    return key_from_sheets(sheets[0], sheets[1], "sheet_two")
