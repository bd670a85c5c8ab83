"""Lists of people: the count that a person reading each file would give, and every way in which rows go wrong."""

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.workbooks import workbook
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.exchange.column_mapping import FIELDS, is_known_header, propose_mapping
from wellbeing_desktop.exchange.people_cells import ListedPhone, split_full_name
from wellbeing_desktop.exchange.people_list import PeopleList, read_people, read_people_file
from wellbeing_desktop.exchange.people_rows import ImportedPerson
from wellbeing_desktop.exchange.tables import read_table

DATA = Path(__file__).parents[1] / "data"
TODAY = dt.date(2026, 11, 21)

# file -> preset, people, refused lines, why
EXPECTED = {
    "patient-list-csv/class_import__valid.csv": ("generic", 4, [], "four children; the fifth row is commas only"),
    "patient-list-csv/class_import__valid_with_bom.csv": ("generic", 1, [], "the byte-order mark is no part of a name"),
    "patient-list-csv/cohort_import__duplicate_except_postcode.csv": ("generic", 1, [], "no NHS number is normal"),
    "patient-list-csv/cohort_import__invalid_minimal.csv": (
        "generic",
        0,
        [2],
        "neither NHS number nor birth date: nobody could tell this person from another of the name",
    ),
    "patient-list-csv/cohort_import__valid.csv": ("generic", 3, [], "dates in two forms, a number with spaces"),
    "patient-list-csv/cohort_import__valid_extra_fields.csv": ("generic", 3, [], "columns nobody knows are named"),
    "patient-list-csv/cohort_import__valid_iso_8859_1_encoding.csv": (
        "generic",
        16,
        [],
        "Latin-1; one postcode with a letter O is odd but the person is plain",
    ),
    "patient-list-csv/cohort_import__valid_minimal.csv": ("generic", 1, [], ""),
    "patient-list-csv/cohort_import__valid_with_changes.csv": ("generic", 1, [], ""),
    "patient-list-csv/immunisation_import__point_of_care__systm_one.csv": (
        "systmone",
        4,
        [],
        "four events of four people; a line without NHS number has name and birth date",
    ),
    "patient-list-csv/immunisation_import__point_of_care__valid_duplicate_patient_no_nhs_number.csv": (
        "generic",
        1,
        [],
        "two events of one person: the same name, birth date and postcode",
    ),
    "gp-connect/emis-search-layout-derived.csv": ("emis", 19, [], "one telephone number is odd, nobody is refused"),
    "gp-connect/patients.csv": ("generic", 19, [], "two are sensitive, one has died"),
}


def read_file(name: str) -> tuple[str, PeopleList]:
    found = read_people_file((DATA / name).read_bytes(), name, TODAY)
    return found.mapping.preset, found.people


def people_in(text: str) -> PeopleList:
    table = read_table(text.encode(), known_header=is_known_header)
    return read_people(table, propose_mapping(table.headers), TODAY)


def only_person(text: str) -> ImportedPerson:
    found = people_in(text)
    assert found.refused == ()
    (person,) = found.people
    return person


def test_the_table_of_expectations_names_every_list() -> None:
    there = {
        f"{folder}/{path.name}"
        for folder in ("patient-list-csv", "gp-connect")
        for path in (DATA / folder).glob("*.csv")
    }
    assert there == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_each_list_gives_the_count_that_a_person_reading_it_would(name: str) -> None:
    preset, count, refused, _ = EXPECTED[name]
    found_preset, found = read_file(name)
    assert found_preset == preset
    assert len(found.people) == count
    assert [refusal.line for refusal in found.refused] == refused


CSV_CORPUS = sorted(path.name for path in (DATA / "csv-xlsx").iterdir() if path.suffix != ".txt")


@pytest.mark.parametrize("name", CSV_CORPUS)
def test_a_list_without_a_column_of_names_is_refused_and_never_guessed_at(name: str) -> None:
    with pytest.raises(Refused, match=r"No column holds the family name|no rows"):
        read_file(f"csv-xlsx/{name}")


def test_the_emis_layout_is_read_field_by_field() -> None:
    _, found = read_file("gp-connect/emis-search-layout-derived.csv")
    garth = found.people[0]
    assert garth == ImportedPerson(
        line=2,
        lines=(2,),
        nhs_number="9658218865",
        title="Mr",
        family_name="WRIGHT",
        given_name="Garth",
        born_on=dt.date(1933, 11, 14),
        gender="1",
        gender_as_listed="Male",
        address=("23 MARSH LANE", "", "", "BARTON-UPON-HUMBER", "S HUMBERSIDE"),
        postcode="DN18 5JD",
        phones=(ListedPhone("home", "+441454587554"),),
        local_number="1",
    )
    assert found.unmapped_headers == ("Age",)
    assert found.gender_words == (("Female", "2"), ("Male", "1"))
    # 0212... is no UK area code: a careful person keeps the number and says so
    assert found.people[2].phones == (ListedPhone("home", "02123636563", understood=False),)


