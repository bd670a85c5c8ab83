"""The report of a lost laptop: what the server knows for the decision that must be made within 72 hours (SECURITY 3.6).

Facts alone, each with where it is from: the scope of its person as it stands now, and what the laptop last said of
itself. Nobody's name but the person's whose laptop it is.
"""

from collections import Counter
from typing import Final

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.sync.protocol.signing_in import LaptopReport
from wellbeing_desktop.sync.server import leases, seals, sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.rights import SERVER_DEVICE
from wellbeing_desktop.sync.server.scope import Sight, scope_now
from wellbeing_desktop.sync.server.service import Service

NOT_KNOWN: Final = "not reported"
_OPENED_BY: Final = {
    "passphrase": "its passphrase",
    "passphrase and keyring": "its passphrase together with the keyring of that computer",
}


class LostLaptop(msgspec.Struct, frozen=True, kw_only=True):
    """Times are the server's, but `last_unlock` by the laptop's own clock. `people` counts everybody of whom its person
    may hold anything now; `buckets` counts people for each part of the record."""

    device: str
    laptop_name: str
    state: str
    person: str
    person_id: str
    people: int
    buckets: dict[str, int]
    last_seen: str
    last_unlock: str
    last_full_sync: str
    lease_locks_at: str
    unsent_when_last_seen: int
    encryption: str
    seal: str
    seal_given_at: str
    seal_confirmed_at: str
    not_known: str


def lost_laptop(service: Service, device: str) -> LostLaptop:
    """Raises Refused if there is no such laptop. Changes nothing: revoking is a command of its own."""
    now = service.now()

    def work(transaction: Transaction) -> LostLaptop:
        org = service.org
        known = sql.device(transaction, org, device)
        if known is None or device == SERVER_DEVICE:
            raise Refused("There is no laptop with that number.")
        row = transaction.one(
            "SELECT d.name, d.last_seen, d.report, m.name FROM device AS d "
            "LEFT JOIN member AS m ON m.org = d.org AND m.id = d.user_id WHERE d.org = ? AND d.dev = ?",
            (org, device),
        )
        assert row is not None
        laptop_name, last_seen, told, person = row
        said = msgspec.json.decode(told, type=LaptopReport) if told else LaptopReport()
        seal = seals.standing_of(transaction, org, device)
        scope = scope_now(transaction, org, known.user_id, now.date())
        people: set[str] = set()
        buckets: Counter[str] = Counter()
        for subject, compartment in transaction.all(
            "SELECT DISTINCT subject, compartment FROM rec WHERE org = ? AND kind = 'person'", (org,)
        ):
            if scope.sight("person", subject, compartment) is not Sight.NONE:
                people.add(subject)
                buckets[compartment] += 1
        return LostLaptop(
            device=device,
            laptop_name=laptop_name,
            state=known.state,
            person=person or "",
            person_id=known.user_id,
            people=len(people),
            buckets=dict(sorted(buckets.items())),
            last_seen=last_seen,
            last_unlock=said.unlocked_at or NOT_KNOWN,
            last_full_sync=said.completed_at or NOT_KNOWN,
            lease_locks_at=leases.lease_of(transaction, org, device).get("locks_at", "it never signed in"),
            unsent_when_last_seen=said.waiting,
            encryption=_encryption(said, seal),
            seal=seals.words(seal),
            seal_given_at=seal.given_at or "not yet",
            seal_confirmed_at=seal.done_at or "not yet",
            not_known=(
                "Whether somebody knew the passphrase, whether the laptop was on and unlocked when it was lost, what was "
                "written since it was last seen, and files or paper that were taken out of the program."
            ),
        )

    return service.engine.read(work)


def _encryption(said: LaptopReport, seal: seals.SealStanding) -> str:
    """What the program does by its making, and what the laptop reported."""
    opened_by = _OPENED_BY.get(said.opened_by, "not reported; at least its passphrase")
    ways = f"What opens them: {opened_by}, or its printed recovery kit."
    if said.recovery_key:
        ways = (
            f"What opens them: {opened_by}, its printed recovery kit, or two sheets of the recovery key "
            f"{said.recovery_key}; once the store is sealed, two of those sheets and nothing else."
        )
    if seal.done_at and seal.opened_by:
        ways = seals.OPENED_BY[seal.opened_by]
    return (
        "Records and documents are always kept encrypted (SQLCipher, AES-256); there is no way to switch it off. "
        f"{ways} Whether the whole disk is encrypted is not known to this server."
    )
