"""Which screens of whose laptop are pictured."""

from collections.abc import Sequence

from wellbeing_desktop.cli.demo.day import Day, Team
from wellbeing_desktop.cli.window import Shot
from wellbeing_desktop.storage.store import Store


def shots_of(team: Team, day: Day) -> list[tuple[Store, Sequence[Shot]]]:
    """A coordinator's screens, then an administrator's, then a manager's."""
    return [
        (team.coordinator.store, coordinator_shots(day.person_id)),
        (team.administrator.store, (Shot("administrator-letters", "letters"),)),
        (team.manager.store, (Shot("manager-returns", "returns"), Shot("manager-laptops", "team_sync"))),
    ]


def coordinator_shots(person_id: str) -> tuple[Shot, ...]:
    return (
        Shot("today", "today"),
        Shot("inbox", "inbox"),
        Shot("enquiry", "enquiry", f"for/{person_id}"),
        Shot("referrals", "referrals"),
        Shot("referral-settings", "referral_settings"),
        Shot("caseload", "caseload"),
        Shot("person", "person", person_id),
        Shot("contact", "contact", person_id),
        Shot("visit", "visit", person_id),
        Shot("care-plan", "care_plan", person_id),
        Shot("letter", "letters", person_id),
        Shot("services", "services"),
        Shot("articles", "articles"),
        Shot("modules", "modules"),
        Shot("ledger", "ledger"),
        Shot("returns", "returns"),
        Shot("settings", "settings"),
        Shot("new-person", "new_person"),
        Shot("new-referral", "new_referral", person_id),
        Shot("new-appointment", "new_appointment", person_id),
        Shot("new-task", "new_task", person_id),
        Shot("import", "import"),
        Shot("end-of-day", "end_of_day"),
        Shot("sync", "sync"),
        Shot("road", "road"),
        Shot("clashes", "clashes", "all"),
        Shot("help", "help"),
        Shot("locked", "locked"),
    )
