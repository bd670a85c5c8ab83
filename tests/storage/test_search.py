"""Finding people and words: what comes back is what a plain reading of the list would give."""

import contextlib
import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.storage.sample_records import add_person
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.correction import Alias, Misfiling
from wellbeing_desktop.domain.person import Address, ContactPoint, Person, RelatedPerson
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import StoredRow, store_many
from wellbeing_desktop.storage.search import find_page, find_people, search_text
from wellbeing_desktop.storage.search_words import matches, terms_of
from wellbeing_desktop.storage.write_door import transaction

TODAY = dt.date(2026, 11, 21)


def found(writer: Writer, typed: str, limit: int = 50) -> list[str]:
    return [row.name for row in find_people(writer, typed, limit)]


@pytest.fixture
def people(writer: Writer) -> Writer:
    for fields in (
        {"family_name": "O'Brien-Smith", "given_name": "Máire", "born_on": dt.date(1950, 3, 2)},
        {"family_name": "Jones", "given_name": "Bronwen", "known_as": "Bron", "nhs_number": "9434765919"},
        {"family_name": "Jones", "given_name": "Bronwen Mair", "born_on": dt.date(1950, 3, 2)},
        {"family_name": "Őrsi", "given_name": "László", "former_names": ("Kovács",)},
        {"family_name": "McDonald", "given_name": "Ewan", "local_number": "12345"},
        {"family_name": "王", "given_name": "小明"},
        {"family_name": "حسين", "given_name": "فاطمة"},
    ):
        add_person(writer, **fields)
    bronwen = find_people(writer, "9434765919")[0].id
    with transaction(writer, "add_details") as tx:
        tx.create(Address(subject=bronwen, line1="14 Station Road", postcode="LS11 7JJ"))
        tx.create(ContactPoint(subject=bronwen, medium="mobile", value="+447700900123"))
        tx.create(RelatedPerson(subject=bronwen, name="Gareth Pugh", telephone="+441632960123"))
    return writer


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("jones bron", ["JONES, Bronwen (Bron)", "JONES, Bronwen Mair"]),
        ("bron jones", ["JONES, Bronwen (Bron)", "JONES, Bronwen Mair"]),
        ("JONES, Bronwen", ["JONES, Bronwen (Bron)", "JONES, Bronwen Mair"]),
        ("maire", ["O'BRIEN-SMITH, Máire"]),
        ("obrien", ["O'BRIEN-SMITH, Máire"]),
        ("O'Brien", ["O'BRIEN-SMITH, Máire"]),
        ("smith", ["O'BRIEN-SMITH, Máire"]),
        ("orsi", ["ŐRSI, László"]),
        ("kovacs", ["ŐRSI, László"]),
        ("943 476 5919", ["JONES, Bronwen (Bron)"]),
        ("943-476-5919", ["JONES, Bronwen (Bron)"]),
        ("9434", ["JONES, Bronwen (Bron)"]),
        ("ls11 7jj", ["JONES, Bronwen (Bron)"]),
        ("LS117JJ", ["JONES, Bronwen (Bron)"]),
        ("07700 900123", ["JONES, Bronwen (Bron)"]),
        ("+44 7700 900 123", ["JONES, Bronwen (Bron)"]),
        ("01632 960123", ["JONES, Bronwen (Bron)"]),
        ("gareth", ["JONES, Bronwen (Bron)"]),
        ("station road", ["JONES, Bronwen (Bron)"]),
        ("900123", ["JONES, Bronwen (Bron)"]),
        ("02/03/1950", ["JONES, Bronwen Mair", "O'BRIEN-SMITH, Máire"]),
        ("2.3.50", ["JONES, Bronwen Mair", "O'BRIEN-SMITH, Máire"]),
        ("2 March 1950", ["JONES, Bronwen Mair", "O'BRIEN-SMITH, Máire"]),
        ("1950-03-02 jones", ["JONES, Bronwen Mair"]),
        ("02 03 1950", ["JONES, Bronwen Mair", "O'BRIEN-SMITH, Máire"]),
        ("12345", ["MCDONALD, Ewan"]),
        ("donald", ["MCDONALD, Ewan"]),
        ("王", ["王, 小明"]),
        ("小明", ["王, 小明"]),
        ("فاطمة", ["حسين, فاطمة"]),
        ("j", ["JONES, Bronwen (Bron)", "JONES, Bronwen Mair"]),
        ("br", ["JONES, Bronwen (Bron)", "JONES, Bronwen Mair", "O'BRIEN-SMITH, Máire"]),
        ("jones smith", []),
        ("", []),
        ("' \" * ( ) NEAR AND", []),
    ],
)
def test_people_are_found_by_what_one_knows_of_them(people: Writer, typed: str, expected: list[str]) -> None:
    assert found(people, typed) == expected


