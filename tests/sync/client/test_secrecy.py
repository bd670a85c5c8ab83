"""Nothing that anybody wrote is readable in a file or an address; it travels in bodies alone, which TLS seals."""

from pathlib import Path

import pytest

from tests.sync.client.practice import Fault, Laptop, Practice
from tests.sync.client.test_faults import visit
from wellbeing_desktop.domain.person import Person

SENTINEL = "Sentinelwort"


def readable_in(folder: Path) -> list[str]:
    """The files that hold the sentinel, in any of the ways that text is stored."""
    forms = [SENTINEL.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(form in (content := path.read_bytes()) or form.lower() in content for form in forms)
    ]


@pytest.mark.scenario(50)
def test_what_is_written_is_in_no_file_and_no_address(file_practice: Practice, tmp_path: Path) -> None:
    ann, bob = file_practice.laptop(file_practice.member("Ann")), file_practice.laptop(file_practice.member("Bob"))
    ann.synced()
    person_id = ann.create(Person(family_name=f"{SENTINEL}-Jones", given_name=SENTINEL))
    visit(ann, person_id, f"{SENTINEL} grows by the door.")
    for laptop in (ann, bob, ann):
        laptop.synced()
    assert bob.load(Person, person_id).given_name == SENTINEL
    assert readable_in(tmp_path) == []
    for laptop in (ann, bob):
        laptop.close()
    assert readable_in(tmp_path) == []
    assert any(SENTINEL.encode() in message for message in file_practice.wire), "the test looks at nothing"
    asked = file_practice.http.asked
    assert all(SENTINEL not in one.path and person_id not in one.path and "?" not in one.path for one in asked)
    assert all(SENTINEL not in value for one in asked for value in one.headers.values())


def test_a_problem_says_nothing_about_anybody(file_practice: Practice) -> None:
    ann: Laptop = file_practice.laptop(file_practice.member("Ann"))
    ann.synced()
    ann.create(Person(family_name=SENTINEL))
    file_practice.fault = lambda path, count: Fault.BENT_REPLY
    report = ann.sync()
    assert report.problems
    for found in report.problems:
        assert SENTINEL not in f"{found.message} {found.advice} {found!r} {found.__cause__!r}"
