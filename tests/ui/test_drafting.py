"""A draft reaches the store within the second, on every focus change, and comes back to its fields."""

import pytest

from wellbeing_desktop.ui.drafting import WITHIN_MS, DraftKeeper
from wellbeing_desktop.ui.widgets import fields
from wellbeing_desktop.ui.widgets.form import Form


@pytest.fixture
def form(qtbot):
    made = Form()
    made.add("note", "Note", fields.note())
    made.add("how", "How", fields.line())
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_first_key_starts_a_clock_that_later_keys_do_not_restart(qtbot, form: Form) -> None:
    saved = []
    keeper = DraftKeeper(form, "contact:p1", lambda key, values: saved.append((key, values)), now_words=lambda: "10:42")
    assert WITHIN_MS < 1000
    qtbot.keyClicks(form.rows["note"].field, "Bron")
    left = keeper._timer.remainingTime()
    qtbot.keyClicks(form.rows["note"].field, " says", delay=20)
    assert keeper._timer.remainingTime() < left
    qtbot.waitUntil(lambda: bool(saved), timeout=2000)
    assert saved == [("contact:p1", {"note": "Bron says", "how": ""})]
    assert form.draft_line.text() == "", "not said before the store has it"
    keeper.confirm()
    assert form.draft_line.text() == "Draft saved on this laptop 10:42"


def test_leaving_a_field_saves_at_once_and_only_when_something_changed(qtbot, form: Form) -> None:
    saved = []
    keeper = DraftKeeper(form, "k", lambda key, values: saved.append(values), now_words=str)
    qtbot.keyClicks(form.rows["how"].field, "call")
    form.left.emit()
    form.left.emit()
    assert [values["how"] for values in saved] == ["call"]
    keeper.finish()
    qtbot.keyClicks(form.rows["how"].field, "x")
    form.left.emit()
    assert len(saved) == 1, "nothing after the record was saved"


def test_a_kept_draft_comes_back_and_is_not_written_again(form: Form) -> None:
    saved = []
    keeper = DraftKeeper(form, "k", lambda key, values: saved.append(values), now_words=str)
    assert keeper.restore({"note": "Mid-sent", "gone_field": "x"})
    assert form.values()["note"] == "Mid-sent"
    keeper.save_now()
    assert saved == []
    assert not keeper.restore(None)
