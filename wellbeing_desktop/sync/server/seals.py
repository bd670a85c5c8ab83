"""Orders to seal a revoked laptop's store (SECURITY 3.6): made at revoking, given to the laptop itself, confirmed by it.

Only a laptop that has just proved that it holds its key is given the order, signed with the organisation's key over the
number that it signed: kept for another day, or shown to another laptop, it says nothing. A laptop that was revoked only
because one of its copies was, is refused and not sealed: nobody looked at that one.
"""

import datetime as dt
from typing import Final

import msgspec

from wellbeing_desktop.domain.seal import SealOrder, seal_message
from wellbeing_desktop.sync.protocol.signing_in import SealedRequest
from wellbeing_desktop.sync.server import acts, sql
from wellbeing_desktop.sync.server.auth import REVOKED, Secrets
from wellbeing_desktop.sync.server.engine import Engine, Transaction
from wellbeing_desktop.sync.server.history import moment
from wellbeing_desktop.sync.server.problems import Revoked

OPENED_BY: Final = {
    "organisation": "Two sheets of the organisation's recovery key open it, and nothing else does.",
    "kit": "Its printed recovery kit still opens it: it had no part for a recovery key of the organisation.",
}


class SealStanding(msgspec.Struct, frozen=True):
    """Moments, empty for what has not been; and what the laptop said opens its store since."""

    ordered_at: str = ""
    given_at: str = ""
    done_at: str = ""
    opened_by: str = ""


def order(transaction: Transaction, org: str, dev: str, now: dt.datetime) -> None:
    """In the transaction that revokes; a second time changes nothing."""
    transaction.run(
        "INSERT INTO seal (org, dev, ordered_at, given_at, done_at) VALUES (?, ?, ?, '', '') "
        "ON CONFLICT (org, dev) DO NOTHING",
        (org, dev, moment(now)),
    )


def withdraw(transaction: Transaction, org: str, dev: str) -> None:
    """The laptop has access again, or may send its last work: what was given before does not hold any more."""
    transaction.run("DELETE FROM seal WHERE org = ? AND dev = ?", (org, dev))


def give(engine: Engine, org: str, dev: str, nonce: str, keys: Secrets, now: dt.datetime) -> Revoked:
    """The refusal for a revoked laptop that has proved itself, with the order where there is one."""

    def work(transaction: Transaction) -> Revoked:
        sql.locked_clock(transaction, org)
        known, standing = sql.device(transaction, org, dev), standing_of(transaction, org, dev)
        if known is None or known.state != REVOKED or not standing.ordered_at:
            return Revoked(dev)
        if not standing.given_at:
            transaction.run("UPDATE seal SET given_at = ? WHERE org = ? AND dev = ?", (moment(now), org, dev))
            acts.note(transaction, org, keys, acts.THE_LAPTOP, "was given the order to seal its store", dev, now)
        told = SealOrder(
            organisation=org,
            device=dev,
            practitioner=known.user_id,
            public_key=known.public_key,
            nonce=nonce,
            ordered_at=dt.datetime.fromisoformat(standing.ordered_at),
        )
        text = msgspec.json.encode(told).decode()
        return Revoked(dev, seal=text, seal_signature=keys.sign(seal_message(text)))

    return engine.write(work)


def confirm(transaction: Transaction, org: str, request: SealedRequest, now: dt.datetime) -> bool:
    """The laptop says that what was ordered then is done; False if that was known, or is not the order that stands."""
    opened_by = request.opened_by if request.opened_by in OPENED_BY else ""
    found = transaction.one(
        "UPDATE seal SET done_at = ?, opened_by = ? WHERE org = ? AND dev = ? AND ordered_at = ? AND done_at = '' "
        "RETURNING dev",
        (moment(now), opened_by, org, request.device, request.ordered_at),
    )
    return found is not None


def standing_of(transaction: Transaction, org: str, dev: str) -> SealStanding:
    row = transaction.one(
        "SELECT ordered_at, given_at, done_at, opened_by FROM seal WHERE org = ? AND dev = ?", (org, dev)
    )
    return SealStanding() if row is None else SealStanding(*map(str, row))


def standings(transaction: Transaction, org: str) -> dict[str, SealStanding]:
    """By laptop."""
    rows = transaction.all("SELECT dev, ordered_at, given_at, done_at, opened_by FROM seal WHERE org = ?", (org,))
    return {str(dev): SealStanding(*map(str, rest)) for dev, *rest in rows}


def words(standing: SealStanding) -> str:
    """For the report and the console, without the moments."""
    if standing.done_at:
        return f"Its store is sealed: the laptop has confirmed it. {OPENED_BY.get(standing.opened_by, '')}".rstrip()
    if standing.given_at:
        return "The order to seal its store was given to the laptop, which has not confirmed it."
    if standing.ordered_at:
        return "The order to seal its store waits for the laptop: it has not been in touch since."
    return "No order to seal its store: it has not been revoked."
