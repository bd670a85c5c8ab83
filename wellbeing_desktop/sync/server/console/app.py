"""The console over HTTP: pages made on the server, no script at all, every form with its key, every act noted.

It answers 404 until an administrator was made at the server's keyboard (`wellbeing-server admin add`).
"""

import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.sync.server import acts, members
from wellbeing_desktop.sync.server.backup_rota import Rota, backup_into
from wellbeing_desktop.sync.server.console import views
from wellbeing_desktop.sync.server.console.admins import ENROLLING, IN, PASSWORD, Admins, SignedIn
from wellbeing_desktop.sync.server.console.desk import Desk
from wellbeing_desktop.sync.server.console.forms import BASE, BadForm, Form, is_from_here, one, read_form, to
from wellbeing_desktop.sync.server.console.grants import Grants
from wellbeing_desktop.sync.server.console.laptops import Laptops
from wellbeing_desktop.sync.server.console.pages import Pages, View
from wellbeing_desktop.sync.server.console.people import People
from wellbeing_desktop.sync.server.console.signing_in import COOKIE, SigningIn
from wellbeing_desktop.sync.server.engine import EngineBusy, EngineFull, EngineProblem
from wellbeing_desktop.sync.server.problems import TooMany
from wellbeing_desktop.sync.server.service import Service

log: Final = logging.getLogger("wellbeing.server")


class Console:
    """The pages of one organisation. `key` is the server's; `rota` says where backups go, if anywhere."""

    def __init__(self, service: Service, key: bytes, rota: Rota | None = None) -> None:
        self._service = service
        self._key = key
        self._rota = rota
        self._admins = Admins(service, key)
        self._pages = Pages(service.name)
        self._signing_in = SigningIn(service, self._admins, self._pages)
        self._rooms = [room(service, self._pages.page) for room in (Laptops, People, Grants, Desk)]

    def routes(self) -> list[Mount]:
        return [
            Mount(
                BASE,
                routes=[
                    Route("/console.css", self._pages.style, methods=["GET"]),
                    Route("/font/{name}", self._pages.font, methods=["GET"]),
                    self._route("/", self._overview),
                    self._route("/sync", self._sync),
                    self._route("/backups", self._backups),
                    self._route("/backups/make", self._make_backup),
                    *self._signing_in.routes(self._route),
                    *(route for room in self._rooms for route in room.routes(self._route)),
                    self._route("/acts", self._acts),
                    Route("/{rest:path}", self._nothing),
                ],
            )
        ]

    # pages

    def _overview(self, request: Request, form: Form, session: SignedIn) -> Response:
        return self._pages.page(request, "overview.html", session, **views.overview(self._service))

    def _sync(self, request: Request, form: Form, session: SignedIn) -> Response:
        return self._pages.page(request, "sync.html", session, **views.sync_health(self._service))

    def _backups(self, request: Request, form: Form, session: SignedIn, wrong: str = "", done: str = "") -> Response:
        return self._pages.page(
            request,
            "backups.html",
            session,
            wrong=wrong,
            done=done,
            status=400 if wrong else 200,
            backups=views.backups(self._service),
            can_make=self._rota is not None,
            keep=self._rota.keep if self._rota else 0,
        )

    def _make_backup(self, request: Request, form: Form, session: SignedIn) -> Response:
        if request.method == "GET" or self._rota is None:
            return to("/backups")
        try:
            path, _made = backup_into(
                self._service.engine, self._key, self._rota.folder, self._rota.keep, self._service.now()
            )
        except OSError as error:
            return self._backups(request, form, session, wrong=f"The disk refused: {error.strerror}.")
        self._note(session, "backup made", path.name)
        return self._backups(request, form, session, done="The backup was made and read back.")

    def _acts(self, request: Request, form: Form, session: SignedIn) -> Response:
        asked = request.query_params.get("before", "")
        before = int(asked) if asked.isdecimal() and len(asked) < 12 else 0
        found = self._service.engine.read(lambda transaction: acts.acts(transaction, self._service.org, 100, before))
        names = views.staff_names(self._service) | {admin.id: admin.name for admin in self._admins.all()}
        older = found[-1].number if len(found) == 100 else 0
        return self._pages.page(request, "acts.html", session, acts=found, names=names, older=older)

    # what they share

    def _route(self, path: str, view: View, stage: str = IN) -> Route:
        async def handler(request: Request) -> Response:
            session = await run_in_threadpool(self._admins.session, request.cookies.get(COOKIE, ""))
            if session is None:
                on = await run_in_threadpool(self._admins.is_there_any)
                return to("/sign-in") if on else Response(status_code=404)
            if stage and session.stage != stage:
                return to({PASSWORD: "/code", ENROLLING: "/enrol"}.get(session.stage, "/"))
            form: Form = {}
            if request.method == "POST":
                try:
                    form = await read_form(request)
                except BadForm:
                    return self._trouble(request, session, "The form could not be read.", 400)
                if not is_from_here(request) or not hmac.compare_digest(
                    one(form, "form_key").encode(), session.form_key.encode()
                ):
                    return self._trouble(request, session, "The page was open for too long. Open it again.", 403)
            try:
                return await run_in_threadpool(view, request, form, session)
            except Refused as refusal:
                return self._trouble(request, session, refusal.message, 400)
            except TooMany:
                return self._trouble(request, session, "There were too many tries. Wait a minute.", 429)
            except (EngineBusy, EngineFull, EngineProblem) as problem:
                return self._trouble(request, session, str(problem), 503)

        return Route(path, _logged(handler), methods=["GET", "POST"])

    def _trouble(self, request: Request, session: SignedIn, sentence: str, status: int) -> Response:
        return self._pages.page(
            request, "trouble.html", session, status=status, trouble=sentence, trouble_title="That did not work"
        )

    def _note(self, session: SignedIn, act: str, target: str) -> None:
        members.note_act(self._service, session.admin.id, act, target)

    async def _nothing(self, _request: Request) -> Response:
        return Response(status_code=404)


def _logged(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def logged(request: Request) -> Response:
        response = await handler(request)
        line = {"route": request.url.path, "method": request.method, "status": response.status_code}
        log.info("%s", msgspec.json.encode(line).decode())
        return response

    return logged
