"""Store records as data for the page: chosen sections, the style that the reader needs, nothing that does not belong."""

import datetime as dt

import pytest

from tests.operations.made import NOW, TODAY, Made, made_id
from wellbeing_desktop.documents.care_plan import care_plan_document
from wellbeing_desktop.documents.letter import letter_document
from wellbeing_desktop.documents.templates import parse_template, shipped_templates
from wellbeing_desktop.documents.text import render_text
from wellbeing_desktop.documents.visit_sheet import visit_sheet_document
from wellbeing_desktop.domain.care_plan import Action, Goal, PlanCopy
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Organisation, Practitioner
from wellbeing_desktop.domain.person import Address, ContactPoint
from wellbeing_desktop.domain.plan_rules import CONTINGENCY, COPY_SECTIONS
from wellbeing_desktop.domain.safety import Alert
from wellbeing_desktop.operations import alerts, appointments, assessments, care_plans, letters, people, plan_contents
from wellbeing_desktop.operations.letter_document import merge, set_letter, usual_values
from wellbeing_desktop.operations.plan_document import plan_page
from wellbeing_desktop.operations.setting_up import introduce
from wellbeing_desktop.operations.visit_sheet import visit_sheet
from wellbeing_desktop.storage.grants import organisation_of, user_of
from wellbeing_desktop.storage.write_door import transaction


@pytest.fixture
def service(made: Made) -> Made:
    introduce(made.writer, user_name="Bo Green", organisation_name="North Wellbeing")
    with transaction(made.writer, "x") as tx:
        tx.change(Organisation, organisation_of(made.writer), {"telephone": "01632 960001"})
        tx.change(Practitioner, user_of(made.writer), {"job_title": "Care coordinator"})
    return made


def agreed_plan(made: Made, sections: list[str] | None = None) -> tuple[str, str]:
    plan_id = made_id(care_plans.start_plan(made.writer, made.mary, at=NOW), "care_plan")
    words = {name: f"WORDS OF {name}" for name in (*COPY_SECTIONS, "formulation", "staff_only") if name != "goals"}
    plan_contents.write_narrative(made.writer, plan_id, words, {}, at=NOW)
    goal = made_id(plan_contents.set_goal(made.writer, Goal(plan_id=plan_id, what="GOAL WALK"), at=NOW), "goal")
    plan_contents.set_action(
        made.writer,
        Action(plan_id=plan_id, goal_id=goal, what="ACTION FRAME.", strategies="ASK OT", confidence=7, who="Bo"),
        at=NOW,
    )
    plan_contents.set_action(made.writer, Action(plan_id=plan_id, what="ACTION LOOSE"), at=NOW)
    agreed = care_plans.agree_plan(
        made.writer, plan_id, agreed_with="Mary Jones", review_on=dt.date(2027, 2, 1), sections=sections, at=NOW
    )
    return plan_id, made_id(agreed, "plan_copy")


def plan_text(made: Made, plan_id: str, copy_id: str) -> str:
    return render_text(care_plan_document(plan_page(made.writer, plan_id, copy_id).plan))


def test_w24_every_chosen_word_is_on_the_page_and_no_staff_words(service: Made) -> None:
    plan_id, copy_id = agreed_plan(service)
    text = plan_text(service, plan_id, copy_id)
    for name in COPY_SECTIONS:
        if name != "goals":
            assert f"WORDS OF {name}" in text, name
    for words in ("GOAL WALK", "ACTION FRAME.", "ASK OT", "ACTION LOOSE", "Bo Green", "01632 960001"):
        assert words in text
    assert "staff_only" not in text
    assert "WORDS OF formulation" not in text
    assert service.one(PlanCopy, copy_id).code in text


def test_w24_sections_that_were_not_chosen_are_not_there(service: Made) -> None:
    plan_id, copy_id = agreed_plan(service, ["most_important", "formulation"])
    text = plan_text(service, plan_id, copy_id)
    assert "WORDS OF most_important" in text
    assert "WORDS OF formulation" in text
    for words in ("GOAL WALK", "ACTION", "WORDS OF needs", *(f"WORDS OF {name}" for name in CONTINGENCY)):
        assert words not in text


def test_w24_alerts_and_what_others_told_have_no_way_onto_the_page(service: Made) -> None:
    alerts.raise_alert(
        service.writer,
        Alert(
            subject=service.mary,
            kind="visiting",
            statement="ALERTWORDS",
            what_to_do="x",
            source="y",
            stated_on=TODAY,
            review_on=dt.date(2027, 1, 1),
        ),
        "clinical",
        at=NOW,
    )
    assert "ALERTWORDS" not in plan_text(service, *agreed_plan(service))


def test_scores_are_on_the_copy_only_when_chosen_and_claim_no_cause(service: Made) -> None:
    for days, value in ((40, 3), (1, 5)):
        assessments.take_assessment(
            service.writer, service.mary, "ons4", {"happy": value}, taken_at=NOW - dt.timedelta(days=days), at=NOW
        )
    plan_id, copy_id = agreed_plan(service, [*COPY_SECTIONS, "scores"])
    page = plan_page(service.writer, plan_id, copy_id)
    assert page.plan.scores is not None
    assert page.plan.scores.finding == "Happy yesterday: 3 then 5"
    assert plan_page(service.writer, plan_id).plan.scores is None


