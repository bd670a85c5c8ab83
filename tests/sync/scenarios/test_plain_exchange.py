"""Plain exchange: scenarios 5 and 6; 1 to 4 and 7 are in tests/sync/client."""

import json

import pytest

from tests.sync.client.practice import Practice
from tests.sync.scenarios.people import laptops_of, same_everywhere
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.storage.write_door import Transaction
from wellbeing_desktop.sync.client import pull

ROWS = [1_200, pytest.param(10_000, marks=pytest.mark.soak)]


@pytest.mark.scenario(5)
@pytest.mark.slow
@pytest.mark.parametrize("rows", ROWS)
def test_thousands_of_rows_never_synced_go_in_batches_and_go_on_where_they_were_stopped(
    practice: Practice, rows: int
) -> None:
    """A has 10,000 rows never synced: first sync finishes in pages, can be cancelled, and resumes without starting
    over."""
    [ann] = laptops_of(practice, "Ann")

    def add(tx: Transaction) -> None:
        for number in range(rows):
            tx.begin_group()
            tx.create(Person(family_name=f"Family{number:05}"))

    ann.do(add)
    sent: list[int] = []

    def stopped() -> bool:
        return practice.paths.count("/v1/push") >= 2 and not sent

    first = ann.sync(cancelled=stopped)
    assert [found.kind for found in first.problems] == ["cancelled"]
    assert 0 < first.sent < rows
    sent.append(first.sent)
    ann.reopen()
    rest = ann.synced()
    assert rest.sent == rows - first.sent, "it began again"
    [(held,)] = practice.engine.read(
        lambda transaction: transaction.all(
            "SELECT COUNT(*) FROM rec WHERE org = ? AND t = 'person'", (practice.service.org,)
        )
    )
    assert held == rows
    same_everywhere(ann)


@pytest.mark.scenario(6)
def test_an_empty_page_in_the_middle_does_not_end_the_sync(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty page in the middle of a download does not end the sync."""
    monkeypatch.setattr(pull, "PAGE_ROWS", 3)
    [ann] = laptops_of(practice, "Ann")
    hers = ann.create(Person(family_name="Hughes"))
    ann.synced()
    [cerys] = laptops_of(practice, "Cerys", kind="caseload", subjects=(hers,))
    for number in range(12):
        ann.create(Person(family_name=f"Somebody else {number}"))
    ann.change(Person, hers, known_as="Bron")
    ann.synced()
    pages: list[int] = []

    def count(path: str, reply: bytes) -> bytes:
        if path == "/v1/pull":
            pages.append(len(json.loads(reply)["changes"]))
        return reply

    practice.bend = count
    cerys.synced()
    assert 0 in pages[:-1], "there was no empty page"
    assert cerys.load(Person, hers).known_as == "Bron"
    same_everywhere(cerys)
