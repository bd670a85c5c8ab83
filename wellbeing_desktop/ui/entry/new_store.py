"""Making a store: who you are, and a passphrase of four generated words or of your own."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.storage.words import check_own_choice
from wellbeing_desktop.sync.client.organisation_key import policy_key
from wellbeing_desktop.sync.client.policy import SET_BY, read_policy
from wellbeing_desktop.ui.entry.generated_words import GeneratedWords
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, messages
from wellbeing_desktop.ui.widgets.form import Form


class NewStorePage(Page):
    """`made` gives the values of the form. With `joining` it also asks for the server and the one-time code, and not
    for a name: the organisation knows who the code is for."""

    help_key = "first_run"
    made = Signal(object)
    given_up = Signal()

    def __init__(self, *, joining: bool) -> None:
        super().__init__()
        self.title = "Join an organisation" if joining else "Make a store on this computer"
        self.nav_key = "join" if joining else "alone"
        self.joining = joining
        self.generated = GeneratedWords()
        self.body.addWidget(labels.heading(self.title, 1))
        self.form = Form()
        if joining:
            server = _server_set()
            self.form.add(
                "server",
                "&Server address",
                fields.line(hint="https://"),
                help_text=SET_BY if server else "",
                required=True,
            )
            if server:
                self.form.set_values({"server": server})
                self.form.rows["server"].field.setProperty("readOnly", True)
            self.form.add(
                "code",
                "One-time &code",
                fields.line(),
                help_text="From your administrator. It works once, for one day.",
                required=True,
            )
        else:
            self.form.add(
                "user_name", "Your &name", fields.line(), help_text="As it stands in what you write.", required=True
            )
            self.form.add("organisation_name", "Your &organisation or team", fields.line(), required=True)
        self.form.add(
            "label",
            "Name of this store on the &unlock screen",
            fields.line(),
            help_text="Others can see it. Name no person you support.",
            required=True,
        )
        if joining:
            self.form.add_widget(_who_opens_card())
        self.form.add_widget(self._passphrase_card())
        self.form.add("passphrase", "&Passphrase", fields.secret(), required=True)
        self.form.add("again", "Passphrase &again", fields.secret(), required=True)
        self.button = buttons.primary("Join with this &laptop" if joining else "Make the s&tore", self.make)
        self.form.add_actions(self.button, buttons.link("&Back", self.given_up.emit))
        self.body.addWidget(self.form)
        self.body.addStretch(1)

    def make(self) -> None:
        messages.clear(self)
        if not self.form.check():
            return
        values = self.form.values()
        errors = {}
        if values["passphrase"] != self.generated.words:
            try:
                check_own_choice(values["passphrase"])
            except Refused as refusal:
                errors["passphrase"] = refusal.message
        if values["again"] != values["passphrase"]:
            errors["again"] = "The two passphrases are not the same. Type both again."
        self.form.show_errors(errors)
        if not errors:
            self.set_busy(True)
            self.made.emit(values)

    def set_busy(self, busy: bool) -> None:
        self.button.setEnabled(not busy)

    def failed(self, problem: BaseException) -> None:
        self.set_busy(False)
        self.form.show_refusal(problem)

    def first_focus(self) -> QWidget:
        first = ("code" if self.form.values()["server"] else "server") if self.joining else "user_name"
        return self.form.rows[first].field

    def _passphrase_card(self) -> QWidget:
        card = cards.Card("Your passphrase")
        card.body.addWidget(
            labels.body(
                "These four words were made for you by chance. Write them down until you know them, and type them below. "
                "You can choose your own instead, of 15 characters or more."
            )
        )
        card.body.addWidget(self.generated)
        return card

    @property
    def words(self) -> str:
        """The generated words that are offered now."""
        return self.generated.words


def _who_opens_card() -> QWidget:
    """Said before anything is joined: who will be able to read what is written on this laptop."""
    try:
        key = policy_key()
    except Refused:
        key = b""
    organisation = (
        f"Your organisation, with two of the three sheets of its recovery key {six_groups(key)}. One sheet opens nothing."
        if key
        else "Your organisation, if it has a recovery key: two of the three people who keep a sheet of it, together. One "
        "sheet opens nothing. Settings says whether it has, and which."
    )
    return cards.card(
        "Who will be able to open this store",
        labels.body("You, with your passphrase, and whoever holds the recovery kit that you print in a moment."),
        labels.body(organisation),
        labels.body(
            "If your organisation ends this laptop's access, your passphrase opens the store no more, and with a recovery "
            "key of the organisation your kit does not either."
        ),
    )


def _server_set() -> str:
    """The server of the organisation's policy; a policy that cannot be read is said when the laptop joins."""
    try:
        return read_policy().server
    except Refused:
        return ""
