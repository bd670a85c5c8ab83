"""A page of the console from its template, with what every page has; its style and its fonts."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from wellbeing_desktop.domain.london_time import local_time
from wellbeing_desktop.domain.resources import resource
from wellbeing_desktop.sync.server.console.admins import IN, SignedIn
from wellbeing_desktop.sync.server.console.forms import BASE, HEADERS, Form

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
View = Callable[[Request, Form, SignedIn], Response]
MakeRoute = Callable[..., Route]
"""Makes a route of a path, its view and, where it is not the usual one, the stage of signing in that it is for."""
MakePage = Callable[..., Response]
"""`Pages.page`."""

FONTS: Final = frozenset({"Inter-Regular.ttf", "Inter-SemiBold.ttf"})
_CACHED: Final = {"x-content-type-options": "nosniff", "cache-control": "public, max-age=3600"}


class Pages:
    """Makes the pages of one organisation: `page(request, template, session, ...)`."""

    def __init__(self, organisation: str) -> None:
        self._organisation = organisation
        self._templates = _environment()

    def page(
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
            "organisation": self._organisation,
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
            self._templates.get_template(template).render(values),
            status_code=status,
            media_type="text/html; charset=utf-8",
            headers=headers,
        )

    async def style(self, _request: Request) -> Response:
        return FileResponse(resource("console/console.css"), media_type="text/css", headers=_CACHED)

    async def font(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in FONTS:
            return Response(status_code=404)
        return FileResponse(resource(f"fonts/{name}"), media_type="font/ttf", headers=_CACHED)


def _environment() -> Any:
    import jinja2

    pages = jinja2.Environment(
        loader=jinja2.FileSystemLoader(resource("console")), autoescape=True, undefined=jinja2.ChainableUndefined
    )
    pages.filters["moment"] = _moment
    pages.filters["day"] = _day
    pages.filters["role_words"] = lambda role: ROLE_WORDS.get(role, role)
    return pages


def _moment(text: str) -> str:
    """21-Nov-2026, 09:40, on the clock of London."""
    if not text:
        return "never"
    return f"{local_time(dt.datetime.fromisoformat(text)):%d-%b-%Y, %H:%M}"


def _day(text: str) -> str:
    """21-Nov-2026, of a date as the server writes it."""
    return f"{dt.date.fromisoformat(text):%d-%b-%Y}"
