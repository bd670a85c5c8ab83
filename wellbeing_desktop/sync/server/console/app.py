"""The console over HTTP: pages made on the server, no script at all, every form with its key, every act noted.

It answers 404 until an administrator was made at the server's keyboard (`wellbeing-server admin add`).
"""

import datetime as dt
import hmac
import io
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_time
from wellbeing_desktop.domain.resources import resource
from wellbeing_desktop.sync.client.address import is_this_computer
from wellbeing_desktop.sync.server import acts, auth, members
from wellbeing_desktop.sync.server.backup_rota import Rota, backup_into
from wellbeing_desktop.sync.server.console import totp, views
from wellbeing_desktop.sync.server.console.admins import ENROLLING, IN, PASSWORD, Admins, SignedIn
from wellbeing_desktop.sync.server.console.desk import Desk
from wellbeing_desktop.sync.server.console.forms import BASE, HEADERS, Form, one, to
from wellbeing_desktop.sync.server.engine import EngineBusy, EngineFull, EngineProblem
from wellbeing_desktop.sync.server.limits import Limit
from wellbeing_desktop.sync.server.problems import TooMany
from wellbeing_desktop.sync.server.service import Service

log: Final = logging.getLogger("wellbeing.server")

COOKIE: Final = "wellbeing_console"
FORM_COOKIE: Final = "wellbeing_form"
FORM_BYTES: Final = 16 * 1024
TRIES_A_MINUTE: Final = 20
PLACES: Final = (
    ("/", "Overview"),
    ("/laptops", "Laptops"),
    ("/people", "People"),
    ("/sync", "Sync"),
    ("/backups", "Backups"),
    ("/erase", "Erasing"),
    ("/acts", "What was done"),
    ("/account", "Your sign-in"),
)
ROLE_WORDS: Final = {
    "coordinator": "Coordinator",
    "front_desk": "Front desk",
    "office": "Office",
    "lead": "Team lead",
    "manager": "Practice manager",
    "owner": "Owner of the service",
    "administrator": "Administrator of users and laptops",
}
STATES: Final = {
    "approved": "In use",
    "pending": "Waits for approval",
    "leaving": "Leaving",
    "revoked": "Revoked",
    "forked": "Closed, its store was copied",
}
TONES: Final = {"approved": "good", "pending": "warning", "leaving": "warning", "revoked": "bad", "forked": "bad"}
FONTS: Final = frozenset({"Inter-Regular.ttf", "Inter-SemiBold.ttf"})
View = Callable[[Request, Form, SignedIn], Response]


