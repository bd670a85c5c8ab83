"""What the service knows: articles, the directory of services, what is missing or wrong, and digital content.

Sources: CAPABILITIES J1 to J5, K1, K2; Open Referral UK (HSDS-UK 3.0) for a service. Everybody in the organisation
reads all of it, offline; who may approve is decided by role (`operations/knowledge.py`).
"""

import datetime as dt
from typing import Annotated

from wellbeing_desktop.domain.definition import (
    Compartment,
    Lifecycle,
    Merge,
    Record,
    RecordType,
    Sensitivity,
    SubjectKind,
    about,
)

FIXED = Merge.FIXED
PLAIN = Sensitivity.PLAIN


class Article(Record, frozen=True, kw_only=True, omit_defaults=True):
    """The working draft of an article. What everybody reads is its newest approved edition."""

    title: Annotated[str, about("Title", required=True, search=1, sensitivity=PLAIN)] = ""
    words: Annotated[str, about("Article", Merge.NARRATIVE, search=1, sensitivity=PLAIN)] = ""
    services: Annotated[tuple[str, ...], about("For which services", Merge.SET, sensitivity=PLAIN)] = ()
    localities: Annotated[tuple[str, ...], about("For which areas", Merge.SET, sensitivity=PLAIN)] = ()
    sources: Annotated[str, about("Where it comes from", sensitivity=PLAIN, long=True)] = ""
    owner_id: Annotated[str, about("Who keeps it", refers_to="practitioner", sensitivity=PLAIN)] = ""
    written_by: Annotated[str, about("Last written by", refers_to="practitioner", sensitivity=PLAIN)] = ""
    state: Annotated[str, about("State", Merge.STATE, code_list="article_states", sensitivity=PLAIN)] = ""
    sent_back_words: Annotated[str, about("Why it was sent back", sensitivity=PLAIN, long=True)] = ""


class ArticleEdition(Record, frozen=True, kw_only=True, omit_defaults=True):
    """An article as it was approved: title and words whole, so that what was read can always be shown."""

    article_id: Annotated[str, about("Article", FIXED, refers_to="article", required=True, sensitivity=PLAIN)] = ""
    title: Annotated[str, about("Title", FIXED, required=True, search=1, sensitivity=PLAIN)] = ""
    words: Annotated[str, about("Article", FIXED, required=True, search=1, long=True, sensitivity=PLAIN)] = ""
    services: Annotated[tuple[str, ...], about("For which services", FIXED, sensitivity=PLAIN)] = ()
    localities: Annotated[tuple[str, ...], about("For which areas", FIXED, sensitivity=PLAIN)] = ()
    sources: Annotated[str, about("Where it comes from", FIXED, sensitivity=PLAIN, long=True)] = ""
    approved_by: Annotated[str, about("Approved by", FIXED, refers_to="practitioner", sensitivity=PLAIN)] = ""
    approved_on: Annotated[dt.date | None, about("Approved on", FIXED, required=True, sensitivity=PLAIN)] = None
    review_on: Annotated[dt.date | None, about("Review on", FIXED, required=True, sensitivity=PLAIN)] = None
    supersedes: Annotated[str, about("Replaces", FIXED, refers_to="article_edition", sensitivity=PLAIN)] = ""
    retired: Annotated[bool | None, about("No longer to be used", FIXED, sensitivity=PLAIN)] = None


