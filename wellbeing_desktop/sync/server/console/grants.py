"""What one person may see and do: every grant in plain words, given, named for what is restricted, ended.

Nobody who is cared for is named. Each change is looked at twice: first its reason, then what it comes to on the
laptops, in numbers; more than a slip of the hand takes, the number is typed. What is done and refused is granting.py.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.sync.server import grant_list, grant_words, granting, members
from wellbeing_desktop.sync.server.console.admins import SignedIn
from wellbeing_desktop.sync.server.console.forms import Form, one, to
from wellbeing_desktop.sync.server.console.pages import MakePage, MakeRoute
from wellbeing_desktop.sync.server.grant_effect import Effect
from wellbeing_desktop.sync.server.service import Service

ROWS_OF_PEOPLE: Final = 5
USUAL, NAMED, EVERYBODY = "usual", "named", "everybody"
_TICKS: Final = ("restricted", "service_files", "reads_only", "with_names")
_GIVEN: Final = ("member", "kind", "whom", "since", "until", "reason", *_TICKS)
_CHANGED: Final = ("grant", "what", "last", "reason")
_DONE: Final[Mapping[str, str]] = {
    "given": "The grant is given. It reaches their laptops with the next sync.",
    granting.ENDS: "The grant ends. Their laptops send what was written on them and then give up what it covered, with "
    "the next sync.",
    granting.NAMES_RESTRICTED: "The grant reaches what is restricted. It comes to their laptops with the next sync.",
    granting.NO_MORE_RESTRICTED: "The grant does not reach what is restricted any more. It leaves their laptops with the "
    "next sync.",
}


class Grants:
    """The console's pages about grants. `page` makes a page of a template."""

    def __init__(self, service: Service, page: MakePage) -> None:
        self._service = service
        self._page = page

    def routes(self, route: MakeRoute) -> list[Route]:
        return [
            route("/people/grants", self._grants),
            route("/people/grants/give", self._give),
            route("/people/grants/change", self._change),
        ]

    def _grants(self, request: Request, form: Form, session: SignedIn) -> Response:
        member = self._anybody(request.query_params.get("member", ""))
        lines = grant_list.listed(self._service, member.id)
        today = self._service.now().date().isoformat()
        over = [line for line in lines if line.until_on and line.until_on < today]
        return self._page(
            request,
            "grants.html",
            session,
            member=member,
            held=[line for line in lines if line not in over],
            over=over,
            today=today,
            kinds=grant_words.KIND_WORDS,
            done=_DONE.get(request.query_params.get("done", ""), ""),
        )

    # given

    def _give(self, request: Request, form: Form, session: SignedIn) -> Response:
        member = self._anybody(one(form, "member") or request.query_params.get("member", ""))
        given = {name: " ".join(one(form, name).split()) for name in _GIVEN}
        people = [
            (" ".join(one(form, f"number{row}").split()), " ".join(one(form, f"born{row}").split()))
            for row in range(1, ROWS_OF_PEOPLE + 1)
        ]
        if request.method == "GET" or one(form, "again"):
            return self._give_form(request, session, member, given, people)
        fields = {**given, "member": member.id}
        for row, (number, born) in enumerate(people, 1):
            fields |= {f"number{row}": number, f"born{row}": born}
        try:
            new = _new_grant(member.id, given, people)
            effect = granting.look_at(self._service, new)
            words = (f"Give the grant {grant_words.KIND_WORDS[new.kind]}", "Give this grant")
            if not one(form, "seen") or _not_typed(effect, form):
                return self._look(request, form, session, member, effect, fields, *words)
            granting.give(self._service, new, by=session.admin.id, seen=one(form, "seen"))
        except Refused as refusal:
            return self._give_form(request, session, member, given, people, refusal.message)
        return to(f"/people/grants?member={member.id}&done=given")

    def _give_form(
        self,
        request: Request,
        session: SignedIn,
        member: members.Member,
        given: Mapping[str, str],
        people: list[tuple[str, str]],
        wrong: str = "",
    ) -> Response:
        specimens = {kind: Grant(kind=kind, may_write=True) for kind in granting.KINDS}
        return self._page(
            request,
            "grant_give.html",
            session,
            member=member,
            given=given,
            people=list(enumerate(people, 1)),
            kinds=[
                (kind, grant_words.KIND_WORDS[kind], grant_words.sees(grant), grant_words.does(grant))
                for kind, grant in specimens.items()
            ],
            wrong=wrong,
            status=400 if wrong else 200,
        )

    # changed

    def _change(self, request: Request, form: Form, session: SignedIn) -> Response:
        given = {name: " ".join((one(form, name) or request.query_params.get(name, "")).split()) for name in _CHANGED}
        line = next((one for one in grant_list.listed(self._service) if one.number == given["grant"]), None)
        if line is None or given["what"] not in _DONE or given["what"] == "given":
            raise Refused("There is no grant with that number.")
        member = self._anybody(line.member)
        if request.method == "GET" or one(form, "again"):
            return self._change_form(request, session, member, line, given)
        try:
            wanted = granting.GrantChange(
                number=line.number, what=given["what"], reason=given["reason"], last_on=_day(given["last"])
            )
            effect = granting.look_at(self._service, wanted)
            words = _words_of_change(wanted, grant_words.KIND_WORDS.get(line.kind, line.kind))
            if not one(form, "seen") or _not_typed(effect, form):
                return self._look(request, form, session, member, effect, given, *words)
            granting.change(self._service, wanted, by=session.admin.id, seen=one(form, "seen"))
        except Refused as refusal:
            return self._change_form(request, session, member, line, given, refusal.message)
        return to(f"/people/grants?member={member.id}&done={wanted.what}")

    def _change_form(
        self,
        request: Request,
        session: SignedIn,
        member: members.Member,
        line: grant_list.GrantLine,
        given: Mapping[str, str],
        wrong: str = "",
    ) -> Response:
        return self._page(
            request,
            "grant_change.html",
            session,
            member=member,
            line=line,
            given=given,
            kinds=grant_words.KIND_WORDS,
            wrong=wrong,
            status=400 if wrong else 200,
        )

    # what they share

    def _look(
        self,
        request: Request,
        form: Form,
        session: SignedIn,
        member: members.Member,
        effect: Effect,
        fields: Mapping[str, str],
        act: str,
        yes: str,
    ) -> Response:
        """The second look: what it comes to, before it is done. The form that says yes goes where this one went."""
        wrong = _not_typed(effect, form) if one(form, "seen") else ""
        return self._page(
            request,
            "grant_look.html",
            session,
            member=member,
            effect=effect,
            fields=fields,
            where=request.url.path,
            act=act,
            yes=yes,
            wrong=wrong,
            status=400 if wrong else 200,
        )

    def _anybody(self, id: str) -> members.Member:
        """Somebody who works here or has left: a leaver's grants are looked at and ended too. Raises Refused."""
        for member in members.members(self._service):
            if member.id == id:
                return member
        raise Refused("Nobody with that number works here.")


