"""Duplicate decisions as a careful person would make them, over every file of the test data that has people in it."""

import datetime as dt
from itertools import combinations

import msgspec
import pytest

from tests.operations.duplicates.people import DATA, listed, pds
from wellbeing_desktop.operations.likeness import Known, Verdict, compared, known

NO, POSSIBLY, PROBABLY, CERTAINLY = Verdict
BORN = dt.date(1940, 5, 1)
MARY = known("mary", "Jones", "Mary Ann", "", BORN, "9434765919", "HU1 1AA", line1="1 High Street")


def the(people: list[Known], first: str = "", number: str = "") -> Known:
    (one,) = [one for one in people if (not first or first in one.name.givens) and (not number or one.id == number)]
    return one


def test_every_file_of_people_is_in_this_table() -> None:
    searches = {path.stem for path in (DATA / "pds-sandbox" / "searches").glob("*.json")}
    lists = {path.stem for path in (DATA / "patient-list-csv").glob("*.csv")}
    assert searches == {name for name, _count in SEARCHES}
    assert lists == {name for name, _count in LISTS}


SEARCHES = [
    ("cuff_superseded_searchset", 1),
    ("fuzzy_single_searchset", 1),
    ("historic_email_searchset", 1),
    ("youds_searchset", 4),
]
LISTS = [
    ("class_import__valid", 4),
    ("class_import__valid_with_bom", 1),
    ("cohort_import__duplicate_except_postcode", 1),
    ("cohort_import__invalid_minimal", 1),
    ("cohort_import__valid", 3),
    ("cohort_import__valid_extra_fields", 3),
    ("cohort_import__valid_iso_8859_1_encoding", 16),
    ("cohort_import__valid_minimal", 1),
    ("cohort_import__valid_with_changes", 1),
    ("immunisation_import__point_of_care__systm_one", 4),
    ("immunisation_import__point_of_care__valid_duplicate_patient_no_nhs_number", 2),
]


@pytest.mark.parametrize(("name", "count"), SEARCHES)
def test_a_search_has_so_many_people(name: str, count: int) -> None:
    assert len(pds(f"searches/{name}")) == count


@pytest.mark.parametrize(("name", "count"), LISTS)
def test_a_list_has_so_many_people(name: str, count: int) -> None:
    assert len(listed(name)) == count


# What a careful person would say of pairs in the searches and patients of the national service's sandbox ---------------


def test_four_people_of_one_name_and_birth_date_with_four_numbers_are_worth_a_look_and_no_more() -> None:
    decisions = [compared(one, other).verdict for one, other in combinations(pds("searches/youds_searchset"), 2)]
    assert decisions == [POSSIBLY] * 6


@pytest.mark.parametrize(
    ("one", "other", "verdict", "reason"),
    [
        # one name, birth date and postcode under two numbers: perhaps merged, perhaps not
        ("searches/fuzzy_single_searchset", "searches/historic_email_searchset", POSSIBLY, "different NHS numbers"),
        # brother and sister of one day at one address
        ("patients/patient_9000000009", "mocks/PatientCompoundName", NO, "different first names"),
        # Jane Smith and Janet Smythe of one birth date with two numbers
        ("patients/patient_9000000009", "patients/patient_9000000025", NO, "different NHS numbers"),
        ("patients/patient_9000000025", "mocks/Sensitive_Patient", CERTAINLY, "same NHS number"),
        # a number and nothing else
        ("patients/patient_9000000033", "mocks/Minimal_Patient", PROBABLY, "a name is not known"),
        # Roger Killen as was, and Dean Roger Killen born 19 years later
        ("patients/patient_9732110317", "patients/patient_9733162043", NO, "different dates of birth"),
    ],
)
def test_pairs_of_the_sandbox(one: str, other: str, verdict: Verdict, reason: str) -> None:
    likeness = compared(pds(one)[0], pds(other)[0])
    assert likeness.verdict is verdict, likeness.reasons
    assert reason in likeness.reasons


