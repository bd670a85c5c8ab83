"""Laptops: which there are, approved by what somebody read out, revoked."""

import hmac
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.sync.server import auth, members
from wellbeing_desktop.sync.server.console import views
from wellbeing_desktop.sync.server.console.admins import SignedIn
from wellbeing_desktop.sync.server.console.forms import Form, one, to
from wellbeing_desktop.sync.server.console.pages import MakePage, MakeRoute
from wellbeing_desktop.sync.server.service import Service

STATES: Final = {
    "approved": "In use",
    "pending": "Waits for approval",
    "leaving": "Leaving",
    "revoked": "Revoked",
    "forked": "Closed, its store was copied",
}
TONES: Final = {"approved": "good", "pending": "warning", "leaving": "warning", "revoked": "bad", "forked": "bad"}


class Laptops:
    """The console's pages about laptops. `page` makes a page of a template."""

    def __init__(self, service: Service, page: MakePage) -> None:
        self._service = service
        self._page = page

    def routes(self, route: MakeRoute) -> list[Route]:
        return [
            route("/laptops", self._laptops),
            route("/laptops/approve", self._approve),
            route("/laptops/revoke", self._revoke),
        ]

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
            members.note_act(self._service, session.admin.id, "fingerprint did not agree", line.device)
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

    def _laptop(self, device: str) -> views.LaptopLine:
        for line in views.laptops(self._service):
            if line.device == device:
                return line
        raise Refused("There is no laptop with that number.")
