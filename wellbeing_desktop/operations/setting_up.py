"""Making a store, and what it holds before the first person: the organisation and who is at the keyboard."""

from pathlib import Path

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.organisation import Organisation, Practitioner
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.kdf import KdfParams
from wellbeing_desktop.storage.keys import DeviceSecret
from wellbeing_desktop.storage.recovery import RecoveryKit
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.write_door import transaction


def set_up_alone(
    folder: Path,
    name: str,
    passphrase: str,
    *,
    user_name: str,
    organisation_name: str = "",
    device_secret: DeviceSecret | None = None,
    argon: KdfParams | None = None,
) -> tuple[Store, RecoveryKit]:
    """A store on this computer only: its owner may hold and change everything in it.

    `name` is shown on the unlock screen; `user_name` is the owner's name in the records they write. Raises as
    `Store.create`.
    """
    store, kit = Store.create(folder, name, passphrase, user_name=user_name, device_secret=device_secret, argon=argon)
    store.write(lambda writer: introduce(writer, user_name=user_name, organisation_name=organisation_name or name))
    return store, kit


def introduce(writer: Writer, *, user_name: str, organisation_name: str) -> Changes:
    """The records of the organisation and of the person signed in, under the ids that the store was made with."""
    row = writer.row("SELECT organisation_id, user_id FROM identity")
    if row is None:
        raise RuntimeError("a store always has its identity row")
    organisation_id, user_id = row
    with transaction(writer, "set_up") as tx:
        tx.create(Organisation(id=organisation_id, subject=organisation_id, name=organisation_name, kind="service"))
        tx.create(Practitioner(id=user_id, subject=user_id, name=user_name, is_user=True))
    return tx.changes
