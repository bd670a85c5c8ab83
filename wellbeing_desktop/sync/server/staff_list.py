"""A list of staff becomes invitations: the good lines go on, each bad one is a sentence with its number (W29)."""

import datetime as dt
from pathlib import Path
from typing import Final

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_time
from wellbeing_desktop.sync.server import history, members
from wellbeing_desktop.sync.server.members import ROLES, NewMember
from wellbeing_desktop.sync.server.service import Service

MOST_LINES: Final = 1_000
MOST_BYTES: Final = 1024 * 1024
LONGEST_NAME: Final = 120
_COLUMNS: Final = frozenset({"name", "roles", "with_names", "member"})
_YES_NO: Final = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "": False, "false": False}


class BadLine(msgspec.Struct, frozen=True):
    line: int
    reason: str


class StaffList(msgspec.Struct, frozen=True):
    """`good` with their line numbers, to be made in this order; `bad` in the order of the file."""

    good: tuple[tuple[int, NewMember], ...]
    bad: tuple[BadLine, ...]


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    line: int
    name: str
    roles: tuple[str, ...]
    member: str = ""
    code: str = ""
    ends_at: str = ""


def read_staff_list(service: Service, path: Path) -> StaffList:
    """Read and judge a CSV or XLSX file with the columns name and roles, and if wanted with_names and member.

    Raises Refused for a file that is no such list at all.
    """
    from wellbeing_desktop.exchange.tables import read_table

    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MOST_BYTES else b""
    except FileNotFoundError:
        raise Refused("The staff list is not there. Check its name.") from None
    if size > MOST_BYTES:
        raise Refused("The staff list is larger than 1 MB. It holds a line for each person and nothing else.")
    table = read_table(data, path.name, known_header=lambda cell: _named(cell) in _COLUMNS)
    columns = [_named(header) for header in table.headers]
    for needed in ("name", "roles"):
        if needed not in columns:
            raise Refused(f"The staff list has no column {needed}. Its first line is: name,roles")
    if len(table.rows) > MOST_LINES:
        raise Refused(f"The staff list has more than {MOST_LINES} lines. Send it in parts.")
    known = {member.id: member for member in members.members(service)}
    names = {_folded(member.name) for member in known.values() if member.state == "active"}
    good: list[tuple[int, NewMember]] = []
    bad = [BadLine(refusal.line, refusal.reason) for refusal in table.refused]
    for row in table.rows:
        cells = {column: cell.strip() for column, cell in zip(columns, row.cells, strict=True) if column in _COLUMNS}
        try:
            found = _judged(cells, known, names)
        except Refused as refusal:
            bad.append(BadLine(row.line, refusal.message))
            continue
        names.add(_folded(found.name))
        good.append((row.line, found))
    return StaffList(tuple(good), tuple(sorted(bad, key=lambda line: line.line)))


def invite_staff(service: Service, staff: StaffList, *, approved: bool) -> list[Invited]:
    """Make every good line in one transaction: a member with grants where new, and a one-time code. Whole or not."""
    made = members.hire(service, [member for _line, member in staff.good], approved=approved)
    return [
        Invited(line=line, name=member.name, roles=member.roles, member=id, code=code, ends_at=history.moment(ends))
        for (line, member), (id, code, ends) in zip(staff.good, made, strict=True)
    ]


def slips(service: Service, people: list[Invited], server: str, *, approved: bool, two_sided: bool = False) -> bytes:
    """The printable slips as a PDF, one person to a page. Raises Refused if a slip cannot be printed."""
    from wellbeing_desktop.documents.invitation_slip import InvitationSlip, slips_pdf

    batch = slips_pdf(
        [
            InvitationSlip(
                name=one.name,
                organisation=service.name,
                server=server,
                code=one.code,
                ends_at=local_time(dt.datetime.fromisoformat(one.ends_at) if one.ends_at else service.now()),
                must_be_approved=not approved,
            )
            for one in people
        ],
        two_sided=two_sided,
    )
    if batch.failures:
        place = people[batch.failures[0].index]
        raise Refused(f"The slip of line {place.line} cannot be printed: {batch.failures[0].sentence}")
    return batch.data


def _judged(cells: dict[str, str], known: dict[str, members.Member], names: set[str]) -> NewMember:
    again = cells.get("member", "")
    if again:
        member = known.get(again)
        if member is None or member.state != "active":
            raise Refused("Nobody with that number works here. Leave the column member empty for somebody new.")
        return NewMember(member.name, member.roles, id=member.id)
    name = " ".join(cells["name"].split())
    if not name:
        raise Refused("The name is missing.")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(f"The name is longer than {LONGEST_NAME} letters, or has something in it that is not text.")
    if _folded(name) in names:
        raise Refused(
            "Somebody of that name works here already, or stands further up in this list. "
            "For a new code, put their number in the column member; for another person, tell the names apart."
        )
    roles = tuple(dict.fromkeys(_named(part) for part in cells["roles"].replace("/", ";").split(";") if part.strip()))
    if not roles or any(role not in ROLES for role in roles):
        raise Refused(f"The role is not known. Use one or more of {', '.join(ROLES)}, with ; between them.")
    wanted = cells.get("with_names", "").casefold()
    if wanted not in _YES_NO:
        raise Refused("The column with_names takes yes or no.")
    if _YES_NO[wanted] and "manager" not in roles:
        raise Refused("Only a manager can be given with_names.")
    return NewMember(name, roles, with_names=_YES_NO[wanted])


def _named(cell: str) -> str:
    return "_".join(cell.casefold().replace("-", " ").replace("_", " ").split())


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
