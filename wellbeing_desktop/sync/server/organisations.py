"""An organisation's beginning on a server: its secret, its clock, and the server's own identity."""

import datetime as dt
import secrets

from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import SCHEMA
from wellbeing_desktop.sync.server import history
from wellbeing_desktop.sync.server.engine import Engine, Transaction


def new_organisation(engine: Engine, name: str, now: dt.datetime, org: str = "") -> str:
    """Begin an organisation's history. Returns its id."""
    org = org or new_id()

    def work(transaction: Transaction) -> None:
        at = history.moment(now)
        transaction.run(
            "INSERT INTO organisation (org, name, made_at, secret) VALUES (?, ?, ?, ?)",
            (org, name, at, secrets.token_bytes(32)),
        )
        transaction.run(
            "INSERT INTO org_clock (org, epoch, seq, tok, backed_up_seq, schema, mark) VALUES (?, ?, 0, '', 0, ?, '')",
            (org, history.new_epoch(), SCHEMA),
        )
        transaction.run("INSERT INTO commit_log (org, seq, tok, at) VALUES (?, 0, '', ?)", (org, at))
        transaction.run(
            "INSERT INTO device (org, dev, user_id, name, public_key, last_n, last_seen, state, schema, paired_at) "
            "VALUES (?, 'server', ?, 'wellbeing-server', '', 0, ?, 'server', ?, ?)",
            (org, org, at, SCHEMA, at),
        )

    engine.write(work)
    return org
