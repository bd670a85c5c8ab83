"""Safety in the demo: what the service sets, one concern of each path, an answer about safety, and files of the service."""

import datetime as dt
from collections.abc import Sequence

from wellbeing_desktop.domain.concern import Concern, ConcernChild, ConcernStep
from wellbeing_desktop.domain.concern_rules import Link
from wellbeing_desktop.domain.enquiry import Enquiry
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.service_file import Complaint, Incident
from wellbeing_desktop.operations import assessments, concerns, household, safety_settings, service_files
from wellbeing_desktop.operations.safety_settings import SafetySettings
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.grants import user_of
from wellbeing_desktop.storage.store import Store


def set_safety(store: Store, deputy_id: str, deputy: str, now: dt.datetime) -> None:
    """Whom to call: the lead, then a colleague, then a desk that is made up. The numbers are those kept for drama."""

    def work(writer: Writer) -> None:
        chain = (
            Link("Named lead", "Robin Bell", "01632 960 021", user_of(writer), "Mon to Fri 9 to 5"),
            Link("Deputy", deputy, "01632 960 022", deputy_id),
            Link("On call", "The night desk", "01632 960 023", hours="5pm to 9am and weekends"),
        )
        wanted = SafetySettings(
            chain=chain, wait_minutes=15, own_lines=(("Local crisis line", "01632 960 029"), ("", ""))
        )
        safety_settings.save_safety_settings(writer, wanted, at=now)

    store.write(work)


def raise_concerns(store: Store, person_ids: Sequence[str], now: dt.datetime) -> None:
    """An adult's, a child's, somebody at risk now with the call that it came by, and question 9 answered above 0."""
    before = now - dt.timedelta(minutes=40)

    def work(writer: Writer) -> None:
        adult = Concern(
            subject=person_ids[0],
            path="adult",
            words="Says that a nephew keeps her bank card, and that money is missing.",
            abuse_types=("financial",),
            has_care_needs="yes",
            at_risk_of_abuse="yes",
            cannot_protect_self="unsure",
            consent="agreed",
        )
        concerns.raise_concern(
            writer, adult, (ConcernStep(kind="other", words="Spoke to her alone", at=before),), at=now
        )
        child = Concern(
            id=new_id(),
            subject=person_ids[1],
            path="child",
            words="Two children were alone in the flat at 8 in the evening.",
        )
        concerns.raise_concern(writer, child, at=now)
        household.name_child(
            writer, ConcernChild(concern_id=child.id, name="Rhys", born_on=dt.date(now.year - 6, 3, 1)), at=now
        )
        call = Enquiry(subject=person_ids[2], medium="02", caller_role="self", received_at=before, urgent=True)
        steps = (ConcernStep(kind="asked_where", at=before), ConcernStep(kind="call_999", at=before))
        safe = Concern(
            path="at_risk_now",
            raised_at=before,
            where_now="At home, upstairs",
            outcome="emergency_services",
            outcome_words="The ambulance came at once and her sister went with her.",
        )
        concerns.raise_from_call(writer, call, safe, steps, finish_call=True, at=now)
        answers = {str(item): 1 for item in range(1, 10)}
        assessments.take_assessment(writer, person_ids[3], "phq9", answers, how="Read out", taken_at=before, at=now)

    store.write(work)


def write_files(store: Store, person_id: str, now: dt.datetime) -> None:
    """An incident, a personal data breach, a complaint, a compliment, and a complaint about data protection."""

    def work(writer: Writer) -> None:
        for incident in (
            Incident(
                kind="near_miss",
                words="The key safe code was read out with the door open.",
                immediate_action="The door was closed, and the code changed the same day.",
                reported_in="Datix",
                reference="W-10423",
            ),
            Incident(kind="data_breach", words="A letter went to number 7 instead of 17.", person_id=person_id),
        ):
            service_files.open_incident(writer, incident, at=now)
        for complaint in (
            Complaint(
                kind="complaint",
                from_name="Helen Leach",
                from_address="4 Mill Lane\nOakham\nLE15 6RD",
                person_id=person_id,
                words="Nobody rang back for a week.",
                answer="I am sorry that nobody rang you back.\n\nCalls are now rung back on the same day.",
                received_on=now.date() - dt.timedelta(days=6),
            ),
            Complaint(kind="compliment", from_name="A neighbour", words="The visits have made such a difference."),
            Complaint(kind="data_protection", from_name="Owen Price", words="Asks who has read his record."),
        ):
            service_files.open_complaint(writer, complaint, at=now)

    store.write(work)
