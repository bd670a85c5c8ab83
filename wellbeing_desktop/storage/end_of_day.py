"""The counts of the one screen at the end of the day (PRACTICE W28)."""

import datetime as dt

from wellbeing_desktop.storage.connection import Reader


def end_of_day(reader: Reader, practitioner_id: str, day: dt.date) -> dict[str, int]:
    """PRACTICE W28: what the one screen at the end of the day says, by name of count."""
    who = {"who": practitioner_id, "day": day.isoformat()}
    return {
        "visits": int(
            reader.value(
                "SELECT count(*) FROM live_contact WHERE practitioner_id = :who AND happened_on = :day"
                " AND medium IN ('home_visit', '01')",
                who,
            )
        ),
        "contacts": int(
            reader.value("SELECT count(*) FROM live_contact WHERE practitioner_id = :who AND happened_on = :day", who)
        ),
        "contacts_without_note": int(
            reader.value(
                "SELECT count(*) FROM live_contact AS c WHERE c.practitioner_id = :who AND c.happened_on = :day"
                " AND NOT EXISTS (SELECT 1 FROM live_note AS n WHERE n.about_id = c.id)",
                who,
            )
        ),
        "notes": int(reader.value("SELECT count(*) FROM live_note WHERE author_id = :who AND written_on = :day", who)),
        "unsigned_notes": int(
            reader.value("SELECT count(*) FROM live_note WHERE author_id = :who AND signed_at IS NULL", who)
        ),
        "to_enter_in_gp_record": int(
            reader.value(
                "SELECT count(*) FROM live_gp_entry AS g JOIN live_contact AS c ON c.id = g.target_id"
                " WHERE g.state = 'to_enter' AND c.practitioner_id = :who",
                who,
            )
        ),
        "copies_owed": int(
            reader.value(
                "SELECT count(*) FROM live_plan_copy AS k JOIN live_care_plan AS p ON p.id = k.plan_id"
                " WHERE k.state = 'owed' AND p.practitioner_id = :who",
                who,
            )
        ),
        "without_outcome": int(
            reader.value(
                "SELECT count(*) FROM live_appointment WHERE practitioner_id = :who AND state = 'booked'"
                " AND starts_on <= :day",
                who,
            )
        ),
        "not_sent": int(reader.value("SELECT count(DISTINCT door) FROM outbox WHERE state < 3")),
    }
