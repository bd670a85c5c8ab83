"""How this laptop reaches the server, and what the organisation has set for it (PRACTICE W29)."""

from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.storage.organisation_public import public_from
from wellbeing_desktop.sync.client.policy import SET_BY, Policy, read_policy
from wellbeing_desktop.sync.client.proxy import NO_PROXY, SYSTEM_PROXY
from wellbeing_desktop.sync.client.way import OwnWay, keep_own_way, own_way
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, layouts
from wellbeing_desktop.ui.widgets.form import Form

_BY_ADDRESS = "address"
_PROXIES = (
    ("", "No proxy"),
    (SYSTEM_PROXY, "The proxy that Windows or macOS has set"),
    (_BY_ADDRESS, "The proxy at this address"),
)


class Found(msgspec.Struct, frozen=True):
    """What the files say. `trouble` is the sentence of a policy that cannot be read."""

    policy: Policy = Policy()
    own: OwnWay = OwnWay()
    trouble: str = ""


def find(home: Path) -> Found:
    """Read both files; for a thread that may wait for the disk."""
    try:
        return Found(read_policy(), own_way(home))
    except Refused as refusal:
        return Found(own=own_way(home), trouble=refusal.message)


class ConnectionPart(QWidget):
    """`said` gets the words after a save."""

    def __init__(self, home: Path, said: Callable[[str], object]) -> None:
        super().__init__()
        self._home, self._said = home, said
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        column.setSpacing(SPACE_M)
        self.form = Form()
        self.form.add("way", "P&roxy", fields.choice(_PROXIES))
        self.form.add(
            "address",
            "&Address of the proxy",
            fields.line(hint="http://proxy.example:8080"),
            help_text="With a name and password, if it asks for them: http://name:password@proxy.example:8080.",
        )
        self.save_button = buttons.primary("Save the pro&xy", self.save)
        self.form.add_actions(self.save_button)
        self.own = cards.card(
            "Way to the server",
            labels.body("Most networks need no proxy. Records are encrypted all the way to the server either way."),
            self.form,
        )
        column.addWidget(self.own)
        self.set = cards.Card(SET_BY.rstrip("."))
        column.addWidget(self.set)
        column.addStretch(1)
        self.set.hide()

    def show_found(self, found: Found) -> None:
        """The policy's lines to read; the proxy to choose only where the organisation left it open."""
        proxy = found.own.proxy
        by_address = proxy not in ("", NO_PROXY, SYSTEM_PROXY)
        self.form.set_values({"way": _BY_ADDRESS if by_address else proxy, "address": proxy if by_address else ""})
        self.own.setVisible(not found.policy.proxy and not found.trouble)
        lines = [found.trouble, "Nothing is sent or fetched until it is put right."] if found.trouble else []
        lines = lines or policy_lines(found.policy)
        layouts.empty(self.set.body)
        for line in lines:
            self.set.body.addWidget(labels.body(line, selectable=True))
        self.set.setVisible(bool(lines))

    def save(self) -> None:
        values = self.form.values()
        proxy = values["address"].strip() if values["way"] == _BY_ADDRESS else values["way"]
        if values["way"] == _BY_ADDRESS and not proxy:
            self.form.show_errors({"address": "Type the address of the proxy."})
            return
        try:
            keep_own_way(self._home, OwnWay(proxy))
        except Refused as refusal:
            self.form.show_errors({"address": refusal.message})
            return
        self.form.show_errors({})
        self._said("The proxy is saved. It is used from the next time this store is opened.")


def policy_lines(policy: Policy) -> list[str]:
    """Each setting of a policy as a line to read; a name or password of a proxy is never shown."""
    proxies = {NO_PROXY: "none", SYSTEM_PROXY: "the one that the system has set"}
    minutes = "1 minute" if policy.lock_minutes == 1 else f"{policy.lock_minutes} minutes"
    return [
        line
        for line in (
            f"Server: {policy.server}" if policy.server else "",
            f"Proxy: {proxies.get(policy.proxy) or policy.proxy.rpartition('@')[2]}" if policy.proxy else "",
            "Only the organisation's own certificate authority is trusted." if policy.authority else "",
            f"The window locks after {minutes} without a key." if policy.lock_minutes else "",
            f"Stores are kept in: {policy.folder}" if policy.folder else "",
            f"The organisation's recovery key: {six_groups(public_from(policy.recovery_key))}"
            if policy.recovery_key
            else "",
            "New versions are installed by your organisation, not by this program." if policy.updates is False else "",
        )
        if line
    ]
