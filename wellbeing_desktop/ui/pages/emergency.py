"""Emergency access: opens for some hours one record that nobody gave you, and says beforehand who is told (D6).

It asks the server, so it needs a network: off line only what this laptop holds can be opened, and is open already.
"""

import datetime as dt

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.dates import staff_moment
from wellbeing_desktop.domain.emergency import HOURS, REASONS, check_reason
from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.domain.nhs_number import parse_nhs_number
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.conversation import Transport
from wellbeing_desktop.sync.client.emergency import ask_access
from wellbeing_desktop.sync.protocol.oversight import EmergencyReply
from wellbeing_desktop.ui.asking_server import ask_server
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, messages, read_back
from wellbeing_desktop.ui.widgets.form import Form

_BEFORE = (
    f"For {HOURS} hours you can read this person's record, but not what is restricted within it, and change nothing. "
    "That you asked, when and why is kept here and on the server before anything opens, and your lead is told and looks "
    "at it."
)


class EmergencyPage(Page):
    title, nav_key, section_key = "Emergency access", "emergency", "caseload"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("shows_messages", True)
        self._session = session
        self._waits_for = ""
        self.body.addWidget(labels.heading("Emergency access", 1))
        self.body.addWidget(labels.body(_BEFORE))
        self.told = messages.notice("", "plain")
        self.told.hide()
        self.body.addWidget(self.told)
        self.form = Form()
        self.form.add("nhs_number", "&NHS number", read_back.nhs_number())
        self.form.add(
            "family_name", "&Family name", fields.line(), help_text="With the date of birth, where you have no number."
        )
        self.form.add("born_on", "&Date of birth", fields.birth_date(session.today))
        self.form.add("reason", "&Why now", fields.choice(tuple(REASONS.items()), empty="Choose"), required=True)
        self.form.add(
            "words",
            "What &happened",
            fields.note(lines=3),
            help_text="A few words: your lead reads them.",
            required=True,
        )
        self.form.add(
            "passphrase",
            "Your &passphrase",
            fields.secret(),
            help_text="Asked again, so that it is you at the keyboard.",
            required=True,
        )
        self.button = buttons.danger("&Open the record", self.ask)
        self.form.add_actions(self.button)
        card = cards.Card()
        card.body.addWidget(self.form)
        self.body.addWidget(card)
        self.body.addStretch(1)

    def first_focus(self) -> QWidget:
        return self.form.rows["nhs_number"].field

    def ask(self) -> None:
        """Check the passphrase, note it, and ask the server; off the window's thread."""
        messages.clear(self)
        if not self.form.check():
            return
        values = self.form.values()
        try:
            check_reason(values["reason"], values["words"])
            if values["nhs_number"].strip():
                parse_nhs_number(values["nhs_number"])
            elif not (values["family_name"].strip() and values["born_on"]):
                raise Refused("Give the NHS number, or the family name and the date of birth.", "nhs_number")
        except Refused as refusal:
            self.form.show_errors({refusal.field or "nhs_number": refusal.message})
            return
        born = dt.date.fromisoformat(values["born_on"]) if values["born_on"] else None

        def question(store: Store, transport: Transport) -> EmergencyReply:
            store.keys.confirm_passphrase(values["passphrase"])
            return ask_access(
                store,
                transport,
                reason=values["reason"],
                words=values["words"],
                nhs_number=values["nhs_number"],
                family_name=values["family_name"],
                born_on=born,
            )

        self.button.setEnabled(False)
        ask_server(self, self._session.store, question, self._opened, self._refused)

    def refresh(self, changes: Changes) -> None:
        """The record has come."""
        if self._waits_for and self._waits_for in changes.subjects():
            person, self._waits_for = self._waits_for, ""
            self.go.emit("person", person)

    def _opened(self, reply: EmergencyReply) -> None:
        self.button.setEnabled(True)
        self.form.set_values({"passphrase": "", "words": ""})
        if not reply.until:
            self.go.emit("person", reply.subject)
            return
        told = "1 person is told." if reply.told == 1 else f"{reply.told} people are told."
        if not reply.told:
            told = "Your service has named no lead to be told: tell one yourself."
        self._waits_for = reply.subject
        self.told.show_message(
            messages.Message(
                f"Open until {staff_moment(dt.datetime.fromisoformat(reply.until))}. {told} The record is being fetched, "
                "and opens here when it has come.",
                "",
                "",
                "plain",
            )
        )
        self.told.show()
        if self._session.sync is not None:
            self._session.sync.sync_now()

    def _refused(self, problem: BaseException) -> None:
        self.button.setEnabled(True)
        self.form.set_values({"passphrase": ""})
        if isinstance(problem, StoreProblem) and problem.kind in ("wrong_passphrase", "wait"):
            self.form.show_errors({"passphrase": f"{problem.message} {problem.advice}".strip()})
        elif isinstance(problem, Refused):
            self.form.show_errors({problem.field or "nhs_number": problem.message})
        else:
            messages.show(self, problem)