def _new_grant(member: str, given: Mapping[str, str], people: list[tuple[str, str]]) -> granting.NewGrant:
    """What the form says. Raises Refused for what cannot be read."""
    if not given["kind"]:
        raise Refused("Choose what kind of grant it is.")
    named = tuple((number, born) for number, born in people if number or born)
    if given["whom"] == NAMED and not named:
        raise Refused("Write the number and the date of birth of each person whom it is about.")
    if given["whom"] != NAMED and named:
        raise Refused("You wrote numbers of people. Choose These people alone, or empty the numbers.")
    return granting.NewGrant(
        member=member,
        kind=given["kind"],
        reason=given["reason"],
        people=named,
        everybody=given["whom"] == EVERYBODY,
        service_files=bool(given["service_files"]),
        restricted=bool(given["restricted"]),
        reads_only=bool(given["reads_only"]),
        with_names=bool(given["with_names"]),
        since_on=_day(given["since"]),
        until_on=_day(given["until"]),
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("Write a day as year, month, day: 2026-12-21.") from None


def _not_typed(effect: Effect, form: Form) -> str:
    """What is wrong if the number of people was asked for and is not what was typed."""
    if not effect.must_be_typed or one(form, "typed").strip() == str(effect.leave):
        return ""
    return f"Type the number {effect.leave} to go on. Nothing was done."


def _words_of_change(wanted: granting.GrantChange, kind: str) -> tuple[str, str]:
    if wanted.what == granting.ENDS:
        when = f"with {wanted.last_on:%d-%b-%Y} as its last day" if wanted.last_on else "now"
        return f"End the grant {kind}, {when}", "End this grant"
    if wanted.what == granting.NAMES_RESTRICTED:
        return f"Let the grant {kind} reach what is restricted", "Let it reach what is restricted"
    return f"Let the grant {kind} reach what is restricted no more", "Take restricted away"
