"""A form as it comes, and where the console goes from one."""

from collections.abc import Mapping
from typing import Final

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

Form = Mapping[str, list[str]]


def one(form: Form, name: str) -> str:
    """The first value of a field; empty if it is not there."""
    return form.get(name, [""])[0]


def to(path: str) -> Response:
    """Go to another page of the console."""
    return RedirectResponse(BASE + path, status_code=303, headers=HEADERS)
