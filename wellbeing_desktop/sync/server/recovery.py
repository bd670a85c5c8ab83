"""After this server was put back from a copy: where laptops and it still agree, and what they can give back (SYNC 3.7)."""

from wellbeing_desktop.sync.protocol.restoring import CommonRequest, SalvageRequest
from wellbeing_desktop.sync.server import auth, history, salvage, sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.problems import PullRefused, RequestTooLarge
from wellbeing_desktop.sync.server.scope import scope_now
from wellbeing_desktop.sync.server.service import Reply, Service

MOST_PLACES = 1_000


class Recovery:
    """Over a service: its engine, its clock."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def common(self, dev: str, request: CommonRequest) -> Reply:
        self._service.same_device(dev, request.device)
        if len(request.places) > MOST_PLACES:
            raise RequestTooLarge
        org = self._service.org

        def work(transaction: Transaction) -> Reply:
            clock = sql.clock(transaction, org)
            auth.known_device(transaction, org, dev)
            told = history.commit_token
            places = [(place.seq, told(place.tok)) for place in request.places if 0 < place.seq <= clock.seq]
            return self._service.reply(clock.epoch, seq=salvage.common_place(transaction, org, places))

        return self._service.engine.read(work)

    def salvage(self, dev: str, request: SalvageRequest) -> Reply:
        self._service.same_device(dev, request.device)
        if len(request.rows) > salvage.MOST_ROWS:
            raise RequestTooLarge
        now, org = self._service.now(), self._service.org

        def work(transaction: Transaction) -> Reply:
            clock = sql.locked_clock(transaction, org)
            device = auth.known_device(transaction, org, dev)
            if device.state == auth.LEAVING:
                raise PullRefused
            history.check_place(transaction, clock, request.epoch, 0, "", self._service.keys.history_key)
            scope = scope_now(transaction, org, device.user_id, now.date())
            taken = salvage.take(transaction, org, device, scope, request.rows, now)
            return self._service.reply(clock.epoch, taken=taken)

        return self._service.engine.write(work)
