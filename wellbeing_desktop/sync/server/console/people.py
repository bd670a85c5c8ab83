"""Who works here: invited, given another code, leaving."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.sync.server import members
from wellbeing_desktop.sync.server.console.admins import SignedIn
from wellbeing_desktop.sync.server.console.forms import Form, one, to
from wellbeing_desktop.sync.server.console.pages import ROLE_WORDS, MakePage, MakeRoute
from wellbeing_desktop.sync.server.service import Service


class People:
    """The console's pages about those who work here. `page` makes a page of a template."""

    def __init__(self, service: Service, page: MakePage) -> None:
        self._service = service
        self._page = page

    def routes(self, route: MakeRoute) -> list[Route]:
        return [
            route("/people", self._people),
            route("/people/invite", self._invite),
            route("/people/again", self._again),
            route("/people/leaves", self._leaves),
        ]

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
        member = member_with(self._service, one(form, "member"))
        code, ends = members.invite(self._service, member.id, approved=False, by=session.admin.id)
        return self._people(request, {}, session, code=code, code_for=member.name, ends_at=ends.isoformat())

    def _leaves(self, request: Request, form: Form, session: SignedIn) -> Response:
        if request.method == "GET":
            return self._page(
                request,
                "leaves.html",
                session,
                member=member_with(self._service, request.query_params.get("member", "")),
            )
        member = member_with(self._service, one(form, "member"))
        members.end_membership(self._service, member.id, by=session.admin.id)
        return self._people(request, {}, session, done=f"The access of {member.name} has ended.")


def member_with(service: Service, id: str) -> members.Member:
    """Somebody who works here, by their number. Raises Refused."""
    for member in members.members(service):
        if member.id == id and member.state == "active":
            return member
    raise Refused("Nobody with that number works here.")
