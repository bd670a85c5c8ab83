"""E-mail addresses: the shape is checked, not whether anybody reads what is sent there."""

import re
import unicodedata
from typing import Final

from wellbeing_desktop.domain.errors import Refused

_ADDRESS: Final = re.compile(r"[^@\s<>\",;]+@[^@\s<>\",;]+\.[^@\s<>\",;.]{2,}")
_NAMED: Final = re.compile(r"[^<>]*<([^<>]+)>")
_LONGEST: Final = 254


def parse_email_address(text: str, field: str | None = None) -> str:
    """The address as typed, pasted or listed (`Ann Lee <ann@example.org>`, `mailto:ann@example.org`). Raises Refused."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if named := _NAMED.fullmatch(plain):
        plain = named[1].strip()
    address = re.sub(r"^mailto:", "", plain, flags=re.IGNORECASE).strip()
    if not _ADDRESS.fullmatch(address) or len(address) > _LONGEST:
        raise Refused("This is not an e-mail address. Enter one like ann.lee@example.org", field)
    return address
