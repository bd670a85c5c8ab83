"""What a batch has read and changed so far, in memory: every record it touches is read once and written once.

Operations of one `txn` stand or fall together, so a group can be taken back without a trace.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from wellbeing_desktop.sync.checks import is_id
from wellbeing_desktop.sync.outcome import RecordState
from wellbeing_desktop.sync.protocol.pulling import Version
from wellbeing_desktop.sync.protocol.transfer import encode
from wellbeing_desktop.sync.server import sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.history import new_token
from wellbeing_desktop.sync.server.records import record_row, signed_grant
from wellbeing_desktop.sync.server.scope import subject_kind_of


class Picture:
    """The records of one batch. `seq` is the last sequence number given out."""

    def __init__(self, transaction: Transaction, clock: sql.Clock) -> None:
        self._transaction = transaction
        self._clock = clock
        self.seq = clock.seq
        self._held: dict[str, RecordState | None] = {}
        self._seen: dict[str, RecordState | None] = {}
        self._about: dict[str, set[str]] = {}
        self._seqs: dict[str, int] = {}
        self._touched: set[str] = set()
        self._families: dict[tuple[str, str], set[str]] = {}
        self._versions: list[tuple[Any, ...]] = []
        self._version_bodies: dict[tuple[str, int], Version] = {}
        self._created: set[str] = set()
        self._undo: list[tuple[str, RecordState | None, int]] | None = None
        self._begun = (0, 0)

    # reading

    def load(self, ids: Iterable[str]) -> None:
        """Read records, and the conflicts and amendments about them, in a few statements."""
        wanted = {id for id in ids if is_id(id)} - self._held.keys()
        if not wanted:
            return
        found = sql.records(self._transaction, self._clock.org, wanted)
        for id in wanted:
            stored = found.get(id)
            self._held[id] = stored.state if stored else None
            if stored:
                self._seqs[id] = stored.seq
        self._load_about([id for id in wanted if self._held[id] is not None])
        for id in wanted:
            self._about.setdefault(id, set())

    def state(self, id: str) -> RecordState | None:
        """A record that was loaded, as this batch leaves it so far."""
        return self._held.get(id)

    def looked_up(self, id: str) -> RecordState | None:
        """A record that is only looked at, as this batch leaves it so far."""
        if id in self._held:
            return self._held[id]
        if id not in self._seen:
            self.look_up([id])
        return self._seen.get(id)

    def look_up(self, ids: Iterable[str]) -> None:
        """Read records that are only looked at, in one statement."""
        wanted = {id for id in ids if is_id(id)} - self._held.keys() - self._seen.keys()
        if wanted:
            found = sql.records(self._transaction, self._clock.org, wanted)
            self._seen |= {id: found[id].state if id in found else None for id in wanted}

    def seq_of(self, id: str) -> int:
        return self._seqs.get(id, 0)

    def family(self, subject: str, type_name: str) -> list[RecordState]:
        """All of a subject's records of a type, this batch's changes included."""
        key = (subject, type_name)
        if key not in self._families:
            ids = set()
            for stored in sql.records_of(self._transaction, self._clock.org, subject, type_name).values():
                self._keep(stored)
                ids.add(stored.state.id)
            ids |= {
                id
                for id, state in self._held.items()
                if state is not None and state.subject == subject and state.type == type_name
            }
            self._families[key] = ids
        return [state for id in self._families[key] if (state := self._held[id]) is not None]

    def conflicts_about(self, id: str, *, only_open: bool = True) -> list[RecordState]:
        found = [state for key in sorted(self._about.get(id, ())) if (state := self._held.get(key)) is not None]
        return [state for state in found if not only_open or state.body.get("state") == "open"]

    def conflicts_about_all(self, rivals: Sequence[RecordState]) -> list[RecordState]:
        """Conflicts, settled ones too, about any of these."""
        missing = [rival.id for rival in rivals if rival.id not in self._about]
        self._load_about(missing)
        for id in missing:
            self._about.setdefault(id, set())
        return [conflict for rival in rivals for conflict in self.conflicts_about(rival.id, only_open=False)]

    def version(self, id: str, rev: int) -> Version | None:
        """One change in a record's history, of this batch or stored."""
        version = self._version_bodies.get((id, rev))
        if version is None:
            raw = sql.version_written(self._transaction, self._clock.org, id, rev)
            version = msgspec.json.decode(raw, type=Version) if raw is not None else None
        return version

    def _load_about(self, ids: Sequence[str]) -> None:
        if ids:
            for stored in sql.records_about(self._transaction, self._clock.org, ids).values():
                self._keep(stored)

    def _keep(self, stored: sql.Stored) -> None:
        """Remember a record that was read, unless this batch has it already."""
        state = stored.state
        if state.id not in self._held or self._held[state.id] is None:
            self._held[state.id] = state
            self._seqs[state.id] = stored.seq
        self._note_about(state)

    def _note_about(self, state: RecordState) -> None:
        target = state.body.get("target_id")
        if state.type == "conflict" and target:
            self._about.setdefault(str(target), set()).add(state.id)

    # changing

    def put(self, state: RecordState) -> None:
        """A record as it is from now on, with a sequence number of its own."""
        if self._undo is not None:
            self._undo.append((state.id, self._held.get(state.id), self._seqs.get(state.id, 0)))
        if self._held.get(state.id) is None:
            self._created.add(state.id)
            family = self._families.get((state.subject, state.type))
            if family is not None:
                family.add(state.id)
        self._held[state.id] = state
        self.seq += 1
        self._seqs[state.id] = self.seq
        self._touched.add(state.id)
        self._about.setdefault(state.id, set())
        self._note_about(state)

    def add_version(self, version: Version, state: RecordState, n: int) -> None:
        """History of the record that was just put."""
        kind = subject_kind_of(state.type, state.body)
        self._version_bodies[(version.id, version.rev)] = version
        self._versions.append(
            (
                state.id,
                state.rev,
                self.seq,
                state.type,
                state.subject,
                str(kind),
                state.compartment,
                version.device,
                n,
                encode(version),
            )
        )

    def begin_group(self) -> None:
        """From here on everything can be taken back, until `end_group`."""
        self._undo = []
        self._begun = (self.seq, len(self._versions))

    def end_group(self) -> None:
        self._undo = None

    def take_back(self) -> None:
        """As if the group had never been judged."""
        for id, state, old_seq in reversed(self._undo or []):
            self._held[id] = state
            self._seqs[id] = old_seq
            if state is None:
                for ids in self._about.values():
                    ids.discard(id)
        self._undo = None
        self.seq, versions = self._begun
        for row in self._versions[versions:]:
            self._version_bodies.pop((row[0], row[1]), None)
        del self._versions[versions:]

    def created(self) -> set[str]:
        """Records that this batch made."""
        return {id for id in self._created if self._held.get(id) is not None}

    # writing

    def write(self, at: str, signing_key: bytes) -> None:
        """Every record and version that changed, and the clock."""
        rows = []
        for id in self._touched:
            state = self._held[id]
            if state is None:
                continue
            if state.type == "grant":
                state = signed_grant(state, signing_key)
            rows.append(record_row(state, self._seqs[id]))
        if rows:
            sql.write_records(self._transaction, self._clock.org, rows)
            self._note_restricted()
        if self._versions:
            sql.write_versions(self._transaction, self._clock.org, self._versions)
        if self.seq != self._clock.seq:
            self._clock.seq, self._clock.tok = self.seq, new_token()
            sql.move_clock(self._transaction, self._clock.org, self._clock.seq, self._clock.tok, at)

    def _note_restricted(self) -> None:
        """Whose whole record is restricted decides who may hold it (scope.py), so it is kept beside the records."""
        people = [state for id in self._touched if (state := self._held[id]) is not None and state.type == "person"]
        known = sql.restricted_now(self._transaction, self._clock.org) if people else frozenset()
        for state in people:
            restricted = bool(state.body.get("restricted"))
            if restricted != (state.id in known):
                sql.note_restricted(
                    self._transaction, self._clock.org, state.id, self._seqs[state.id], restricted=restricted
                )
