"""Which column of a list is which field: the presets, and a mapping that can be remembered and changed.

A heading is recognised by lower-casing it and dropping punctuation, then looking it up in the lists below. What
is not listed stays unmapped and is shown to the person who imports; nothing is guessed from content.
"""

import hashlib
import unicodedata
from collections.abc import Mapping
from typing import Final, Literal

import msgspec

Preset = Literal["auto", "emis", "systmone", "generic"]

# Every field that a list can fill, with the words a mapping screen shows, in its order.
FIELDS: Final[Mapping[str, str]] = {
    "nhs_number": "NHS number",
    "title": "Title",
    "family_name": "Family name",
    "given_name": "First name",
    "middle_names": "Middle names",
    "known_as": "Known as",
    "full_name": "Full name in one column",
    "born_on": "Date of birth",
    "gender": "Gender in the GP record",
    "house": "House name or flat",
    "line1": "Address line 1",
    "line2": "Address line 2",
    "line3": "Address line 3, or locality",
    "line4": "Address line 4, or town",
    "line5": "Address line 5, or county",
    "address": "Whole address in one column",
    "postcode": "Postcode",
    "home_telephone": "Home telephone",
    "mobile_telephone": "Mobile telephone",
    "work_telephone": "Work telephone",
    "email": "E-mail address",
    "practice_code": "Practice ODS code",
    "practice_name": "Practice name",
    "usual_gp": "Usual GP",
    "ethnicity": "Ethnicity",
    "language": "Main language",
    "interpreter_needed": "Interpreter needed",
    "local_number": "Number in the GP system",
    "died_on": "Date of death",
    "died": "Has died (yes or no)",
    "restricted": "Restricted or sensitive (yes or no)",
    "registration": "Registration status",
}

_GENERIC: Final[Mapping[str, tuple[str, ...]]] = {
    "nhs_number": ("nhsnumber", "nhsno", "nhsnum", "nhs", "newnhsnumber"),
    "title": ("title", "nametitle", "prefix", "salutation"),
    "family_name": ("familyname", "surname", "lastname", "familynames"),
    "given_name": ("givenname", "firstname", "forename", "forenames", "firstnames", "givennames", "forename1"),
    "middle_names": ("middlename", "middlenames", "secondname", "forename2"),
    "known_as": (
        "knownas", "callingname", "preferredname", "preferredfirstname", "preferredgivenname", "likestobecalled",
    ),
    "full_name": ("fullname", "name", "patientname", "patientfullname", "personname"),
    "born_on": ("dateofbirth", "dob", "birthdate", "born", "datebirth"),
    "gender": ("gender", "sex", "gendercode", "sexcode", "administrativegender"),
    "house": ("housename", "housenameflatnumber", "flatnumber", "housenamenumber"),
    "line1": ("addressline1", "address1", "numberandstreet", "street", "addresslineone", "numberroad"),
    "line2": ("addressline2", "address2", "addresslinetwo"),
    "line3": ("addressline3", "address3", "locality", "village", "addresslinethree"),
    "line4": ("addressline4", "address4", "town", "city", "towncity", "posttown"),
    "line5": ("addressline5", "address5", "county"),
    "address": ("address", "fulladdress", "homeaddress", "usualaddress"),
    "postcode": ("postcode", "postalcode", "homepostcode"),
    "home_telephone": (
        "hometelephone", "homephone", "homephonenumber", "hometelephonenumber", "hometel", "telephone", "phone",
        "telephonenumber", "phonenumber", "landline", "contactnumber",
    ),
    "mobile_telephone": (
        "mobiletelephone", "mobile", "mobilephone", "mobilenumber", "mobilephonenumber", "mobiletelephonenumber",
    ),
    "work_telephone": ("worktelephone", "workphone", "worktelephonenumber", "worknumber"),
    "email": ("email", "emailaddress"),
    "practice_code": (
        "practicecode", "gppracticecode", "odscode", "practiceodscode", "gpodscode", "registeredpracticecode",
        "practicenationalcode",
    ),
    "practice_name": ("practicename", "gppractice", "practice", "registeredpractice", "gppracticename", "surgery"),
    "usual_gp": ("usualgp", "gpname", "usualgpname", "namedgp", "registeredgp", "usualgpsfullname"),
    "ethnicity": ("ethnicity", "ethniccategory", "ethnicgroup", "ethnicorigin", "ethniccategorycode"),
    "language": ("mainlanguage", "language", "firstlanguage", "mainspokenlanguage", "preferredlanguage"),
    "interpreter_needed": ("interpreterneeded", "interpreterrequired", "interpreter", "needsinterpreter"),
    "local_number": ("emisnumber", "localnumber", "localid", "patientid", "systmoneid", "pasnumber", "localpatientid"),
    "died_on": ("dateofdeath", "deathdate", "deceaseddate", "dod", "diedon", "deceasedon"),
    "died": ("deceased", "died", "isdeceased", "dead", "deceasedflag"),
    "restricted": ("sensitiveflag", "sensitive", "restricted", "sflag", "sflagged", "confidential"),
    "registration": ("registrationstatus", "patienttype", "patientstatus"),
}  # fmt: skip

