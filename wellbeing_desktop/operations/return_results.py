"""What a counted return holds: its numbers, how complete it is, and the facts from which the numbers follow."""

import datetime as dt

import msgspec

from wellbeing_desktop.domain.return_definition import Month, ReturnDefinition


class Device(msgspec.Struct, frozen=True):
    """A laptop of the organisation and when it last synced, as the server knows; None for never."""

    name: str
    synced_at: dt.datetime | None


class Cell(msgspec.Struct, frozen=True):
    """One number of a split; `id` opens the people behind it: `contacts/medium=02`."""

    id: str
    label: str
    count: int


class Split(msgspec.Struct, frozen=True):
    by: str
    title: str
    cells: tuple[Cell, ...]


class MeasureResult(msgspec.Struct, frozen=True):
    """One measure. `figures` are what is said beyond the count: a median, a rate, a mean change with its n."""

    id: str
    title: str
    definition: str
    count: int
    splits: tuple[Split, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()


class LateArrivals(msgspec.Struct, frozen=True):
    """What reached an earlier month after it was counted: added, and no longer counted since it was put right."""

    month: str
    measure: str
    title: str
    added: int
    taken_out: int


class Completeness(msgspec.Struct, frozen=True):
    """PRACTICE W27, page one."""

    devices_not_synced: tuple[str, ...] = ()
    appointments_without_outcome: int = 0
    undecided_referrals: int = 0
    people_without_practice: int = 0
    not_sent: int = 0
    month_is_over: bool = True
    doubtful_contacts: int = 0

    def lines(self) -> tuple[tuple[str, str], ...]:
        """What and how many, for the first page; a clean one says none."""
        devices = ", ".join(self.devices_not_synced) or "none"
        return (
            ("Laptops not synced since the month ended", devices),
            ("Appointments with no outcome", str(self.appointments_without_outcome)),
            ("Referrals with no decision", str(self.undecided_referrals)),
            ("People supported without a practice", str(self.people_without_practice)),
            ("Pieces of work on this laptop not sent yet", str(self.not_sent)),
            ("Contacts whose date is in doubt", str(self.doubtful_contacts)),
        )


class Fact(msgspec.Struct, frozen=True):
    """Records counted together: which measure, by which keys, and `record person` a line."""

    measure: str
    keys: dict[str, str]
    members: str

    @property
    def size(self) -> int:
        return self.members.count("\n") + 1 if self.members else 0


class ReturnResult(msgspec.Struct, frozen=True):
    definition: ReturnDefinition
    month: Month
    computed_at: dt.datetime
    as_of_epoch: str
    as_of_seq: int
    code_version: str
    measures: tuple[MeasureResult, ...]
    facts: tuple[Fact, ...]
    completeness: Completeness
    late: tuple[LateArrivals, ...]
    provisional: bool
    hash: str

    def measure(self, id: str) -> MeasureResult:
        """Raises KeyError for one that the definition does not have."""
        for measure in self.measures:
            if measure.id == id:
                return measure
        raise KeyError(id)


class PersonBehind(msgspec.Struct, frozen=True):
    """Somebody behind a number. `name` is empty where the grant gives none."""

    person_id: str
    name: str
    born_on: dt.date | None
    record_ids: tuple[str, ...]


class Recounted(msgspec.Struct, frozen=True):
    """Whether the facts of a kept run give its numbers, to the digit, and where they do not."""

    agrees: bool
    differences: tuple[str, ...] = ()
