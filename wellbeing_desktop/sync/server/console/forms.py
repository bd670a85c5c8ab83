"""A form as it comes, and where the console goes from one."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

BASE: Final = "/console"
HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}

FORM_BYTES: Final = 16 * 1024

Form = Mapping[str, list[str]]


def one(form: Form, name: str) -> str:
    """The first value of a field; empty if it is not there."""
    return form.get(name, [""])[0]


def to(path: str) -> Response:
    """Go to another page of the console."""
    return RedirectResponse(BASE + path, status_code=303, headers=HEADERS)


class BadForm(Exception):
    """A body that is no form of ours."""


async def read_form(request: Request) -> Form:
    """The fields of a form that came. Raises BadForm."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise BadForm
    data = bytearray()
    try:
        async for piece in request.stream():
            data += piece
            if len(data) > FORM_BYTES:
                raise BadForm
        return parse_qs(data.decode("utf-8"), keep_blank_values=True, max_num_fields=50)
    except (ClientDisconnect, UnicodeDecodeError, ValueError) as error:
        raise BadForm from error


def is_from_here(request: Request) -> bool:
    """What the browser says of where the form stood; an old browser says nothing, and the form's key decides."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin", "")
    return not origin or origin == "null" or urlsplit(origin).netloc == request.headers.get("host", "")
