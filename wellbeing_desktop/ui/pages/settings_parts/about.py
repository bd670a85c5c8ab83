"""What this program is, whose work is in it, and who is signed in where."""

import datetime as dt
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import msgspec
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.dates import staff_moment
from wellbeing_desktop.domain.resources import resource
from wellbeing_desktop.operations.returns import CODE_VERSION
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import cards, labels, layouts

QUESTIONNAIRES: Final = ("ons4", "gad7", "phq9")
OTHERS: Final = (
    ("Bank holidays and lists of practices", "Public sector information, Open Government Licence v3.0."),
    ("NHS Data Dictionary lists", "NHS England, Apache License 2.0. UK Core lists: HL7 UK, Apache License 2.0."),
    ("Words for passphrases", "Electronic Frontier Foundation, by Joseph Bonneau, CC BY 3.0 US."),
    ("Inter and Noto fonts", "SIL Open Font License 1.1."),
    ("Lucide icons", "ISC License."),
    ("Qt for Python", "GNU LGPL version 3."),
    ("SQLCipher", "Zetetic LLC, BSD-style licence."),
    ("ReportLab", "BSD licence."),
)


class Facts(msgspec.Struct, frozen=True):
    """Who and where. `last_sync` is None before the first; `server` is empty for a store on this computer only."""

    user_name: str
    organisation: str
    device_id: str
    server: str
    last_sync: dt.datetime | None


class AboutPart(QWidget):
    """`show_facts` fills in what is read from the store."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        column.setSpacing(SPACE_M)
        self.signed_in = cards.Card("Signed in")
        column.addWidget(self.signed_in)
        column.addWidget(
            cards.card(
                "Wellbeing Desktop",
                labels.body(f"Version {program_version()}", selectable=True),
                labels.body("Licensed under the Apache License, version 2.0."),
            )
        )
        questionnaires = cards.Card("Questionnaires")
        for title, words in credits():
            questionnaires.body.addWidget(labels.strong(title))
            questionnaires.body.addWidget(labels.body(words))
        column.addWidget(questionnaires)
        others = cards.Card("Other people's work in this program")
        for title, words in OTHERS:
            others.body.addWidget(labels.strong(title))
            others.body.addWidget(labels.muted(words))
        column.addWidget(others)

    def show_facts(self, facts: Facts) -> None:
        layouts.empty(self.signed_in.body)
        synced = "not yet" if facts.last_sync is None else staff_moment(facts.last_sync)
        for line in (
            f"You are {facts.user_name or 'not named'}.",
            f"Organisation: {facts.organisation or 'not named'}",
            f"Server: {facts.server}" if facts.server else "This store is on this computer only.",
            f"Last sync: {synced}" if facts.server else "",
        ):
            if line:
                self.signed_in.body.addWidget(labels.body(line))
        self.signed_in.body.addWidget(labels.muted("Number of this device, for your administrator:"))
        self.signed_in.body.addWidget(labels.body(facts.device_id, selectable=True))


def program_version() -> str:
    try:
        return version("wellbeing-desktop")
    except PackageNotFoundError:  # a folder that was never installed
        return CODE_VERSION


def credits() -> tuple[tuple[str, str], ...]:
    """Each questionnaire's title and the words of its licence, from the file that holds its questions."""
    found = []
    for name in QUESTIONNAIRES:
        content = msgspec.json.decode(resource(f"questionnaires/{name}.json").read_bytes(), type=_Credited)
        found.append((content.title, content.copyright.partition(" Wording:")[0]))
    return tuple(found)


class _Credited(msgspec.Struct, frozen=True):
    title: str
    copyright: str
