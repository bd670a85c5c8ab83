"""GP practices between laptops: everybody gets them, two who write of one merge by field, who may not is refused."""

import pytest

from tests.sync.client.practice import Practice
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.operations.organisations import (
    add_organisation,
    change_organisation,
    may_change_organisations,
)
from wellbeing_desktop.sync.client.session import utc_now


def test_a_practice_reaches_everybody_and_two_who_write_of_it_merge_field_by_field(practice: Practice) -> None:
    lead, deputy = (practice.laptop(practice.member(name, kind="owner")) for name in ("Ann", "Bob"))
    desk = practice.laptop(practice.member("Dot", kind="front_desk"))
    for laptop in (lead, deputy, desk):
        laptop.synced()
    lead.store.write(lambda w: add_organisation(w, Organisation(name="Hill Surgery", kind="practice")))
    for laptop in (lead, deputy, desk):
        laptop.synced()
    (hill,) = desk.all(Organisation, name="Hill Surgery")
    for laptop, address, more in (
        (lead, "1 High Street", {"telephone": "01632 960123"}),
        (deputy, "2 High Street", {"postcode": "DN18 6AA"}),
    ):
        laptop.store.write(
            lambda w, said={"address": address, **more}: change_organisation(w, hill.id, said, {"address": ""})
        )
    for laptop in (lead, deputy, desk, lead, deputy, desk):
        laptop.synced()
    for laptop in (lead, deputy, desk):
        kept = laptop.load(Organisation, hill.id)
        assert (kept.address, kept.telephone, kept.postcode) == ("2 High Street", "01632 960123", "DN18 6AA")
    said = "".join(patch for (patch,) in deputy.ask("SELECT patch FROM version WHERE id = ?", hill.id))
    assert "1 High Street" in said, "what was written over stays in the history"

    today = utc_now().date()
    assert lead.store.read(lambda r: may_change_organisations(r, today))
    assert not desk.store.read(lambda r: may_change_organisations(r, today))
    with pytest.raises(Refused, match="Your administrator can"):
        desk.store.write(lambda w: change_organisation(w, hill.id, {"address": "3 High Street"}))
