"""SNOMED CT identifiers: 6 to 18 digits, a Verhoeff check digit, a partition before it.

Source: SNOMED International release file specification, sections 6.2 and 6.6. Codes are text: 18 digits do not
fit a spreadsheet's 15-digit precision.
"""

import re
from typing import Final, NamedTuple

from wellbeing_desktop.domain.errors import Refused

_KINDS: Final = {
    "00": "concept",
    "01": "description",
    "02": "relationship",
    "10": "concept",
    "11": "description",
    "12": "relationship",
}
# The dihedral group D5, and the permutation applied by position.
_PRODUCT: Final = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_FIRST_PERMUTATION: Final = "1576283094"


class SnomedId(NamedTuple):
    """`kind` is concept, description or relationship; `namespace` is empty for international identifiers."""

    digits: str
    kind: str
    namespace: str


def parse_snomed_id(text: str, field: str | None = None) -> SnomedId:
    """Any SNOMED CT identifier, or Refused saying what is wrong with it."""
    digits = text.strip()
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]+", digits):
        raise Refused("A spreadsheet has rounded this SNOMED CT code (it contains E+), so digits are lost.", field)
    if not re.fullmatch(r"[0-9]+", digits):
        raise Refused("A SNOMED CT code has digits only.", field)
    if not 6 <= len(digits) <= 18 or digits[0] == "0":
        raise Refused("A SNOMED CT code has 6 to 18 digits and does not begin with 0.", field)
    partition = digits[-3:-1]
    kind = _KINDS.get(partition)
    if kind is None or (partition[0] == "1" and len(digits) < 11):
        raise Refused("This is not a SNOMED CT code: the two digits before the last name no kind of code.", field)
    if not _passes_verhoeff(digits):
        raise Refused("This SNOMED CT code fails its check digit: at least one digit is wrong.", field)
    return SnomedId(digits, kind, digits[-10:-3] if partition[0] == "1" else "")


def parse_concept_id(text: str, field: str | None = None) -> str:
    """A concept identifier; a description identifier, which some published lists print as a code, is refused."""
    found = parse_snomed_id(text, field)
    if found.kind != "concept":
        raise Refused(f"This is a SNOMED CT {found.kind} identifier. A concept identifier is needed.", field)
    return found.digits


def _passes_verhoeff(digits: str) -> bool:
    check = 0
    for position, digit in enumerate(reversed(digits)):
        permuted = int(digit)
        for _ in range(position % 8):
            permuted = int(_FIRST_PERMUTATION[permuted])
        check = int(_PRODUCT[check][permuted])
    return check == 0
