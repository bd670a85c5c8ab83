"""What one transaction changed, told to every open view and to sync."""

import msgspec


class Change(msgspec.Struct, frozen=True, order=True):
    """One record touched: its type name, its id, and the subject whose bucket it is in."""

    type: str
    id: str
    subject: str


class Changes(msgspec.Struct, frozen=True):
    """Every record that one transaction touched, and the transaction's id for undo.

    `undo_id` is empty when there is nothing to undo (a sync, a view). `everything` is True after a first load, which
    names no record: every view reads again.
    """

    touched: frozenset[Change] = frozenset()
    undo_id: str = ""
    everything: bool = False

    def touches(self, *type_names: str) -> bool:
        """True if any record of one of these types was touched, or may have been."""
        return self.everything or any(change.type in type_names for change in self.touched)

    def subjects(self) -> frozenset[str]:
        return frozenset(change.subject for change in self.touched)

    def joined_with(self, other: "Changes") -> "Changes":
        """Both; the later transaction is the one that undo takes back."""
        return Changes(self.touched | other.touched, other.undo_id or self.undo_id, self.everything or other.everything)
