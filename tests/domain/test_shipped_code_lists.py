"""Every code list that a record field names is shipped, and fit to be shown."""

import re

import pytest

from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.resources import resource

NAMES = sorted(path.stem for path in resource("code_lists").glob("*.json"))


def test_no_field_names_a_list_that_is_not_shipped() -> None:
    named = {field.about.code_list for record_type in RECORD_TYPES.values() for field in record_type.fields}
    assert named - {""} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_codes_are_distinct_and_labels_are_plain(name: str) -> None:
    found = code_list(name)
    assert found.id == name
    assert found.title
    assert found.source
    assert len(found.codes()) == len(found.entries)
    labels = [entry.label for entry in found.entries]
    assert len(set(labels)) == len(labels)
    for label in labels:
        assert label == " ".join(label.split())
        assert label[0].isupper() or not label[0].isalpha()
        assert not re.search(r"\b(?:PATIENT|PERSON|e\.g\.|i\.e\.|etc)\b", label)
        assert len(label) < 100
