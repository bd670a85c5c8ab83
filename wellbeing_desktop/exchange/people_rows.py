"""One row of a list into a person, decided as a careful person would (docs/decisions/0005).

A row is refused when taking it could put facts on the wrong person; anything else that is odd is taken with a notice
and kept as it was listed.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

import msgspec

from wellbeing_desktop.domain.dates import parse_birth_date, parse_listed_date
from wellbeing_desktop.domain.email_address import parse_email_address
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.names import comparison_key
from wellbeing_desktop.domain.nhs_number import parse_nhs_number
from wellbeing_desktop.domain.ods_code import parse_ods_code
from wellbeing_desktop.domain.postcode import check_postcode
from wellbeing_desktop.exchange import people_cells as cells
from wellbeing_desktop.exchange.column_mapping import FIELDS, ColumnMapping
from wellbeing_desktop.exchange.people_cells import ListedPhone
from wellbeing_desktop.exchange.tables import Row, Table, lines_in_words
from wellbeing_desktop.exchange.telephone import parse_telephone

_T = TypeVar("_T")


class ImportedPerson(msgspec.Struct, frozen=True, kw_only=True):
    """One person of a list. Text is empty and other values are None where the list says nothing.

    `lines` are all rows that were this person, the first first. `gender` is a person stated gender code (1, 2, 9, X)
    and is only a reading of `gender_as_listed`, to be confirmed. `ethnicity` is an ethnic category code when the
    list gave one, else empty with the words in `ethnicity_as_listed`. `registration` is registered, temporary, left
    or empty with the words beside it. `address` has five lines (house and street first, town fourth, county fifth).
    `address_withheld` is True for a restricted record without an address: an import must never erase one.
    `kept_as_listed` are (field, text) that could not be read and would otherwise be lost.
    """

    line: int
    lines: tuple[int, ...]
    nhs_number: str = ""
    title: str = ""
    family_name: str = ""
    given_name: str = ""
    known_as: str = ""
    born_on: dt.date | None = None
    gender: str = ""
    gender_as_listed: str = ""
    address: tuple[str, str, str, str, str] = ("", "", "", "", "")
    postcode: str = ""
    no_fixed_abode: bool = False
    phones: tuple[ListedPhone, ...] = ()
    email: str = ""
    practice_code: str = ""
    practice_name: str = ""
    usual_gp: str = ""
    ethnicity: str = ""
    ethnicity_as_listed: str = ""
    language: str = ""
    interpreter_needed: bool | None = None
    local_number: str = ""
    died: bool | None = None
    died_on: dt.date | None = None
    restricted: bool | None = None
    address_withheld: bool = False
    registration: str = ""
    registration_as_listed: str = ""
    kept_as_listed: tuple[tuple[str, str], ...] = ()


class Notices:
    """Sentences, each said once with the lines it is about."""

    def __init__(self) -> None:
        self._lines: dict[str, list[int]] = {}

    def add(self, line: int, sentence: str) -> None:
        """A line that has said this just before is not said twice."""
        lines = self._lines.setdefault(sentence, [])
        if not lines or lines[-1] != line:
            lines.append(line)

    def sentences(self) -> list[str]:
        return [f"{sentence} ({lines_in_words(sorted(lines))})" for sentence, lines in self._lines.items()]


class _RowReader:
    """One row: its cells by field, and what had to be kept as listed."""

    def __init__(self, row: Row, table: Table, mapping: ColumnMapping, notices: Notices) -> None:
        self.line = row.line
        self.kept: list[tuple[str, str]] = []
        self._row, self._table, self._mapping, self._notices = row, table, mapping, notices

    def text(self, field: str) -> str:
        """The cell for a field, empty when the list has no such column. Raises Refused for a formula."""
        column = self._mapping.column(field)
        if column is None:
            return ""
        if (self.line, column) in self._table.formulas:
            raise Refused(f"{FIELDS[field]} is a formula. Paste the column as values and import again.", field)
        return cells.cleaned(self._row.cells[column], FIELDS[field])

    def notice(self, sentence: str) -> None:
        self._notices.add(self.line, sentence)

    def tolerant(self, field: str, read: Callable[[str], _T]) -> _T | None:
        """What can be read; else None, the words kept as listed, with a notice."""
        text = self.text(field)
        if not text:
            return None
        try:
            return read(text)
        except Refused as refusal:
            self.kept.append((field, text))
            self.notice(f"{FIELDS[field]}: {refusal.message} It was kept as listed.")
            return None


def person_of_row(row: Row, table: Table, mapping: ColumnMapping, today: dt.date, notices: Notices) -> ImportedPerson:
    """Raises Refused for a row that may not be taken."""
    reader = _RowReader(row, table, mapping, notices)
    name = _name(reader)
    number = reader.text("nhs_number")
    digits = parse_nhs_number(number) if number else ""
    born = reader.text("born_on")
    born_on = parse_birth_date(born, today) if born else None
    if born_on is None and not digits:
        raise Refused("There is neither an NHS number nor a date of birth, so this person cannot be told from others.")
    died, died_on = _death(reader, born_on, today)
    address = _address(reader)
    postcode = check_postcode(reader.text("postcode"))
    if postcode.message:
        reader.notice(f"Postcode: {postcode.message}")
    restricted = reader.tolerant("restricted", cells.yes_or_no)
    gender = reader.text("gender")
    if gender and not cells.gender_code(gender):
        reader.notice("Gender: these words have no code of their own. Choose what they mean.")
    ethnicity = reader.text("ethnicity")
    registration = reader.text("registration")
    return ImportedPerson(
        line=row.line,
        lines=(row.line,),
        nhs_number=digits,
        title=name.title,
        family_name=name.family,
        given_name=name.given,
        known_as=name.known_as,
        born_on=born_on,
        gender=cells.gender_code(gender),
        gender_as_listed=gender,
        address=address,
        postcode=postcode.postcode,
        no_fixed_abode=postcode.no_fixed_abode,
        phones=tuple(_phones(reader)),
        email=reader.tolerant("email", parse_email_address) or "",
        practice_code=reader.tolerant("practice_code", parse_ods_code) or "",
        practice_name=reader.text("practice_name"),
        usual_gp=reader.text("usual_gp"),
        ethnicity=cells.ethnic_category(ethnicity),
        ethnicity_as_listed=ethnicity,
        language=reader.text("language"),
        interpreter_needed=reader.tolerant("interpreter_needed", cells.yes_or_no),
        local_number=reader.text("local_number"),
        died=died,
        died_on=died_on,
        restricted=restricted,
        address_withheld=bool(restricted) and not any(address) and not postcode.postcode,
        registration=cells.registration_code(registration),
        registration_as_listed=registration,
        kept_as_listed=tuple(reader.kept),
    )


class _Name(NamedTuple):
    family: str
    given: str
    known_as: str
    title: str


def _name(reader: _RowReader) -> _Name:
    family, given = reader.text("family_name"), reader.text("given_name")
    known_as, title = reader.text("known_as"), reader.text("title")
    if not family and not given and (full := reader.text("full_name")):
        split = cells.split_full_name(full)
        family, given, title = split.family, split.given, title or split.title
        if split.guessed:
            reader.notice("The last word of the name was taken as the family name.")
    if middle := reader.text("middle_names"):
        given = f"{given} {middle}".strip()
    if not given and known_as:
        # EMIS searches often hold the calling name alone.
        given, known_as = known_as, ""
        reader.notice("There is no first name; the known-as name was taken as the first name.")
    if not cells.is_name(family) and not cells.is_name(given):
        raise Refused("There is no usable name.", "family_name")
    if comparison_key(known_as) == comparison_key(given):
        known_as = ""
    return _Name(family, given, known_as, title)


def _death(reader: _RowReader, born_on: dt.date | None, today: dt.date) -> tuple[bool | None, dt.date | None]:
    """A date of death stops every letter, so a doubtful one refuses the row."""
    flag, when = reader.text("died"), reader.text("died_on")
    if flag and not when and not _is_yes_or_no(flag):
        flag, when = "", flag  # a column headed "deceased" often holds the date
    died = cells.yes_or_no(flag) if flag and _is_yes_or_no(flag) else None
    if flag and died is None:
        reader.notice("Has died: this is neither yes nor no, so it was not used.")
        reader.kept.append(("died", flag))
    if not when:
        return died, None
    try:
        died_on = parse_listed_date(when, "died_on")
    except Refused as refusal:
        raise Refused(f"Date of death: {refusal.message}", "died_on") from None
    if died_on > today:
        raise Refused("The date of death is in the future.", "died_on")
    if born_on is not None and died_on < born_on:
        raise Refused("The date of death is before the date of birth.", "died_on")
    if died is False:
        raise Refused("There is a date of death, and beside it the list says that the person has not died.", "died_on")
    return True, died_on


def _is_yes_or_no(text: str) -> bool:
    try:
        cells.yes_or_no(text)
    except Refused:
        return False
    return True


def _address(reader: _RowReader) -> tuple[str, str, str, str, str]:
    lines = [reader.text(f"line{number}") for number in range(1, 6)]
    if house := reader.text("house"):
        # Five lines hold six parts: where all are used, the street and the locality share one.
        lines = [house, *_joined_to_four(lines)]
    if not any(lines) and (whole := reader.text("address")):
        lines = cells.address_lines(whole)
    lines += [""] * (5 - len(lines))
    if not lines[0]:
        # A letter's address begins at its top: what stands next moves up, town and county keep their places.
        lines[:3] = [line for line in lines[:3] if line] + [""] * lines[:3].count("")
    return lines[0], lines[1], lines[2], lines[3], lines[4]


def _joined_to_four(lines: list[str]) -> list[str]:
    street, second, third, town, county = lines
    return [street, ", ".join(part for part in (second, third) if part), town, county]


def _phones(reader: _RowReader) -> Iterable[ListedPhone]:
    seen: set[tuple[str, str]] = set()
    for kind in ("home", "mobile", "work"):
        field = f"{kind}_telephone"
        text = reader.text(field)
        if not text:
            continue
        try:
            number = parse_telephone(text)
            phone = ListedPhone(kind, number.e164, number.extension)
        except Refused as refusal:
            reader.notice(f"{FIELDS[field]}: {refusal.message} It was kept as listed.")
            phone = ListedPhone(kind, text, understood=False)
        if (phone.value, phone.extension) not in seen:
            seen.add((phone.value, phone.extension))
            yield phone
