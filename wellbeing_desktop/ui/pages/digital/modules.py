"""Digital content: the modules that may be released, with their pathway, and how often each was."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QSizePolicy, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.knowledge import DigitalModule
from wellbeing_desktop.operations.digital import IN_USE, lines_of
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.module_ledger import Released, module_ledger
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.person.parts import row_of_buttons
from wellbeing_desktop.ui.pages.today_parts.day import things
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, labels
from wellbeing_desktop.ui.widgets.empty_state import empty_state
from wellbeing_desktop.ui.widgets.list_card import ListCard


class ModulesPage(Page):
    title, nav_key, section_key, help_key = "Digital content", "modules", "services", "digital"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.body.addWidget(labels.heading("Digital content", 1))
        self.body.addWidget(
            row_of_buttons(
                buttons.primary("&Add a module", partial(self.go.emit, "module", ""), icon="plus"),
                buttons.secondary("What was &released: the ledger", partial(self.go.emit, "ledger", ""), icon="table"),
            )
        )
        columns = [Column("Released", width=24), Column("Module")]
        self.list = ListCard("Modules", columns, -1, lambda _words: "plain")
        self.list.table.opened.connect(partial(self.go.emit, "module"))
        self.list.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.body.addWidget(self.list)
        self.nothing = empty_state(
            "No modules yet",
            "Add the content that your service may open to people, with the criteria of its pathway. "
            "It is released from a person’s record.",
            None,
            "book-open",
        )
        self.nothing.hide()
        self.body.addWidget(self.nothing)
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        def ask(reader: Reader) -> tuple[list[DigitalModule], list[Released]]:
            return load_all(reader, DigitalModule), module_ledger(reader)

        background.query(self, self._session.store, ask, self._show)

    def refresh(self, changes: Changes) -> None:
        if changes.touches("digital_module", "module_release"):
            self.on_shown()

    def panes(self) -> Sequence[QWidget]:
        return (self.list,) if not self.list.isHidden() else (self,)

    def _show(self, found: tuple[list[DigitalModule], list[Released]]) -> None:
        modules, released = found
        times = Counter(one.module_id for one in released)
        in_use = Counter(one.module_id for one in released if one.state in IN_USE)
        rows = []
        for module in sorted(modules, key=lambda one: (bool(one.retired), one.name.casefold(), one.id)):
            sessions, criteria = len(lines_of(module.sessions)), len(lines_of(module.criteria))
            known = (
                "No longer released" if module.retired else "",
                module.pathway,
                module.platform,
                things(sessions, "session") if sessions else "",
                f"{criteria} criteria" if criteria != 1 else "1 criterion",
            )
            about = ". ".join(part for part in known if part)
            many = times[module.id]
            said = f"{things(many, 'release')}, {in_use[module.id]} in use" if many else "Not released yet"
            rows.append(TableRow(module.id, (said, f"{module.name}\n{about}")))
        self.list.show_rows(rows, things(len(rows), "module"))
        self.nothing.setVisible(not rows)
        tab_in_reading_order(self)
