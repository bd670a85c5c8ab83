"""Which columns the caseload shows, and in what order: for the keyboard what a click on a heading is for the mouse."""

from collections.abc import Collection

from PySide6.QtCore import Signal

from wellbeing_desktop.ui.pages.caseload_parts import rows
from wellbeing_desktop.ui.widgets import fields
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.choices import TickSetField
from wellbeing_desktop.ui.widgets.form import Form


class ColumnsAndOrder(Card):
    """`edited` tells of each tick and choice: the list follows at once."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__("Columns and order")
        form = Form()
        self.columns = TickSetField([(word, rows.COLUMNS[at].heading) for word, at in rows.OPTIONAL.items()])
        self.order = fields.choice(rows.ORDERS)
        self.turned = fields.tick("The other way ro&und")
        form.add(
            "columns",
            "Colum&ns",
            self.columns,
            help_text="Name, birth date, postcode and what to know first are always shown.",
        )
        form.add("order", "In order b&y", self.order)
        form.add("turned", "", self.turned)
        form.edited.connect(self.edited)
        self.body.addWidget(form)
        self.show_columns(rows.USUAL)
        self.hide()

    def chosen(self) -> tuple[str, ...]:
        return tuple(self.columns.value().split())

    def show_columns(self, chosen: Collection[str]) -> None:
        self.columns.set_value("\n".join(chosen))

    def show_order(self, sort: str, *, descending: bool) -> None:
        """What a click on a heading, or a view, has chosen."""
        self.order.set_value("" if sort == "name" else sort)
        self.turned.setChecked(descending)
