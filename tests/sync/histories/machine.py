"""What may happen in a history: work of every lifecycle, syncs under every fault, clocks, copies put back, grants moved."""

import datetime as dt
import shutil
import sys
from contextlib import ExitStack
from typing import Any, ClassVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.sync.client.practice import PASSPHRASE, Fault
from tests.sync.histories import promises
from tests.sync.histories.model import Model
from tests.sync.histories.world import WHO, Machine, Scene, World, dump, put_back
from wellbeing_desktop.domain.care_plan import PlanNarrative
from wellbeing_desktop.domain.consent import Consent
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.definition import Record
from wellbeing_desktop.domain.errors import Refused, StoreProblem
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.domain.organisation import Grant
from wellbeing_desktop.domain.person import ContactPoint, Person
from wellbeing_desktop.domain.safety import Alert
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations.aliases import join_people, take_people_apart
from wellbeing_desktop.operations.conflicts import settle_conflict
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.sync.client.report import SyncReport
from wellbeing_desktop.sync.server import history, sql

DAY = dt.date(2026, 11, 20)
WHICH = st.integers(0, 4)
PERSON = st.integers(0, 2)
FAULTS = st.lists(st.sampled_from([None, None, None, None, *Fault]), max_size=7)
MENDED = ("forked",)
"""Problems that a person mends, with a new invitation."""


class Killed(BaseException):
    """The laptop's program ends here."""


