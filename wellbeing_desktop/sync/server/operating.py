"""What a monitor may ask: is the process alive, is it ready, and its figures in Prometheus' text form.

No figure names a person, a member of staff or a laptop. They are those of this process; with several workers each has
its own, and a monitor adds them up.
"""

import datetime as dt
import hmac
import time
from collections import Counter
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wellbeing_desktop.sync.client.address import is_this_computer
from wellbeing_desktop.sync.server import openapi
from wellbeing_desktop.sync.server.engine import EngineBusy, EngineFull, EngineProblem, Transaction
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.settings import Settings

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper ends of the classes of duration."""
_TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"


class Figures:
    """Counts of what was answered. Used from the event loop only."""

    def __init__(self) -> None:
        self.started: Final = time.time()
        self.answers: Final[Counter[tuple[str, int, str]]] = Counter()
        self.durations: Final[Counter[tuple[str, float]]] = Counter()
        self.seconds: Final[dict[str, float]] = {}
        self.count: Final[Counter[str]] = Counter()

    def add(self, route: str, status: int, word: str, seconds: float) -> None:
        self.answers[route, status, word] += 1
        self.count[route] += 1
        self.seconds[route] = self.seconds.get(route, 0.0) + seconds
        for end in SECONDS:
            if seconds <= end:
                self.durations[route, end] += 1


class Operating:
    """The routes of a monitor."""

    def __init__(self, service: Service, settings: Settings, figures: Figures) -> None:
        self._service = service
        self._token = settings.metrics_token
        self._figures = figures

    def routes(self) -> list[Route]:
        return [
            Route("/v1/health/live", self._live, methods=["GET"]),
            Route("/v1/health/ready", self._ready, methods=["GET"]),
            Route("/v1/metrics", self._metrics, methods=["GET"]),
            Route("/v1/openapi.json", self._description, methods=["GET"]),
        ]

    async def _live(self, _request: Request) -> Response:
        return Response("live\n", media_type="text/plain")

    async def _ready(self, request: Request) -> Response:
        """Ready: the database answers, and the server was not told to end."""
        if request.app.state.stopping.is_set():
            return Response("ending\n", status_code=503, media_type="text/plain", headers={"retry-after": "5"})
        try:
            await run_in_threadpool(self._service.health)
        except (EngineBusy, EngineFull, EngineProblem):
            return Response("no database\n", status_code=503, media_type="text/plain", headers={"retry-after": "5"})
        return Response("ready\n", media_type="text/plain")

    async def _metrics(self, request: Request) -> Response:
        if not self._may_see(request):
            return Response(status_code=404)
        try:
            held = await run_in_threadpool(self._held)
        except (EngineBusy, EngineFull, EngineProblem):
            held = {}
        return Response(_text(self._figures, held), media_type=_TEXT)

    async def _description(self, _request: Request) -> Response:
        return Response(await run_in_threadpool(openapi.text), media_type="application/json")

    def _may_see(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        if self._token:
            return hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {self._token}".encode())
        forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
        return not forwarded and request.client is not None and is_this_computer(request.client.host)

    def _held(self) -> dict[str, float]:
        org, now = self._service.org, self._service.now()

        def work(transaction: Transaction) -> dict[str, float]:
            found: dict[str, float] = {}
            row = transaction.one("SELECT seq, backed_up_seq FROM org_clock WHERE org = ?", (org,))
            if row:
                found["wellbeing_history_head"], found["wellbeing_history_backed_up"] = float(row[0]), float(row[1])
            for state, count in transaction.all(
                "SELECT state, COUNT(*) FROM device WHERE org = ? AND state <> 'server' GROUP BY state", (org,)
            ):
                found[f'wellbeing_laptops{{state="{state}"}}'] = float(count)
            row = transaction.one("SELECT COUNT(*) FROM quarantine WHERE org = ? AND state <> 'done'", (org,))
            found["wellbeing_quarantined"] = float(row[0]) if row else 0.0
            row = transaction.one("SELECT MAX(made_at) FROM backup_made WHERE org = ?", (org,))
            if row and row[0]:
                age = now - dt.datetime.fromisoformat(str(row[0]))
                found["wellbeing_backup_age_seconds"] = age.total_seconds()
            return found

        return self._service.engine.read(work)


def _text(figures: Figures, held: dict[str, float]) -> str:
    lines = ["# TYPE wellbeing_requests_total counter"]
    lines += [
        f'wellbeing_requests_total{{route="{route}",status="{status}",result="{word}"}} {count}'
        for (route, status, word), count in sorted(figures.answers.items())
    ]
    lines.append("# TYPE wellbeing_request_seconds histogram")
    for route, count in sorted(figures.count.items()):
        for end in SECONDS:
            at_most = figures.durations[route, end]
            lines.append(f'wellbeing_request_seconds_bucket{{route="{route}",le="{end}"}} {at_most}')
        lines.append(f'wellbeing_request_seconds_bucket{{route="{route}",le="+Inf"}} {count}')
        lines.append(f'wellbeing_request_seconds_sum{{route="{route}"}} {figures.seconds[route]:.6f}')
        lines.append(f'wellbeing_request_seconds_count{{route="{route}"}} {count}')
    lines += ["# TYPE wellbeing_started_seconds gauge", f"wellbeing_started_seconds {figures.started:.0f}"]
    typed: set[str] = set()
    for name, value in sorted(held.items()):
        bare = name.partition("{")[0]
        if bare not in typed:
            typed.add(bare)
            lines.append(f"# TYPE {bare} gauge")
        lines.append(f"{name} {value:g}" if value < 1e6 else f"{name} {value:.0f}")
    return "\n".join(lines) + "\n"