# Only in an EMIS search is "organisation" the practice; elsewhere it may be the school or the service.
_EMIS: Final[Mapping[str, tuple[str, ...]]] = {
    "practice_code": ("organisationcode", "organisationnationalpracticecode", "organisationodscode"),
    "practice_name": ("organisationname", "organisation"),
    "usual_gp": ("usualgpsfullname", "usualgpfullname", "usualgpsorganisation"),
    "local_number": ("emisnumber",),
}
_SYSTMONE: Final[Mapping[str, tuple[str, ...]]] = {
    "practice_code": ("registeredgppracticecode", "gppracticeid", "registeredgporganisationid"),
    "practice_name": ("registeredgppractice", "registeredgporganisationname"),
    "usual_gp": ("registeredgpname", "usualgpname"),
    "local_number": ("systmoneidentifier", "patientidentifier"),
}
_PRESETS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {"emis": _EMIS, "systmone": _SYSTMONE, "generic": {}}
_EMIS_MARKS: Final = frozenset({"emisnumber", "callingname", "usualgpsfullname", "housenameflatnumber"})
_SYSTMONE_MARKS: Final = frozenset({"patientcount", "eventdate", "eventtime", "teamid", "eventlocationtype"})
# Whom the heading is about. PARENT_1_EMAIL is not in this list: a parent's address is not the person's.
_PREFIXES: Final = (
    "childs",
    "child",
    "persons",
    "person",
    "patients",
    "patient",
    "clients",
    "client",
    "serviceusers",
    "serviceuser",
)


class ColumnMapping(msgspec.Struct, frozen=True, kw_only=True):
    """For each column its field name, or empty when it is not used.

    `fingerprint` is of the headings: a list with the same headings is the same source, so a corrected mapping
    can be remembered for it. `preset` says which lists of headings were used.
    """

    preset: str
    headers: tuple[str, ...]
    fields: tuple[str, ...]
    fingerprint: str
    notices: tuple[str, ...] = ()

    def column(self, field: str) -> int | None:
        """The index of the column for a field, or None."""
        return self.fields.index(field) if field in self.fields else None

    def unmapped_headers(self) -> tuple[str, ...]:
        return tuple(header for header, field in zip(self.headers, self.fields, strict=True) if not field)

    def with_column(self, index: int, field: str) -> "ColumnMapping":
        """This mapping with one column given a field (or none, by an empty name).

        A field has one column: whichever had it before loses it. Raises KeyError for an unknown field.
        """
        if field and field not in FIELDS:
            raise KeyError(field)
        fields = ["" if field and existing == field else existing for existing in self.fields]
        fields[index] = field
        return msgspec.structs.replace(self, fields=tuple(fields))


def folded_header(header: str) -> str:
    """Lower case, letters and digits only: `E-mail Address` and `EMAIL_ADDRESS` are one."""
    plain = unicodedata.normalize("NFKC", header).casefold()
    return "".join(character for character in plain if character.isalnum())


def header_fingerprint(headers: tuple[str, ...]) -> str:
    """16 hexadecimal characters, equal for lists with the same headings in the same order."""
    return hashlib.sha256("\x1f".join(map(folded_header, headers)).encode()).hexdigest()[:16]


def is_known_header(header: str) -> bool:
    """True if any preset knows this heading. Used to find the headings below a title block."""
    return any(_field_of(header, preset) for preset in _PRESETS)


def propose_mapping(headers: tuple[str, ...], preset: Preset = "auto") -> ColumnMapping:
    """The mapping that the headings themselves say; `auto` chooses the preset by its tell-tale headings."""
    chosen = _detected(headers) if preset == "auto" else preset
    fields: list[str] = []
    notices: list[str] = []
    for number, header in enumerate(headers, 1):
        field = _field_of(header, chosen)
        if field and field in fields:
            notices.append(f"Columns {fields.index(field) + 1} and {number} both look like {FIELDS[field].lower()}; "
                           "the first is used.")  # fmt: skip
            field = ""
        fields.append(field)
    return ColumnMapping(
        preset=chosen,
        headers=headers,
        fields=tuple(fields),
        fingerprint=header_fingerprint(headers),
        notices=tuple(notices),
    )


def _detected(headers: tuple[str, ...]) -> str:
    folded = {folded_header(header) for header in headers}
    if len(folded & _EMIS_MARKS) >= 2:
        return "emis"
    if len(folded & _SYSTMONE_MARKS) >= 2:
        return "systmone"
    return "generic"


def _field_of(header: str, preset: str) -> str:
    folded = folded_header(header)
    for candidate in (folded, *(folded.removeprefix(prefix) for prefix in _PREFIXES if folded.startswith(prefix))):
        for lists in (_PRESETS[preset], _GENERIC):
            for field, synonyms in lists.items():
                if candidate in synonyms:
                    return field
    return ""
