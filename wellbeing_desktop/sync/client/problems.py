"""Every way that the server, or the way to it, can say no: what happened, what to do, whether waiting helps.

One place for the words, so that the window, the command line and the log say the same. No message carries what a
server sent back, nor anything about a person: a reply from a stranger is never shown.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from wellbeing_desktop.domain.errors import SyncProblem

SAFE: Final = "Everything that you have saved is safe on this laptop."


class _Words(msgspec.Struct, frozen=True):
    message: str
    advice: str
    retry: bool = True
    offline: bool = False


_NETWORK: Final = "Carry on working. Changes are sent when there is a connection."
_ADMINISTRATOR: Final = "Tell your administrator. Carry on working meanwhile."

_WORDS: Final[Mapping[str, _Words]] = {
    # The way to the server. These are the state "working offline", never an error to press away.
    "name_not_found": _Words("The server's name was not found.", _NETWORK, offline=True),
    "connection_refused": _Words("The server is not answering at its address.", _NETWORK, offline=True),
    "unreachable": _Words("The server cannot be reached.", _NETWORK, offline=True),
    "timed_out": _Words("The server did not answer in time.", _NETWORK, offline=True),
    "connection_lost": _Words("The connection was lost part way.", _NETWORK, offline=True),
    "sign_in_page": _Words(
        "The network answered with a web page of its own in place of the server.",
        "Open a web browser, sign in to the network if it asks, and try again. Carry on working meanwhile.",
        offline=True,
    ),
    "proxy_failed": _Words(
        "The proxy that is set for this laptop did not connect.",
        "Check the proxy in Settings, or clear it.",
        offline=True,
    ),
    "proxy_sign_in": _Words(
        "The proxy that is set for this laptop asks for a name and password.",
        "Check them in Settings, or ask your administrator. Nothing was sent.",
        offline=True,
    ),
    "proxy_refused": _Words(
        "The proxy that is set for this laptop does not let it reach the server.",
        "Ask your administrator to allow the server's address. Nothing was sent.",
        offline=True,
    ),
    "proxy_no_way": _Words(
        "The proxy that is set for this laptop could not reach the server.",
        _NETWORK,
        offline=True,
    ),
    "policy_unreadable": _Words(
        "Your organisation's settings for this laptop could not be read, so nothing is sent or fetched.",
        _ADMINISTRATOR,
    ),
    # Who answered. Nothing is sent to a server that cannot prove its name.
    "certificate_expired": _Words(
        "The server's certificate has expired.",
        "Check that this laptop's date and time are right. If they are, tell your administrator: the certificate "
        "must be renewed. Nothing was sent.",
    ),
    "certificate_not_yet_valid": _Words(
        "The server's certificate is for a later date.",
        "Check that this laptop's date and time are right. Nothing was sent.",
    ),
    "certificate_wrong_name": _Words(
        "The server that answered is not the one at this address.",
        "The network may be redirecting you, or the address may be mistyped. Nothing was sent.",
    ),
    "certificate_not_trusted": _Words(
        "The server's certificate is not trusted by this laptop.",
        "A network that inspects traffic does this, and so does a server with a private certificate. "
        "Tell your administrator. Nothing was sent.",
    ),
    "tls_failed": _Words(
        "A private connection to the server could not be made.",
        "The server may be too old, or the network may be in the way. Tell your administrator. Nothing was sent.",
    ),
    "tls_too_old": _Words(
        "The server, or something on the way to it, offers only an old kind of encryption.",
        "Tell your administrator. Nothing was sent.",
    ),
    "redirected": _Words(
        "The server's address sends this laptop to another server.",
        "Check the address in Settings with your administrator. Nothing was sent there.",
        retry=False,
    ),
    "not_our_server": _Words(
        "There is no Wellbeing server at this address.",
        "Check the address in Settings with your administrator.",
        retry=False,
    ),
    "another_organisation": _Words(
        "The server at this address is not the one that this laptop joined.",
        f"Nothing was sent or changed. Check the address in Settings with your administrator. {SAFE}",
        retry=False,
    ),
    # What the answer was like.
    "reply_cut_short": _Words("The server's answer was cut short.", _NETWORK),
    "reply_damaged": _Words("The server's answer arrived damaged and was thrown away.", _NETWORK),
    "reply_too_large": _Words("The server's answer was larger than it may be.", _ADMINISTRATOR),
    # What the server said.
    "sign_in_again": _Words("The server asks this laptop to sign in again.", "Sign in again to send your changes."),
    "waiting_for_approval": _Words(
        "Your administrator has not approved this laptop yet.",
        "Read the short code on this screen to your administrator.",
    ),
    "approval_refused": _Words(
        "Your administrator did not approve this laptop.",
        "Ask your administrator for a new invitation.",
        retry=False,
    ),
    "revoked": _Words(
        "This laptop may no longer connect to the organisation.",
        f"Speak to your administrator. {SAFE}",
        retry=False,
    ),
    "sealed": _Words(
        "Your organisation ended this laptop's access and sealed its case store.",
        "Nothing in it was deleted. The unlock screen says which key opens it now. Speak to your administrator: what was "
        "not sent can be sent then.",
        retry=False,
    ),
    "leaving": _Words(
        "Your access here has ended.",
        "What you have written is still sent, and goes to your team. Nothing new is fetched.",
        retry=False,
    ),
    "code_not_right": _Words(
        "The invitation code is not right, was used before, or is out of date.",
        "Check each character, or ask your administrator for a new code.",
        retry=False,
    ),
    "new_history": _Words(
        "The server was restored from a backup.", "What it lacks is being sent again. Nothing is lost."
    ),
    "forked": _Words(
        "Another copy of this laptop's store has been used.",
        "This laptop asks for a new identity by itself. If this is said again and again, ask your administrator for a "
        f"new invitation. {SAFE}",
        retry=False,
    ),
    "resync": _Words(
        "This laptop has been away longer than the server remembers.",
        "Everything is being fetched again. Your unsent changes are kept.",
    ),
    "too_much_at_once": _Words("The server asks for smaller portions.", "Smaller portions are being sent."),
    "upgrade": _Words(
        "This version is too old to receive changes from the server.",
        "Your changes are still sent. Install the new version to receive the others'.",
        retry=False,
    ),
    "busy": _Words("The server is busy.", "It is tried again shortly."),
    "unavailable": _Words("The server is not ready just now.", "It is tried again shortly."),
    "server_fault": _Words("The server had a fault.", "It is tried again. If it goes on, tell your administrator."),
    "request_refused": _Words("The server did not accept what this laptop asked.", _ADMINISTRATOR),
    "may_not": _Words(
        "This is for those who lead a team or look after the service.",
        "Ask your team lead or your administrator.",
        retry=False,
    ),
    "no_person": _Words(
        "Nobody is found by that, or more than one person.",
        "Check the NHS number, or the name and the date of birth. That you asked is noted.",
        retry=False,
    ),
    "stood_aside": _Words(
        "You said that you know this person, so their record is closed to you.",
        "Ring a colleague or your team lead. If somebody is at risk now, press F8: it needs no record.",
        retry=False,
    ),
    # Files: their bytes travel apart, and none of these holds up a record.
    "file_not_there": _Words(
        "The server does not have this file yet.", "It comes once the laptop that added it has sent it."
    ),
    "part_damaged": _Words("A part of a file reached the server damaged.", "It is being sent again."),
    "file_too_large": _Words(
        "A file is larger than the organisation's server takes.",
        "It stays on this laptop. Ask your administrator whether larger files may be kept.",
        retry=False,
    ),
    "files_full": _Words(
        "The organisation's room for files is full.",
        "Files stay on this laptop until there is room. Tell your administrator.",
    ),
    # What this laptop found.
    "mass_removal": _Words(
        "The server asks this laptop to remove an unusual number of people.",
        "Nothing was removed. Ask your administrator to look and, if it is right, to allow it in the server's console.",
        retry=False,
    ),
    "not_joined": _Words(
        "This store is on this computer only.",
        "Join an organisation to share it.",
        retry=False,
    ),
    "already_running": _Words("Changes are already being sent and fetched.", "Wait until that has finished."),
    "cancelled": _Words("Stopped as you asked.", "What had arrived is kept. It goes on from there next time."),
}

KINDS: Final = frozenset(_WORDS)
OFFLINE_KINDS: Final = frozenset(kind for kind, words in _WORDS.items() if words.offline)


class ServerSaid(SyncProblem):
    """A SyncProblem that the server itself sent, in its own protocol.

    `retry_after_seconds` is how long it asks to be left alone, 0 if it did not say; at most an hour. `epoch` is the
    server's own, with new_history; `seal` and its signature are an order that nobody has proved yet.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        advice: str,
        *,
        retry: bool,
        retry_after_seconds: float,
        epoch: str,
        seal: str = "",
        seal_signature: str = "",
    ) -> None:
        super().__init__(kind, message, advice, retry=retry)
        self.retry_after_seconds: Final = min(max(retry_after_seconds, 0.0), 3600.0)
        self.epoch: Final = epoch
        self.seal: Final = seal
        self.seal_signature: Final = seal_signature


def problem(kind: str) -> SyncProblem:
    """The problem of this kind in its own words; KeyError for a kind that has none."""
    words = _WORDS[kind]
    return SyncProblem(kind, words.message, words.advice, retry=words.retry)


def server_said(
    kind: str, *, retry_after_seconds: float = 0.0, epoch: str = "", seal: str = "", seal_signature: str = ""
) -> ServerSaid:
    words = _WORDS[kind]
    return ServerSaid(
        kind,
        words.message,
        words.advice,
        retry=words.retry,
        retry_after_seconds=retry_after_seconds,
        epoch=epoch,
        seal=seal,
        seal_signature=seal_signature,
    )


def is_offline(found: SyncProblem) -> bool:
    """True if this only means that there is no way to the server just now: a state, not an error."""
    return found.kind in OFFLINE_KINDS
