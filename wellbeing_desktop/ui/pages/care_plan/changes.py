"""What changed in a plan: two agreed versions, or one and the plan as it stands, beside each other in words."""

from collections.abc import Sequence
from functools import partial

import msgspec
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.operations.plan_versions import (
    NOW,
    AgreedVersion,
    Difference,
    agreed_versions,
    compare_versions,
)
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.person import who
from wellbeing_desktop.ui.pages.person.parts import TwoColumns, column_of, joined, row_of_buttons
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels
from wellbeing_desktop.ui.widgets.banner import PersonBanner
from wellbeing_desktop.ui.widgets.form import Form

_AS_IT_STANDS = "As it stands now"


class Shown(msgspec.Struct, frozen=True):
    record: PersonRecord
    versions: tuple[AgreedVersion, ...]


class PlanChangesPage(Page):
    """The argument is the person's id."""

    title, nav_key, section_key, help_key = "Changes of the plan", "plan_changes", "caseload", "care_plan"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._person_id = self._plan_id = ""
        self.banner = PersonBanner()
        self.banner.hide()
        self.outer.insertWidget(0, self.banner)
        self.body.addWidget(labels.heading("What changed in the plan", 1))
        self.form = Form()
        self.form.begin_row()
        self.earlier = fields.choice(())
        self.later = fields.choice(())
        self.form.add("earlier", "&Compare", self.earlier)
        self.form.add("later", "&With", self.later)
        self.form.end_row()
        self.body.addWidget(self.form)
        self.said = labels.body("")
        self.body.addWidget(self.said)
        self._place = QVBoxLayout()
        self.body.addLayout(self._place)
        self.body.addWidget(row_of_buttons(buttons.secondary("&Back to the plan", self._back)))
        self.body.addStretch()
        self._list: QWidget | None = None
        for field in (self.earlier, self.later):
            field.edited.connect(self._compare)

    def on_shown(self, argument: str = "") -> None:
        self._person_id = argument or self._person_id
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if self._person_id in changes.subjects():
            self._ask()

    def commands(self) -> Sequence[Command]:
        return (Command("plan_changes_back", "Back to the plan", page=self.nav_key, run=self._back),)

    def first_focus(self) -> QWidget | None:
        return self.earlier

    def _ask(self) -> None:
        person_id, today = self._person_id, self._session.today()
        if not person_id:
            return

        def read(reader: Reader) -> Shown:
            record = read_person(reader, person_id, today)
            return Shown(record, agreed_versions(reader, record.plan.plan.id) if record.plan else ())

        background.query(self, self._session.store, read, self._show)

    def _show(self, shown: Shown) -> None:
        who.show_in(self.banner, shown.record, self._session.today())
        self.banner.show()
        self._plan_id = shown.record.plan.plan.id if shown.record.plan else ""
        self.form.setVisible(bool(shown.versions))
        if not shown.versions:
            self.said.setText("This plan was never agreed, so there is no version to compare with.")
            self._fill(())
            return
        versions = [(str(version.number), _named(version)) for version in shown.versions]
        kept = self.earlier.value(), self.later.value()
        self.earlier.set_choices(versions)
        self.later.set_choices([*versions[1:], (str(NOW), _AS_IT_STANDS)])
        last = versions[-1][0]
        # what the newest agreement changed; of a plan agreed once, what was written since
        usual = (versions[-2][0], last) if len(versions) > 1 else (last, str(NOW))
        self.earlier.set_value(kept[0] or usual[0])
        self.later.set_value(kept[1] or usual[1])
        self._compare()

    def _compare(self) -> None:
        plan_id, earlier, later = self._plan_id, self.earlier.value(), self.later.value()
        if not (plan_id and earlier and later):
            return
        names = (f"Version {earlier}", f"Version {later}" if later != str(NOW) else _AS_IT_STANDS)
        background.query(
            self,
            self._session.store,
            lambda reader: compare_versions(reader, plan_id, int(earlier), int(later)),
            partial(self._show_differences, names),
        )

    def _show_differences(self, names: tuple[str, str], differences: tuple[Difference, ...]) -> None:
        count = len(differences)
        self.said.setText(
            f"{count} thing{'' if count == 1 else 's'} changed." if count else "The two say the same, word for word."
        )
        self._fill([_card(difference, names) for difference in differences])

    def _fill(self, parts: Sequence[QWidget]) -> None:
        if self._list is not None:
            self._place.removeWidget(self._list)
            self._list.hide()
            self._list.deleteLater()
        self._list = column_of(*parts)
        self._place.addWidget(self._list)
        tab_in_reading_order(self)

    def _back(self) -> None:
        self.go.emit("care_plan", self._person_id)


def _card(difference: Difference, names: tuple[str, str]) -> QWidget:
    card = cards.Card(difference.heading)
    card.body.addWidget(row_of_buttons(labels.chip(difference.sentence, "plain")))
    sides = TwoColumns()
    for column, name, words in (
        (sides.left, names[0], difference.before),
        (sides.right, names[1], difference.after),
    ):
        column.addWidget(labels.muted(name))
        column.addWidget(labels.body(words or "Nothing"))
    sides.finish()
    card.body.addWidget(sides)
    return card


def _named(version: AgreedVersion) -> str:
    return joined(f"Version {version.number}", f"agreed {day_words(version.agreed_on)}" if version.agreed_on else "")
