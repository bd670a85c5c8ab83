"""Who could take a referral, in a stated order with reasons in words; a person decides (B3).

The order: training in date first, then the person's area, then their language, then the least work. Nothing is weighed
against anything else and nobody is left out: the reasons say why somebody stands where they stand.
"""

from collections.abc import Iterable, Mapping

import msgspec

from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.domain.referral import Referral

ORDER_IN_WORDS = "In this order: training in date, the person’s area, their language, then the least work."


class Load(msgspec.Struct, frozen=True):
    """What somebody has on now: people with open support, and tasks due by today. Each is the length of its list."""

    people: int = 0
    tasks: int = 0

    @property
    def words(self) -> str:
        people = "1 person" if self.people == 1 else f"{self.people:,} people"
        return f"{people}, {self.tasks:,} {'task' if self.tasks == 1 else 'tasks'} due"


class Candidate(msgspec.Struct, frozen=True):
    """Somebody who could take it. `reasons` are the facts that gave them their place, in order."""

    practitioner_id: str
    name: str
    job_title: str
    load: Load
    reasons: tuple[str, ...]
    training_missing: tuple[str, ...] = ()


def candidates(
    practitioners: Iterable[Practitioner],
    person: Person,
    referral: Referral,
    district: str,
    loads: Mapping[str, Load],
    untrained: Mapping[str, tuple[str, ...]],
    practice_name: str = "",
) -> tuple[Candidate, ...]:
    """Everybody who may be asked, the one to look at first at the top. `untrained` is the training that is not in date,
    by practitioner; `district` the first half of the person's postcode."""
    practice_id = referral.practice_id or person.practice_id
    found = []
    for one in practitioners:
        load, missing = loads.get(one.id, Load()), untrained.get(one.id, ())
        is_near, area = _area(one, practice_id, practice_name, district)
        speaks = bool(person.language) and _folded(person.language) in {_folded(each) for each in one.languages}
        reasons = [f"Training not in date: {', '.join(missing)}"] if missing else []
        reasons += [area]
        reasons += [f"Speaks {person.language}"] if speaks else []
        reasons += [load.words]
        place = (bool(missing), not is_near, bool(person.language) and not speaks, load.people, load.tasks, one.name)
        found.append((place, Candidate(one.id, one.name, one.job_title, load, tuple(reasons), missing)))
    return tuple(candidate for _place, candidate in sorted(found, key=lambda each: (each[0], each[1].practitioner_id)))


def roles(practitioners: Iterable[Practitioner]) -> tuple[str, ...]:
    """The roles there are, as people write their job titles."""
    return tuple(sorted({one.job_title.strip() for one in practitioners if one.job_title.strip()}))


def _area(one: Practitioner, practice_id: str, practice_name: str, district: str) -> tuple[bool, str]:
    if practice_id and practice_id in one.practices:
        return True, f"Works with {practice_name or 'the person’s practice'}"
    if district and district.upper() in {each.strip().upper() for each in one.districts}:
        return True, f"Works in {district.upper()}"
    if not one.practices and not one.districts:
        return False, "No area recorded"
    return False, "Works in another area"


def _folded(language: str) -> str:
    return " ".join(language.split()).casefold()
