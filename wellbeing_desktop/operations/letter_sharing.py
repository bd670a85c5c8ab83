"""What the person decided about letters to others, for those who make letters and for the printer (W16)."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

from wellbeing_desktop.domain.consent import Consent
from wellbeing_desktop.domain.consent_rules import Standing, State, may_share, standing
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.person import Person, RelatedPerson
from wellbeing_desktop.domain.stop import Stop
from wellbeing_desktop.operations import found
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load

_PURPOSES: Final = {"gp": "share_professionals", "next_of_kin": "share_family", "related_person": "share_family"}


def not_to_share(reader: Reader, person: Person, to_kind: str, names: Iterable[str], today: dt.date) -> Stop | None:
    """The more cautious of what is decided about this recipient by any of their names, and about the purpose."""
    for where in _standings(reader, person, to_kind, names, today):
        answer = may_share(_PURPOSES[to_kind], where)
        if not answer.allowed:
            return Stop("not_agreed", answer.sentence)
    return None


def objected_since(reader: Reader, person: Person, letter: Letter, today: dt.date) -> Stop | None:
    """An objection that was written down after the letter was. One that was there before was known to whoever wrote the
    letter, who may have had to: a batch never has one."""
    if letter.to_kind not in _PURPOSES:
        return None
    for where in _standings(reader, person, letter.to_kind, _names_of(reader, person, letter), today):
        if where.state is State.OBJECTED and any(
            head.decision == State.OBJECTED and head.id > letter.id for head in where.heads
        ):
            return Stop("not_agreed", "The person objected to this after the letter was made.")
    return None


def _standings(
    reader: Reader, person: Person, to_kind: str, names: Iterable[str], today: dt.date
) -> Iterator[Standing]:
    consents = found.every(reader, Consent, person.id)
    own = {consent.recipient for consent in consents} & set(names)
    for name in own or {""}:
        yield standing(consents, _PURPOSES[to_kind], name, today)


def _names_of(reader: Reader, person: Person, letter: Letter) -> set[str]:
    """A decision names whom it is about by name or by the id of their record."""
    if letter.to_kind == "gp":
        practice = load(reader, Organisation, person.practice_id) if person.practice_id else None
        return {letter.to_name} | ({practice.id} if practice is not None and practice.name == letter.to_name else set())
    kin = found.every(reader, RelatedPerson, person.id, name=letter.to_name)
    return {letter.to_name, *(one.id for one in kin)}
