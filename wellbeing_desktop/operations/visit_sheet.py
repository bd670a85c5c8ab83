"""What goes on the one sheet for a visit when the laptop cannot come (W11): dated statements chosen to go on paper."""

import datetime as dt
from collections.abc import Collection
from typing import Final

from wellbeing_desktop.documents.visit_sheet import VisitSheet
from wellbeing_desktop.domain.alerts import in_force
from wellbeing_desktop.domain.care_plan import CarePlan
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.dates import age_on, day_words, staff_date
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_date, local_time
from wellbeing_desktop.domain.names import list_name
from wellbeing_desktop.domain.person import Address, ContactPoint
from wellbeing_desktop.domain.plan_rules import current_plan
from wellbeing_desktop.domain.safe_to_reach import TELEPHONES, how_to_reach, may_call, may_leave_message
from wellbeing_desktop.domain.safety import AccessNote, Alert
from wellbeing_desktop.exchange.telephone import format_telephone
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.care_plans import plan_parts
from wellbeing_desktop.operations.service import sender
from wellbeing_desktop.storage.connection import Reader


def visit_sheet(
    reader: Reader, appointment_id: str, *, alert_ids: Collection[str] = (), with_access: bool = False, today: dt.date
) -> VisitSheet:
    """The sheet for one appointment. Of the alerts only those named go on paper; how to get in only on the day of the
    visit and only when asked for, because paper is lost."""
    appointment = found.found(reader, Appointment, appointment_id)
    person = found.survivor(reader, appointment.subject)
    if appointment.starts_at is None:
        raise Refused("This appointment has no time.", "starts_at")
    on_day = local_date(appointment.starts_at) == today
    if with_access and not on_day:
        raise Refused("How to get in is printed on the day of the visit only.", "with_access")
    before = [
        f"{item.alert.statement} ({item.alert.source}, "
        f"{day_words(item.alert.stated_on, 'no date')}). {item.alert.what_to_do}"
        for item in in_force(found.every(reader, Alert, person.id), today)
        if item.alert.id in alert_ids
    ]
    if with_access:
        for note in found.every(reader, AccessNote, person.id):
            before += [part for part in (note.instructions, note.animals) if part.strip()]
            if note.two_person_visit:
                before.append("Two-person visit")
    communication = [label_of("communication_needs", need) for need in person.communication_needs]
    if person.interpreter_needed:
        communication.append(f"Interpreter needed: {person.language}" if person.language else "Interpreter needed")
    if person.communication_detail.strip():
        communication.append(person.communication_detail)
    goals: tuple[str, ...] = ()
    actions: tuple[tuple[str, str, str], ...] = ()
    plans = current_plan(found.every(reader, CarePlan, person.id))
    if plans:
        parts = plan_parts(reader, plans[0].id)
        goals = tuple(goal.what for goal in parts.goals if goal.state in ("not_started", "in_progress"))
        actions = tuple((one.what, one.who, day_words(one.due_on)) for one in parts.actions if one.state == "to_do")
    born = person.born_on
    line = list_name(person.family_name, person.given_name, person.known_as)
    if born is not None:
        line = f"{line}, {staff_date(born)} ({age_on(born, today)})"
    return VisitSheet(
        person_line=line,
        starts_at=local_time(appointment.starts_at),
        place=_where(reader, appointment, today),
        reference=f"V-{appointment.id.replace('-', '')[-8:].upper()}",
        reason=appointment.purpose,
        before_knocking=tuple(before),
        communication=tuple(communication),
        goals=goals,
        open_actions=actions,
        telephone=safe_number(reader, person.id),
        worker=sender(reader, appointment.practitioner_id).name,
    )


_AT_HOME: Final = ("", "home", "at home")


def _where(reader: Reader, appointment: Appointment, today: dt.date) -> str:
    """The place of the appointment; for a visit at home the address, which nobody has by heart. An address that has
    ended is never one to go to."""
    if appointment.medium not in ("home_visit", "01") or appointment.place.strip().casefold() not in _AT_HOME:
        return appointment.place
    homes = [
        one for one in found.every(reader, Address, appointment.subject) if not one.ended_on or one.ended_on > today
    ]
    homes.sort(key=lambda one: (one.use not in ("1", ""), one.use, one.id))
    if not homes:
        return appointment.place
    home = homes[0]
    lines = (home.line1, home.line2, home.line3, home.line4, home.line5, home.postcode)
    return ", ".join(line.strip() for line in lines if line.strip())


def safe_number(reader: Reader, person_id: str) -> str:
    """The first number that is safe to call, with what to know before dialling."""
    person = found.survivor(reader, person_id)
    points = [point for point in found.every(reader, ContactPoint, person_id) if point.medium in TELEPHONES]
    for point in sorted(points, key=lambda one: (not one.preferred, one.id)):
        if may_call(person, point) is None:
            number = format_telephone(point.value, point.extension)
            quiet = "" if may_leave_message(person, point) is None else "Leave no message"
            known = ". ".join(part for part in (quiet, how_to_reach(point)) if part)
            return f"{number} ({known})" if known else number
    return ""
