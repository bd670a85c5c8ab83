"""The table in docs/sync-proof.md: each scenario and fault, in words, and the tests that carry its number.

A test carries numbers as `@pytest.mark.scenario(12)` or `@pytest.mark.fault(7)`. The words in the page are written by
hand; its last two columns are written by `python -m tests.sync.proof.table`, and tests/sync/proof/test_table.py fails
when they are not what the tests say.
"""

import re
from typing import Final, NamedTuple

from tests.marked import ROOT, Marked, marked

PAGE: Final = ROOT / "docs" / "sync-proof.md"

NUMBERS: Final = {
    "scenario": tuple(number for number in range(1, 59) if number not in (53, 54)),
    "fault": tuple(range(1, 39)),
}
"""Scenarios 53 and 54 are about a server that cannot read what it keeps, and do not apply to ours."""

ON_BOTH: Final = frozenset(
    {"practice", "laptops", "service", "engine", "full", "timed", "line", "linked", "case", "scene", "on"}
)
"""Fixtures and parameters that run a test once on the encrypted file and once on PostgreSQL."""
ON_FILE: Final = frozenset({"file_practice", "file_engine", "file_linked"})

_ROW: Final = re.compile(r"^\| (?P<number>\d+) \| (?P<words>[^|]+) \|")


class Shown(NamedTuple):
    """One test that carries a number."""

    test: Marked
    where: str
    """On which engines it runs: "both", "file", or "laptop" where no server takes part."""


def shown(kind: str) -> dict[int, list[Shown]]:
    """Every test that carries numbers of a kind, by number."""
    return {number: [Shown(test, _where(test)) for test in tests] for number, tests in marked(kind).items()}


def _where(test: Marked) -> str:
    if test.asks & ON_BOTH:
        return "both"
    return "file" if test.asks & ON_FILE or "SqliteEngine(" in test.source else "laptop"


def written() -> dict[str, dict[int, str]]:
    """The words of the page, by kind and number."""
    found: dict[str, dict[int, str]] = {kind: {} for kind in NUMBERS}
    kind = "scenario"
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            kind = "fault" if line.startswith("## Faults") else "scenario"
        if (row := _ROW.match(line)) is not None:
            found[kind][int(row["number"])] = row["words"].strip()
    return found


def rewritten(page: str) -> str:
    """The page with its last two columns as the tests have them now."""
    tests = {kind: shown(kind) for kind in NUMBERS}
    kind, lines = "scenario", []
    for line in page.splitlines():
        if line.startswith("## "):
            kind = "fault" if line.startswith("## Faults") else "scenario"
        if (row := _ROW.match(line)) is not None:
            number = int(row["number"])
            line = f"| {number} | {row['words'].strip()} | {_cell(tests[kind].get(number, []))} |"
        lines.append(line)
    return "\n".join(lines) + "\n"


def _cell(tests: list[Shown]) -> str:
    if not tests:
        return "nothing yet |"
    names = "<br>".join(each.test.in_words() for each in tests)
    wheres = {each.where for each in tests}
    where = "both" if "both" in wheres else "file" if "file" in wheres else "laptop"
    return f"{names} | {where}"


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
