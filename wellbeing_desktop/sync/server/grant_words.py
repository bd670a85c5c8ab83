"""A grant in plain words: of whom it is, what it lets somebody see, what it lets them do.

The rules are in `domain/grants.py`; a test holds these words to them, kind by kind and compartment by compartment.
"""

from collections.abc import Mapping
from typing import Final

from wellbeing_desktop.domain import grants as rules
from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.domain.organisation import Grant

KIND_WORDS: Final[Mapping[str, str]] = {
    rules.CASELOAD: "Caseload",
    rules.TEAM: "Team",
    rules.FRONT_DESK: "Front desk",
    rules.OFFICE: "Office",
    rules.RETURN: "Return",
    rules.OWNER: "Owner of the service",
}
PARTS: Final[Mapping[Compartment, str]] = {
    Compartment.CARD: "who they are and how to reach them safely",
    Compartment.CORE: "referrals, appointments, tasks, dates and scores",
    Compartment.DOCUMENTS: "letters and documents",
    Compartment.CLINICAL: "notes, plans and answers to questionnaires",
    Compartment.RESTRICTED: "what is restricted: concerns and protected people",
}
_OFFICE_CORE: Final = "appointments and copies of plans that are owed"
_COUNTED: Final = "The facts that a return counts, no free words, "

_DOES: Final[Mapping[str, str]] = {
    rules.CASELOAD: "Add to all of it and change it, and register new people.",
    rules.TEAM: "Add to all of it and change it, register new people, and keep colleagues' entries up to date.",
    rules.FRONT_DESK: "Change who they are and how to reach them, book appointments, write down calls, pass on tasks.",
    rules.OFFICE: "Change who they are and how to reach them, appointments and letters.",
    rules.RETURN: "Compute and keep returns. It changes nobody's record.",
    rules.OWNER: "Add to all of it and change it, and decide settings, teams and grants.",
}


def sees(grant: Grant) -> str:
    """What it lets somebody see of the people whom it covers."""
    held = rules.compartments_of(grant)
    if not held:
        return "Nothing that this server knows of: it comes from a newer version."
    if grant.kind == rules.RETURN:
        return _COUNTED + ("with names." if grant.with_names else "without names.")
    parts = [
        _OFFICE_CORE if grant.kind == rules.OFFICE and part is Compartment.CORE else words
        for part, words in PARTS.items()
        if part in held
    ]
    said = "; ".join(parts)
    return f"{said[0].upper()}{said[1:]}."


def does(grant: Grant) -> str:
    """What it lets somebody change."""
    if grant.may_write is not True:
        return "Nothing: it only reads."
    return _DOES.get(grant.kind, "Nothing that this server knows of.")


def of_whom(grant: Grant, org: str, teams: tuple[str, ...] = ()) -> str:
    """Of whom, without anybody's name. `teams` are those that its holder is in."""
    count = len({*grant.subjects} - {org, rules.EVERYONE})
    people = "1 person" if count == 1 else f"{count:,} people"
    if rules.EVERYONE in grant.subjects:
        whole = grant.kind in (rules.OWNER, rules.RETURN) or Compartment.RESTRICTED.value in grant.compartments
        said = "Everybody in the service" + ("" if whole else ", but nobody whose whole record is restricted")
    elif grant.named_only:
        said = f"{people}, named one by one: nobody joins them or leaves by a change of coordinator"
    elif grant.kind == rules.TEAM:
        said = f"The people of {_in_a_row(teams) or 'their teams (they are in none yet)'}: {people} now"
    elif grant.kind == rules.CASELOAD:
        said = f"Whoever has them for a coordinator: {people} now"
    else:
        said = people
    if org in grant.subjects:
        files = "the service's own files of incidents and complaints"
        return f"{files[0].upper()}{files[1:]}." if not count else f"{said}, and {files}."
    return f"{said}."


def _in_a_row(parts: tuple[str, ...]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
