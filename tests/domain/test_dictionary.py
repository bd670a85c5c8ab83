"""The data dictionary is current and leaves nothing out."""

from pathlib import Path

from wellbeing_desktop.domain.dictionary import data_dictionary
from wellbeing_desktop.domain.registry import RECORD_TYPES

FILE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_the_printed_dictionary_is_current() -> None:
    assert FILE.read_text("utf-8") == data_dictionary(), (
        "run: python -m wellbeing_desktop.domain.dictionary > docs/data-dictionary.md"
    )


def test_every_field_of_every_type_is_described() -> None:
    text = data_dictionary()
    for record_type in RECORD_TYPES.values():
        section = text.split(f"(`{record_type.name}`)", 1)[1].split("\n## ", 1)[0]
        for field in record_type.fields:
            assert f"| `{field.name}` | {field.label} |" in section
