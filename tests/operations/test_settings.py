"""A service's own choices."""

import pytest

from tests.operations.made import NOW, Made
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Setting
from wellbeing_desktop.operations.service import sender, settings_of
from wellbeing_desktop.operations.settings import change_setting


@pytest.mark.capability("W31")
def test_w31_the_words_are_a_setting_that_pages_use(made: Made) -> None:
    change_setting(made.writer, "words.worker", "Key worker", at=NOW)
    assert sender(made.writer).words.worker == "key worker"
    change_setting(made.writer, "words.worker", "link worker", at=NOW)
    assert settings_of(made.writer) == {"words.worker": "link worker"}
    assert len(made.all(Setting)) == 1
    with pytest.raises(Refused):
        change_setting(made.writer, "words.person", "<b>", at=NOW)
