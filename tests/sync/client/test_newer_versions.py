"""A laptop among newer ones: fields and record types that it does not know pass through it unharmed (SYNC 3.10)."""

import msgspec
import pytest

from tests.sync.client.practice import Laptop, Practice
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.sync.protocol.pushing import PushedOperation
from wellbeing_desktop.sync.server import members


def write_newer(
    practice: Practice, type_name: str, id: str, subject: str, kind: OperationKind, **patch: object
) -> None:
    """What a laptop of a later version would send."""
    operation = PushedOperation(
        n=0,
        op_id=new_id(),
        txn=new_id(),
        id=id,
        type=type_name,
        subject=subject,
        compartment="card",
        kind=kind,
        author="",
        at="",
        patch=patch,
        schema=99,
    )
    members.write_as_server(practice.service, [operation])


def on_server(practice: Practice, id: str) -> dict[str, object]:
    [(raw,)] = practice.engine.read(
        lambda transaction: transaction.all("SELECT body FROM rec WHERE org = ? AND id = ?", (practice.service.org, id))
    )
    row = msgspec.json.decode(bytes(raw), type=dict[str, object])
    return msgspec.convert(row["body"], dict[str, object])


@pytest.mark.scenario(43)
@pytest.mark.fault(23)
def test_an_unknown_field_survives_a_laptop_that_does_not_know_it(
    practice: Practice, laptops: tuple[Laptop, Laptop]
) -> None:
    ann, bob = laptops
    person_id = ann.create(Person(family_name="Hughes"))
    ann.synced()
    write_newer(practice, "person", person_id, person_id, OperationKind.CHANGE, favourite_flower="rose")
    bob.synced()
    bob.change(Person, person_id, known_as="Bron")
    bob.synced()
    ann.synced()
    body = on_server(practice, person_id)
    assert (body["favourite_flower"], body["known_as"]) == ("rose", "Bron")
    for laptop in (ann, bob):
        assert laptop.ask("SELECT extra FROM person WHERE id = ?", person_id) == [('{"favourite_flower":"rose"}',)]
        laptop.synced(verify=True)


@pytest.mark.fault(24)
def test_an_unknown_record_type_is_kept_as_it_came(practice: Practice, laptops: tuple[Laptop, Laptop]) -> None:
    ann, bob = laptops
    person_id = ann.create(Person(family_name="Hughes"))
    ann.synced()
    strange = new_id()
    write_newer(practice, "herb_garden", strange, person_id, OperationKind.CREATE, herbs=["mint", "sage"], size=4)
    for laptop in (ann, bob):
        laptop.synced()
        [(type_name, body)] = laptop.ask("SELECT type, body FROM raw_record WHERE id = ?", strange)
        assert (type_name, msgspec.json.decode(body)) == ("herb_garden", {"herbs": ["mint", "sage"], "size": 4})
        laptop.synced(verify=True)
