"""What somebody may hold beyond their role: given, named for what is restricted, ended."""

import argparse
import datetime as dt

from wellbeing_desktop.sync.server import acts, granting
from wellbeing_desktop.sync.server.commands.database import Add, Answer, plain, with_service
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
    return with_service(options, lambda service: {"grant": granting.give(service, new, by=acts.COMMAND_LINE)})


def _grants(options: argparse.Namespace) -> Answer:
    def work(service: Service) -> Answer:
        by, reason = acts.COMMAND_LINE, options.reason
        if options.restricted:
            granting.name_for_restricted(service, options.restricted, reason, by=by)
        if options.not_restricted:
            granting.no_more_restricted(service, options.not_restricted, reason, by=by)
        if options.ends:
            granting.end(service, options.ends, reason, by=by)
        return {"grants": [plain(line) for line in granting.listed(service, options.member)]}

    return with_service(options, work)


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
    listing = add("grants", _grants, "Who may hold what, without anybody's name.")
    listing.add_argument("--member", default="", metavar="NUMBER", help="of one person who works here")
    listing.add_argument("--restricted", metavar="GRANT", help="this grant reaches what is restricted from now on")
    listing.add_argument("--not-restricted", metavar="GRANT", help="this one does not any more")
    listing.add_argument("--ends", metavar="GRANT", help="this one ends now")
    listing.add_argument("--reason", default="", help="with a change: why, and who decided it; kept")
