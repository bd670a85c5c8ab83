"""What somebody may hold beyond their role: given, named for what is restricted, ended."""

import argparse
import datetime as dt

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.sync.server import acts, grant_list, granting
from wellbeing_desktop.sync.server.commands.database import Add, Answer, plain, with_service
from wellbeing_desktop.sync.server.grant_effect import Effect
from wellbeing_desktop.sync.server.service import Service


def _grant(options: argparse.Namespace) -> Answer:
    new = granting.NewGrant(
        member=options.member,
        kind=options.kind,
        reason=options.reason,
        people=tuple((number, born) for number, born in options.person),
        everybody=options.everybody,
        service_files=options.service_files,
        restricted=options.restricted,
        reads_only=options.reads_only,
        with_names=options.with_names,
        since_on=options.since,
        until_on=options.until,
    )
    if options.dry_run:
        return with_service(options, lambda service: _would(granting.look_at(service, new)))
    return with_service(options, lambda service: {"grant": granting.give(service, new, by=acts.COMMAND_LINE)})


def _grants(options: argparse.Namespace) -> Answer:
    wanted = [
        granting.GrantChange(
            number=number, what=what, reason=options.reason, last_on=options.on if what == granting.ENDS else None
        )
        for what, number in (
            (granting.NAMES_RESTRICTED, options.restricted),
            (granting.NO_MORE_RESTRICTED, options.not_restricted),
            (granting.ENDS, options.ends),
        )
        if number
    ]
    if options.on and not options.ends:
        raise Refused("A last day goes with --ends.")
    if options.dry_run and len(wanted) != 1:
        raise Refused("Say which one change to look at: --restricted, --not-restricted or --ends.")

    def work(service: Service) -> Answer:
        if options.dry_run:
            return _would(granting.look_at(service, wanted[0]))
        for one in wanted:
            granting.change(service, one, by=acts.COMMAND_LINE)
        return {"grants": [plain(line) for line in grant_list.listed(service, options.member)]}

    return with_service(options, work)


def _would(effect: Effect) -> Answer:
    """What it would come to; nothing was done."""
    return {
        "member": effect.member,
        "from": effect.on,
        "of_whom": effect.of_whom,
        "sees": effect.sees,
        "does": effect.does,
        "people_who_leave_their_laptops": effect.leave,
        "of_these_in_nobody_elses_care": effect.alone,
        "people_of_whom_less_is_left": effect.less,
        "people_who_come": effect.enter,
        "people_of_whom_more_comes": effect.more,
        "nobody_is_an_owner_then": effect.last_owner,
        "laptops": [plain(laptop) for laptop in effect.laptops],
    }


def add_commands(add: Add) -> None:
    giving = add("grant", _grant, "Give somebody a grant beyond their role. It is noted among what was done.")
    giving.add_argument("member", help="their number, from users")
    giving.add_argument("kind", choices=granting.KINDS, help="what they do with it")
    giving.add_argument(
        "--person",
        nargs=2,
        action="append",
        default=[],
        metavar=("NUMBER", "BORN"),
        help="of one person: the number of the record and the date of birth, or unknown; may be said again",
    )
    giving.add_argument(
        "--everybody", action="store_true", help="of everybody; front_desk, office, return and owner are"
    )
    giving.add_argument("--service-files", action="store_true", help="incidents and complaints, with team or caseload")
    giving.add_argument("--restricted", action="store_true", help="what is restricted too: concerns, protected people")
    giving.add_argument("--reads-only", action="store_true", help="it changes nothing")
    giving.add_argument("--with-names", action="store_true", help="a return may see who is counted")
    giving.add_argument("--from", dest="since", type=dt.date.fromisoformat, metavar="DAY", help="its first day")
    giving.add_argument("--until", type=dt.date.fromisoformat, metavar="DAY", help="its last day")
    giving.add_argument("--reason", required=True, help="why, and who decided it; kept. Name nobody who is cared for")
    giving.add_argument("--dry-run", action="store_true", help="say what it would come to, do nothing")
    listing = add("grants", _grants, "Who may hold what, without anybody's name.")
    listing.add_argument("--member", default="", metavar="NUMBER", help="of one person who works here")
    listing.add_argument("--restricted", metavar="GRANT", help="this grant reaches what is restricted from now on")
    listing.add_argument("--not-restricted", metavar="GRANT", help="this one does not any more")
    listing.add_argument("--ends", metavar="GRANT", help="this one ends now, or with the day of --on")
    listing.add_argument("--on", type=dt.date.fromisoformat, metavar="DAY", help="with --ends: its last day")
    listing.add_argument("--reason", default="", help="with a change: why, and who decided it; kept")
    listing.add_argument("--dry-run", action="store_true", help="with a change: say what it would come to, do nothing")
