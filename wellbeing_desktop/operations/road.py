"""Ready for the road: before leaving the network, is everything for a day's visits whole on this laptop (Beyond 2)?

Each line says what was found and, where something is amiss, what to do. What cannot be known is said as not known.
"""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import msgspec

from wellbeing_desktop.domain.dates import staff_clock, staff_date, staff_moment
from wellbeing_desktop.domain.errors import StoreProblem
from wellbeing_desktop.domain.lease import Standing
from wellbeing_desktop.operations.battery import Battery
from wellbeing_desktop.operations.visit_sheet import safe_number
from wellbeing_desktop.storage import outbox
from wellbeing_desktop.storage.attachments import blobs_of
from wellbeing_desktop.storage.backup import last_backup_at
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.holding import held_count
from wellbeing_desktop.storage.lease import Terms, clock, terms
from wellbeing_desktop.storage.space import Space
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.sync_state import has_organisation, sync_value
from wellbeing_desktop.storage.today import Visit, week
from wellbeing_desktop.storage.wholeness import Here, whole

# Product choices, not rules of anybody's: when a line begins to ask for attention.
SYNC_WITHIN: Final = dt.timedelta(hours=12)
CLOCK_WITHIN_SECONDS: Final = 120
BATTERY_FROM: Final = 50
BACKUP_WITHIN: Final = dt.timedelta(days=7)
PROVEN_WITHIN: Final = dt.timedelta(days=1)


