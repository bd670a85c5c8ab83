"""In every form that takes a date, a time, a telephone number, a postcode, an NHS number or an e-mail address, whatever
people usually write is understood and shown back in our writing; what cannot be is told at the field, and nothing is
saved. A new form with such a field is found by the walk, and fails here until it does the same.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.every_form import Made, Walk, press_save, unreached, walk
from tests.ui.pages.person.people import NOW, make_session
from wellbeing_desktop.domain.dates import long_date
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import fields, messages, read_back
from wellbeing_desktop.ui.widgets.fields import DateField, LineField
from wellbeing_desktop.ui.widgets.form import AnyField, Form, Row
from wellbeing_desktop.ui.widgets.read_back import ReadBackField, Reads

DATE, BIRTH_DATE = "date", "date of birth"

TELEPHONES: Final = {
    "07700900123": "07700 900123",
    "07700 900 123": "07700 900123",
    "+44 (0)7700 900123": "07700 900123",
    "0044 7700 900123": "07700 900123",
    "(01632) 960123": "01632 960123",
    "01632-960-123 x12": "01632 960123 ext. 12",
    "01632 960123, extension 12": "01632 960123 ext. 12",
    "+33142685300": "+33 1 42 68 53 00",
    "00353 1 679 1977": "+353 1 679 1977",
    "111": "111",
    "101": "101",
    "999": "999",
    "119": "119",
    "116123": "116 123",
}
EMAILS: Final = {
    " ann.lee@example.org ": "ann.lee@example.org",
    "mailto:ann.lee@example.org": "ann.lee@example.org",
    "Ann Lee <ann.lee@example.org>": "ann.lee@example.org",
}
USUAL: Final = {
    Reads.TELEPHONE: TELEPHONES,
    Reads.TELEPHONES: {**TELEPHONES, "01632 960123 or 111": "01632 960123, 111"},
    Reads.EMAIL: EMAILS,
    Reads.TELEPHONE_OR_EMAIL: EMAILS,  # no kind is chosen yet
    Reads.POSTCODE: {"ls117jj": "LS11 7JJ", "Ls11  7jj": "LS11 7JJ", "LL21-0TG": "LL21 0TG", " m1 1ae": "M1 1AE"},
    Reads.NHS_NUMBER: {
        "9434765919": "943 476 5919",
        "943-476-5919": "943 476 5919",
        " 943 4765 919": "943 476 5919",
    },
    Reads.TIME: {
        "9:05": "09:05",
        "0905": "09:05",
        "9.05": "09:05",
        "2pm": "14:00",
        "2.30 p.m.": "14:30",
        "12am": "00:00",
        "noon": "12:00",
    },
    Reads.MOMENT: {
        "21/11/2026 14:30": "21-Nov-2026 14:30",
        "21 nov 2026 2pm": "21-Nov-2026 14:00",
        "2026-11-21 0905": "21-Nov-2026 09:05",
        "21-Nov-2026 2.30 pm": "21-Nov-2026 14:30",
    },
    DATE: {
        "21/11/2026": "2026-11-21",
        "21.11.26": "2026-11-21",
        "21 nov 2026": "2026-11-21",
        "21st of November 2026": "2026-11-21",
        "Sat 21 November 2026": "2026-11-21",
        "2026-11-21": "2026-11-21",
        "21-Nov-2026": "2026-11-21",
        "today": "2026-11-21",
    },
    BIRTH_DATE: {
        "14/3/1943": "1943-03-14",
        "14.03.1943": "1943-03-14",
        "14 mar 1943": "1943-03-14",
        "14th March 1943": "1943-03-14",
        "1943-03-14": "1943-03-14",
    },
}
"""What people write, and what the field then says."""

_NO_NUMBERS: Final = (
    "12",
    "0163",
    "call me",
    "07700 900 12",
    "07700 900 123 4567",
    "0000 000 0000",
    "01632 960 123 ask",
)
_NO_EMAILS: Final = ("ann", "ann@", "ann@example", "ann lee@example.org", "@example.org")
IMPOSSIBLE: Final = {
    Reads.TELEPHONE: _NO_NUMBERS,
    Reads.TELEPHONES: (*_NO_NUMBERS, "01632 960123, 12"),
    Reads.EMAIL: _NO_EMAILS,
    Reads.TELEPHONE_OR_EMAIL: _NO_EMAILS,
    Reads.POSTCODE: ("LS11", "LS11 7CJ", "nowhere", "12345", "no fixed abode"),
    Reads.NHS_NUMBER: ("943 476 5910", "123", "0000000000", "94347659190", "none"),
    Reads.TIME: ("9", "25:00", "13pm", "12:60", "later"),
    Reads.MOMENT: ("21/11/2026", "31/02/2026 10:00", "21/11/2026 25:00", "later"),
    DATE: ("31/02/2026", "12/31/2026", "45 nov", "21 brumaire", "soon", "+99999y"),
    BIRTH_DATE: ("31/02/1943", "14/3/43", "14/3", "1943", "14/3/2043", "14/3/1843", "long ago"),
}

SPEAKS: Final = (
    (
        r"telephone|phone|mobile|(caller|call_back)_number",
        {Reads.TELEPHONE, Reads.TELEPHONES, Reads.TELEPHONE_OR_EMAIL},
    ),
    (r"postcode", {Reads.POSTCODE}),
    (r"nhs.?number", {Reads.NHS_NUMBER}),
    (r"e-?mail", {Reads.EMAIL, Reads.TELEPHONE_OR_EMAIL}),
    (r"date of birth|born_on", {BIRTH_DATE}),
    (r"_on\b|\bdate\b|\bday\b|\bby when\b", {DATE, BIRTH_DATE, Reads.MOMENT}),
    (r"_at\b|\btime\b|\b(starts|opens|closes) at\b|^started\b|^ended$", {Reads.TIME, Reads.MOMENT}),
)
"""Words in the name or the label of a field that say what it holds."""
WORDS_ALL_THE_SAME: Final = {
    "no_nhs_number_reason": "a reason",
    "districts": "first halves of postcodes, several",
    "find": "a search in names, numbers and dates",
    "original_kept_at": "a place",
    "safe_times": "times in somebody's own words",
    "although": "a reason",
    "value": "a number or an address, by its kind",
}
"""Fields whose words speak of a date or a number, and why they take any text."""


NOT_PRESSED: Final = {
    "audit, pages/audit.py": "narrows the list by a day",
    "calendar, pages/calendar/page.py": "goes to a day",
    "cover, pages/cover.py": "narrows what changed by a day",
    "concern, pages/concern/children_card.py": "is added to the concern by a button of its own",
    "at_risk, pages/inbox/who_card.py": "is looked at by Save after the form before it",
    "enquiry, pages/inbox/who_card.py": "is looked at by Save after the form before it",
}
"""Forms on a page that Save does not speak of while another form is wrong, and why: they tell when they are left."""


def reads_of(field: object) -> str:
    if isinstance(field, DateField):
        return BIRTH_DATE if field.is_birth_date else DATE
    return field.reads if isinstance(field, ReadBackField) else ""


def read_rows(made: Made) -> Iterator[tuple[Row, str]]:
    for row in made.form.rows.values():
        if reads := reads_of(row.field):
            yield row, reads


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = make_session(tmp_path / "store")
    yield made
    made.store.close()


@pytest.fixture
def walked(session: Session, qtbot: QtBot) -> Iterator[Walk]:
    with messages.replaced_by(lambda _owner, _problem: None):
        found = walk(session, lambda page: qtbot.waitUntil(lambda: background.waiting_for(page) == 0))
        yield found
        for widget in found.kept:
            widget.deleteLater()


def typed(row: Row, text: str) -> None:
    """As somebody types it and goes on."""
    line = row.field.line if isinstance(row.field, DateField) else row.field
    line.setText(text)
    line.edited.emit()
    line.left.emit()


def fault_of_usual(row: Row, text: str, ours: str) -> str:
    typed(row, text)
    said, told = row.field.value(), "" if row.error.isHidden() else row.error.text()
    if isinstance(row.field, DateField):
        day, shown = row.field.date(), row.field.words.text()
        right = day is not None and said == ours and shown == long_date(day) and not row.field.words.isHidden()
    else:
        shown = row.field.text()
        right = said == shown == ours
    return "" if right and not told else f"{text!r} is understood as {said!r}, shown as {shown!r}. {told}"


def fault_of_impossible(row: Row, text: str) -> str:
    typed(row, text)
    sentence = row.error.text()
    if row.error.isHidden() or len(sentence.split()) < 4 or not sentence[0].isupper():
        return f"{text!r} is not told at the field: {sentence!r}"
    return "" if text in row.field.value() else f"{text!r} did not stay as it was typed"


def takes_any_text(row: Row) -> bool:
    """Its words speak of a date or a number, and it is a line of any text, or reads something else."""
    if row.name in WORDS_ALL_THE_SAME or not isinstance(row.field, LineField | DateField):
        return False
    for words, kinds in SPEAKS:
        if re.search(words, row.name) or re.search(words, row.label, re.IGNORECASE):
            return reads_of(row.field) not in kinds
    return False


TODAY: Final = NOW.date()
ONE_OF_EACH: Final[dict[str, Callable[[], AnyField]]] = {
    Reads.TELEPHONE: read_back.phone,
    Reads.TELEPHONES: read_back.phones,
    Reads.EMAIL: read_back.email,
    Reads.TELEPHONE_OR_EMAIL: lambda: read_back.phone_or_email(lambda: True),
    Reads.POSTCODE: read_back.postcode,
    Reads.NHS_NUMBER: read_back.nhs_number,
    Reads.TIME: read_back.clock_time,
    Reads.MOMENT: lambda: read_back.moment(lambda: TODAY),
    DATE: lambda: fields.day(lambda: TODAY),
    BIRTH_DATE: lambda: fields.birth_date(lambda: TODAY),
}


@pytest.mark.parametrize("reads", ONE_OF_EACH)
def test_every_usual_writing_is_understood_and_every_impossible_one_is_told(reads: str, qtbot: QtBot) -> None:
    form = Form()
    qtbot.addWidget(form)
    form.add("field", "Field", ONE_OF_EACH[reads]())
    row = form.rows["field"]
    faults = [fault_of_usual(row, text, ours) for text, ours in USUAL[reads].items()]
    faults += [fault_of_impossible(row, text) for text in IMPOSSIBLE[reads]]
    assert [fault for fault in faults if fault] == []
    assert not form.check()
    typed(row, next(iter(USUAL[reads])))
    assert form.check()


@pytest.mark.slow
def test_in_every_form_usual_writings_are_understood_and_impossible_ones_are_told_and_not_saved(
    walked: Walk, session: Session, qtbot: QtBot
) -> None:
    def written() -> int:
        return int(session.store.write(lambda writer: writer.value("SELECT count(*) FROM audit")))

    assert unreached(walked) == [], "these forms are not come by: say in tests/ui/every_form.py how they open"
    before, faults, unpressed, number = written(), [], set(), 0
    for made in walked.made:
        named = {row.name: f"{made.where}: {row.label} ({row.name})" for row in made.form.rows.values()}
        faults += [f"{named[row.name]} takes any text" for row in made.form.rows.values() if takes_any_text(row)]
        holding = []
        for row, reads in read_rows(made):
            # another writing in every field: each table is gone through in whole above
            text, ours = list(USUAL[reads].items())[number % len(USUAL[reads])]
            wrong = IMPOSSIBLE[reads][number % len(IMPOSSIBLE[reads])]
            number += 1
            for fault in (fault_of_usual(row, text, ours), fault_of_impossible(row, wrong)):
                faults += [f"{named[row.name]}: {fault}"] if fault else []
            row.error.hide()
            if getattr(row.field, "holds_up", True):
                holding.append(row)
        if holding and not press_save(made):
            unpressed |= {made.where} if made.page is not None else set()
            made.form.check()
        if made.page is not None:
            qtbot.waitUntil(lambda page=made.page: background.waiting_for(page) == 0)
        faults += [f"{named[row.name]}: Save does not tell" for row in holding if row.error.isHidden()]
    assert faults == [], "\n".join(["", *faults])
    assert number > 100
    assert sorted(unpressed - set(NOT_PRESSED)) == []
    assert written() == before
