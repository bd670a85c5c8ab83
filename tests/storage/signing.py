"""A server's key for tests of the store alone, and grants signed with it."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wellbeing_desktop.domain.grants import grant_message
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.domain.registry import type_of
from wellbeing_desktop.domain.wire import body_of
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.records import StoredRow, store_body
from wellbeing_desktop.storage.sync_state import set_sync_values

SERVER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SERVER_KEY = SERVER.public_key().public_bytes_raw().hex()


def signed_body(id: str, user: str, grant: Grant, key: Ed25519PrivateKey = SERVER) -> dict[str, Any]:
    body = {**body_of(type_of(Grant), grant), "practitioner_id": user}
    return {**body, "signature": key.sign(grant_message(id, user, False, body)).hex()}


def store_grant(writer: Writer, id: str, body: dict[str, Any], *, rev: int = 1) -> None:
    """As it comes from the server, within a transaction."""
    user = user_of(writer)
    store_body(writer, StoredRow(type="grant", id=id, subject=user, compartment="card", body=body, rev=rev, seq=rev))


def join_organisation(writer: Writer, *held: Grant) -> None:
    """As after pairing: the store belongs to an organisation, and its server has sent these grants."""
    user = user_of(writer)
    with writer.immediate():
        set_sync_values(writer, {"organisation": "org", "server_key": SERVER_KEY})
        for number, grant in enumerate(held):
            store_grant(writer, f"g{number}", signed_body(f"g{number}", user, grant))