@pytest.mark.parametrize(
    ("name", "typed", "verdict", "reason"),
    [
        # the number that the search was made with was superseded: name, birth date and place stand
        (
            "searches/cuff_superseded_searchset",
            known("", "Cuff", "Jane", "", dt.date(1926, 1, 7), "9733162868", "DN20 0PQ"),
            POSSIBLY,
            "same postcode",
        ),
        (
            "searches/cuff_superseded_searchset",
            known("", "CUFF", "Jane", "", dt.date(1926, 7, 1), "", "DN20 0PQ"),
            PROBABLY,
            "day and month of birth the other way round",
        ),
        (
            "searches/fuzzy_single_searchset",
            known("", "Smyth", "Sam", "", dt.date(2000, 5, 5), "", "DN17 4AA"),
            PROBABLY,
            "family name sounds alike",
        ),
        ("patients/patient_9693632109", known("", "Garton", "William", "", dt.date(1946, 6, 23)), PROBABLY,
         "one first name is short for the other"),
        ("patients/patient_9732110317", known("", "Killen", "Roger", "", dt.date(1936, 6, 21)), PROBABLY,
         "a former name is the same"),
        ("patients/patient_9733162043", known("", "Killen", "Roger", "", dt.date(1955, 5, 27)), PROBABLY,
         "one's first name is the other's second"),
        ("patients/patient_9736363015", known("", "Money", "Conrad", "", dt.date(1937, 4, 8), "", "DN17 4BN"), PROBABLY,
         "postcode differs in its last letter"),
        ("patients/patient_9736363015", known("", "Mooney", "Conrad", "", dt.date(1900, 1, 1), "", "DN17 4BL"), POSSIBLY,
         "a date of birth is a placeholder"),
        ("mocks/PatientCompoundName", known("", "Smith", "Johnpaul", "", dt.date(2010, 10, 22)), PROBABLY,
         "first name written as one word or two"),
    ],
)  # fmt: skip
def test_what_somebody_typed_against_the_sandbox(name: str, typed: Known, verdict: Verdict, reason: str) -> None:
    likeness = compared(typed, pds(name)[0])
    assert likeness.verdict is verdict, likeness.reasons
    assert reason in likeness.reasons


# The lists of people --------------------------------------------------------------------------------------------------

VALID = "cohort_import__valid"


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (the(listed(VALID), "jennifer"), the(listed("cohort_import__valid_with_changes"), "jennifer"), CERTAINLY),
        (the(listed(VALID), "jimmy"), the(listed("class_import__valid"), "jimmy"), CERTAINLY),
        # the number came later
        (the(listed(VALID), "mark"), the(listed("cohort_import__valid_extra_fields"), "mark"), CERTAINLY),
        (the(listed(VALID), "jennifer"), the(listed("cohort_import__valid_minimal"), "jennifer"), CERTAINLY),
        # no birth date: mother and daughter may have one name
        (the(listed(VALID), "jennifer"), the(listed("cohort_import__invalid_minimal"), "jennifer"), POSSIBLY),
        (the(listed(VALID), "jennifer"), the(listed(VALID), "jimmy"), NO),
        (the(listed(VALID), "jimmy"), the(listed(VALID), "mark"), NO),
        (the(listed("class_import__valid"), "gae"), the(listed("class_import__valid"), "jimmy"), NO),
        (
            the(listed("immunisation_import__point_of_care__systm_one"), "chyna"),
            listed("immunisation_import__point_of_care__valid_duplicate_patient_no_nhs_number")[0],
            PROBABLY,
        ),
        (*listed("immunisation_import__point_of_care__valid_duplicate_patient_no_nhs_number"), CERTAINLY),
    ],
)
def test_pairs_of_the_lists(one: Known, other: Known, verdict: Verdict) -> None:
    likeness = compared(one, other)
    assert likeness.verdict is verdict, likeness.reasons


def test_a_list_that_differs_in_the_postcode_alone_is_probably_the_same_and_says_how() -> None:
    (taylor,) = listed("cohort_import__duplicate_except_postcode")
    likeness = compared(taylor, msgspec.structs.replace(taylor, id="", postcode="SW1A1AA"))
    assert likeness.verdict is PROBABLY
    assert likeness.reasons == ("same name", "same date of birth", "postcode differs in its last letter")


