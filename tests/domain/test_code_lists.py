"""Every list that a field names exists, and every state that a record may take has a label."""

import msgspec
import pytest

from wellbeing_desktop.domain.code_lists import code_list, label_of, read_code_list
from wellbeing_desktop.domain.definition import Merge
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.resources import resources_folder

NAMED = sorted(
    {field.about.code_list for kind in RECORD_TYPES.values() for field in kind.fields if field.about.code_list}
)
SHIPPED = sorted(path.stem for path in (resources_folder() / "code_lists").glob("*.json"))


@pytest.mark.parametrize("name", NAMED)
def test_every_list_that_a_field_names_is_shipped(name: str) -> None:
    assert code_list(name).entries


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_list_says_where_it_comes_from_and_repeats_no_code(name: str) -> None:
    found = code_list(name)
    assert found.id == name
    assert found.title
    assert found.source
    assert found.version
    codes = [entry.code for entry in found.entries]
    assert len(codes) == len(set(codes))
    assert all(entry.code and entry.label.strip() for entry in found.entries)


@pytest.mark.parametrize(
    "kind", [kind for kind in RECORD_TYPES.values() if kind.transitions], ids=lambda kind: kind.name
)
def test_every_state_of_a_record_type_is_in_its_list(kind) -> None:
    field = next(field for field in kind.fields if field.merge is Merge.STATE)
    states = set(kind.transitions) | set().union(*kind.transitions.values())
    assert states - {""} <= code_list(field.about.code_list).codes()


def test_a_code_that_the_list_does_not_know_is_shown_as_it_is() -> None:
    assert label_of("referral_sources", "gp") == "GP or practice staff"
    assert label_of("referral_sources", "local-17") == "local-17"
    assert label_of("referral_sources", "") == ""


def test_old_words_never_surface() -> None:
    for name in SHIPPED:
        for entry in code_list(name).entries:
            for old in ("CCG", "IAPT", "CRB", "GSCC", "Primary Care Trust"):
                assert old not in entry.label, f"{name}: {entry.label}"


def test_a_file_that_is_no_list_is_refused() -> None:
    with pytest.raises(msgspec.DecodeError):
        read_code_list(b"not json")
    with pytest.raises(KeyError):
        read_code_list(b"{}")


def test_w7_no_list_of_alerts_or_priorities_names_a_level_of_risk() -> None:
    for name in ("alert_kinds", "safety_fact_kinds", "priorities", "urgencies"):
        for entry in code_list(name).entries:
            assert not {"high", "medium", "low", "risk"} & set(entry.label.lower().split()), entry.label
