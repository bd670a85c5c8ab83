"""Who writes: said once for the organisation of the store, and by whoever says it first where nobody has."""

import pytest

from tests.operations.made import NOW, Made
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.operations.service import describe_service, sender
from wellbeing_desktop.storage.grants import organisation_of
from wellbeing_desktop.storage.undo import undo


def test_a_store_without_a_record_of_its_organisation_gets_one_and_undo_takes_it_back(made: Made) -> None:
    assert made.all(Organisation) == []
    changes = describe_service(made.writer, {"name": "Kington wellbeing", "telephone": "01632 960100"}, at=NOW)
    organisation = made.only(Organisation)
    assert (organisation.id, organisation.kind) == (organisation_of(made.writer), "service")
    assert sender(made.writer).telephone == "01632 960100"
    undo(made.writer, changes.undo_id, at=NOW)
    assert sender(made.writer).telephone == ""


def test_a_later_save_changes_only_what_differs_from_what_was_seen(made: Made) -> None:
    describe_service(made.writer, {"name": "Kington wellbeing", "telephone": "01632 960100"}, at=NOW)
    describe_service(made.writer, {"telephone": "01632 960200"}, at=NOW)
    old = {"name": "Kington wellbeing", "telephone": "01632 960100"}
    describe_service(made.writer, {**old, "email": "us@kington.example"}, {**old, "email": ""}, at=NOW)
    said = sender(made.writer)
    assert (said.telephone, said.email) == ("01632 960200", "us@kington.example")


def test_a_service_without_a_name_is_refused_beside_the_name(made: Made) -> None:
    with pytest.raises(Refused) as refusal:
        describe_service(made.writer, {"telephone": "01632 960100"}, at=NOW)
    assert refusal.value.field == "name"
    with pytest.raises(ValueError, match="ods_code"):
        describe_service(made.writer, {"ods_code": "B81001"}, at=NOW)
