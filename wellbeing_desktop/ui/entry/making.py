"""What the set-up pages ask for, done off the GUI thread."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from wellbeing_desktop.operations.setting_up import set_up_alone
from wellbeing_desktop.storage.organisation_part import part_key
from wellbeing_desktop.storage.recovery import RecoveryKey, RecoveryKit
from wellbeing_desktop.storage.store import Store


class Made(NamedTuple):
    """A new open store, its kit to print, and for a laptop that waits for approval what to read out."""

    store: Store
    kit: RecoveryKit | None
    to_read_out: str = ""


def make_alone(folder: Path, values: Mapping[str, str]) -> Made:
    """A store on this computer only. Raises as `Store.create`."""
    store, kit = set_up_alone(
        folder,
        values["label"],
        values["passphrase"],
        user_name=values["user_name"],
        organisation_name=values["organisation_name"],
    )
    return Made(store, kit)


def recover(folder: Path, key: RecoveryKey, passphrase: str) -> Made:
    """Open a store by a recovery key. One that the organisation's key opened gets a new kit: its old one opens it no
    more, or nobody knows who holds it. Raises as `Store.recover`."""
    by_organisation = key.public() == part_key(folder)
    store = Store.recover(folder, key, passphrase)
    if not by_organisation:
        return Made(store, None)
    try:
        return Made(store, store.keys.new_recovery_kit())
    except BaseException:
        store.close()
        raise


def join_organisation(folder: Path, values: Mapping[str, str]) -> Made:
    """Spend the one-time code, then make the store for whoever it was made for. Raises Refused, SyncProblem, and as
    `Store.create`."""
    from wellbeing_desktop.sync.client.address import server_address
    from wellbeing_desktop.sync.client.pairing import enrol, join
    from wellbeing_desktop.sync.client.way import open_way

    address = server_address(values["server"])
    enrolment = enrol(open_way(address, folder.parent), address, values["code"])
    store, kit = Store.create(
        folder,
        values["label"],
        values["passphrase"],
        organisation_id=enrolment.membership.organisation,
        user_id=enrolment.practitioner_id,
        user_name=enrolment.practitioner_name,
    )
    join(store, enrolment)
    return Made(store, kit, enrolment.fingerprint if enrolment.is_pending else "")
