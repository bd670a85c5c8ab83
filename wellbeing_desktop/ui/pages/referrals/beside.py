"""What the page of a referral knows beside the referral itself, read in one go, and how it says it."""

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec

from wellbeing_desktop.domain.allocation import Candidate, roles
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.contact import Note
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.dates import day_words, moment_words
from wellbeing_desktop.domain.document import Letter
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.domain.referral_rules import is_undecided
from wellbeing_desktop.domain.screening import Screening
from wellbeing_desktop.domain.triage_form import TriageForm, answer_words
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.allocation import colleagues, who_could_take
from wellbeing_desktop.operations.person_history import PastChange, history_of
from wellbeing_desktop.operations.same_referral import EarlierRequest, earlier_requests
from wellbeing_desktop.operations.triage import Triage, answers_of, triage_of
from wellbeing_desktop.operations.waiting_list import is_waiting
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.ui.pages.referrals import words


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """`episodes` are the periods of support that followed it, open ones first. `also_open` is support that another
    referral of this person opened: two colleagues accepted the two apart."""

    triage: Triage
    candidates: tuple[Candidate, ...]
    roles: tuple[str, ...]
    organisations: Mapping[str, str]
    said: str
    episodes: tuple[Episode, ...]
    also_open: bool
    letters: tuple[Letter, ...]
    earlier: tuple[EarlierRequest, ...]
    clashes: int
    history: tuple[PastChange, ...]

    @property
    def episode(self) -> Episode | None:
        return next((one for one in self.episodes if one.state == "open"), None)


def read_beside(reader: Reader, referral: Referral, today: dt.date) -> Beside:
    standing = triage_of(reader, referral)
    episodes = sorted(load_all(reader, Episode, referral_id=referral.id), key=lambda one: (one.state != "open", one.id))
    notes = load_all(reader, Note, about_id=referral.id)
    letters = [load(reader, Letter, id) for id in (referral.receipt_letter_id, referral.reply_letter_id) if id]
    own = [("referral", referral.id), *(("episode", one.id) for one in episodes)]
    own += [("screening", one.id) for one in load_all(reader, Screening, referral_id=referral.id)]
    targets = {id for _type, id in own}
    subject = load_all(reader, Conflict, subject=referral.subject, state="open")
    return Beside(
        triage=standing,
        candidates=who_could_take(reader, referral, today),
        roles=roles(colleagues(reader, today)),
        organisations={one.id: one.name for one in load_all(reader, Organisation)},
        said="\n\n".join(one.text for one in notes if one.text.strip()),
        episodes=tuple(episodes),
        also_open=any(one.state == "open" for one in episodes)
        and any(one.referral_id != referral.id for one in found.every(reader, Episode, referral.subject, state="open")),
        letters=tuple(one for one in letters if one is not None),
        earlier=earlier_requests(reader, referral, today),
        clashes=sum(1 for one in subject if one.target_id in targets),
        history=history_of(reader, own),
    )


def facts(referral: Referral, beside: Beside, names: Mapping[str, str], today: dt.date) -> Sequence[tuple[str, str]]:
    """Label and words; what has no words is left out."""
    organisation = beside.organisations.get(referral.organisation_id, "")
    referrer = ", ".join(part for part in (referral.referrer_name, organisation, referral.referrer_contact) if part)
    decided = ", ".join(part for part in (day_words(referral.decided_on), names.get(referral.decided_by, "")) if part)
    state = label_of("referral_states", referral.state)
    if referral.decline_reason:
        state += f": {label_of('decline_reasons', referral.decline_reason)}"
    return [
        ("State", f"{state}, {decided}" if decided and not is_undecided(referral) else state),
        (
            "Came",
            ", ".join(filter(None, (day_words(referral.received_on), label_of("referral_sources", referral.source)))),
        ),
        ("Referred by", referrer),
        ("Practice", beside.organisations.get(referral.practice_id, "")),
        ("Reason", label_of("referral_reasons", referral.reason)),
        ("Urgency asked for", label_of("urgencies", referral.urgency)),
        ("Decide by", moment_words(referral.respond_by) if is_undecided(referral) else ""),
        ("What the referral says", beside.said),
        ("Priority", priority_words(referral, names)),
        ("With", with_words(referral, names)),
        ("Waiting", _waiting(beside.episode, today)),
    ]


def priority_words(referral: Referral, names: Mapping[str, str]) -> str:
    """ "Urgent, signed by Alex Reed 21-Nov-2026 09:40. Why: ..."."""
    if not referral.priority:
        return "Not signed yet"
    said = label_of("priorities", referral.priority)
    if referral.priority_signed_by:
        said += f", signed by {names.get(referral.priority_signed_by, 'a colleague')}"
        said += f" {moment_words(referral.priority_signed_at)}" if referral.priority_signed_at else ""
    return said + (f". Why: {referral.priority_reason}" if referral.priority_reason else "")


def with_words(referral: Referral, names: Mapping[str, str]) -> str:
    if referral.state != "accepted":
        return ""
    said = names.get(referral.allocated_to, "A colleague") if referral.allocated_to else "Nobody has it yet"
    if referral.allocated_role and not referral.allocated_to:
        said = f"For the role {referral.allocated_role}. Nobody has it yet"
    return said + (f". Why: {referral.allocation_reason}" if referral.allocation_reason else "")


def answered(form: TriageForm, screening: Screening) -> Sequence[tuple[str, str]]:
    """Question and answer in their exact words, in the order of the form."""
    given = answers_of(screening)
    return [(one.text, answer_words(one, given[one.id])) for one in form.questions if one.id in given]


def _waiting(episode: Episode | None, today: dt.date) -> str:
    if episode is None or not is_waiting(episode):
        return f"Support began on {day_words(episode.started_on)}" if episode and episode.started_on else ""
    due = words.check_in_words(episode.check_in_due_on, today)
    return f"{words.waiting_words(episode.waiting_since, today)}. Next check-in: {due[:1].lower() + due[1:]}"
