"""One organisation's server over an engine, without HTTP: what every request needs of it. The requests themselves are
methods of the classes over it: plain messages in and out, one transaction for each method.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

import msgspec

from wellbeing_desktop.sync.protocol.message import PROTOCOL
from wellbeing_desktop.sync.schemas import SCHEMAS, Schemas
from wellbeing_desktop.sync.server import auth, history, sql
from wellbeing_desktop.sync.server.engine import Engine, Transaction
from wellbeing_desktop.sync.server.problems import NotSignedIn

Clock = Callable[[], dt.datetime]
Reply = dict[str, Any]
"""A reply ready to be encoded: the fields of a message of `protocol`, rows still as the bytes they were stored as."""


class Service:
    """One organisation's server over an engine. Thread-safe: holds nothing that changes."""

    def __init__(
        self, engine: Engine, org: str = "", clock: Clock = history.server_now, schemas: Schemas = SCHEMAS
    ) -> None:
        """`org` may be left out when the database holds one organisation. Raises LookupError if there is none."""
        self.engine: Final = engine
        self._clock = clock
        self.schemas: Final = schemas

        def look(transaction: Transaction) -> tuple[Any, ...] | None:
            if org:
                return transaction.one("SELECT org, name, secret FROM organisation WHERE org = ?", (org,))
            return transaction.one("SELECT org, name, secret FROM organisation ORDER BY org LIMIT 1")

        row = engine.read(look)
        if row is None:
            raise LookupError("no such organisation")
        self.org: Final = str(row[0])
        self.name: Final = str(row[1])
        self.keys: Final = auth.secrets_from(bytes(row[2]))

    def now(self) -> dt.datetime:
        return self._clock()

    def health(self) -> Reply:
        epoch = self.engine.read(lambda transaction: sql.clock(transaction, self.org).epoch)
        return self.reply(epoch, organisation=self.org, status="ok")

    def same_device(self, dev: str, claimed: str) -> None:
        """A message must name the laptop whose session it came in. Raises NotSignedIn."""
        if dev != claimed:
            raise NotSignedIn

    def reply(self, epoch: str, **fields: Any) -> Reply:
        """A reply with what every reply carries."""
        return {
            "epoch": epoch,
            "now": history.moment(self.now()),
            "schema": self.schemas.current,
            "min_client": self.schemas.oldest,
            "protocol": PROTOCOL,
            **fields,
        }


def encode_reply(reply: Reply) -> bytes:
    return msgspec.json.encode(reply)
