"""ODS codes: what the NHS calls an organisation or site. There is no check digit."""

import re
from typing import Final

from wellbeing_desktop.domain.errors import Refused

_CODE: Final = re.compile(r"[A-Z0-9]{3,9}")
_PRACTICE: Final = re.compile(r"[A-Z][0-9]{5}")


def parse_ods_code(text: str, field: str | None = None) -> str:
    """Upper case, 3 to 9 letters and digits (8 for organisations, 9 for older site codes); else Refused."""
    code = "".join(text.split()).upper()
    if not _CODE.fullmatch(code):
        raise Refused("An ODS code has 3 to 9 letters and digits, for example M81054.", field)
    return code
