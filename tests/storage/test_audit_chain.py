"""The audit: no entry can be changed, taken out or put in unseen, and none says whose record it was."""

import msgspec
import pytest

from tests.storage.sample_records import add_person
from wellbeing_desktop.domain.operation import Operation, OperationKind
from wellbeing_desktop.domain.wire import canonical
from wellbeing_desktop.storage import audit
from wellbeing_desktop.storage.connection import Writer


@pytest.fixture
def chain(writer: Writer) -> Writer:
    for number in range(5):
        add_person(writer, family_name=f"Person {number}")
    return writer


def test_a_chain_as_it_was_written_has_no_findings(chain: Writer) -> None:
    assert audit.verify(chain) == []
    number, hash = audit.head(chain)
    assert number == 5
    assert audit.hash_at(chain, 5) == hash
    assert audit.hash_at(chain, 6) is None


@pytest.mark.parametrize(
    ("tampering", "sentence"),
    [
        (
            "UPDATE audit SET entry = replace(entry, 'add_person', 'open_record') WHERE number = 3",
            "Entry 3 has been changed.",
        ),
        ("UPDATE audit SET entry = 'nonsense' WHERE number = 3", "Entry 3 cannot be read."),
        ("DELETE FROM audit WHERE number = 3", "Entries 3 to 3 are missing."),
        (
            "UPDATE audit SET hash = (SELECT hash FROM audit WHERE number = 2) WHERE number = 3",
            "Entry 3 has been changed.",
        ),
    ],
)
def test_tampering_is_named(chain: Writer, tampering: str, sentence: str) -> None:
    with chain.immediate():
        chain.execute(tampering)
    assert sentence in [finding.sentence for finding in audit.verify(chain)]


def test_an_entry_written_anew_with_its_own_hash_does_not_fit_the_next(chain: Writer) -> None:
    with chain.immediate():
        entry = chain.value("SELECT entry FROM audit WHERE number = 3").replace("add_person", "open_record")
        import hashlib

        chain.execute(
            "UPDATE audit SET entry = ?, hash = ? WHERE number = 3", (entry, hashlib.sha256(entry.encode()).hexdigest())
        )
    assert [finding.number for finding in audit.verify(chain)] == [4]


def test_entries_come_newest_first_a_page_at_a_time(chain: Writer) -> None:
    first = audit.entries(chain, limit=3)
    second = audit.entries(chain, limit=3, before=first[-1].number)
    assert [line.number for line in (*first, *second)] == [5, 4, 3, 2, 1]


def test_operations_are_hashed_as_the_mappings_that_they_are_on_the_wire() -> None:
    patch = {"b": 1, "a": {"add": ["y", "x"], "remove": []}, "text": "Ll\u0177r \x00"}
    operation = Operation(
        op_id="1", txn="2", id="3", type="person", subject="3", compartment="card", kind=OperationKind.CREATE,
        author="4", at="2026-11-28T10:00:00.000000Z", patch=patch,
    )  # fmt: skip
    assert canonical(operation) == canonical(msgspec.to_builtins(operation))
