"""Who works here: invitations, leavers, leave."""

import argparse
import datetime as dt
import os
from pathlib import Path
from typing import BinaryIO

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.server import acts, history, members, staff_list
from wellbeing_desktop.sync.server.commands.database import Add, Answer, plain, with_service
from wellbeing_desktop.sync.server.service import Service


def _invite(options: argparse.Namespace) -> Answer:
    if options.file:
        return with_service(options, lambda service: _invite_staff(options, service))

    def work(service: Service) -> Answer:
        if options.member:
            member = str(options.member)
        elif options.name:
            member = members.add_member(service, options.name, tuple(options.role), with_names=options.with_names)
        else:
            raise Refused("Say who: --name for somebody new, --member with their number, or --file with a list.")
        code, ends = members.invite(service, member, approved=not options.approve_first)
        return {"member": member, "code": code, "ends_at": history.moment(ends)}

    return with_service(options, work)


def _invite_staff(options: argparse.Namespace, service: Service) -> Answer:
    """A list of staff. With --dry-run nothing is made."""
    approved, place = not options.approve_first, options.slips
    staff = staff_list.read_staff_list(service, options.file)
    refused = [plain(line) for line in staff.bad]
    planned = [staff_list.Invited(line=line, name=member.name, roles=member.roles) for line, member in staff.good]
    if options.dry_run:
        return {"would_invite": [plain(one) for one in planned], "refused": refused}
    if place is None or not planned:
        invited = staff_list.invite_staff(service, staff, approved=approved)
        return {"invited": [plain(one) for one in invited], "refused": refused}
    if not options.address:
        raise Refused("Say which address stands on the slips: --address https://...")
    server_address(options.address)

    def slips(people: list[staff_list.Invited]) -> bytes:
        return staff_list.slips(service, people, options.address, approved=approved, two_sided=options.two_sided)

    slips(planned)  # a name that cannot be printed is found before a code exists to be lost
    with _new_private_file(place) as file:
        invited = staff_list.invite_staff(service, staff, approved=approved)
        file.write(slips(invited))
    return {"invited": [plain(one) for one in invited], "refused": refused, "slips": str(place)}


def _new_private_file(path: Path) -> BinaryIO:
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except FileExistsError:
        raise Refused("There is a file with that name already. Choose another name for the slips.") from None


def _users(options: argparse.Namespace) -> Answer:
    def work(service: Service) -> Answer:
        if options.leaves:
            members.end_membership(service, options.leaves)
        return {"users": [plain(found) for found in members.members(service)]}

    return with_service(options, work)


def _leave(options: argparse.Namespace) -> Answer:
    def work(service: Service) -> Answer:
        first, last = options.first, options.last
        members.give_leave(service, options.member, first, last, by=acts.COMMAND_LINE)
        return {"member": options.member, "from": first.isoformat(), "until": last.isoformat()}

    return with_service(options, work)


def add_commands(add: Add) -> None:
    inviting = add("invite", _invite, "Make a one-time code for somebody's laptop, good for 24 hours.")
    inviting.add_argument("--name", help="somebody new: their name")
    inviting.add_argument("--role", action="append", default=[], help=f"one or more of {', '.join(members.ROLES)}")
    inviting.add_argument("--with-names", action="store_true", help="a manager may see who is counted")
    inviting.add_argument("--member", help="somebody who is here already: their number")
    inviting.add_argument("--approve-first", action="store_true", help="the laptop waits until you approve it")
    inviting.add_argument("--file", type=Path, help="a list of staff: CSV or XLSX with the columns name and roles")
    inviting.add_argument("--dry-run", action="store_true", help="with --file: say what would happen, do nothing")
    inviting.add_argument("--slips", type=Path, metavar="PDF", help="with --file: a slip to print for each person")
    inviting.add_argument("--address", default="", help="with --slips: the address that laptops use")
    inviting.add_argument("--two-sided", action="store_true", help="with --slips: blank backs for a duplex printer")
    users = add("users", _users, "Who works here.")
    users.add_argument("--leaves", metavar="NUMBER", help="somebody leaves: codes stop, laptops send their last work")
    leave = add("leave", _leave, "Say when somebody will be away, so that their laptop does not close meanwhile.")
    leave.add_argument("member", help="their number, from users")
    leave.add_argument("first", type=dt.date.fromisoformat, help="the first day away, as 2026-12-21")
    leave.add_argument("last", type=dt.date.fromisoformat, help="the last day away")