class KnowledgeReport(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Something is missing or wrong (J3): in an article, a service, or nowhere yet."""

    target_id: Annotated[str, about("About", FIXED, sensitivity=PLAIN)] = ""
    words: Annotated[str, about("What is missing or wrong", FIXED, required=True, long=True, sensitivity=PLAIN)] = ""
    reported_by: Annotated[str, about("Reported by", FIXED, refers_to="practitioner", sensitivity=PLAIN)] = ""
    reported_on: Annotated[dt.date | None, about("Reported on", FIXED, required=True, sensitivity=PLAIN)] = None
    owner_id: Annotated[str, about("Who looks at it", refers_to="practitioner", sensitivity=PLAIN)] = ""
    state: Annotated[str, about("State", Merge.STATE, code_list="file_states", sensitivity=PLAIN)] = ""
    answer: Annotated[str, about("Answer", sensitivity=PLAIN, long=True)] = ""
    closed_on: Annotated[dt.date | None, about("Answered on", sensitivity=PLAIN)] = None


class Service(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A service of the directory. Names in brackets of HSDS-UK 3.0 are in `exchange/open_referral.py`."""

    name: Annotated[str, about("Name", required=True, search=1, sensitivity=PLAIN, counted=True)] = ""
    organisation_id: Annotated[str, about("Run by", refers_to="organisation", sensitivity=PLAIN)] = ""
    description: Annotated[str, about("What it does", Merge.NARRATIVE, search=1, sensitivity=PLAIN)] = ""
    topics: Annotated[tuple[str, ...], about("Needs it meets", Merge.SET, sensitivity=PLAIN)] = ()
    eligibility: Annotated[str, about("Who may use it", search=1, sensitivity=PLAIN, long=True)] = ""
    minimum_age: Annotated[int | None, about("Youngest age", sensitivity=PLAIN)] = None
    maximum_age: Annotated[int | None, about("Oldest age", sensitivity=PLAIN)] = None
    areas: Annotated[tuple[str, ...], about("Areas", Merge.SET, sensitivity=PLAIN)] = ()
    cost: Annotated[str, about("Cost", sensitivity=PLAIN)] = ""
    how_to_use: Annotated[str, about("How to get in", sensitivity=PLAIN, long=True)] = ""
    opening: Annotated[str, about("When it is open", sensitivity=PLAIN, long=True)] = ""
    languages: Annotated[tuple[str, ...], about("Languages", Merge.SET, sensitivity=PLAIN)] = ()
    accessibility: Annotated[str, about("Access", sensitivity=PLAIN, long=True)] = ""
    address: Annotated[str, about("Address", sensitivity=PLAIN, long=True)] = ""
    postcode: Annotated[str, about("Postcode", sensitivity=PLAIN)] = ""
    telephone: Annotated[str, about("Telephone", sensitivity=PLAIN)] = ""
    email: Annotated[str, about("E-mail", sensitivity=PLAIN)] = ""
    website: Annotated[str, about("Website", sensitivity=PLAIN)] = ""
    capacity: Annotated[str, about("Has room", code_list="capacity_states", sensitivity=PLAIN)] = ""
    capacity_on: Annotated[dt.date | None, about("Room as of", sensitivity=PLAIN)] = None
    capacity_by: Annotated[str, about("Room told by", refers_to="practitioner", sensitivity=PLAIN)] = ""
    checked_on: Annotated[dt.date | None, about("Checked on", sensitivity=PLAIN)] = None
    checked_by: Annotated[str, about("Checked by", refers_to="practitioner", sensitivity=PLAIN)] = ""
    state: Annotated[str, about("State", code_list="service_states", sensitivity=PLAIN)] = ""
    source: Annotated[str, about("Came from", sensitivity=PLAIN)] = ""
    source_id: Annotated[str, about("Its number there", sensitivity=PLAIN)] = ""
    published: Annotated[str, about("What the directory said last", sensitivity=PLAIN, long=True)] = ""


class DigitalModule(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Care or treatment content that may be released to a person (K1), with the criteria of its pathway."""

    name: Annotated[str, about("Name", required=True, search=1, sensitivity=PLAIN)] = ""
    pathway: Annotated[str, about("Pathway", sensitivity=PLAIN)] = ""
    sessions: Annotated[
        str, about("Sessions", sensitivity=PLAIN, long=True, help="One session a line, in their order.")
    ] = ""
    criteria: Annotated[
        str, about("When it may be released", sensitivity=PLAIN, long=True, help="One criterion a line.")
    ] = ""
    days_open: Annotated[int | None, about("Days it stays open", sensitivity=PLAIN)] = None
    drop_off_days: Annotated[int | None, about("Days without use before somebody asks", sensitivity=PLAIN)] = None
    platform: Annotated[str, about("Platform", sensitivity=PLAIN)] = ""
    retired: Annotated[bool | None, about("No longer released", sensitivity=PLAIN)] = None


class ModuleRelease(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One module released to one person: why, by whom, how far they got (Beyond 12)."""

    module_id: Annotated[str, about("Module", FIXED, refers_to="digital_module", required=True, counted=True)] = ""
    released_on: Annotated[dt.date | None, about("Released on", FIXED, required=True, counted=True)] = None
    released_by: Annotated[str, about("Released by", FIXED, refers_to="practitioner", counted=True)] = ""
    criteria_met: Annotated[tuple[str, ...], about("Criteria met", FIXED)] = ()
    reason: Annotated[str, about("Why", FIXED, long=True)] = ""
    expires_on: Annotated[dt.date | None, about("Open until")] = None
    last_used_on: Annotated[dt.date | None, about("Last used on", counted=True)] = None
    sessions_done: Annotated[int | None, about("Sessions finished", counted=True)] = None
    state: Annotated[str, about("State", Merge.STATE, code_list="release_states", counted=True)] = ""
    end_reason: Annotated[str, about("Why it was taken back", long=True)] = ""
    ended_on: Annotated[dt.date | None, about("Ended on", counted=True)] = None


def _known_to_all(
    struct: type[Record],
    name: str,
    label: str,
    plural: str,
    *,
    lifecycle: Lifecycle = Lifecycle.EDITABLE,
    steps: dict[str, frozenset[str]] | None = None,
    head_of: tuple[str, ...] | None = None,
    open_to_all: bool = True,
) -> RecordType:
    return RecordType(
        struct=struct,
        name=name,
        label=label,
        plural=plural,
        compartment=Compartment.CARD,
        subject_kind=SubjectKind.ORGANISATION,
        lifecycle=lifecycle,
        transitions=steps or {},
        head_of=head_of,
        open_to_all=open_to_all,
    )


ARTICLE = _known_to_all(
    Article,
    "article",
    "Article",
    "Articles",
    steps={
        "": frozenset({"draft"}),
        "draft": frozenset({"to_approve", "retired"}),
        "to_approve": frozenset({"draft", "approved"}),
        "approved": frozenset({"draft", "retired"}),
        "retired": frozenset({"draft"}),
    },
)
ARTICLE_EDITION = _known_to_all(
    ArticleEdition,
    "article_edition",
    "Approved article",
    "Approved articles",
    lifecycle=Lifecycle.SUPERSEDING,
    head_of=("article_id",),
    open_to_all=False,
)
KNOWLEDGE_REPORT = _known_to_all(
    KnowledgeReport,
    "knowledge_report",
    "Report of something missing or wrong",
    "Reports of something missing or wrong",
    steps={"": frozenset({"open"}), "open": frozenset({"closed"}), "closed": frozenset({"open"})},
)
SERVICE = _known_to_all(Service, "service", "Service", "Services")
DIGITAL_MODULE = _known_to_all(DigitalModule, "digital_module", "Digital module", "Digital modules", open_to_all=False)
MODULE_RELEASE = RecordType(
    struct=ModuleRelease,
    name="module_release",
    label="Released module",
    plural="Released modules",
    compartment=Compartment.CORE,
    transitions={
        "": frozenset({"released"}),
        "released": frozenset({"opened", "finished", "revoked", "expired"}),
        "opened": frozenset({"finished", "revoked", "expired"}),
        "finished": frozenset({"opened"}),
        "revoked": frozenset({"released"}),
        "expired": frozenset({"released"}),
    },
    at="released_on",
)
