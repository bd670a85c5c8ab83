"""What a waiting laptop is told: where the history stands, and which clocks have run out. The waiting is `waiters.py`."""

from wellbeing_desktop.sync.protocol.waiting import RunOut
from wellbeing_desktop.sync.server import auth, sql, watch
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.service import Reply, Service


class News:
    """Over a service: its engine, its clock."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def wait(self, dev: str) -> Reply:
        """Where the history stands and which clocks have run out, for a laptop that may ask. One that is leaving is
        told of no clock."""
        now = self._service.now()

        def work(transaction: Transaction) -> Reply:
            device = auth.known_device(transaction, self._service.org, dev)
            clock = sql.clock(transaction, self._service.org)
            told: tuple[RunOut, ...] = ()
            watchers = 0
            if device.state != auth.LEAVING:
                told, watchers = watch.told_to(transaction, self._service.org, device.user_id, now)
            mark = watch.mark_of(told, watchers)
            return self._service.reply(clock.epoch, seq=clock.seq, run_out=told, watchers=watchers, mark=mark)

        return self._service.engine.read(work)

    def head(self) -> tuple[int, str]:
        """The last sequence number, and a word that differs when another clock has run out."""
        now = self._service.now()

        def work(transaction: Transaction) -> tuple[int, str]:
            return sql.clock(transaction, self._service.org).seq, watch.tick(transaction, self._service.org, now)

        return self._service.engine.read(work)
