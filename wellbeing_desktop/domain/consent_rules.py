"""What may be shared, with whom (PRACTICE W16), and what a relative may be told (W17).

Three states: agreed, objected, not recorded. Not recorded is never shown as refused. Sharing with professionals who
give the person care goes ahead unless objected to; family, other organisations, photographs and stories need
agreement. Danger or law overrides, with one reasoned step. Consent to share is not the lawful basis for the record.
"""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

import msgspec

from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.domain.consent import Consent
from wellbeing_desktop.domain.dates import day_number
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import RelatedPerson
from wellbeing_desktop.domain.standing import current_heads

LISTENING: Final = "You may listen to anyone."


class State(StrEnum):
    AGREED = "agreed"
    OBJECTED = "objected"
    NOT_RECORDED = "not_recorded"


STATE_LABELS: Final = {State.AGREED: "Agreed", State.OBJECTED: "Objected", State.NOT_RECORDED: "Not recorded"}


class Standing(msgspec.Struct, frozen=True):
    """Where one purpose and recipient stands. `heads` are the decisions that it rests on, most cautious first; more
    than one is a clash that somebody has to settle, and meanwhile the more cautious is in force."""

    state: State
    heads: tuple[Consent, ...] = ()

    @property
    def clashes(self) -> bool:
        """The decisions that stand say different things."""
        return len({head.decision for head in self.heads}) > 1

    @property
    def label(self) -> str:
        return STATE_LABELS[self.state]


class Override(msgspec.Struct, frozen=True):
    """The one reasoned step past consent. `ground` is `danger` or `law`."""

    ground: str
    reason: str


class Answer(msgspec.Struct, frozen=True):
    """May it be shared, and the sentence to show."""

    allowed: bool
    sentence: str
    needs_override: bool = False


def standing(consents: Iterable[Consent], purpose: str, recipient: str, on: dt.date) -> Standing:
    """Where the person stands on this purpose and recipient on a day.

    A decision about this very recipient counts before one about the purpose as a whole (no recipient). A decision
    past its `expires_on` is not recorded any more; an objection never runs out by itself.
    """
    heads = [c for c in current_heads(consents) if c.purpose == purpose and not _has_run_out(c, on)]
    for whom in dict.fromkeys((recipient, "")):
        about = [c for c in heads if c.recipient == whom]
        if about:
            about.sort(key=lambda c: (c.decision != State.OBJECTED, -day_number(c.given_on), c.id))
            return Standing(_state(about[0].decision), tuple(about))
    return Standing(State.NOT_RECORDED)


def may_share(purpose: str, where: Standing, override: Override | None = None) -> Answer:
    """May information go ahead for this purpose? Purposes that the code list does not know need agreement."""
    if override is not None:
        check_override(override)
        ground = "danger" if override.ground == "danger" else "the law"
        return Answer(True, f"Shared because of {ground}. The reason is kept with it.")
    unless_objected = purpose in code_list("consent_purposes").codes_where("rule", "unless_objected")
    if where.state is State.OBJECTED:
        return Answer(False, "The person objected to this.", needs_override=True)
    if where.state is State.AGREED:
        return Answer(True, "The person agreed to this.")
    if unless_objected:
        return Answer(True, "Not recorded. This goes ahead unless the person objects.")
    return Answer(False, "Not recorded. Ask the person first: this needs their agreement.", needs_override=True)


def check_override(override: Override) -> None:
    """Refused unless the step is reasoned."""
    if override.ground not in ("danger", "law"):
        raise Refused("Say whether it is danger or the law that makes this necessary.", "ground")
    if len(override.reason.split()) < 3:
        raise Refused("Say in a few words why this is necessary.", "reason")


def check_consent(consent: Consent, today: dt.date) -> None:
    """Refused unless it says what for, the decision, who gave it and when; an attorney or deputy needs the document."""
    if not consent.purpose:
        raise Refused("Say what the decision is about.", "purpose")
    if consent.decision not in (State.AGREED, State.OBJECTED):
        raise Refused("Say whether the person agreed or objected.", "decision")
    if not consent.given_by:
        raise Refused("Say who gave the decision.", "given_by")
    if consent.given_on is None:
        raise Refused("Say when the decision was given.", "given_on")
    if consent.given_on > today:
        raise Refused("A decision cannot be dated in the future.", "given_on")
    if consent.expires_on is not None and consent.expires_on < consent.given_on:
        raise Refused("The decision cannot run out before it was given.", "expires_on")
    if consent.given_by != "person" and not consent.given_by_name.strip():
        raise Refused("Say the name of whoever gave the decision.", "given_by_name")
    if consent.given_by in ("attorney", "deputy") and not consent.document_seen.strip():
        raise Refused("Say which document was seen. A title alone gives no right to decide.", "document_seen")


def may_be_told(related: RelatedPerson) -> str:
    """PRACTICE W17: the answer to "may I tell the daughter?", always with that anyone may be listened to."""
    told, not_told = _phrase(related.may_be_told), _phrase(related.not_to_be_told)
    if told and not_told:
        answer = f"May be told: {told}. Not: {not_told}."
    elif told:
        answer = f"May be told: {told}. Nothing else is recorded: ask the person first."
    elif not_told:
        answer = f"Not to be told: {not_told}. Nothing else is recorded: ask the person first."
    else:
        answer = "What may be told is not recorded. Ask the person first."
    return f"{answer} {LISTENING}"


def _phrase(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


def _has_run_out(consent: Consent, on: dt.date) -> bool:
    return consent.decision == State.AGREED and consent.expires_on is not None and consent.expires_on < on


def _state(decision: str) -> State:
    # A decision from a newer version that is not plainly "agreed" is treated as an objection.
    return State.AGREED if decision == State.AGREED else State.OBJECTED
