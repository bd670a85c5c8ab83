"""A team: who is in it, who leads it, and who stands in. Late work, concerns and emergency access are told to them."""

import datetime as dt

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.grants import OWNER, is_in_force
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.organisation import Team
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.grants import grants_held
from wellbeing_desktop.storage.records import load, load_all


def keep_team(writer: Writer, team: Team, *, at: dt.datetime | None = None) -> Changes:
    """Save a new team, or what was changed of one that is there. Raises Refused beside a field: whoever leads sees more,
    so only an owner says who does."""
    with doing(writer, "change_team", at=at) as tx:
        on = local_date(tx.at)
        if not any(grant.kind == OWNER and is_in_force(grant, on) for grant in grants_held(tx.reader)):
            raise Refused("Only those who answer for the organisation say who is in a team and leads it.", "team")
        name = " ".join(team.name.split())
        if not name:
            raise Refused("Give the team a name.", "name")
        if team.deputy_id and team.deputy_id == team.lead_id:
            raise Refused("The deputy is somebody else than the lead.", "deputy")
        if team.deputy_id and not team.lead_id:
            raise Refused("Say who leads before who stands in.", "lead")
        if any(other.name.casefold() == name.casefold() and other.id != team.id for other in teams(tx.reader)):
            raise Refused("Another team has this name.", "name")
        if load(tx.reader, Team, team.id) is None:
            tx.create(msgspec.structs.replace(team, name=name))
        else:
            tx.change(
                Team,
                team.id,
                {"name": name, "members": team.members, "lead_id": team.lead_id, "deputy_id": team.deputy_id},
            )
    return tx.changes


def teams(reader: Reader) -> tuple[Team, ...]:
    """Every team, by name."""
    return tuple(sorted(load_all(reader, Team), key=lambda team: (team.name.casefold(), team.id)))
