"""Signing in to the console, its second factor, and what an administrator has of their own sign-in."""

import hmac
import io
import secrets
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.sync.client.address import is_this_computer
from wellbeing_desktop.sync.server.console import totp
from wellbeing_desktop.sync.server.console.admins import ENROLLING, PASSWORD, Admins, SignedIn
from wellbeing_desktop.sync.server.console.forms import BASE, BadForm, Form, is_from_here, one, read_form, to
from wellbeing_desktop.sync.server.console.pages import MakeRoute, Pages
from wellbeing_desktop.sync.server.limits import Limit
from wellbeing_desktop.sync.server.problems import TooMany
from wellbeing_desktop.sync.server.service import Service

COOKIE: Final = "wellbeing_console"
FORM_COOKIE: Final = "wellbeing_form"
TRIES_A_MINUTE: Final = 20


class SigningIn:
    """The pages before anything else, and those of one's own sign-in."""

    def __init__(self, service: Service, admins: Admins, pages: Pages) -> None:
        self._service = service
        self._admins = admins
        self._pages = pages
        self._tries = Limit(TRIES_A_MINUTE)

    def routes(self, route: MakeRoute) -> list[Route]:
        return [
            Route("/sign-in", self._sign_in, methods=["GET", "POST"]),
            route("/code", self._code, PASSWORD),
            route("/enrol", self._enrol, ENROLLING),
            route("/sign-out", self._sign_out, ""),
            route("/account", self._account),
            route("/account/codes", self._new_codes),
        ]

    async def _sign_in(self, request: Request) -> Response:
        if not await run_in_threadpool(self._admins.is_there_any):
            return Response(status_code=404)
        if request.method == "GET":
            return self._sign_in_page(request)
        try:
            form = await read_form(request)
        except BadForm:
            return self._sign_in_page(request, "The form could not be read. Try again.", 400)
        given, kept = one(form, "form_key"), request.cookies.get(FORM_COOKIE, "")
        if not is_from_here(request) or not kept or not hmac.compare_digest(given.encode(), kept.encode()):
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
        keep_session(request, response, token)
        return response

    def _sign_in_page(self, request: Request, wrong: str = "", status: int = 200) -> Response:
        form_key = secrets.token_urlsafe(32)
        page = self._pages.page(request, "sign_in.html", None, wrong=wrong, status=status, form_key=form_key)
        page.set_cookie(
            FORM_COOKIE, form_key, path=BASE, secure=must_be_secure(request), httponly=True, samesite="strict"
        )
        return page

    def _code(self, request: Request, form: Form, session: SignedIn) -> Response:
        if request.method == "GET":
            return self._pages.page(request, "code.html", session)
        try:
            self._tries.check(request.client.host if request.client else "")
            token = self._admins.try_code(session, one(form, "code"))
        except Refused as refusal:
            return self._pages.page(request, "code.html", session, wrong=refusal.message, status=401)
        response = to("/")
        keep_session(request, response, token)
        return response

    def _enrol(self, request: Request, form: Form, session: SignedIn) -> Response:
        wrong = ""
        if request.method == "POST":
            try:
                token, codes = self._admins.enrol(session, one(form, "code"))
            except Refused as refusal:
                wrong = refusal.message
            else:
                response = self._pages.page(request, "recovery.html", None, codes=codes)
                keep_session(request, response, token)
                return response
        secret = self._admins.secret_of(session)
        return self._pages.page(
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

    def _account(self, request: Request, form: Form, session: SignedIn) -> Response:
        return self._pages.page(request, "account.html", session, left=len(session.admin.recovery.split()))

    def _new_codes(self, request: Request, form: Form, session: SignedIn) -> Response:
        if request.method == "GET":
            return to("/account")
        return self._pages.page(request, "recovery.html", session, codes=self._admins.new_recovery_codes(session.admin))


def must_be_secure(request: Request) -> bool:
    return request.url.scheme == "https" or not is_this_computer(request.url.hostname or "")


def keep_session(request: Request, response: Response, token: str) -> None:
    response.set_cookie(COOKIE, token, path=BASE, secure=must_be_secure(request), httponly=True, samesite="strict")


def _square(text: str) -> str:
    import segno

    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, scale=1, border=2)
    return out.getvalue().decode()
