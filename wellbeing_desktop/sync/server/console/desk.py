"""What an administrator decides now and then: a large removal, a leave, an erasure. Each asks once more before it acts.

Nobody cared for is named: whoever asks for an erasure brings the number of the record and the date of birth, and the
server says only whether the two belong together.
"""

import datetime as dt

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.removal import REASONS
from wellbeing_desktop.sync.server import erasure, leases, members, removals
from wellbeing_desktop.sync.server.console import views
from wellbeing_desktop.sync.server.console.admins import SignedIn
from wellbeing_desktop.sync.server.console.forms import Form, one, to
from wellbeing_desktop.sync.server.console.pages import MakePage, MakeRoute
from wellbeing_desktop.sync.server.console.people import member_with
from wellbeing_desktop.sync.server.service import Service

CONFIRMED = "ERASE"


class Desk:
    """The console's pages that decide something. `page` makes a page of a template."""

    def __init__(self, service: Service, page: MakePage) -> None:
        self._service = service
        self._page = page

    def routes(self, route: MakeRoute) -> list[Route]:
        return [
            route("/sync/removal", self._removal),
            route("/people/leave", self._leave),
            route("/erase", self._erase),
        ]

    def _removal(self, request: Request, form: Form, session: SignedIn) -> Response:
        """Whose laptop stopped at an unusual removal, how many people it is about, and the word that lets it go on."""
        device = one(form, "device") or request.query_params.get("device", "")
        line = next((found for found in views.laptops(self._service) if found.device == device), None)
        if line is None:
            raise Refused("There is no laptop with that number.")
        if request.method == "GET" or not one(form, "reason"):
            wrong = "Choose why." if request.method == "POST" else ""
            return self._page(
                request, "removal.html", session, laptop=line, reasons=tuple(REASONS.items()), wrong=wrong
            )
        now = self._service.now()
        self._service.engine.write(
            lambda transaction: removals.allow(
                transaction,
                self._service.org,
                self._service.keys,
                line.member,
                one(form, "reason"),
                now,
                by=session.admin.id,
            )
        )
        return to("/sync")

    def _leave(self, request: Request, form: Form, session: SignedIn, wrong: str = "") -> Response:
        """Days of a leave do not count against a laptop's lease."""
        member = member_with(self._service, one(form, "member") or request.query_params.get("member", ""))
        if request.method == "POST" and not wrong:
            try:
                self._add_leave(member, form, session)
            except Refused as refusal:
                return self._leave(request, form, session, wrong=refusal.message)
        days = self._service.engine.read(
            lambda transaction: leases.leaves_of(transaction, self._service.org, member.id)
        )
        return self._page(
            request,
            "leave.html",
            session,
            member=member,
            days=[(first.isoformat(), last.isoformat()) for first, last in days],
            wrong=wrong,
            done="" if wrong or request.method == "GET" else f"The leave of {member.name} is kept.",
            status=400 if wrong else 200,
        )

    def _add_leave(self, member: members.Member, form: Form, session: SignedIn) -> None:
        try:
            first, last = (dt.date.fromisoformat(one(form, name)) for name in ("first", "last"))
        except ValueError:
            raise Refused("Write both days as year, month, day: 2026-12-21.") from None
        members.give_leave(self._service, member.id, first, last, by=session.admin.id)

    def _erase(self, request: Request, form: Form, session: SignedIn) -> Response:
        """First what would go, then the word that does it."""
        given = {name: " ".join(one(form, name).split()) for name in ("subject", "born", "reason", "confirmed")}
        if request.method == "GET":
            return self._page(request, "erase.html", session, given={})
        try:
            found = erasure.look_at(self._service, given["subject"], given["born"])
            if not given["reason"]:
                raise Refused("Say why this person is erased, and who decided it.")
            if given["confirmed"] != CONFIRMED:
                wrong = "Type the word ERASE in capitals to go on." if given["confirmed"] else ""
                return self._page(request, "erase.html", session, given=given, found=found, wrong=wrong)
            done = erasure.erase_by_administrator(
                self._service, given["subject"], given["born"], reason=given["reason"], by=session.admin.id
            )
        except Refused as refusal:
            return self._page(request, "erase.html", session, given=given, wrong=refusal.message, status=400)
        return self._page(
            request, "erase.html", session, given={}, erased=done, done="Everything about them is erased."
        )
