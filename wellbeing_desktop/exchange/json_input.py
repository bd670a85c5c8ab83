"""JSON from outside: measured before it is parsed, and read without trusting its shape."""

import json
from collections.abc import Mapping
from typing import Any, Final

from wellbeing_desktop.domain.errors import Refused

MAX_BYTES: Final = 50 * 1024 * 1024


def read_json(data: bytes, what: str) -> Any:
    """The parsed content, or Refused; `what` names the format expected, for the sentence."""
    if not data.strip():
        raise Refused("The file is empty.")
    if len(data) > MAX_BYTES:
        raise Refused(f"The file is larger than {MAX_BYTES // (1024 * 1024)} MB.")
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as failure:
        raise Refused(f"This file is not {what}: its JSON cannot be read.") from failure


def mapping_in(parent: Any, key: str) -> Mapping[str, Any]:
    """The object under `key`, or an empty one when there is none or it is something else."""
    found = parent.get(key) if isinstance(parent, dict) else None
    return found if isinstance(found, dict) else {}


def mappings_in(parent: Any, key: str) -> list[Mapping[str, Any]]:
    """The objects in the list under `key`; anything else in it is left out."""
    found = parent.get(key) if isinstance(parent, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def text_in(parent: Any, key: str) -> str:
    """Text or a number under `key` as text without white space around it, else empty."""
    found = parent.get(key) if isinstance(parent, dict) else None
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    return str(found).strip()


def texts_in(parent: Any, key: str) -> list[str]:
    """The texts of the list under `key`, empty ones left out."""
    found = parent.get(key) if isinstance(parent, dict) else None
    return [item.strip() for item in found if isinstance(item, str) and item.strip()] if isinstance(found, list) else []


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
