"""Fields of a form that are not always wanted: a button shows them and hides them again."""

from collections.abc import Sequence

from PySide6.QtCore import Qt

from wellbeing_desktop.ui.widgets import buttons, messages
from wellbeing_desktop.ui.widgets.form import Form


class MoreFields:
    """The fields `names` of a form, hidden at first; `about` ends the words of the button ("this contact")."""

    def __init__(self, form: Form, names: Sequence[str], about: str) -> None:
        self._form = form
        self._names = names
        self._about = about
        self.button = buttons.secondary(f"&More about {about}", self.toggle, icon="chevron-down")
        self.show(False)

    def show(self, shown: bool) -> None:
        self.are_shown = shown
        for name in self._names:
            self._form.rows[name].holder.setVisible(shown)
        self.button.set_words(f"&{'Less' if shown else 'More'} about {self._about}")
        self.button.set_icon("chevron-up" if shown else "chevron-down")

    def toggle(self) -> None:
        """Shown, the first of them gets the keyboard; either is said to screen readers."""
        self.show(not self.are_shown)
        if self.are_shown:
            self._form.rows[self._names[0]].field.setFocus(Qt.FocusReason.TabFocusReason)
        messages.announce(self.button, "More fields shown" if self.are_shown else "More fields hidden")