def test_sensitive_and_died_are_read() -> None:
    _, found = read_file("gp-connect/patients.csv")
    assert [person.nhs_number for person in found.people if person.restricted] == ["9658220142", "9658220150"]
    assert [(person.family_name, person.died_on) for person in found.people if person.died] == [
        ("BISSET", dt.date(2005, 1, 13))
    ]


def test_latin_1_names_keep_their_accents() -> None:
    _, found = read_file("patient-list-csv/cohort_import__valid_iso_8859_1_encoding.csv")
    assert "Jalapeño-Pérez" in {person.family_name for person in found.people}
    assert any("Postcode" in notice and "line 15" in notice for notice in found.notices)


def test_two_rows_of_one_person_are_one_person_with_both_lines() -> None:
    _, found = read_file(
        "patient-list-csv/immunisation_import__point_of_care__valid_duplicate_patient_no_nhs_number.csv"
    )
    assert found.people[0].lines == (2, 3)
    assert found.read == 2
    assert any("Gender" in notice for notice in found.notices)  # "Not Specified" has no code of its own


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",Jones,Ann,01/01/1950", ""),
        ("9434765919,Jones,Ann,", ""),
        ("9434765918,Jones,Ann,01/01/1950", "check digit"),
        ("9.43E+09,Jones,Ann,01/01/1950", "rounded"),
        ("943476591.0,Jones,Ann,01/01/1950", "decimal"),
        ("943476591,Jones,Ann,01/01/1950", "leading zero"),
        ("0000000000,Jones,Ann,01/01/1950", "placeholder"),
        ("not known,Jones,Ann,01/01/1950", "letters"),
        (",,,01/01/1950", "no usable name"),
        (",-,Unknown,01/01/1950", "no usable name"),
        (",Jones,Ann,", "cannot be told from others"),
        (",Jones,Ann,01/01/50", "two digits"),
        (",Jones,Ann,18264", "day number"),
        (",Jones,Ann,31/02/1950", "no day 31"),
        (",Jones,Ann,01/01/2050", "in the future"),
        (",#N/A,Ann,01/01/1950", "error value"),
    ],
)
def test_a_row_that_cannot_be_trusted_is_refused_and_the_next_one_is_not(row: str, words: str) -> None:
    found = people_in(f"NHS number,Surname,First name,Date of birth\n{row}\n,Patel,Cy,02/02/1960\n")
    assert found.people[-1].family_name == "Patel"
    if words:
        (refusal,) = found.refused
        assert refusal.line == 2
        assert words in refusal.reason
        for cell in filter(None, row.split(",")):
            assert len(cell) < 5 or cell not in refusal.reason, "a refusal repeats no personal data"
    else:
        assert found.refused == ()


def test_an_nhs_number_protected_from_spreadsheets_is_read() -> None:
    person = only_person('NHS number,Surname,Date of birth\n"=""9434765919""",Jones,01/01/1950\n')
    assert person.nhs_number == "9434765919"


def test_one_number_beside_two_names_refuses_both_lines() -> None:
    found = people_in(
        "NHS number,Surname,First name,Date of birth\n"
        "9434765919,Jones,Ann,01/01/1950\n943 476 5919,Smith,Ann,01/01/1950\n,Patel,Cy,02/02/1960\n"
    )
    assert [person.family_name for person in found.people] == ["Patel"]
    assert [refusal.line for refusal in found.refused] == [2, 3]
    assert "lines 2 and 3" in found.refused[0].reason


def test_later_rows_of_a_person_add_what_is_missing_and_never_change_what_is_there() -> None:
    found = people_in(
        "NHS number,Surname,First name,Date of birth,Postcode,Mobile,E-mail\n"
        "9434765919,JONES,Ann,01/01/1950,LS11 7JJ,07700900123,\n"
        "9434765919,Jones,Ann,1950-01-01,LS1 1AA,07700 900124,ann@example.org\n"
    )
    (person,) = found.people
    assert (person.postcode, person.email) == ("LS11 7JJ", "ann@example.org")
    assert [phone.value for phone in person.phones] == ["+447700900123", "+447700900124"]
    assert any("earlier one stands" in notice and "line 3" in notice for notice in found.notices)


