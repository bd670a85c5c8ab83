"""The receipt of one sync, as it will be on paper."""

from collections.abc import Sequence
from functools import partial

from wellbeing_desktop.operations.looking import noted
from wellbeing_desktop.operations.outbox import PrintedReceipt, receipt_of_sync
from wellbeing_desktop.operations.receipt_document import receipt_document
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.commands import Command, for_page
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.plan_copy.paper import Paper
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import buttons, labels


class ReceiptPage(Page):
    """The argument is the number of the receipt."""

    title, nav_key, section_key, help_key = "Receipt of a sync", "receipt", "sync", "sync"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.body.addWidget(labels.heading("Receipt of a sync", 1))
        self.words = labels.body()
        self.body.addWidget(self.words)
        self.body.addWidget(buttons.link("&Back to sync", lambda: self.go.emit("sync", "receipts")))
        self.paper = Paper(session, "print_receipt", "sync-receipt.pdf")
        self.paper.on_paper = self._note
        self.body.addWidget(self.paper)
        self.body.addStretch()

    def on_shown(self, argument: str = "") -> None:
        if argument.isdecimal():
            background.query(
                self, self._session.store, partial(receipt_of_sync, number=int(argument)), self.show_receipt
            )

    def commands(self) -> Sequence[Command]:
        return (for_page("print", self.paper.print_it, name="Print the receipt", page=self.nav_key),)

    def show_receipt(self, receipt: PrintedReceipt | None) -> None:
        if receipt is None:
            self.words.setText("This receipt is not kept any more: the newest 500 are.")
            return
        self.words.setText("For staff. It names people: keep it safely.")
        document = receipt_document(receipt, user_name=self._session.user_name)
        self.paper.show_document("", document, "small", "For staff, 12 point")

    def _note(self) -> None:
        background.operate(self, self._session.store, partial(noted, what="print_receipt", at=self._session.now()))
