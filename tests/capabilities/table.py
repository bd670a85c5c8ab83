"""The tables in docs/capabilities.md: each capability and each rule, where it is in the window, and its tests.

A test carries ids as `@pytest.mark.capability("A1", "W3")`. The words of the page are written by hand, with the pages
of the window named in backticks by their keys in ui/page_list.py; the last column is written by
`python -m tests.capabilities.table`, and tests/capabilities/test_table.py fails when it is not what the tests say.
"""

import re
from typing import Final, NamedTuple

from tests.marked import ROOT, Marked, marked

PAGE: Final = ROOT / "docs" / "capabilities.md"
NOT_BUILT: Final = "not built yet"
"""In the column of the window, for what no page does yet: such a row needs no test, and may have none."""

_ROW: Final = re.compile(r"^\| (?P<id>[A-Z]\d+) \| (?P<words>[^|]+) \| (?P<window>[^|]+) \|")
_KEY: Final = re.compile(r"`([a-z_]+)`")


class Row(NamedTuple):
    """One row as it is written by hand."""

    words: str
    window: str

    @property
    def built(self) -> bool:
        return not self.window.startswith(NOT_BUILT)

    @property
    def pages(self) -> frozenset[str]:
        """Keys of the pages that it names."""
        return frozenset(_KEY.findall(self.window))


def rows() -> dict[str, Row]:
    """The rows of the page, by id."""
    found = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if (row := _ROW.match(line)) is not None:
            found[row["id"]] = Row(row["words"].strip(), row["window"].strip())
    return found


def rewritten(page: str) -> str:
    """The page with its last column as the tests have it now."""
    tests, lines = marked("capability"), []
    for line in page.splitlines():
        if (row := _ROW.match(line)) is not None:
            shown = _cell(tests.get(row["id"], []))
            line = f"| {row['id']} | {row['words'].strip()} | {row['window'].strip()} | {shown} |"
        lines.append(line)
    return "\n".join(lines) + "\n"


def _cell(tests: list[Marked]) -> str:
    return "<br>".join(test.in_words() for test in tests) or "-"


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
