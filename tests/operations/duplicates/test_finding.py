"""Finding who may be one person: how often it is right, and that the store finds whom a list in memory finds."""

import datetime as dt
from collections import Counter

import pytest

from tests.operations.duplicates.labelled import everybody, questions
from tests.operations.made import NOW, Made
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.person import Address, ContactPoint, Person
from wellbeing_desktop.operations.aliases import join_people
from wellbeing_desktop.operations.duplicate_index import DuplicateIndex, possible_duplicates
from wellbeing_desktop.operations.duplicates import Verdict, known, known_people, who_may_be
from wellbeing_desktop.operations.people import register_person
from wellbeing_desktop.storage.migrations.m0015_family_keys import apply
from wellbeing_desktop.storage.undo import undo
from wellbeing_desktop.storage.write_door import transaction

BORN = dt.date(1940, 5, 1)


def test_of_the_labelled_set_so_many_are_found_and_so_many_offers_are_right(capsys: pytest.CaptureFixture[str]) -> None:
    index = DuplicateIndex(everybody())
    asked, found, missed = 0, 0, Counter[str]()
    right, wrong = Counter[Verdict](), Counter[Verdict]()
    false_alarms = Counter[str]()
    for question in questions():
        offers = index.like(question.typed)
        asked += bool(question.is_id)
        hit = any(offer.person_id == question.is_id for offer in offers)
        found += hit
        if question.is_id and not hit:
            missed[question.slip] += 1
        for offer in offers:
            if offer.person_id == question.is_id:
                right[offer.verdict] += 1
            else:
                wrong[offer.verdict] += 1
                false_alarms[question.slip] += 1
    recall = found / asked
    precision = sum(right.values()) / (sum(right.values()) + sum(wrong.values()))
    with capsys.disabled():
        print(f"\nduplicates, {asked} typed again: recall {recall:.4f}, precision {precision:.4f}")
        for verdict in (Verdict.CERTAINLY, Verdict.PROBABLY, Verdict.POSSIBLY):
            print(f"  {verdict.words}: {right[verdict]} right, {wrong[verdict]} wrong")
        print(f"  missed: {dict(missed)}\n  wrongly offered: {dict(false_alarms)}")
    assert wrong[Verdict.CERTAINLY] == 0
    assert recall >= 0.97
    assert precision >= 0.9


def test_the_store_finds_whom_a_list_in_memory_finds(made: Made) -> None:
    ids = {}
    for number, one in enumerate(everybody()[:90]):
        name = one.name
        ids[one.id] = new_id()
        postcode = f"{one.postcode[:-3]} {one.postcode[-3:]}" if one.postcode else ""
        register_person(
            made.writer,
            Person(
                id=ids[one.id],
                family_name="-".join(name.families) or f"Unnamed {number}",
                given_name=" ".join(name.givens),
                known_as=name.known_as,
                former_names=name.former,
                born_on=one.born_on,
                nhs_number=one.nhs_number,
            ),
            address=Address(postcode=postcode) if postcode else None,
            at=NOW,
        )
    index = DuplicateIndex(known_people(made.writer))
    hits = 0
    for question in [one for one in questions() if one.is_id in ids or not one.is_id][::12]:
        in_store = who_may_be(made.writer, question.typed, 5)
        assert in_store == index.like(question.typed, 5), question
        hits += ids.get(question.is_id) in {offer.person_id for offer in in_store}
    assert hits > 10


def test_a_person_is_not_their_own_duplicate_and_each_block_finds_its_pair(made: Made) -> None:
    mary = known(made.mary, "Jones", "Mary", "", BORN)
    assert who_may_be(made.writer, mary) == ()
    number = made.person("Brown", "Ivy", born_on=BORN.replace(year=1950), nhs_number="9434765919")
    phone = new_id()
    register_person(
        made.writer,
        Person(id=phone, family_name="Owen", given_name="Olwen", born_on=dt.date(1938, 2, 3)),
        address=Address(line1="1 High Street", postcode="HU1 1AA"),
        contact_points=[ContactPoint(medium="mobile", value="+447700900123")],
        at=NOW,
    )
    for typed, expected in (
        (known("", "Johnes", "Mary", "", dt.date(1940, 6, 1)), made.mary),
        (known("", "Mary", "Jones", "", BORN), made.mary),
        (known("", "Jones", "Mary", "", dt.date(1940, 1, 5)), made.mary),
        (known("", "Braun", "Ivy", "", None, "9434765919"), number),
        (known("", "Brown", "Ivy", "", None, "9434756919"), number),
        (known("", "Evans", "Olwen", "", dt.date(1938, 2, 3), "", "hu11aa"), phone),
        (known("", "Evans", "Olwen", "", dt.date(1938, 2, 3), telephones=["+447700900123"]), phone),
    ):
        assert [offer.person_id for offer in who_may_be(made.writer, typed)] == [expected], typed


