"""Words are never markup, and icons follow the theme."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel

from wellbeing_desktop.ui.theme import theme
from wellbeing_desktop.ui.widgets import labels


def test_typed_words_are_never_read_as_markup(qtbot) -> None:
    for make in (labels.body, labels.muted, labels.heading, labels.error, labels.strong):
        label = make("<img src='file:///etc/passwd'>")
        qtbot.addWidget(label)
        assert label.textFormat() is Qt.TextFormat.PlainText


def test_an_icon_takes_the_colour_of_a_new_theme(qtbot) -> None:
    icon = labels.IconLabel("triangle-alert", "warning")
    qtbot.addWidget(icon)

    def colour() -> str:
        image = icon.pixmap().toImage()
        pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
        return max(pixels, key=lambda pixel: pixel.alpha()).name().upper()

    assert colour() == theme().tokens.warning
    theme().choose("dark")
    assert colour() == theme().tokens.warning


def test_a_chip_says_its_status_in_words_with_an_icon(qtbot) -> None:
    chip = labels.chip("2 days late", "bad")
    qtbot.addWidget(chip)
    chip.set_status("On track", "good")
    assert chip.text() == "On track"
    assert chip.property("tone") == "good"


def test_a_name_is_read_without_its_alt_mark() -> None:
    assert labels.without_mnemonic("&Save contact") == "Save contact"
    assert labels.without_mnemonic("Fish && c&hips") == "Fish & chips"


def test_a_date_a_number_and_a_postcode_are_never_broken_and_are_read_as_they_were_given(qtbot) -> None:
    given = (
        "Sent on 08-Nov-2026 to DN15 9SD. Waiting: 2. Ring 01632 960 021 by 9 on day 3 of 10 (30 days, 5 working days)."
    )
    label = labels.body(given)
    qtbot.addWidget(label)
    assert label.text() == given
    drawn = QLabel.text(label)
    assert drawn.replace("\u2011", "-").replace("\u00a0", " ") == given
    assert [word for word in drawn.split(" ") if {"\u2011", "\u00a0"} & set(word)] == [
        "08\u2011Nov\u20112026",
        "DN15\u00a09SD.",
        "Waiting:\u00a02.",
        "01632\u00a0960\u00a0021",
        "(30\u00a0days,",
        "5\u00a0working",
    ]
    said = QAccessible.queryAccessibleInterface(label)
    assert said.text(QAccessible.Text.Name) == label.text()
    label.setText("Well-known: no number")
    assert QLabel.text(label) == "Well-known: no number"
    assert said.text(QAccessible.Text.Name) == "Well-known: no number"


def test_what_may_be_copied_keeps_its_plain_hyphens(qtbot) -> None:
    label = labels.body("Sent on 08-Nov-2026", selectable=True)
    qtbot.addWidget(label)
    assert QLabel.text(label) == "Sent on 08-Nov-2026"
