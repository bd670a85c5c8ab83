"""Is this request of the laptop whose session it is in, and has it not been here before (threat 32)?

Laptops' requests must not do their work twice, and a copy of one must not fetch records: so each signature is good for
`WINDOW_SECONDS` about the server's own clock, and its number once. Pushing would need no memory, being idempotent;
fetching does. The file's one process remembers in memory, and takes nothing that was signed before it began, for what
it knew then is gone. Several workers remember in the database that they share: one short insert for each request.
"""

import datetime as dt
import threading
from collections import deque
from typing import Final, Protocol

from wellbeing_desktop.storage.signed import is_signed_by
from wellbeing_desktop.sync.server.engine import Engine, Transaction
from wellbeing_desktop.sync.server.history import moment
from wellbeing_desktop.sync.server.problems import NotSignedIn, SignatureRefused, Unavailable
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.signing_in import SigningIn
from wellbeing_desktop.sync.signing import WINDOW_SECONDS, Asked, read_signature

MOST_REMEMBERED: Final = 300_000
"""About 60 MB. Limits of rate keep it far below; beyond it nothing is taken, rather than taken twice."""


class Seen(Protocol):
    def is_new(self, nonce: str, now: dt.datetime) -> bool:
        """Remember a number until no signature with it can be good any more; False if it was here before."""
        ...


class SeenHere(Seen):
    """In this process's memory, oldest first."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._known: set[str] = set()
        self._order: deque[tuple[float, str]] = deque()
        self._lock = threading.Lock()

    def is_new(self, nonce: str, now: dt.datetime) -> bool:
        at = now.timestamp()
        with self._lock:
            while self._order and self._order[0][0] < at:
                self._known.discard(self._order.popleft()[1])
            if nonce in self._known:
                return False
            if len(self._known) >= self._most:
                raise Unavailable(WINDOW_SECONDS)
            self._known.add(nonce)
            self._order.append((at + 2 * WINDOW_SECONDS, nonce))
            return True


class SeenByAll(Seen):
    """In the database, for every worker; `forget` clears what is too old to matter."""

    def __init__(self, engine: Engine, org: str) -> None:
        self._engine = engine
        self._org = org

    def is_new(self, nonce: str, now: dt.datetime) -> bool:
        until = moment(now + dt.timedelta(seconds=2 * WINDOW_SECONDS))

        def work(transaction: Transaction) -> bool:
            row = transaction.one(
                "INSERT INTO request_seen (org, nonce, until) VALUES (?, ?, ?) ON CONFLICT (org, nonce) DO NOTHING "
                "RETURNING nonce",
                (self._org, nonce, until),
            )
            return row is not None

        return self._engine.write(work)


def forget(transaction: Transaction, org: str, now: dt.datetime) -> int:
    """What no good signature can name any more; how many."""
    return len(
        transaction.all("DELETE FROM request_seen WHERE org = ? AND until < ? RETURNING nonce", (org, moment(now)))
    )


def seen_for(service: Service) -> Seen:
    """The file is of one process; a database may have many."""
    return SeenByAll(service.engine, service.org) if service.engine.name == "postgresql" else SeenHere()


class Signatures:
    """Who sent a request. One for each process that serves."""

    def __init__(self, service: Service, seen: Seen | None = None) -> None:
        """`seen` is what somebody else has kept all along; without it, nothing from before now is taken where only this
        process remembers."""
        self._service = service
        self._signing_in = SigningIn(service)
        self._seen = seen or seen_for(service)
        # whole seconds, as signatures have them
        self._began = int(service.now().timestamp()) if isinstance(self._seen, SeenHere) and seen is None else 0

    def device(self, asked: Asked, given: str, signature: str) -> str:
        """The laptop. Raises NotSignedIn without a session, SignatureRefused for a request that is not its own, too
        old, or here for the second time."""
        scheme, _, token = asked.authorization.partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > 400:
            raise NotSignedIn
        dev, public_key = self._signing_in.session_of(token)
        signed, now = read_signature(asked, given, signature), self._service.now()
        if signed is None or signed.device != dev or signed.covers_range != bool(asked.range):
            raise SignatureRefused
        if abs(now.timestamp() - signed.created) > WINDOW_SECONDS or signed.created < self._began:
            raise SignatureRefused
        if not is_signed_by(public_key, signed.message, signed.signature):
            raise SignatureRefused
        if not self._seen.is_new(signed.nonce, now):
            raise SignatureRefused
        return dev
