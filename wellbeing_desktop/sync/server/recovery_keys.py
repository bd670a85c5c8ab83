"""The public half of the organisation's recovery key: kept here, and named to every laptop that signs in.

The private half never comes near this server (docs/decisions/0014). A laptop that has the key from its policy file, or
has one already, does not take another on the server's word alone.
"""

import datetime as dt

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.storage.organisation_public import public_from, text_of
from wellbeing_desktop.sync.protocol.signing_in import recovery_key_message
from wellbeing_desktop.sync.server import acts, sql
from wellbeing_desktop.sync.server.auth import Secrets
from wellbeing_desktop.sync.server.engine import Transaction


def recovery_key(transaction: Transaction, org: str) -> str:
    """As it is sent; empty if there is none."""
    row = transaction.one("SELECT recovery_key FROM organisation WHERE org = ?", (org,))
    return str(row[0]) if row else ""


def groups_of(text: str) -> str:
    """The six groups of four digits that are on the sheets; empty for no key."""
    return six_groups(public_from(text)) if text else ""


def named(transaction: Transaction, org: str, keys: Secrets) -> dict[str, str]:
    """The fields of the reply to whoever signs in."""
    text = recovery_key(transaction, org)
    if not text:
        return {}
    return {"recovery_key": text, "recovery_key_signature": keys.sign(recovery_key_message(org, text))}


def put(
    transaction: Transaction, org: str, keys: Secrets, text: str, now: dt.datetime, *, replace: bool, by: str
) -> str:
    """Answers the six groups. Raises Refused for what is no key, and for another one unless it is to be replaced."""
    text = text_of(public_from(text))
    sql.locked_clock(transaction, org)
    before = recovery_key(transaction, org)
    if before and before != text and not replace:
        raise Refused(
            f"This organisation has the recovery key {groups_of(before)}. Say the same with --replace to name another: "
            "laptops that have the first go on with it until each is told, in its policy file or in its Settings."
        )
    if before != text:
        transaction.run("UPDATE organisation SET recovery_key = ? WHERE org = ?", (text, org))
        acts.note(transaction, org, keys, by, "recovery key of the organisation set", groups_of(text), now)
    return groups_of(text)
