"""ODS codes."""

import pytest

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ods_code import parse_ods_code


@pytest.mark.parametrize(
    ("text", "code"), [("m81054", "M81054"), (" R1L ", "R1L"), ("RH8 02", "RH802"), ("8HA03", "8HA03")]
)
def test_codes_are_upper_cased_and_never_refused_by_pattern_alone(text: str, code: str) -> None:
    assert parse_ods_code(text) == code


@pytest.mark.parametrize("text", ["", "M8", "M81054-001X", "M8105400001", "Weobley, Staunton", "ＭＭＭ"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="3 to 9"):
        parse_ods_code(text)
