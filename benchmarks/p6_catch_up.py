"""P6: a laptop catches up on 200 changes, with 1,000,000 records on the server against 10,000: what is there already
must cost nothing.

What the server does for it, on its encrypted file and without HTTP: the rights of the laptop, the page of changes, what
came into its view and left it, the reply as bytes.
"""

import statistics
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Measured, paired, seconds
from benchmarks.practice import RECORDS_EACH, practice_rows
from benchmarks.stores import SERVER_KEY, copy_of, fill_server
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.sync.protocol.message import Head
from wellbeing_desktop.sync.protocol.pulling import PullRequest
from wellbeing_desktop.sync.protocol.signing_in import PairRequest
from wellbeing_desktop.sync.server import history, members, sql
from wellbeing_desktop.sync.server.exchange import Exchange
from wellbeing_desktop.sync.server.service import Service, encode_reply
from wellbeing_desktop.sync.server.signing_in import SigningIn
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine

CHANGES = 200
REPEATED = 10


def run(quick: bool = False) -> Iterator[Measured]:
    few, many, rounds = (50, 500, 1) if quick else (910, 90_910, 5)
    small, large = (_Laptop(copy_of(people, f"p6-{people}", "server"), people) for people in (few, many))
    ours, reference = paired(large.catch_up, small.catch_up, rounds=rounds)
    for laptop in (small, large):
        laptop.service.engine.close()
    yield Measured(
        id="P6",
        what=f"catch-up of {CHANGES} changes, {many * RECORDS_EACH:,} records on the server",
        reference_is=f"the same with {few * RECORDS_EACH:,}",
        unit="s",
        ours=ours,
        reference=reference,
        reach=1.3,
        rounds=rounds,
        notes=f"median of {REPEATED} in each round",
    )


class _Laptop:
    """A laptop of somebody who sees everybody, that was up to date before the last 200 changes."""

    def __init__(self, folder: Path, people: int) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self.service = Service(SqliteEngine(folder, SERVER_KEY))
        code, _ends = members.invite(self.service, members.add_member(self.service, "Bench", ("owner",)), approved=True)
        public = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
        reply = SigningIn(self.service).pair(PairRequest(code=code, public_key=public, name="Bench"))
        before = self.service.engine.write(lambda transaction: sql.locked_clock(transaction, self.service.org))
        place = history.vouched(reply["epoch"], Head(seq=before.seq, tok=before.tok), self.service.keys.history_key)
        self._request = PullRequest(
            device=reply["device"], epoch=reply["epoch"], seq=place.seq, tok=place.tok, limit=500
        )
        everybody = [row for row in practice_rows(people, new_id()) if row.type in ("person", "address", "note")]
        step = max(1, len(everybody) // CHANGES)
        fill_server(self.service, iter(everybody[::step][:CHANGES]), after=before.seq)
        self._sent = min(CHANGES, len(everybody[::step]))

    def catch_up(self) -> float:
        return statistics.median(seconds(self._pull) for _ in range(REPEATED))

    def _pull(self) -> None:
        reply = Exchange(self.service).pull(self._request.device, self._request)
        if len(reply["changes"]) != self._sent or reply["more"]:
            raise RuntimeError(f"{len(reply['changes'])} changes came, {self._sent} were made")
        encode_reply(reply)
