"""The referrals page in one answer: what is new, what is incomplete, what to decide, who has nobody, who waits."""

from collections.abc import Mapping

import msgspec

from wellbeing_desktop.domain.referral import Referral
from wellbeing_desktop.operations.triage import THE_FORM, known_forms, triage_of
from wellbeing_desktop.storage import referral_list as lists
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load_many
from wellbeing_desktop.storage.referral_list import Listed


class Undecided(msgspec.Struct, frozen=True):
    """A referral without a decision: what is missing of it, and whether a red flag was answered."""

    row: Listed
    missing: tuple[str, ...] = ()
    has_flag: bool = False


class ReferralList(msgspec.Struct, frozen=True):
    """Every referral stands in one list alone; a person who waits and has nobody stands in both of the last two."""

    new: tuple[Undecided, ...] = ()
    incomplete: tuple[Undecided, ...] = ()
    to_decide: tuple[Undecided, ...] = ()
    without_owner: tuple[Listed, ...] = ()
    waiting: tuple[Listed, ...] = ()
    names: Mapping[str, str] = {}


def read_referrals(reader: Reader) -> ReferralList:
    """The lists of the Referrals page in one go, each that is not decided in one of them; every count is the length of its
    list."""
    rows = lists.undecided(reader)
    referrals = load_many(reader, Referral, [row.id for row in rows])
    forms = known_forms(reader)
    new: list[Undecided] = []
    incomplete: list[Undecided] = []
    to_decide: list[Undecided] = []
    for row in rows:
        standing = triage_of(reader, referrals[row.id], forms)
        flags = standing.suggestion.flags if standing.suggestion is not None else ()
        one = Undecided(row, standing.missing, bool(flags))
        if standing.is_filled_in or row.screening_id or row.is_signed:
            (incomplete if standing.missing else to_decide).append(one)
        else:
            # the form is what comes next: only what the form cannot ask makes it incomplete
            missing = tuple(said for said in standing.missing if said != THE_FORM)
            (incomplete if missing else new).append(one)
    return ReferralList(
        tuple(new),
        tuple(incomplete),
        tuple(to_decide),
        lists.without_owner(reader),
        lists.waiting(reader),
        dict(reader.rows("SELECT id, name FROM live_practitioner")),
    )
