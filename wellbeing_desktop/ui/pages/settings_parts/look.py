"""How the window looks for whoever sits at it: colours, size of text, side of the buttons in Visit mode."""

from collections.abc import Callable

import msgspec
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.ui.theme import theme
from wellbeing_desktop.ui.tokens import SPACE_M, TEXT_PERCENTS
from wellbeing_desktop.ui.widgets import cards, fields
from wellbeing_desktop.ui.widgets.choices import AnswerField
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.window_settings import WindowSettings

THEMES = (
    ("system", "As the system"),
    ("light", "Light"),
    ("dark", "Dark"),
    ("high contrast", "High contrast"),
)


class LookPart(QWidget):
    """Every choice is used at once and kept on this computer. `remember` keeps the settings of the window."""

    def __init__(self, kept: Callable[[], WindowSettings], remember: Callable[[WindowSettings], object]) -> None:
        super().__init__()
        self._kept, self._remember = kept, remember
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        self.form = Form()
        self.colours = AnswerField(THEMES)
        self.sizes = AnswerField([(str(percent), f"{percent} %") for percent in TEXT_PERCENTS])
        self.form.add("theme", "&Colours", self.colours)
        self.form.add("text", "Si&ze of text", self.sizes, help_text="Ctrl and plus, Ctrl and minus do the same.")
        self.form.add("mirrored", "", fields.tick("Visit mode for the &left hand, with the main button at the left"))
        card = cards.card("How it looks on this computer", self.form)
        column.addWidget(card)
        self.show_kept()
        self.form.edited.connect(self._use)
        theme().changed.connect(self.show_kept)

    def show_kept(self) -> None:
        """What is chosen now, by key or here."""
        self.colours.set_value(theme().choice)
        self.sizes.set_value(str(theme().percent))
        self.form.set_values({"mirrored": "yes" if self._kept().mirrored else ""})

    def _use(self) -> None:
        values = self.form.values()
        if values["theme"]:
            theme().choose(values["theme"])
        if values["text"]:
            theme().set_percent(int(values["text"]))
        self._remember(
            msgspec.structs.replace(
                self._kept(), theme=theme().choice, text_percent=theme().percent, mirrored=bool(values["mirrored"])
            )
        )
        self.show_kept()  # pressing what is chosen again leaves it chosen