class State(StrEnum):
    READY = "Ready"
    ATTENTION = "Needs attention"
    NOT_KNOWN = "Not known"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """`advice` says what to do; empty where all is well."""

    key: str
    title: str
    state: State
    words: str
    advice: str = ""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One visit on the call sheet. `telephone` is a number that is safe to call, with what to know, or empty."""

    person_id: str
    time: str
    name: str
    place: str
    telephone: str
    purpose: str
    two_person: bool


class RoadCheck(msgspec.Struct, frozen=True, kw_only=True):
    """The whole check of one day. `missing` are the lines that are not ready."""

    day: dt.date
    made_at: dt.datetime
    calls: tuple[Call, ...]
    lines: tuple[Line, ...]

    @property
    def missing(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.state is not State.READY)


class _Facts(msgspec.Struct, frozen=True, kw_only=True):
    visits: tuple[Visit, ...]
    here: tuple[Here, ...]
    telephones: tuple[str, ...]
    is_shared: bool
    is_loaded: bool
    last_sync_at: str
    skew: str
    unsent: int
    held: int
    backup_at: dt.datetime | None
    terms: Terms
    best_now: dt.datetime


def check_road(
    store: Store,
    practitioner_id: str,
    day: dt.date,
    now: dt.datetime,
    *,
    power: Battery | None,
    proven_at: dt.datetime | None,
) -> RoadCheck:
    """Ask everything once. Reads files too: run it off the GUI thread. `proven_at` is when the passphrase last opened
    the envelope while somebody watched."""
    facts = store.read(lambda reader: _facts(reader, practitioner_id, day))
    lines = [_people(facts, day), _files(store, facts), _papers(facts)]
    if facts.is_shared:
        lines += [_synced(facts, now), _sent(facts), _clock(facts), _access(facts)]
    lines += [_space(store.space()), _battery(power), _opens(proven_at, now), _backup(facts, now)]
    return RoadCheck(
        day=day,
        made_at=now,
        calls=tuple(_call(visit, number) for visit, number in zip(facts.visits, facts.telephones, strict=True)),
        lines=tuple(lines),
    )


def next_booked_day(reader: Reader, practitioner_id: str, first: dt.date) -> dt.date:
    """The first day from `first` on with a visit or call, within a week; else `first` itself."""
    days = (visit.starts_on for visit in week(reader, practitioner_id, first))
    return min((day for day in days if day is not None), default=first)


def _facts(reader: Reader, practitioner_id: str, day: dt.date) -> _Facts:
    visits = week(reader, practitioner_id, day, days=1)
    return _Facts(
        visits=visits,
        here=tuple(whole(reader, (visit.person_id for visit in visits))),
        telephones=tuple(safe_number(reader, visit.person_id) if visit.name else "" for visit in visits),
        is_shared=has_organisation(reader),
        is_loaded=sync_value(reader, "loaded") == "1",
        last_sync_at=sync_value(reader, "synced_at"),
        skew=sync_value(reader, "skew_seconds"),
        unsent=outbox.waiting_count(reader),
        held=held_count(reader),
        backup_at=last_backup_at(reader),
        terms=terms(reader),
        best_now=clock(reader),
    )


def _people(facts: _Facts, day: dt.date) -> Line:
    title = "People and their records"
    if not facts.visits:
        return Line(key="people", title=title, state=State.READY, words=f"Nobody is booked on {staff_date(day)}.")
    count = _things(len(facts.here), "person", "people")
    if facts.is_shared and not facts.is_loaded:
        return Line(
            key="people",
            title=title,
            state=State.ATTENTION,
            words="The first load has not come to its end.",
            advice="Stay on the network until the line at the bottom left says Up to date, then check again.",
        )
    unknown = sum(not one.is_known for one in facts.here)
    coming = sum(one.records_coming > 0 for one in facts.here)
    history = sum(one.history_coming > 0 for one in facts.here)
    said = []
    if unknown:
        said.append(f"{_things(unknown, 'person', 'people')} not on this laptop")
    if coming:
        said.append(f"records of {_things(coming, 'person', 'people')} still to be fetched")
    if history:
        said.append(f"history of {_things(history, 'person', 'people')} still to be fetched")
    if not said:
        return Line(
            key="people", title=title, state=State.READY, words=f"{count}, every record and its history is here."
        )
    advice = "Press F5 and stay on the network, then check again."
    if unknown:
        advice += " If somebody stays away, ask your team lead whether you may see that record."
    return Line(key="people", title=title, state=State.ATTENTION, words=f"{count}: {', '.join(said)}.", advice=advice)


def _files(store: Store, facts: _Facts) -> Line:
    title = "Their documents"
    named = sorted({sha for one in facts.here for sha in one.files})
    if not named:
        return Line(key="files", title=title, state=State.READY, words="No documents are attached to their records.")
    try:
        held = store.files.call(lambda reader: blobs_of(reader, named))
    except StoreProblem as problem:
        return Line(key="files", title=title, state=State.ATTENTION, words=problem.message, advice=problem.advice)
    away = sum(sha not in held or not held[sha].is_whole for sha in named)
    if not away:
        return Line(key="files", title=title, state=State.READY, words=f"{_things(len(named), 'document')}, all here.")
    return Line(
        key="files",
        title=title,
        state=State.ATTENTION,
        words=f"{away:,} of {_things(len(named), 'document')} not here yet.",
        advice="Open each one once on the network, or press F5 and wait, then check again.",
    )


def _papers(facts: _Facts) -> Line:
    title = "Papers to take along"
    letters = sum(one.letters_ready for one in facts.here)
    copies = sum(one.copies_owed for one in facts.here)
    said = []
    if letters:
        said.append(f"{_things(letters, 'letter or leaflet', 'letters or leaflets')} ready to print")
    if copies:
        said.append(f"{_things(copies, 'copy of a plan', 'copies of plans')} owed")
    if not said:
        return Line(key="papers", title=title, state=State.READY, words="Nothing waits to be printed for them.")
    return Line(
        key="papers",
        title=title,
        state=State.ATTENTION,
        words=f"{' and '.join(said).capitalize()}.",
        advice="Print them from Letters and leaflets and from the plan, while there is a printer.",
    )


def _synced(facts: _Facts, now: dt.datetime) -> Line:
    title = "Last full sync"
    last = _moment(facts.last_sync_at)
    if last is None:
        return Line(
            key="sync",
            title=title,
            state=State.ATTENTION,
            words="This laptop has not exchanged everything yet.",
            advice="Press F5 on the network and wait until it is done.",
        )
    words = f"Everything was exchanged {staff_moment(last)}."
    if dt.timedelta() <= now - last <= SYNC_WITHIN:
        return Line(key="sync", title=title, state=State.READY, words=words)
    return Line(
        key="sync", title=title, state=State.ATTENTION, words=words, advice="Press F5 on the network before you go."
    )


def _sent(facts: _Facts) -> Line:
    title = "Your work is sent"
    if not facts.unsent:
        return Line(key="sent", title=title, state=State.READY, words="Nothing waits to be sent.")
    held = " Some of it is held by you." if facts.held else ""
    return Line(
        key="sent",
        title=title,
        state=State.ATTENTION,
        words=f"{_things(facts.unsent, 'piece')} of work not sent.{held}",
        advice="Press F5. What is held goes when you let it go, under Sync.",
    )


def _clock(facts: _Facts) -> Line:
    title = "This laptop's clock"
    try:
        skew = int(facts.skew)
    except ValueError:
        return Line(
            key="clock",
            title=title,
            state=State.NOT_KNOWN,
            words="Not compared with the server's yet.",
            advice="Press F5.",
        )
    if abs(skew) <= CLOCK_WITHIN_SECONDS:
        return Line(key="clock", title=title, state=State.READY, words="It agrees with the server's.")
    minutes, side = max(1, abs(skew) // 60), "ahead of" if skew > 0 else "behind"
    return Line(
        key="clock",
        title=title,
        state=State.ATTENTION,
        words=f"It is {_things(minutes, 'minute')} {side} the server's.",
        advice="Set date, time and time zone in the settings of this computer. New records carry its time.",
    )


def _access(facts: _Facts) -> Line:
    """How long this laptop may go on without having met its server (PRACTICE W25)."""
    title = "Days without a network"
    lease = facts.terms.lease
    if lease is None:
        full = facts.terms.standing is Standing.FULL
        return Line(
            key="access",
            title=title,
            state=State.NOT_KNOWN if full else State.ATTENTION,
            words="The server has not said how long this laptop may go on without it.",
            advice="Press F5 on the network.",
        )
    days = max(0, (lease.warn_at - facts.best_now).days)
    ends = f"From {staff_moment(lease.adding_at)} only new entries can be added; from {staff_moment(lease.locks_at)} it is closed."
    if facts.terms.standing is Standing.FULL:
        return Line(
            key="access", title=title, state=State.READY, words=f"{_things(days, 'day')} before a reminder. {ends}"
        )
    return Line(
        key="access", title=title, state=State.ATTENTION, words=ends, advice="Press F5 on the network before you go."
    )


def _space(space: Space) -> Line:
    free = space.free_bytes
    words = f"{free / 1_000_000_000:,.1f} GB free." if free >= 1_000_000_000 else f"{free // 1_000_000:,} MB free."
    state = State.ATTENTION if space.is_low else State.READY
    return Line(key="space", title="Room on the disk", state=state, words=words, advice=space.warning())


def _battery(power: Battery | None) -> Line:
    title = "Battery"
    if power is None:
        return Line(
            key="battery",
            title=title,
            state=State.NOT_KNOWN,
            words="This computer does not tell.",
            advice="Look at its battery sign.",
        )
    mains = {True: ", on mains", False: ", not on mains", None: ""}[power.on_mains]
    words = f"{power.percent} %{mains}."
    if power.percent >= BATTERY_FROM:
        return Line(key="battery", title=title, state=State.READY, words=words)
    return Line(
        key="battery", title=title, state=State.ATTENTION, words=words, advice="Charge it, or take the charger along."
    )


def _opens(proven_at: dt.datetime | None, now: dt.datetime) -> Line:
    title = "Opens without a network"
    if proven_at is not None and now - proven_at <= PROVEN_WITHIN:
        return Line(
            key="opens", title=title, state=State.READY, words=f"Your passphrase opened it {staff_moment(proven_at)}."
        )
    return Line(
        key="opens",
        title=title,
        state=State.ATTENTION,
        words="Not proven today.",
        advice="Type your passphrase below. It is tried on this laptop alone; nothing is locked.",
    )


def _backup(facts: _Facts, now: dt.datetime) -> Line:
    title = "Backup of this laptop"
    if facts.backup_at is None:
        state = State.NOT_KNOWN if facts.is_shared else State.ATTENTION
        words = "No backup of this store is known of."
    else:
        state = State.READY if now - facts.backup_at <= BACKUP_WITHIN else State.ATTENTION
        words = f"The last one was made {staff_moment(facts.backup_at)}."
    shared = " What is sent is kept by the server too." if facts.is_shared else ""
    advice = "" if state is State.READY else "Back it up from Settings, onto a drive that is kept apart."
    return Line(key="backup", title=title, state=state, words=f"{words}{shared}", advice=advice)


def _call(visit: Visit, telephone: str) -> Call:
    return Call(
        person_id=visit.person_id,
        time=staff_clock(visit.starts_at) if visit.starts_at else "No time",
        name=visit.name or "Not on this laptop",
        place=visit.place or visit.address,
        telephone=telephone,
        purpose=visit.purpose,
        two_person=visit.two_person,
    )


def _moment(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def _things(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def missing_in_words(check: RoadCheck) -> str:
    """ "Ready for the road." or how many lines are not."""
    attention: Sequence[Line] = [line for line in check.lines if line.state is State.ATTENTION]
    unknown = len(check.missing) - len(attention)
    if not check.missing:
        return "Ready for the road."
    said = []
    if attention:
        said.append(f"{_things(len(attention), 'thing needs', 'things need')} attention")
    if unknown:
        said.append(f"{_things(unknown, 'thing is', 'things are')} not known")
    return f"{', '.join(said).capitalize()}."