def test_a_restricted_record_without_an_address_is_marked_so_that_none_is_erased() -> None:
    head = "NHS number,Surname,Sensitive flag,Address line 1,Postcode\n"
    assert only_person(head + "9434765919,Jones,TRUE,,\n").address_withheld
    assert not only_person(head + "9434765919,Jones,TRUE,1 High Street,LS11 7JJ\n").address_withheld
    assert not only_person(head + "9434765919,Jones,FALSE,,\n").address_withheld


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("01/01/1950,01/01/2030,", "in the future"),
        ("01/01/1950,01/01/1940,", "before the date of birth"),
        ("01/01/1950,01/01/20,", "four-digit year"),
        ("01/01/1950,01/01/2020,No", "has not died"),
    ],
)
def test_a_doubtful_death_refuses_the_row(row: str, words: str) -> None:
    found = people_in(f"Surname,Date of birth,Date of death,Deceased\nJones,{row}\n")
    assert found.people == ()
    assert words in found.refused[0].reason


def test_a_column_headed_deceased_may_hold_the_date() -> None:
    person = only_person("Surname,Date of birth,Deceased\nJones,01/01/1950,2020-02-03\n")
    assert (person.died, person.died_on) == (True, dt.date(2020, 2, 3))
    person = only_person("Surname,Date of birth,Deceased\nJones,01/01/1950,N\n")
    assert (person.died, person.died_on) == (False, None)


def test_what_cannot_be_read_in_a_lesser_field_is_kept_as_listed() -> None:
    found = people_in("Surname,Date of birth,E-mail,Interpreter,Postcode\nJones,01/01/1950,at home,maybe,NFA\n")
    (person,) = found.people
    assert person.kept_as_listed == (("email", "at home"), ("interpreter_needed", "maybe"))
    assert person.no_fixed_abode
    assert person.postcode == ""


def test_an_ethnic_category_code_is_taken_and_words_are_never_turned_into_one() -> None:
    head = "Surname,Date of birth,Ethnicity\n"
    assert only_person(head + "Jones,01/01/1950,c\n").ethnicity == "C"
    person = only_person(head + "Jones,01/01/1950,British\n")
    assert (person.ethnicity, person.ethnicity_as_listed) == ("", "British")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("JONES, Bronwen (Mrs)", ("JONES", "Bronwen", "Mrs", False)),
        ("JONES, Mrs Bronwen Mai", ("JONES", "Bronwen Mai", "Mrs", False)),
        ("Mrs Bronwen JONES", ("JONES", "Bronwen", "Mrs", False)),
        ("Jo VAN DER BERG", ("VAN DER BERG", "Jo", "", False)),
        ("Bronwen Jones", ("Jones", "Bronwen", "", True)),
        ("BRONWEN JONES", ("JONES", "BRONWEN", "", True)),
        ("Madonna", ("Madonna", "", "", False)),
    ],
)
def test_a_full_name_is_taken_apart_and_a_guess_is_marked(text: str, parts: tuple[str, str, str, bool]) -> None:
    assert split_full_name(text) == parts


def test_a_house_name_and_a_whole_address_fill_five_lines() -> None:
    head = "Surname,Date of birth,House Name / Flat Number,Number and Street,Locality,Town,County\n"
    person = only_person(head + "May,01/01/1950,CRUACHAN,COMMONSIDE,CROWLE,SCUNTHORPE,S HUMBERSIDE\n")
    assert person.address == ("CRUACHAN", "COMMONSIDE", "CROWLE", "SCUNTHORPE", "S HUMBERSIDE")
    person = only_person('Surname,Date of birth,Address\nMay,01/01/1950,"Flat 1, 2 High St, A, B, C, D"\n')
    assert person.address == ("Flat 1", "2 High St", "A", "B", "C, D")


def test_only_a_mapped_formula_refuses_its_row() -> None:
    head: list[object] = ["Surname", "Date of birth", "Age"]
    data = workbook([head, ["Jones", dt.datetime(1950, 1, 1), "=2026-1950"], ["=A2", dt.datetime(1950, 1, 1), 76]])
    table = read_table(data)
    found = read_people(table, propose_mapping(table.headers), TODAY)
    assert [person.family_name for person in found.people] == ["Jones"]
    assert [(refusal.line, "formula" in refusal.reason) for refusal in found.refused] == [(3, True)]


def test_a_parents_e_mail_and_an_unknown_organisation_are_not_the_persons() -> None:
    mapping = propose_mapping(("PARENT_1_EMAIL", "ORGANISATION_CODE", "CHILD_REGISTRATION", "PERSON_SURNAME"))
    assert mapping.fields == ("", "", "", "family_name")
    emis = propose_mapping(("EMIS Number", "Calling Name", "Organisation Code"))
    assert emis.preset == "emis"
    assert emis.column("practice_code") == 2


