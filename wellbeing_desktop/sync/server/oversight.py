"""What leads and administrators look after through the protocol: work that was not applied, and the sync register.

As in `exchange.py`: one method for each request, one transaction for each method.
"""

import datetime as dt
from typing import Final

from wellbeing_desktop.sync.protocol.oversight import DecideRequest, QuarantineRequest, RegisterRequest
from wellbeing_desktop.sync.protocol.signing_in import ReportRequest
from wellbeing_desktop.sync.server import auth, quarantine, register, sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.problems import MayNot, PullRefused, RequestTooLarge
from wellbeing_desktop.sync.server.quarantine import Reader
from wellbeing_desktop.sync.server.service import Reply, Service

MOST_DECISIONS: Final = 200
_LEADS: Final = quarantine.LOOKS_AFTER


class Oversight:
    """Over a service: its engine, its clock, its keys."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def quarantine(self, dev: str, request: QuarantineRequest) -> Reply:
        self._service.same_device(dev, request.device)
        now = self._service.now()

        def work(transaction: Transaction) -> Reply:
            clock, reader = self._reader(transaction, dev, now)
            found = quarantine.listed(transaction, self._service.org, reader, request.mine)
            return self._service.reply(clock.epoch, items=found.items, counts=found.counts, mine=found.mine)

        return self._service.engine.read(work)

    def decide(self, dev: str, request: DecideRequest) -> Reply:
        self._service.same_device(dev, request.device)
        if len(request.decisions) > MOST_DECISIONS:
            raise RequestTooLarge
        now = self._service.now()

        def work(transaction: Transaction) -> Reply:
            locked = sql.locked_clock(transaction, self._service.org)
            _clock, reader = self._reader(transaction, dev, now)
            key = self._service.keys.signing_key
            decided = [
                quarantine.decide(transaction, locked, reader, decision, now, key, self._service.schemas)
                for decision in request.decisions
            ]
            return self._service.reply(locked.epoch, decided=decided)

        return self._service.engine.write(work)

    def report(self, dev: str, request: ReportRequest) -> Reply:
        """Taken from any laptop that may still send, a leaver's too."""
        self._service.same_device(dev, request.device)

        def work(transaction: Transaction) -> Reply:
            clock = sql.locked_clock(transaction, self._service.org)
            auth.known_device(transaction, self._service.org, dev)
            register.keep_report(transaction, self._service.org, dev, request.report)
            return self._service.reply(clock.epoch)

        return self._service.engine.write(work)

    def register(self, dev: str, request: RegisterRequest) -> Reply:
        """Raises MayNot for somebody who leads nobody."""
        self._service.same_device(dev, request.device)
        now = self._service.now()

        def work(transaction: Transaction) -> Reply:
            clock, reader = self._reader(transaction, dev, now)
            rows = register.register(transaction, self._service.org, reader.device.user_id, reader.roles, now)
            if not rows and not reader.roles & _LEADS:
                raise MayNot
            return self._service.reply(clock.epoch, rows=rows)

        return self._service.engine.read(work)

    def _reader(self, transaction: Transaction, dev: str, now: dt.datetime) -> tuple[sql.Clock, Reader]:
        clock = sql.clock(transaction, self._service.org)
        device = auth.known_device(transaction, self._service.org, dev)
        if device.state == auth.LEAVING:
            raise PullRefused
        return clock, quarantine.reader_of(transaction, self._service.org, device, now.date())
