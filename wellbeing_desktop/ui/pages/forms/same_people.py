"""The people who may be the one being typed: looked for while somebody types, listed with how sure and why."""

import datetime as dt
from collections.abc import Callable, Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.dates import day_words
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.nhs_number import format_nhs_number
from wellbeing_desktop.exchange.telephone import parse_telephone
from wellbeing_desktop.operations.duplicates import PossibleDuplicate, who_may_be
from wellbeing_desktop.operations.likeness import Known, known
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.search import PersonRow
from wellbeing_desktop.storage.similar import row_of
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import fields, labels
from wellbeing_desktop.ui.widgets.cards import Card
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.short_table import ShortTable

Offer = tuple[PersonRow, PossibleDuplicate]
_ASKED_BY = ("family_name", "given_name", "known_as", "born_on", "nhs_number", "telephone", "line1", "postcode")
_COLUMNS = (
    Column("Name"),
    Column("Born", width=12),
    Column("Postcode", width=10),
    Column("NHS number", width=14),
    Column("How sure", width=10),
    Column("Why"),
)


def typed_person(values: Mapping[str, str], born_on: dt.date | None) -> Known:
    """What a form says of somebody, as comparing takes it; a number that fails its check is compared too."""
    said = {name: values.get(name, "").strip() for name in _ASKED_BY}
    telephone = ""
    if said["telephone"]:
        try:
            telephone = parse_telephone(said["telephone"]).e164
        except Refused:
            telephone = said["telephone"]
    return known(
        "",
        said["family_name"],
        said["given_name"],
        said["known_as"],
        born_on,
        said["nhs_number"],
        said["postcode"],
        line1=said["line1"],
        telephones=(telephone,),
    )


def offers_for(reader: Reader, typed: Known) -> list[Offer]:
    """The people here who may be the one typed, the surest first, as lists show them."""
    offers = []
    for offer in who_may_be(reader, typed):
        row = row_of(reader, offer.person_id)
        if row is not None:
            offers.append((row, offer))
    return offers


class SamePeople(Card):
    """Watches a form that says who somebody is. `found` says that another set of people is offered, `opened` that one
    of them was chosen with Enter."""

    found = Signal()
    opened = Signal(str)

    def __init__(self, session: Session, form: Form, hint: str) -> None:
        super().__init__("People who may be the same person")
        self._session = session
        self._form = form
        self._ids: tuple[str, ...] = ()
        self.offers: list[Offer] = []
        self.model = ShortList(_COLUMNS, self)
        self.table = ShortTable("People who may be the same", self.model, most_rows=4, has_header=True)
        self.table.opened.connect(self.opened)
        self.body.addWidget(labels.muted(hint))
        self.body.addWidget(self.table)
        self.hide()
        self._pause = QTimer(self, singleShot=True, interval=250)
        self._pause.timeout.connect(lambda: self.look(self.show_offers))
        for name in _ASKED_BY:
            if name in form.rows:
                form.rows[name].field.edited.connect(self._pause.start)

    def look(self, then: Callable[[list[Offer]], None]) -> None:
        """Ask who may be the one typed; off the GUI thread."""
        typed = typed_person(self._form.values(), self._born_on())
        background.query(self, self._session.store, lambda reader: offers_for(reader, typed), then)

    def show_offers(self, offers: list[Offer]) -> None:
        ids = tuple(row.id for row, _offer in offers)
        changed = ids != self._ids
        self._ids, self.offers = ids, offers
        self.model.show_rows([_row(*pair) for pair in offers])
        self.setVisible(bool(offers))
        if changed:
            self.found.emit()

    def forget(self) -> None:
        """Another form begins."""
        self._pause.stop()
        self._ids, self.offers = (), []
        self.hide()

    def _born_on(self) -> dt.date | None:
        field: QWidget = self._form.rows["born_on"].field
        return field.date() if isinstance(field, fields.DateField) else None


def _row(row: PersonRow, offer: PossibleDuplicate) -> TableRow:
    born = day_words(row.born_on, "Not known")
    number = format_nhs_number(row.nhs_number) if row.nhs_number else "Not known"
    reasons = ", ".join(offer.reasons)
    why = reasons[:1].upper() + reasons[1:]
    return TableRow(row.id, (row.name, born, row.postcode or "Not known", number, offer.verdict.words, why))
