"""How a laptop learns the organisation's recovery key, and lets it open the store: at joining and at each sync.

From the policy file, or from the server's reply to whoever signs in, signed with the key of our server. Which of them is
believed is `organisation_key.believe`. What cannot be read, or is not signed, names nothing.
"""

import contextlib

import msgspec

from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.domain.six_groups import digits_alone, six_groups
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.organisation_key import (
    FROM_USER,
    Belief,
    belief,
    believe,
    keep_belief,
    other_key_words,
)
from wellbeing_desktop.storage.organisation_part import part_is_whole
from wellbeing_desktop.storage.organisation_public import public_from
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.membership import Membership
from wellbeing_desktop.sync.client.policy import read_policy
from wellbeing_desktop.sync.protocol.signing_in import SessionReply, recovery_key_message

NOT_SIGNED = "The server named a recovery key of the organisation without proof, so it is not used."


def settle(store: Store, membership: Membership, session: SessionReply | None) -> tuple[str, ...]:
    """Believe what is to be believed, and see that the store's part is there and sealed to it. Answers what is to be
    told. A full disk holds nothing up: the next sync tries again, and the check of the store says that it is missing."""
    try:
        policy = policy_key()
    except Refused:
        return ()  # what was to be set is not known: nothing changes until it is
    server = _named(membership, session) if session is not None else b""
    unproven = session is not None and session.recovery_key != "" and not server
    told = [NOT_SIGNED] if unproven else []
    with contextlib.suppress(StoreProblem):
        before = store.read(belief)
        after = believe(before, policy=policy, server=server)
        if session is None or unproven:  # nothing was heard of the server, so what it offered before still stands
            after = msgspec.structs.replace(after, offered=before.offered if before.offered != after.key else b"")
        if after != before:
            store.write(lambda writer: keep_belief(writer, after))
        write_missing_part(store, after)
        if after.offered and after.offered != before.offered:
            told.append(other_key_words(after))
    return tuple(told)


def _named(membership: Membership, session: SessionReply) -> bytes:
    """The key that our server names, and signed; empty for none."""
    message = recovery_key_message(membership.organisation, session.recovery_key)
    if not session.recovery_key or not membership.is_from_server(message, session.recovery_key_signature):
        return b""
    try:
        return public_from(session.recovery_key)
    except Refused:
        return b""


def write_missing_part(store: Store, what: Belief) -> None:
    if what.key and not part_is_whole(store.folder, what.key, store.identity):
        store.keys.use_recovery_key_of_organisation(what.key)


def policy_key() -> bytes:
    """The public half that the policy file names; empty if it names none. Raises Refused for a policy that cannot be
    read."""
    text = read_policy().recovery_key
    return public_from(text) if text else b""


def accept_offered(store: Store, passphrase: str, typed_groups: str) -> Belief:
    """Take up the key that the server offers, after the user compared it with a sheet: the groups are typed from the
    sheet, for a click would compare nothing. Raises Refused at `groups`; StoreProblem as `confirm_passphrase`."""
    found = store.read(belief)
    if policy_key():
        raise Refused("Your organisation has set the key in this computer's policy file. Only that file changes it.")
    if not found.offered:
        raise Refused("The server names no other key now.")
    if digits_alone(typed_groups) != digits_alone(six_groups(found.offered)):
        raise Refused(
            "These are not the groups of the key that the server names. Compare them with the sheet again. If they still "
            "differ, do not go on: tell whoever looks after information governance.",
            "groups",
        )
    store.keys.confirm_passphrase(passphrase)
    after = Belief(found.offered, FROM_USER)

    def keep(writer: Writer) -> None:
        if belief(writer).offered != after.key:
            raise Refused("The server names another key since. Compare that one.", "groups")
        keep_belief(writer, after)

    store.write(keep)
    write_missing_part(store, after)
    return after
