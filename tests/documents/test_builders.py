from datetime import date, datetime

from msgspec import structs

from tests.documents.reading import document_text, pages_text
from tests.documents.samples import plan
from wellbeing_desktop.documents.blocks import Document, Paragraph
from wellbeing_desktop.documents.care_plan import SECTIONS, care_plan_document
from wellbeing_desktop.documents.letter import Letter, letter_document
from wellbeing_desktop.documents.marks import TextMark
from wellbeing_desktop.documents.pdf import _paginate, render_pdf
from wellbeing_desktop.documents.person_export import ExportEntry, ExportSection, PersonExport, person_export_document
from wellbeing_desktop.documents.print_style import LARGE_PRINT, SMALL, STANDARD
from wellbeing_desktop.documents.recovery_kit import RecoveryKit, recovery_kit_document
from wellbeing_desktop.documents.return_report import (
    Breakdown,
    LateArrival,
    MeasureReport,
    ReturnReport,
    return_report_document,
)
from wellbeing_desktop.documents.visit_sheet import VisitSheet, visit_sheet_document


def words(document: Document, style=STANDARD) -> str:
    return " ".join(document_text(render_pdf(document, style).data).split())


def test_only_the_chosen_sections_are_in_the_persons_copy() -> None:
    text = words(care_plan_document(plan(), ["matters"]))
    assert "frightened of falling" in text
    assert "Who to call" in text
    for section in set(SECTIONS) - {"matters"}:
        assert SECTIONS[section] not in text


def test_other_formats_and_who_to_call_are_on_the_first_sheet_in_both_sizes() -> None:
    for style in (STANDARD, LARGE_PRINT):
        first = " ".join(pages_text(render_pdf(care_plan_document(plan()), style).data)[0].split())
        assert "large print, easy read" in first
        assert "01632 960 123" in first


def test_a_plan_with_nothing_in_it_yet_is_still_a_page() -> None:
    bare_plan = plan(
        about_me=(), matters="", strengths="", goals=(), scores=None, contingencies=(), helpers=(), agreed_on=None
    )
    assert "Not agreed yet" in words(care_plan_document(bare_plan))


def test_the_recovery_kit_is_one_sheet_with_every_group_in_order() -> None:
    groups = tuple(f"QWER{letter}" for letter in "0123456789ABCD")  # as many as a kit has, none shorter
    name = "The case store of the wellbeing coordinators of the north of the county"
    help_at = "Ring the service desk on 01632 960 100, Monday to Friday 9am to 5pm"
    document = recovery_kit_document(RecoveryKit(name, groups, date(2026, 11, 21), help_at, "KIT-4F2A"))
    rendered = render_pdf(document)
    text = document_text(rendered.data)
    assert rendered.pages == 1
    places = [text.index(group) for group in groups]
    assert places == sorted(places)


def test_a_return_says_how_complete_it_is_on_page_one_and_hides_what_is_hidden() -> None:
    split = Breakdown(
        "By source", ("Source", "Referrals"), (("GP", "42"), ("Other", "fewer than 5")),
        "Numbers from 1 to 4 are hidden to protect people.", "Most came from GPs", (42, None),
    )  # fmt: skip
    report = ReturnReport(
        "Monthly return", "October 2026", "Example Primary Care Network", "Provisional.",
        (("Laptops not synced since month end", "1"),),
        (MeasureReport("Referrals received", "46", "Referrals that arrived in October.", (split,)),),
        (LateArrival("Contacts", "September 2026", 4),), "21 November 2026", "care-coordination", "3", "0.1.0", "3f9a" * 16,
    )  # fmt: skip
    data = render_pdf(return_report_document(report), SMALL).data
    text = " ".join(document_text(data).split())
    assert "Laptops not synced since month end" in " ".join(pages_text(data)[0].split())
    for part in (
        "Referrals that arrived in October.",
        "Numbers from 1 to 4 are hidden",
        "hidden",
        "September 2026",
        "3f9a3f9a",
    ):
        assert part in text
    assert "improved" not in text


def test_a_visit_sheet_is_one_page() -> None:
    sheet = VisitSheet(
        "JONES, Bronwen, born 02-Apr-1938 (88)", datetime(2026, 11, 23, 9, 40), "1 Heol y Bryn, HR9 9ZZ", "CC-1", "Review",
        ("Dog, friendly",), ("Sit on the right",), ("Getting out",), (("Walking frame", "Falls service", "12-Jan-2027"),),
    )  # fmt: skip
    assert render_pdf(visit_sheet_document(sheet), SMALL).pages == 1


def test_an_access_bundle_holds_every_field_and_says_what_is_left_out() -> None:
    sections = (
        ExportSection(
            "Contacts", tuple(ExportEntry(f"Visit {n}", (("Said", f"words {n}"), ("Empty", " "))) for n in range(30))
        ),
        ExportSection("Letters", ()),
    )
    export = PersonExport(
        "Example PCN", date(2026, 11, 21), "SAR-12", (("Name", "Bronwen Jones"),), sections, ("Told in confidence.",)
    )
    text = words(person_export_document(export))
    assert all(f"words {number}" in text for number in range(30))
    assert "Told in confidence." in text
    assert "Nothing is recorded." in text


def _letter(paragraphs: int) -> Document:
    said = (
        "Bronwen would like to walk to the library again, and to sleep through the night without the pain waking her."
    )
    return letter_document(
        Letter(
            "Plan for Bronwen JONES", date(2026, 11, 23), "Dr A Rees", ("Ty Bryn Surgery", "1 Heol y Bryn", "HR9 9ZZ"),
            "Dr Rees", tuple(Paragraph(said) for _ in range(paragraphs)), "Example Primary Care Network", "Sam Okafor",
            "Care coordinator", "01632 960 123", copies_to=("Bronwen JONES",), to_person=False,
        )
    )  # fmt: skip


def test_a_letter_that_is_a_few_lines_too_long_is_one_sheet_in_the_same_size_and_a_long_one_is_as_it_was() -> None:
    as_usual = lambda count: structs.replace(_letter(count), spares_a_sheet=False)  # noqa: E731
    first = next(count for count in range(1, 20) if render_pdf(as_usual(count)).pages == 2)
    spared = render_pdf(_letter(first))
    assert spared.pages == 1
    sizes = {mark.size for page in _paginate(_letter(first), STANDARD) for _at, strip, _again in page.placed
             for mark in strip.marks if isinstance(mark, TextMark)}  # fmt: skip
    assert sizes == {mark.size for page in _paginate(as_usual(first), STANDARD) for _at, strip, _again in page.placed
                     for mark in strip.marks if isinstance(mark, TextMark)}  # fmt: skip
    for count in range(first, first + 14):
        pages = pages_text(render_pdf(_letter(count)).data)
        if len(pages) == 2:
            last = " ".join(pages[1].split())
            assert "Yours sincerely" in last or "Bronwen would like" in last, "copies are never all that a sheet holds"
    long = first + 8
    assert render_pdf(_letter(long)).data == render_pdf(as_usual(long)).data
    large = next(count for count in range(1, 20) if render_pdf(as_usual(count), LARGE_PRINT).pages == 2)
    assert render_pdf(_letter(large), LARGE_PRINT).pages == 2, "large print keeps its room"