class Histories(RuleBasedStateMachine):
    """One history. `scene` is given by whoever runs it."""

    scene: ClassVar[Scene]
    real_http: ClassVar[bool] = True

    @initialize(others=st.sets(st.sampled_from(WHO[2:]), min_size=1))
    def begin(self, others: set[str]) -> None:
        self.exits = ExitStack()
        names = ("Ann", "Bob", *sorted(others))
        self.world: World = self.exits.enter_context(self.scene.history(names, real_http=self.real_http))
        self.model = Model(self.world)
        self.grants_ended: set[str] = set()

    def machine(self, which: int) -> Machine:
        return self.world.machines[which % len(self.world.machines)]

    def work(self, machine: Machine, work: Any) -> Any:
        """Work that the laptop may refuse: somebody who has no access, a record that is gone."""
        try:
            return machine.do(work)
        except Refused as refused:
            note(f"{machine.name} was refused: {refused}")
            return None

    def type_into(self, machine: Machine, struct: type[Record], id: str, field: str) -> None:
        text = self.model.text()
        if self.work(machine, lambda tx: tx.change(struct, id, {field: text})):
            self.model.remember(text, id, machine)

    def make(self, machine: Machine, record: Record, text: str, compartment: str | None = None) -> None:
        id = self.work(machine, lambda tx: tx.create(record, compartment))
        if id:
            self.model.remember(text, id, machine)

    def pick(self, machine: Machine, struct: type[Any], which: int, **equals: Any) -> Any:
        found = sorted(machine.laptop.all(struct, **equals), key=lambda record: str(record.id))
        return found[which % len(found)] if found else None

    # Work of every lifecycle ----------------------------------------------------------------------------------------

    @rule(which=WHICH, person=PERSON, field=st.sampled_from(["most_important", "wellness"]))
    def write_narrative(self, which: int, person: int, field: str) -> None:
        machine, person_id = self.machine(which), self.world.people[person]
        self.type_into(machine, PlanNarrative, self.world.narratives[person_id], field)

    @rule(which=WHICH, person=PERSON, field=st.sampled_from(["known_as", "usual_gp"]))
    def change_person(self, which: int, person: int, field: str) -> None:
        self.type_into(self.machine(which), Person, self.world.people[person], field)

    @rule(which=WHICH, person=PERSON, need=st.sampled_from(["large_print", "easy_read", "bsl"]), adding=st.booleans())
    def change_needs(self, which: int, person: int, need: str, adding: bool) -> None:
        def work(tx: Any) -> None:
            change = tx.add_members if adding else tx.remove_members
            change(Person, self.world.people[person], "communication_needs", [need])

        self.work(self.machine(which), work)

    @rule(which=WHICH, person=PERSON)
    def write_down_a_phone(self, which: int, person: int) -> None:
        text = self.model.text()
        record = ContactPoint(subject=self.world.people[person], medium="email", value=f"{text}@example.org")
        self.make(self.machine(which), record, text)

    @rule(which=WHICH, item=WHICH, what=st.sampled_from(["edit", "remove", "restore"]))
    def edit_remove_or_restore_a_phone(self, which: int, item: int, what: str) -> None:
        machine = self.machine(which)
        if what == "restore":
            gone = machine.laptop.ask("SELECT id FROM record WHERE type = 'contact_point' AND deleted = 1 ORDER BY id")
            if gone:
                self.work(machine, lambda tx: tx.restore(ContactPoint, gone[item % len(gone)][0]))
            return
        point = self.pick(machine, ContactPoint, item)
        if point is None:
            return
        if what == "edit":
            self.type_into(machine, ContactPoint, point.id, "note")
        else:
            text = self.model.text()
            self.work(machine, lambda tx: tx.remove(ContactPoint, point.id, text))

    @rule(which=WHICH, person=PERSON)
    def write_note(self, which: int, person: int) -> None:
        text = self.model.text()
        self.make(self.machine(which), Note(subject=self.world.people[person], written_on=DAY, text=text), text)

    @rule(which=WHICH, item=WHICH, what=st.sampled_from(["edit", "sign", "amend"]))
    def edit_sign_or_amend_a_note(self, which: int, item: int, what: str) -> None:
        machine = self.machine(which)
        found = self.pick(machine, Note, item)
        if found is None:
            return
        if what == "edit":
            self.type_into(machine, Note, found.id, "text")
        elif what == "sign":
            signed = {"signed_at": machine.now(), "signed_by": machine.laptop.member.id}
            self.work(machine, lambda tx: tx.change(Note, found.id, signed))
        else:
            text = self.model.text()
            id = self.work(machine, lambda tx: tx.amend(Note, found.id, "text", text, "Put right"))
            if id:
                self.model.remember(text, id, machine)

    @rule(which=WHICH, person=PERSON)
    def record_visit(self, which: int, person: int) -> None:
        """Two records that stand or fall together."""
        machine, text, person_id = self.machine(which), self.model.text(), self.world.people[person]

        def work(tx: Any) -> str:
            contact_id = tx.create(
                Contact(
                    subject=person_id,
                    happened_at=machine.now(),
                    happened_on=DAY,
                    medium="home_visit",
                    outcome="seen",
                    practitioner_id=machine.laptop.member.id,
                )
            )
            return str(tx.create(Note(subject=person_id, about_id=contact_id, written_on=DAY, text=text)))

        id = self.work(machine, work)
        if id:
            self.model.remember(text, id, machine)

    @rule(which=WHICH, person=PERSON, decision=st.sampled_from(["agreed", "objected"]))
    def decide_on_sharing(self, which: int, person: int, decision: str) -> None:
        machine, text, person_id = self.machine(which), self.model.text(), self.world.people[person]
        before = self.pick(machine, Consent, 0, subject=person_id)
        consent = Consent(
            subject=person_id,
            purpose="sharing",
            decision=decision,
            given_by="person",
            given_on=DAY,
            note=text,
            supersedes=before.id if before is not None else "",
        )
        self.make(machine, consent, text)

    @rule(which=WHICH, person=PERSON, item=WHICH, replacing=st.booleans())
    def warn(self, which: int, person: int, item: int, replacing: bool) -> None:
        machine, text, person_id = self.machine(which), self.model.text(), self.world.people[person]
        before = self.pick(machine, Alert, item, subject=person_id) if replacing else None
        alert = Alert(
            subject=person_id,
            kind="visiting",
            statement=text,
            what_to_do="Ring first",
            source="Neighbour",
            stated_on=DAY,
            review_on=DAY + dt.timedelta(days=90),
            supersedes=before.id if before is not None else "",
        )
        self.make(machine, alert, text, "card")

    @rule(which=WHICH, person=PERSON)
    def make_task(self, which: int, person: int) -> None:
        text = self.model.text()
        task = Task(subject=self.world.people[person], title=text, due_on=DAY, state="open")
        self.make(self.machine(which), task, text)

    @rule(which=WHICH, item=WHICH, state=st.sampled_from(["done", "cancelled", "open"]))
    def move_a_task_on(self, which: int, item: int, state: str) -> None:
        machine = self.machine(which)
        task = self.pick(machine, Task, item)
        if task is not None:
            self.work(machine, lambda tx: tx.change(Task, task.id, {"state": state}))

    @rule(which=WHICH, apart=st.booleans())
    def join_or_part_two_records(self, which: int, apart: bool) -> None:
        machine, (kept, twin, _other) = self.machine(which), self.world.people
        try:
            if apart:
                machine.laptop.store.write(lambda writer: take_people_apart(writer, kept, twin, at=machine.now()))
            else:
                machine.laptop.store.write(lambda writer: join_people(writer, kept, twin, "Same", at=machine.now()))
        except Refused as refused:
            note(f"{machine.name} was refused: {refused}")

    @rule(which=WHICH, item=WHICH, choice=st.sampled_from(["mine", "theirs", "both", "other"]))
    def settle_a_clash(self, which: int, item: int, choice: str) -> None:
        """By one or by two people: nothing keeps another laptop from settling the same one otherwise."""
        machine = self.machine(which)
        conflict = self.pick(machine, Conflict, item, state="open")
        if conflict is None:
            return
        text = self.model.text()
        value = text if choice == "other" else None
        try:
            machine.laptop.store.write(
                lambda writer: settle_conflict(writer, conflict.id, choice, value, at=machine.now())
            )
        except Refused as refused:
            note(f"{machine.name} was refused: {refused}")
            return
        if value is not None:
            self.model.remember(text, conflict.id, machine)

    # Who may hold what ----------------------------------------------------------------------------------------------

    @rule(which=WHICH, person=PERSON, to=st.sampled_from(["Ann", "Bob", ""]))
    def hand_over(self, which: int, person: int, to: str) -> None:
        """Somebody's coordinator changes, and with it whose laptop they are on."""
        coordinator = self.scene.members[to].id if to else ""
        person_id = self.world.people[person]
        self.work(self.machine(which), lambda tx: tx.change(Person, person_id, {"coordinator_id": coordinator}))

    @rule(name=st.sampled_from(["Ann", "Bob"]), person=PERSON, entering=st.booleans())
    def move_between_teams(self, name: str, person: int, entering: bool) -> None:
        if name in self.grants_ended:
            return
        people = (self.world.people[person],)
        member = self.scene.members[name]
        self.world.practice.move(member, **({"add": people} if entering else {"remove": people}))

    @rule(which=WHICH)
    def end_or_begin_a_grant(self, which: int) -> None:
        name = self.machine(which).name
        member = self.scene.members[name]
        kind = OperationKind.RESTORE if name in self.grants_ended else OperationKind.REMOVE
        self.grants_ended ^= {name}
        grant = Grant(id=member.grant_id, subject=member.id)
        self.world.practice.write_as_server(kind, grant, "card", reason="Moved on")

    # Syncs and what befalls them ------------------------------------------------------------------------------------

    @rule(which=WHICH, faults=FAULTS)
    def sync(self, which: int, faults: list[Fault | None]) -> None:
        machine = self.machine(which)
        report = self.synced(machine, faults)
        if report is not None and all(fault is None for fault in faults):
            assert [found.kind for found in report.problems if found.kind not in MENDED] == []
        promises.sequences_have_no_holes_in_sight(self.world)

    @rule(which=WHICH, faults=FAULTS, writes=st.integers(0, 6), before=st.booleans())
    def sync_and_be_killed(self, which: int, faults: list[Fault | None], writes: int, before: bool) -> None:
        """The program ends before or after its n-th transaction of the sync; at the next start it goes on."""
        self.synced(self.machine(which), faults, ends_at=writes, with_trouble=Killed(), before=before)

    @rule(which=WHICH, faults=FAULTS, writes=st.integers(0, 6))
    def sync_on_a_full_disk(self, which: int, faults: list[Fault | None], writes: int) -> None:
        full = StoreProblem("disk_full", "The disk is full.", "Make room on the disk.")
        self.synced(self.machine(which), faults, ends_at=writes, with_trouble=full, before=True)

    @rule(which=WHICH)
    def close_and_open(self, which: int) -> None:
        self.machine(which).laptop.reopen()

    @rule(which=WHICH, years=st.integers(-3, 3))
    def set_a_clock(self, which: int, years: int) -> None:
        self.machine(which).ahead = dt.timedelta(days=365 * years)

    def synced(
        self,
        machine: Machine,
        faults: list[Fault | None],
        *,
        ends_at: int = -1,
        with_trouble: BaseException | None = None,
        before: bool = True,
        verify: bool = False,
    ) -> SyncReport | None:
        """One sync under faults; the report if it came to its end."""
        practice, left, laptop = self.world.practice, iter(faults), machine.laptop
        practice.fault = lambda path, count: next(left, None)

        def watch(path: str, reply: bytes) -> bytes:
            promises.nothing_of_another_scope_travels(self.world, machine, path, reply, self.model)
            return reply

        practice.bend = watch
        try:
            if with_trouble is None:
                report = laptop.sync(now=machine.now, verify=verify)
            else:
                self._end_at(laptop.store, ends_at, with_trouble, before)
                report = laptop.sync(now=machine.now)
        except Killed:
            laptop.reopen()
            return None
        except StoreProblem as problem:
            if problem is not with_trouble:
                raise
            return None
        finally:
            practice.fault = lambda path, count: None
            practice.bend = lambda path, reply: reply
            for name in ("write", "submit_write"):
                laptop.store.__dict__.pop(name, None)
        note(f"{machine.name}: {[found.kind for found in report.problems]} {report.findings}")
        if not self.model.was_put_back:
            promises.what_was_acknowledged_is_in_the_journal(self.world, machine)
        if any(found.kind in MENDED for found in report.problems):
            laptop.join_again(practice)
        return report

    @staticmethod
    def _end_at(store: Store, writes: int, trouble: BaseException, before: bool) -> None:
        count = [writes]

        def ending(real: Any) -> Any:
            def write(work: Any, **how: Any) -> Any:
                if sys._getframe(1).f_code.co_name == "write":
                    return real(work, **how)  # `write` is `submit_write` and a wait: one transaction, counted once
                count[0] -= 1
                if count[0] >= 0:
                    return real(work, **how)
                if not before:
                    done = real(work, **how)
                    if hasattr(done, "result"):
                        done.result()
                raise trouble

            return write

        for name in ("write", "submit_write"):
            setattr(store, name, ending(getattr(store, name)))

    # Copies put back ------------------------------------------------------------------------------------------------

    @rule()
    def back_up_the_server(self) -> None:
        """A verified backup: from then on laptops may drop what is in it (I7)."""
        engine, org = self.world.practice.engine, self.world.org
        self.world.backup = dump(engine, org)
        self.model.only_on_server.clear()
        engine.write(lambda transaction: sql.set_backed_up(transaction, org, sql.clock(transaction, org).seq))

    @rule(announced=st.booleans())
    def put_the_server_back(self, announced: bool) -> None:
        """From its last backup; whoever does it may forget to begin a new history."""
        engine, org = self.world.practice.engine, self.world.org
        self.model.gone |= self.model.only_on_server - self.model.missing()
        put_back(engine, org, self.world.backup)
        if announced:
            epoch = engine.read(lambda transaction: sql.clock(transaction, org).epoch)
            history.begin_new_epoch(engine, org, epoch)
        self.world.practice.late.clear()
        self.model.was_put_back = True
        self.grants_ended = {
            name for name in ("Ann", "Bob", "Dot", "Olu", "Mel") if self._grant_is_removed(self.scene.members[name].id)
        }

    def _grant_is_removed(self, member_id: str) -> bool:
        org = self.world.org
        rows = self.world.practice.engine.read(
            lambda transaction: transaction.all(
                "SELECT del FROM rec WHERE org = ? AND subject = ? AND t = 'grant'", (org, member_id)
            )
        )
        return rows == [(1,)]

    @rule(which=WHICH)
    def copy_a_laptop(self, which: int) -> None:
        machine = self.machine(which)
        folder = machine.laptop.store.folder
        machine.laptop.store.close()
        copy = folder.with_name(f"copy of {machine.name}")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        self.world.copies[machine.name] = copy
        machine.laptop.store = Store.open(folder, PASSPHRASE)

    @precondition(lambda self: self.world.copies)
    @rule(which=WHICH)
    def put_a_laptop_back(self, which: int) -> None:
        """A disk image: what was typed since and not sent is gone with it, and nothing else (fault 12, 13)."""
        names = sorted(self.world.copies)
        name = names[which % len(names)]
        machine = next(machine for machine in self.world.machines if machine.name == name)
        kept = self.model.in_outbox(machine)
        folder = machine.laptop.store.folder
        machine.laptop.store.close()
        shutil.rmtree(folder)
        shutil.copytree(self.world.copies[name], folder)
        machine.laptop.store = Store.open(folder, PASSPHRASE, accept_shortened=True)
        self.model.gone |= self.model.missing()
        self.model.only_on_server |= kept - self.model.in_outbox(machine)

    # What must hold -------------------------------------------------------------------------------------------------

    @rule()
    def look(self) -> None:
        """In the middle, and not only at the end."""
        promises.nothing_is_missing(self.model)
        for machine in self.world.machines:
            promises.ones_own_waiting_words_are_what_one_sees(self.model, machine)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self.everything_converges()
        finally:
            self.exits.close()

    def everything_converges(self) -> None:
        promises.nothing_is_missing(self.model)
        for _ in range(12):
            reports = [self.synced(machine, []) for machine in self.world.machines]
            if all(
                self._is_quiet(report, machine) for report, machine in zip(reports, self.world.machines, strict=True)
            ):
                break
        else:
            raise AssertionError(f"it never comes to rest: {reports}")
        for machine in self.world.machines:
            report = self.synced(machine, [], verify=True)
            assert report is not None
            if not self.model.was_put_back:
                assert report.findings == (), machine.name
            assert machine.laptop.ask("SELECT count(*) FROM shadow") == [(0,)]
            promises.nothing_of_another_scope_is_on_the_laptop(self.world, machine, self.model)
            promises.history_is_the_servers(self.world, machine)
            promises.audit_is_whole(machine)
        promises.nothing_is_missing(self.model)
        promises.nothing_was_applied_twice(self.world, self.model)

    @staticmethod
    def _is_quiet(report: SyncReport | None, machine: Machine) -> bool:
        """Nothing was sent, nothing came, nothing waits on either side."""
        if report is None or report.problems or report.sent or report.received or report.more:
            return False
        left = machine.laptop.ask(
            "SELECT (SELECT count(*) FROM bucket_to_fetch) + (SELECT count(*) FROM bucket_to_leave)"
        )
        return report.waiting == 0 and left == [(0,)]