def test_nobody_of_a_class_with_shared_birth_dates_is_taken_for_another() -> None:
    people = listed("cohort_import__valid_iso_8859_1_encoding")
    assert {compared(one, other).verdict for one, other in combinations(people, 2)} == {NO}


# What goes wrong at a desk ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "verdict", "reason"),
    [
        (known("", "Jones", "Mary", "", BORN, "", "HU1 1AA"), CERTAINLY, "same name"),
        (known("", "Jones", "Mary", "", BORN, "0000000000", "HU1 1AA"), CERTAINLY, "same postcode"),
        (known("", "JONES", "Marie", "", BORN), PROBABLY, "first name sounds alike"),
        (known("", "Jonse", "Mary", "", BORN), PROBABLY, "family name sounds alike"),
        (known("", "Mary", "Jones", "", BORN), PROBABLY, "first and family name the other way round"),
        (known("", "Jones", "Molly", "", BORN), PROBABLY, "one first name is short for the other"),
        (known("", "Jones", "Maryann", "", BORN), PROBABLY, "first name written as one word or two"),
        (known("", "Evans", "Mary", "", BORN, "", "HU1 1AA"), PROBABLY, "different family names"),
        (known("", "Evans", "Mary", "", BORN, "9434765919"), CERTAINLY, "same NHS number"),
        (known("", "Jones-Evans", "Mary", "", BORN), PROBABLY, "one family name is part of the other"),
        (known("", "Jones", "Mary", "", BORN, "", "LS1 1AA"), PROBABLY, "different postcodes"),
        (known("", "Jones", "Mary", "", BORN, "9434756919"), PROBABLY, "NHS number differs by two digits swapped"),
        (known("", "Jones", "Mary", "", dt.date(1940, 1, 5)), POSSIBLY, "day and month of birth the other way round"),
        (known("", "Jones", "Mary", "", dt.date(1904, 5, 1)), POSSIBLY, "date of birth differs by two digits swapped"),
        (known("", "Jones", "Mary", "", dt.date(2040, 5, 1)), POSSIBLY, "century of birth differs"),
        (known("", "Jones", "Mary", "", dt.date(1940, 1, 1), "", "HU1 1AA"), PROBABLY,
         "same year of birth, and 1 January may stand for a day not known"),
        (known("", "Jones", "M", "", BORN), POSSIBLY, "only an initial of the first name is known"),
        (known("", "Jones", "Mary", "", None, "", "HU1 1AA"), POSSIBLY, "a date of birth is not known"),
        (known("", "Jones", "Mary", "", BORN, "4010232137", "HU1 1AA"), POSSIBLY, "different NHS numbers"),
        (known("", "Jones", "Gareth", "", BORN, "9434765919", "HU1 1AA"), PROBABLY, "different first names"),
        (known("", "Smith", "Mary", "", dt.date(1950, 12, 9), "9434765919"), POSSIBLY, "different dates of birth"),
        # two people
        (known("twin", "Jones", "Gareth", "", BORN, "", "HU1 1AA"), NO, "same postcode"),
        (known("twin", "Jones", "Joan", "", BORN, "", "HU1 1AA"), NO, "different first names"),
        (known("namesake", "Jones", "Mary", "", BORN, "4010232137", "LS1 1AA"), NO, "different NHS numbers"),
        (known("mother", "Jones", "Mary", "", dt.date(1915, 2, 9), "", "HU1 1AA"), NO, "different dates of birth"),
        (known("of the day", "Smith", "Mary", "", BORN), NO, "different family names"),
        (known("moved", "Jones", "Mary", "", None, "", "LS1 1AA"), NO, "different postcodes"),
    ],
)  # fmt: skip
def test_a_pair_at_the_desk(other: Known, verdict: Verdict, reason: str) -> None:
    there, back = compared(MARY, other), compared(other, MARY)
    assert there.verdict is verdict, there.reasons
    assert reason in there.reasons
    assert (there.verdict, set(there.reasons), there.score) == (back.verdict, set(back.reasons), back.score)


def test_no_reason_says_a_name_a_number_or_a_place() -> None:
    words = " ".join(compared(MARY, msgspec.structs.replace(MARY, id="x")).reasons).casefold()
    assert not {"jones", "mary", "9434765919", "hu1"} & set(words.split())