@pytest.mark.parametrize(
    "typed", ['"', "*", "jones OR 1", "find : x", "NEAR(a b)", "x'--", "\x00jones", "a" * 5000, "^j"]
)
def test_hostile_text_is_only_text(people: Writer, typed: str) -> None:
    find_people(people, typed)
    search_text(people, typed)


def test_a_row_tells_people_of_one_name_apart(people: Writer) -> None:
    first, second = find_people(people, "jones")
    assert (first.postcode, first.nhs_number) == ("LS11 7JJ", "9434765919")
    assert second.born_on == dt.date(1950, 3, 2)
    assert first.similar_name
    assert second.similar_name
    [other] = find_people(people, "maire")
    assert not other.similar_name


def test_people_of_one_surname_and_birth_date_are_similar(writer: Writer) -> None:
    for name in ("Ann", "Beth"):
        add_person(writer, family_name="Price", given_name=name, born_on=dt.date(1980, 1, 1))
    add_person(writer, family_name="Price", given_name="Carys", born_on=dt.date(1980, 1, 2))
    assert [row.similar_name for row in find_people(writer, "price")] == [True, True, False]


def test_a_changed_name_is_found_by_the_new_one_only(writer: Writer) -> None:
    person_id = add_person(writer, family_name="Pritchard")
    with transaction(writer, "change_person") as tx:
        tx.change(Person, person_id, {"family_name": "Probert"})
    assert found(writer, "prit") == []
    assert found(writer, "prob") == ["PROBERT, Bronwen"]


def test_somebody_joined_to_another_record_is_found_as_the_record_kept(writer: Writer) -> None:
    kept = add_person(writer, family_name="Rees", given_name="Ann")
    joined = add_person(writer, family_name="Rhys", given_name="Annie")
    with transaction(writer, "join_records") as tx:
        alias = tx.create(Alias(subject=joined, survivor_id=kept, vanished_id=joined, state="active"))
    assert [row.id for row in find_people(writer, "rhys")] == [kept]
    with transaction(writer, "part_records") as tx:
        tx.change(Alias, alias, {"state": "ended"})
    assert [row.id for row in find_people(writer, "rhys")] == [joined]


def test_words_of_notes_are_found_with_their_record(writer: Writer) -> None:
    person_id = add_person(writer)
    with transaction(writer, "write_note") as tx:
        note = tx.create(
            Note(subject=person_id, written_on=TODAY, text="Likes the café by the canal.", agreed="Ring Tuesday")
        )
        tx.create(Task(subject=person_id, title="Ask about the canal walk"))
    [hit] = search_text(writer, "cafe canal")
    assert (hit.id, hit.type, hit.subject, hit.compartment) == (note, "note", person_id, "clinical")
    assert "\u2068café\u2069" in hit.snippet
    assert len(search_text(writer, "canal")) == 2
    assert len(search_text(writer, "can", subject=person_id)) == 2
    assert search_text(writer, "canal", subject="other") == []
    with transaction(writer, "change_note") as tx:
        tx.change(Note, note, {"text": "Likes the library."})
    assert search_text(writer, "cafe") == []
    assert [one.id for one in search_text(writer, "library tuesday")] == [note]