class Console:
    """The pages of one organisation. `key` is the server's; `rota` says where backups go, if anywhere."""

    def __init__(self, service: Service, key: bytes, rota: Rota | None = None) -> None:
        self._service = service
        self._key = key
        self._rota = rota
        self._admins = Admins(service, key)
        self._tries = Limit(TRIES_A_MINUTE)
        self._pages = _environment()
        self._desk = Desk(service, self._page)

    def routes(self) -> list[Mount]:
        return [
            Mount(
                BASE,
                routes=[
                    Route("/console.css", self._style, methods=["GET"]),
                    Route("/font/{name}", self._font, methods=["GET"]),
                    Route("/sign-in", self._sign_in, methods=["GET", "POST"]),
                    self._route("/code", self._code, stage=PASSWORD),
                    self._route("/enrol", self._enrol, stage=ENROLLING),
                    self._route("/sign-out", self._sign_out, stage=""),
                    self._route("/", self._overview),
                    self._route("/laptops", self._laptops),
                    self._route("/laptops/approve", self._approve),
                    self._route("/laptops/revoke", self._revoke),
                    self._route("/people", self._people),
                    self._route("/people/invite", self._invite),
                    self._route("/people/again", self._again),
                    self._route("/people/leaves", self._leaves),
                    self._route("/sync", self._sync),
                    self._route("/backups", self._backups),
                    self._route("/backups/make", self._make_backup),
                    *self._desk.routes(self._route),
                    self._route("/acts", self._acts),
                    self._route("/account", self._account),
                    self._route("/account/codes", self._new_codes),
                    Route("/{rest:path}", self._nothing),
                ],
            )
        ]

    # signing in

    async def _sign_in(self, request: Request) -> Response:
        if not await run_in_threadpool(self._is_on):
            return Response(status_code=404)
        if request.method == "GET":
            return self._sign_in_page(request)
        try:
            form = await _form(request)
        except _BadForm:
            return self._sign_in_page(request, "The form could not be read. Try again.", 400)
        given, kept = one(form, "form_key"), request.cookies.get(FORM_COOKIE, "")
        if not _is_from_here(request) or not kept or not hmac.compare_digest(given.encode(), kept.encode()):
            return self._sign_in_page(request, "The page was open for too long. Try again.", 403)
        try:
            self._tries.check(request.client.host if request.client else "")
            token = await run_in_threadpool(self._admins.try_password, one(form, "name"), one(form, "password"))
        except Refused as refusal:
            return self._sign_in_page(request, refusal.message, 401)
        except TooMany as many:
            answer = self._sign_in_page(request, "There were too many tries from here. Wait a minute.", 429)
            answer.headers["retry-after"] = str(many.seconds)
            return answer
        response = to("/code")
        _keep(request, response, token)
        return response

    def _sign_in_page(self, request: Request, wrong: str = "", status: int = 200) -> Response:
        form_key = secrets.token_urlsafe(32)
        page = self._page(request, "sign_in.html", None, wrong=wrong, status=status, form_key=form_key)
        page.set_cookie(
            FORM_COOKIE, form_key, path=BASE, secure=_must_be_secure(request), httponly=True, samesite="strict"
        )
        return page

    def _code(self, request: Request, form: Form, session: SignedIn) -> Response:
        if request.method == "GET":
            return self._page(request, "code.html", session)
        try:
            self._tries.check(request.client.host if request.client else "")
            token = self._admins.try_code(session, one(form, "code"))
        except Refused as refusal:
            return self._page(request, "code.html", session, wrong=refusal.message, status=401)
        response = to("/")
        _keep(request, response, token)
        return response

    def _enrol(self, request: Request, form: Form, session: SignedIn) -> Response:
        wrong = ""
        if request.method == "POST":
            try:
                token, codes = self._admins.enrol(session, one(form, "code"))
            except Refused as refusal:
                wrong = refusal.message
            else:
                response = self._page(request, "recovery.html", None, codes=codes)
                _keep(request, response, token)
                return response
        secret = self._admins.secret_of(session)
        return self._page(
            request,
            "enrol.html",
            session,
            wrong=wrong,
            status=401 if wrong else 200,
            letters=totp.secret_text(secret),
            square=_square(totp.enrolment_address(secret, self._service.name, session.admin.name)),
        )

    def _sign_out(self, request: Request, form: Form, session: SignedIn) -> Response:
        response = to("/sign-in")
        if request.method == "POST":
            self._admins.sign_out(session)
            response.delete_cookie(COOKIE, path=BASE)
        return response

    # pages

    def _overview(self, request: Request, form: Form, session: SignedIn) -> Response:
        return self._page(request, "overview.html", session, **views.overview(self._service))

    def _laptops(self, request: Request, form: Form, session: SignedIn, wrong: str = "", done: str = "") -> Response:
        return self._page(
            request,
            "laptops.html",
            session,
            wrong=wrong,
            done=done,
            status=400 if wrong else 200,
            laptops=views.laptops(self._service),
            states=STATES,
            tones=TONES,
        )

    def _approve(self, request: Request, form: Form, session: SignedIn) -> Response:
        """Only what the person read out, typed here, approves: a click would compare nothing."""
        if request.method == "GET":
            return to("/laptops")
        line = self._laptop(one(form, "device"))
        digits = "".join(letter for letter in one(form, "fingerprint") if letter.isdigit())
        if line.state != auth.PENDING:
            return self._laptops(request, form, session, wrong="This laptop does not wait for approval.")
        if not hmac.compare_digest(digits.encode(), line.fingerprint.replace(" ", "").encode()):
            self._note(session, "fingerprint did not agree", line.device)
            return self._laptops(
                request,
                form,
                session,
                wrong=f"The fingerprint is not that of the laptop of {line.user}. Nothing was approved. Ask again; if "
                "the groups still differ, revoke it: somebody else may have used the code.",
            )
        members.set_laptop_state(self._service, line.device, auth.APPROVED, by=session.admin.id)
        return self._laptops(request, form, session, done=f"The laptop of {line.user} is approved.")

    def _revoke(self, request: Request, form: Form, session: SignedIn) -> Response:
        if request.method == "GET":
            line = self._laptop(request.query_params.get("device", ""))
            return self._page(request, "revoke.html", session, laptop=line)
        line = self._laptop(one(form, "device"))
        members.set_laptop_state(self._service, line.device, auth.REVOKED, by=session.admin.id)
        return self._laptops(request, form, session, done=f"The laptop of {line.user} is revoked.")

    def _people(self, request: Request, form: Form, session: SignedIn, wrong: str = "", **more: Any) -> Response:
        return self._page(
            request,
            "people.html",
            session,
            wrong=wrong,
            status=400 if wrong else 200,
            members=members.members(self._service),
            roles=tuple(ROLE_WORDS.items()),
            typed_name=one(form, "name") if wrong else "",
            **more,
        )

    def _invite(self, request: Request, form: Form, session: SignedIn) -> Response:
        if request.method == "GET":
            return to("/people")
        name, roles = " ".join(one(form, "name").split()), tuple(form.get("role", []))
        if not roles:
            return self._people(request, form, session, wrong="Tick at least one role.")
        if any(member.name.casefold() == name.casefold() for member in members.members(self._service)):
            return self._people(
                request, form, session, wrong="Somebody of that name is here already. Make a new code in the table."
            )
        new = members.NewMember(name, roles, with_names=bool(one(form, "with_names")) and "manager" in roles)
        approved = not one(form, "approve_first")
        [(_id, code, ends)] = members.hire(self._service, [new], approved=approved, by=session.admin.id)
        return self._people(request, {}, session, code=code, code_for=name, ends_at=ends.isoformat())

    def _again(self, request: Request, form: Form, session: SignedIn) -> Response:
        if request.method == "GET":
            return to("/people")
        member = self._member(one(form, "member"))
        code, ends = members.invite(self._service, member.id, approved=False, by=session.admin.id)
        return self._people(request, {}, session, code=code, code_for=member.name, ends_at=ends.isoformat())

    def _leaves(self, request: Request, form: Form, session: SignedIn) -> Response:
        if request.method == "GET":
            return self._page(
                request, "leaves.html", session, member=self._member(request.query_params.get("member", ""))
            )
        member = self._member(one(form, "member"))
        members.end_membership(self._service, member.id, by=session.admin.id)
        return self._people(request, {}, session, done=f"The access of {member.name} has ended.")

    def _sync(self, request: Request, form: Form, session: SignedIn) -> Response:
        return self._page(request, "sync.html", session, **views.sync_health(self._service))

    def _backups(self, request: Request, form: Form, session: SignedIn, wrong: str = "", done: str = "") -> Response:
        return self._page(
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
        return self._page(request, "acts.html", session, acts=found, names=names, older=older)

    def _account(self, request: Request, form: Form, session: SignedIn) -> Response:
        return self._page(request, "account.html", session, left=len(session.admin.recovery.split()))

    def _new_codes(self, request: Request, form: Form, session: SignedIn) -> Response:
        if request.method == "GET":
            return to("/account")
        return self._page(request, "recovery.html", session, codes=self._admins.new_recovery_codes(session.admin))

    # what they share

    def _route(self, path: str, view: View, stage: str = IN) -> Route:
        async def handler(request: Request) -> Response:
            session = await run_in_threadpool(self._admins.session, request.cookies.get(COOKIE, ""))
            if session is None:
                on = await run_in_threadpool(self._is_on)
                return to("/sign-in") if on else Response(status_code=404)
            if stage and session.stage != stage:
                return to({PASSWORD: "/code", ENROLLING: "/enrol"}.get(session.stage, "/"))
            form: Form = {}
            if request.method == "POST":
                try:
                    form = await _form(request)
                except _BadForm:
                    return self._trouble(request, session, "The form could not be read.", 400)
                if not _is_from_here(request) or not hmac.compare_digest(
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

    def _page(
        self,
        request: Request,
        template: str,
        session: SignedIn | None,
        *,
        status: int = 200,
        wrong: str = "",
        done: str = "",
        **values: Any,
    ) -> Response:
        here = request.url.path.removeprefix(BASE) or "/"
        values = {
            "base": BASE,
            "organisation": self._service.name,
            "signed_in": session is not None and session.stage == IN,
            "admin_name": session.admin.name if session else "",
            "form_key": session.form_key if session else "",
            "places": PLACES,
            "here": "/" + here.strip("/").partition("/")[0],
            "wrong": wrong,
            "done": done,
            **values,
        }
        headers = dict(HEADERS)
        if request.url.scheme == "https":
            headers["strict-transport-security"] = "max-age=31536000"
        return Response(
            self._pages.get_template(template).render(values),
            status_code=status,
            media_type="text/html; charset=utf-8",
            headers=headers,
        )

    def _trouble(self, request: Request, session: SignedIn, sentence: str, status: int) -> Response:
        return self._page(
            request, "trouble.html", session, status=status, trouble=sentence, trouble_title="That did not work"
        )

    def _is_on(self) -> bool:
        return bool(self._admins.all())

    def _laptop(self, device: str) -> views.LaptopLine:
        for line in views.laptops(self._service):
            if line.device == device:
                return line
        raise Refused("There is no laptop with that number.")

    def _member(self, id: str) -> members.Member:
        for member in members.members(self._service):
            if member.id == id and member.state == "active":
                return member
        raise Refused("Nobody with that number works here.")

    def _note(self, session: SignedIn, act: str, target: str) -> None:
        members.note_act(self._service, session.admin.id, act, target)

    async def _style(self, _request: Request) -> Response:
        return FileResponse(resource("console/console.css"), media_type="text/css", headers=_CACHED)

    async def _font(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in FONTS:
            return Response(status_code=404)
        return FileResponse(resource(f"fonts/{name}"), media_type="font/ttf", headers=_CACHED)

    async def _nothing(self, _request: Request) -> Response:
        return Response(status_code=404)


_CACHED: Final = {"x-content-type-options": "nosniff", "cache-control": "public, max-age=3600"}


class _BadForm(Exception):
    """A body that is no form of ours."""


async def _form(request: Request) -> Form:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise _BadForm
    data = bytearray()
    try:
        async for piece in request.stream():
            data += piece
            if len(data) > FORM_BYTES:
                raise _BadForm
        return parse_qs(data.decode("utf-8"), keep_blank_values=True, max_num_fields=50)
    except (ClientDisconnect, UnicodeDecodeError, ValueError) as error:
        raise _BadForm from error


def _is_from_here(request: Request) -> bool:
    """What the browser says of where the form stood; an old browser says nothing, and the form's key decides."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin", "")
    return not origin or origin == "null" or urlsplit(origin).netloc == request.headers.get("host", "")


def _must_be_secure(request: Request) -> bool:
    return request.url.scheme == "https" or not is_this_computer(request.url.hostname or "")


def _keep(request: Request, response: Response, token: str) -> None:
    response.set_cookie(COOKIE, token, path=BASE, secure=_must_be_secure(request), httponly=True, samesite="strict")


def _square(text: str) -> str:
    import segno

    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, scale=1, border=2)
    return out.getvalue().decode()


def _environment() -> Any:
    import jinja2

    pages = jinja2.Environment(
        loader=jinja2.FileSystemLoader(resource("console")), autoescape=True, undefined=jinja2.ChainableUndefined
    )
    pages.filters["moment"] = _moment
    pages.filters["role_words"] = lambda role: ROLE_WORDS.get(role, role)
    return pages


def _moment(text: str) -> str:
    """21-Nov-2026, 09:40, on the clock of London."""
    if not text:
        return "never"
    return f"{local_time(dt.datetime.fromisoformat(text)):%d-%b-%Y, %H:%M}"


def _logged(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def logged(request: Request) -> Response:
        response = await handler(request)
        line = {"route": request.url.path, "method": request.method, "status": response.status_code}
        log.info("%s", msgspec.json.encode(line).decode())
        return response

    return logged
