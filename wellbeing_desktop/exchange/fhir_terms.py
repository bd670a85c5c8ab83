"""The FHIR and UK Core addresses that both directions use, and how extensions are looked up."""

from collections.abc import Mapping
from typing import Any, Final

from wellbeing_desktop.exchange.json_input import mapping_in, mappings_in, text_in

NHS_NUMBER: Final = "https://fhir.nhs.uk/Id/nhs-number"
ODS_CODE: Final = "https://fhir.nhs.uk/Id/ods-organization-code"
_UKCORE: Final = "https://fhir.hl7.org.uk/StructureDefinition/"
_UKCORE_CODES: Final = "https://fhir.hl7.org.uk/CodeSystem/"
PROFILE: Final = _UKCORE + "UKCore-{}"
ETHNIC_CATEGORY: Final = _UKCORE + "Extension-UKCore-EthnicCategory"
ETHNIC_CATEGORY_CODES: Final = _UKCORE_CODES + "UKCore-EthnicCategoryEngland"
VERIFICATION: Final = _UKCORE + "Extension-UKCore-NHSNumberVerificationStatus"
VERIFICATION_CODES: Final = _UKCORE_CODES + "UKCore-NHSNumberVerificationStatusEngland"
NHS_COMMUNICATION: Final = _UKCORE + "Extension-UKCore-NHSCommunication"
INTERPRETER_REQUIRED: Final = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"
CONTACT_PREFERENCE: Final = _UKCORE + "Extension-UKCore-ContactPreference"
CONTACT_METHOD_CODES: Final = _UKCORE_CODES + "UKCore-PreferredContactMethod"
WRITTEN_FORMAT_CODES: Final = _UKCORE_CODES + "UKCore-PreferredWrittenCommunicationFormat"
CONFIDENTIALITY: Final = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
ACT_CODES: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
OBSERVATION_CATEGORIES: Final = "http://terminology.hl7.org/CodeSystem/observation-category"


def extension(resource: Mapping[str, Any], url: str) -> Mapping[str, Any]:
    """The first extension of that address, or an empty object."""
    return next((each for each in mappings_in(resource, "extension") if text_in(each, "url") == url), {})


def extension_code(resource: Mapping[str, Any], url: str) -> str:
    """The first code of a coded extension, or empty."""
    codings = mappings_in(mapping_in(extension(resource, url), "valueCodeableConcept"), "coding")
    return text_in(codings[0], "code") if codings else ""


def part(resource: Mapping[str, Any], url: str, name: str) -> Mapping[str, Any]:
    """The part called `name` of an extension that is made of parts."""
    return extension(extension(resource, url), name)


def part_coding(resource: Mapping[str, Any], url: str, name: str) -> Mapping[str, Any]:
    """The first coding of a part of an extension; empty if there is none."""
    codings = mappings_in(mapping_in(part(resource, url, name), "valueCodeableConcept"), "coding")
    return codings[0] if codings else {}