def test_a_note_in_the_wrong_record_is_not_found_until_that_is_taken_back(writer: Writer) -> None:
    person_id = add_person(writer)
    with transaction(writer, "write_note") as tx:
        note = tx.create(Note(subject=person_id, written_on=TODAY, text="quinquereme"))
    with transaction(writer, "mark_misfiled") as tx:
        misfiling = tx.create(Misfiling(target_type="note", target_id=note, reason="Another person"))
    assert search_text(writer, "quinquereme") == []
    with transaction(writer, "take_back") as tx:
        tx.change(Misfiling, misfiling, {"ended": True})
    assert [hit.id for hit in search_text(writer, "quinquereme")] == [note]


def test_removed_words_leave_the_search_tables_themselves(writer: Writer) -> None:
    person_id = add_person(writer, family_name="Xerxesdottir")
    with transaction(writer, "write_note") as tx:
        note = tx.create(Note(subject=person_id, written_on=TODAY, text="quinquereme"))
    with transaction(writer, "change_both") as tx:
        tx.change(Note, note, {"text": "trireme"})
        tx.change(Person, person_id, {"family_name": "Smith"})
    blocks = b"".join(
        bytes(row[0])
        for table in ("text", "find", "find_part")
        for row in writer.rows(f"SELECT block FROM {table}_data")
    ).lower()
    assert b"quinq" not in blocks
    assert b"xerxes" not in blocks
    for table in ("text", "find", "find_part"):
        with writer.immediate():
            writer.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")


_NAMES = st.text(alphabet=st.sampled_from("abcéÉß'-. O王ح१ि"), max_size=8)
_PEOPLE = st.lists(st.tuples(_NAMES, _NAMES, _NAMES), min_size=1, max_size=6)


class _TakeBack(Exception):
    """Ends a transaction of the property test, so that each example begins with an empty store."""


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=_PEOPLE, typed=st.text(alphabet=st.sampled_from("abcéÉß'-. O王ح१ि\"*"), max_size=10))
def test_the_index_finds_what_a_plain_filter_finds(writer: Writer, people, typed) -> None:
    rows = [
        StoredRow(
            type="person",
            id=f"p{number}",
            subject=f"p{number}",
            compartment="card",
            body={"family_name": f"x{family}", "given_name": first, "known_as": known_as},
        )
        for number, (family, first, known_as) in enumerate(people)
    ]
    with contextlib.suppress(_TakeBack), writer.immediate():
        store_many(writer, rows)
        terms = terms_of(typed)
        held = dict(writer.rows("SELECT r.id, w.words FROM person_words AS w JOIN record AS r USING (number)"))
        plain = {id for id, words in held.items() if terms and matches(terms, words.split())}
        got = {row.id for row in find_people(writer, typed)}
        if not plain and not (len(terms) == 1 and len(terms[0][0]) < 3):
            parts = [term[0] for term in terms if len(term[0]) >= 3]
            plain = {id for id, words in held.items() if parts and all(part in words for part in parts)}
        assert got == plain
        raise _TakeBack


def test_a_page_of_ids_is_of_the_same_people_in_the_same_order(writer: Writer) -> None:
    for given_name in ("Owain", "Carys", "Megan"):
        add_person(writer, family_name="Probert", given_name=given_name)
    everybody = tuple(row.id for row in find_people(writer, "probert"))
    assert find_page(writer, "probert", 50, limit=50) == (everybody, 3)
    assert find_page(writer, "probert", 50, limit=2, offset=1) == (everybody[1:], 3)
    assert find_page(writer, "probert", 50, limit=2, descending=True) == (everybody[:0:-1], 3)
    assert find_page(writer, "probert", 2, limit=50) == (everybody[:2], 2)
    assert find_page(writer, " ", 50, limit=50) == ((), 0)