def test_somebody_joined_is_offered_as_the_record_kept_with_what_their_own_says(made: Made) -> None:
    other = made.person("Joness", "Marie", born_on=BORN, nhs_number="9434765919")
    pairs = possible_duplicates(made.writer)
    assert [{one, offer.person_id} for one, offer in pairs] == [{made.mary, other}]
    join_people(made.writer, made.mary, other, "same", at=NOW)
    assert possible_duplicates(made.writer) == []
    (offer,) = who_may_be(made.writer, known("", "Jonnes", "Marie", "", BORN, "9434765919"))
    assert (offer.person_id, offer.verdict) == (made.mary, Verdict.CERTAINLY)
    assert who_may_be(made.writer, known(other, "Joness", "Marie", "", BORN)) == ()


def test_where_a_protected_person_lives_is_not_confirmed_by_a_likeness(made: Made) -> None:
    hidden = new_id()
    register_person(
        made.writer,
        Person(id=hidden, family_name="Owen", given_name="Olwen", born_on=dt.date(1938, 2, 3), restricted=True),
        address=Address(line1="1 High Street", postcode="HU1 1AA"),
        contact_points=[ContactPoint(medium="mobile", value="+447700900123")],
        at=NOW,
    )
    typed = known(
        "", "Owen", "Olwen", "", dt.date(1938, 2, 3), "", "HU1 1AA", line1="1 High Street", telephones=["+447700900123"]
    )
    (offer,) = who_may_be(made.writer, typed)
    assert offer.reasons == ("same name", "same date of birth")
    assert who_may_be(made.writer, known("", "Evans", "Olwen", "", dt.date(1938, 2, 3), "", "HU1 1AA")) == ()


def test_whoever_nobody_knows_yet_is_nobodys_duplicate(made: Made) -> None:
    made.person("Jones", "Mary", born_on=BORN, unidentified=True)
    assert [offer.person_id for offer in who_may_be(made.writer, known("", "Jones", "Mary", "", BORN))] == [made.mary]


def test_a_family_name_is_looked_for_as_long_as_somebody_has_it(made: Made) -> None:
    def offered() -> list[str]:
        return [offer.person_id for offer in who_may_be(made.writer, known("", "Llewelyn-Hughs", "Anwen"))]

    first = made.person("Llewellyn-Hughes", "Anwen")
    second = new_id()
    added = register_person(made.writer, Person(id=second, family_name="Llewellyn Hughes", given_name="Anwen"), at=NOW)
    assert sorted(offered()) == sorted([first, second])
    with transaction(made.writer, "change_person") as tx:
        tx.change(Person, first, {"family_name": "Quinquereme"})
    assert offered() == [second]
    undo(made.writer, added.undo_id, at=NOW)
    assert offered() == []
    assert made.writer.value("SELECT count(*) FROM family_key WHERE family = 'llewellynhughes'") == 0
    assert {family for (family,) in made.writer.rows("SELECT DISTINCT family FROM family_key")} == {
        "jones",
        "quinquereme",
    }


def test_a_store_from_before_the_names_had_keys_gets_them(made: Made) -> None:
    for family in ("Llewellyn-Hughes", "Ng", "O'Brien", "", "حسين"):
        made.person(family, "Anwen")
    kept = made.writer.rows("SELECT key, family FROM family_key")
    assert len({family for _key, family in kept}) == 5
    with made.writer.immediate():
        made.writer.execute("DROP TABLE family_key")
        apply(made.writer)
    assert made.writer.rows("SELECT key, family FROM family_key") == kept