@pytest.mark.parametrize(
    ("needs", "style"),
    [((), "standard"), (("large_print",), "large print"), (("easy_read",), "easy read"), (("bsl",), "standard")],
)
def test_the_persons_need_chooses_the_format(service: Made, needs: tuple[str, ...], style: str) -> None:
    people.change_person(service.writer, service.mary, {"communication_needs": needs}, at=NOW)
    plan_id, copy_id = agreed_plan(service)
    assert plan_page(service.writer, plan_id, copy_id).style.name == style


def test_a_letter_to_the_person_is_in_their_format_and_says_nothing_of_the_nhs_number(service: Made) -> None:
    people.change_person(
        service.writer, service.mary, {"communication_needs": ("large_print",), "nhs_number": "9434765919"}, at=NOW
    )
    people.add_address(
        service.writer, Address(subject=service.mary, line1="1 High Street", postcode="HU1 1AA", use="1"), at=NOW
    )
    letter_id = made_id(
        letters.draft_letter(
            service.writer,
            Letter(subject=service.mary, to_kind="person", subject_line="Your visit", body="See you **soon**."),
            at=NOW,
        ),
        "letter",
    )
    found = set_letter(service.writer, letter_id)
    assert found.style.name == "large print"
    text = render_text(letter_document(found.page))
    assert "Dear Mary Jones" in text
    assert "1 High Street" in text
    assert "See you soon." in text
    assert "943" not in text


def test_a_letter_to_the_gp_says_whom_it_is_about(service: Made) -> None:
    people.change_person(service.writer, service.mary, {"nhs_number": "9434765919"}, at=NOW)
    letter = Letter(
        subject=service.mary,
        to_kind="gp",
        to_name="Dr Lee",
        to_address="Hill Surgery\n1 Hill Road\nHull\nHU1 1AB",
        subject_line="Plan",
        body="Words.",
    )
    letter_id = made_id(letters.draft_letter(service.writer, letter, at=NOW), "letter")
    found = set_letter(service.writer, letter_id)
    text = render_text(letter_document(found.page))
    assert found.style.name == "standard"
    for words in ("Mary Jones, born 1 May 1940", "943 476 5919", "Dear Dr Lee"):
        assert words in text


def test_a_template_is_merged_with_what_is_missing_named_and_stars_kept(service: Made) -> None:
    booked = appointments.book_appointment(
        service.writer,
        Appointment(subject=service.mary, starts_at=dt.datetime(2027, 6, 1, 9, 30, tzinfo=dt.UTC), place="Home"),
        at=NOW,
    )
    values = usual_values(service.writer, service.mary, today=TODAY, appointment_id=made_id(booked, "appointment"))
    assert values["appointment_time"] == "10:30am"
    merged = merge(shipped_templates()["appointment-reminder"], values)
    assert merged.missing == ()
    assert "Bo Green" in merged.body
    template = parse_template(
        "---\nid: t\ntitle: T\nversion: 1\nkind: person\nsubject: S\nneeds: a\n---\nHi {{ a }} {{ b }}"
    )
    odd = merge(template, {"a": "*Star* _x_ # [y](z)"})
    assert odd.missing == ("b",)
    letter = Letter(subject=service.mary, to_kind="gp", to_name="Dr", subject_line="S", body=odd.body)
    letter_id = made_id(letters.draft_letter(service.writer, letter, at=NOW), "letter")
    (paragraph, *_) = set_letter(service.writer, letter_id).page.body
    assert "*Star* _x_ # [y](z)" in str(paragraph)


def test_the_visit_sheet_holds_what_was_chosen_and_how_to_get_in_only_on_the_day(service: Made) -> None:
    agreed_plan(service)
    people.change_person(service.writer, service.mary, {"communication_needs": ("hearing_loop",)}, at=NOW)
    people.add_contact_point(
        service.writer,
        ContactPoint(subject=service.mary, medium="mobile", value="+447700900001", safe_to_call=False),
        at=NOW,
    )
    people.add_contact_point(
        service.writer,
        ContactPoint(subject=service.mary, medium="telephone", value="+441632960002", code_word="bluebell"),
        at=NOW,
    )
    alerts.record_access_note(service.writer, service.mary, {"instructions": "Side door", "key_safe": "1940"}, at=NOW)
    ids = [
        made_id(
            alerts.raise_alert(
                service.writer,
                Alert(
                    subject=service.mary,
                    kind="visiting",
                    statement=statement,
                    what_to_do="Ring",
                    source="Nurse",
                    stated_on=TODAY,
                    review_on=dt.date(2027, 1, 1),
                ),
                "clinical",
                at=NOW,
            ),
            "alert",
        )
        for statement in ("CHOSEN", "NOT CHOSEN")
    ]
    booked = appointments.book_appointment(
        service.writer,
        Appointment(subject=service.mary, starts_at=NOW + dt.timedelta(hours=1), place="1 High Street"),
        at=NOW,
    )
    id = made_id(booked, "appointment")
    text = render_text(
        visit_sheet_document(visit_sheet(service.writer, id, alert_ids=ids[:1], with_access=True, today=TODAY))
    )
    for words in ("CHOSEN", "Side door", "Hearing loop", "GOAL WALK", "ACTION LOOSE", "JONES, Mary"):
        assert words in text
    assert "NOT CHOSEN" not in text
    assert "01632 960002 (Leave no message. Code word: bluebell)" in text, "nobody said that a message is safe"
    assert "900001" not in text, "a number that is not safe to call"
    assert "1940)" not in text
    with pytest.raises(Refused, match="day of the visit"):
        visit_sheet(service.writer, id, with_access=True, today=TODAY - dt.timedelta(days=1))
    assert "Side door" not in render_text(visit_sheet_document(visit_sheet(service.writer, id, today=TODAY)))
