"""Every capability that is said to be built has its place in the window and its test, and docs/capabilities.md says which."""

import re

from tests.capabilities import table
from tests.marked import ROOT, marked


def test_what_is_built_has_a_test_and_what_is_not_has_none() -> None:
    built = {id for id, row in table.rows().items() if row.built}
    assert built - set(marked("capability")) == set(), "no test shows these"
    assert set(marked("capability")) - built == set(), "tests show what the page does not say is built"


def test_every_page_named_is_a_page_of_the_window() -> None:
    source = (ROOT / "wellbeing_desktop" / "ui" / "page_list.py").read_text(encoding="utf-8")
    pages = set(re.findall(r'add_page\("([a-z_]+)"', source))
    named = frozenset[str]().union(*(row.pages for row in table.rows().values()))
    assert named
    assert named - pages == set(), "there are no such pages"


def test_the_page_says_what_the_tests_say() -> None:
    page = table.PAGE.read_text(encoding="utf-8")
    assert page == table.rewritten(page), "write it again: python -m tests.capabilities.table"