def test_a_mapping_is_changed_by_hand_and_known_again_by_its_headings() -> None:
    headers = ("Client ref", "Last name", "First name", "Surname")
    mapping = propose_mapping(headers)
    assert mapping.fields == ("", "family_name", "given_name", "")
    assert any("Columns 2 and 4" in notice for notice in mapping.notices)
    changed = mapping.with_column(3, "family_name").with_column(0, "local_number")
    assert changed.fields == ("local_number", "", "given_name", "family_name")
    assert changed.fingerprint == propose_mapping(("CLIENT REF", "last_name", "First-Name", "surname")).fingerprint
    assert changed.fingerprint != propose_mapping(headers[:3]).fingerprint
    with pytest.raises(KeyError):
        mapping.with_column(0, "nonsense")


def test_a_column_with_the_month_first_never_gives_a_wrong_birth_date() -> None:
    found = people_in("Surname,Date of birth\nJones,11/21/1950\nSmith,03/04/1950\nPatel,1960-02-02\nCole,05/05/1955\n")
    assert [person.family_name for person in found.people] == ["Patel", "Cole"]
    assert [refusal.line for refusal in found.refused] == [2, 3]
    assert "month first" in found.refused[1].reason


def test_one_slip_among_many_day_first_dates_costs_its_own_line_only() -> None:
    rows = "".join(f"Name{day},{day}/01/1950\n" for day in range(13, 28))
    found = people_in(f"Surname,Date of birth\nJones,11/21/1950\nSmith,03/04/1950\n{rows}")
    assert [refusal.line for refusal in found.refused] == [2]
    assert found.people[0].born_on == dt.date(1950, 4, 3)


def test_a_remembered_mapping_is_used_for_the_same_headings_only() -> None:
    data = b"Ref,Who,Born\n7,Jones,01/01/1950\n"
    with pytest.raises(Refused, match="No column"):
        read_people_file(data, "list.csv", TODAY)
    key = propose_mapping(("Ref", "Who", "Born")).fingerprint
    chosen = ("local_number", "family_name", "born_on")
    (person,) = read_people_file(data, "list.csv", TODAY, remembered={key: chosen}).people.people
    assert (person.local_number, person.family_name, person.born_on) == ("7", "Jones", dt.date(1950, 1, 1))
    with pytest.raises(Refused, match="No column"):
        read_people_file(data, "list.csv", TODAY, remembered={key: ("nonsense", "family_name", "born_on")})


def test_every_naughty_string_in_every_field_is_read_or_refused_by_line() -> None:
    strings: list[str] = json.loads((DATA / "strings" / "blns.json").read_text(encoding="utf-8"))
    lines = ["\t".join(FIELDS.values())]
    for string in strings:
        flat = string.replace("\t", " ").replace("\n", " ").replace("\r", " ").replace('"', "'")
        lines.append("\t".join(flat or "empty" for _ in FIELDS))
    table = read_table("\n".join(lines).encode("utf-8", "surrogatepass"), known_header=is_known_header)
    mapping = propose_mapping(table.headers)
    for index, field in enumerate(FIELDS):
        mapping = mapping.with_column(index, field)
    found = read_people(table, mapping, TODAY)
    assert sum(len(person.lines) for person in found.people) + len(found.refused) == found.read
    named_only = mapping
    for index, field in enumerate(FIELDS):
        if field not in ("family_name", "given_name", "usual_gp"):
            named_only = named_only.with_column(index, "")
    assert read_people(table, named_only, TODAY).people == ()


def test_every_naughty_name_beside_a_birth_date_is_kept_word_for_word() -> None:
    strings: list[str] = json.loads((DATA / "strings" / "blns.json").read_text(encoding="utf-8"))
    usable = [text for text in strings if text == " ".join(text.split()) and text.isprintable() and '"' not in text]
    rows = "".join(f'"{text}","x{number}",01/01/1950\n' for number, text in enumerate(usable))
    found = people_in("Surname,First name,Date of birth\n" + rows)
    kept = {person.family_name for person in found.people}
    assert {text for text in usable if any(map(str.isalpha, text)) and not text.startswith('="')} <= kept


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=len(FIELDS), max_size=len(FIELDS)), max_size=4))
def test_any_cells_are_people_or_refusals_and_no_line_is_lost(rows: list[list[str]]) -> None:
    quoted = "\n".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [list(FIELDS.values()), *rows]
    )
    table = read_table(quoted.encode("utf-8", "replace"), known_header=is_known_header)
    mapping = propose_mapping(table.headers)
    for index, field in enumerate(FIELDS):
        if index < len(table.headers):
            mapping = mapping.with_column(index, field)
    found = read_people(table, mapping, TODAY)
    assert sum(len(person.lines) for person in found.people) + len(found.refused) == found.read


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_after_known_headings_never_crash(data: bytes) -> None:
    table = read_table(b"Surname,First name,Date of birth,NHS number,Deceased,Mobile\n" + data)
    read_people(table, propose_mapping(table.headers), TODAY)
