"""A service's own choices."""

import pytest

from tests.operations.made import NOW, Made
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Organisation, Setting
from wellbeing_desktop.operations.service import sender, settings_of
from wellbeing_desktop.operations.settings import add_organisation, change_setting


@pytest.mark.capability("W31")
def test_w31_the_words_are_a_setting_that_pages_use(made: Made) -> None:
    change_setting(made.writer, "words.worker", "Key worker", at=NOW)
    assert sender(made.writer).words.worker == "key worker"
    change_setting(made.writer, "words.worker", "link worker", at=NOW)
    assert settings_of(made.writer) == {"words.worker": "link worker"}
    assert len(made.all(Setting)) == 1
    with pytest.raises(Refused):
        change_setting(made.writer, "words.person", "<b>", at=NOW)


def test_an_organisation_is_known_by_its_code_and_added_once(made: Made) -> None:
    add_organisation(made.writer, Organisation(name="Hill Surgery", ods_code="b81001", kind="practice"), at=NOW)
    assert made.only(Organisation).ods_code == "B81001"
    with pytest.raises(Refused):
        add_organisation(made.writer, Organisation(name="Hill", ods_code="B81001"), at=NOW)
    add_organisation(made.writer, Organisation(name="Food bank", kind="voluntary"), at=NOW)
    assert len(made.all(Organisation)) == 2
