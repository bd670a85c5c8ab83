"""Random histories of three laptops under faults: they converge, lose nothing that anybody typed, and double nothing."""

import itertools
import random
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.sync.client.practice import Fault, Laptop, practice_on
from wellbeing_desktop.domain.care_plan import CarePlan, PlanNarrative
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.person import ContactPoint, Person
from wellbeing_desktop.storage.keys import StoreKey
from wellbeing_desktop.sync.server.sqlite_engine import SqliteEngine

WHO = st.integers(0, 2)
FAULTS = st.sampled_from([None, None, None, *Fault])


class Histories(RuleBasedStateMachine):
    """Each text is typed once, so that it can be looked for afterwards."""

    @initialize()
    def begin(self) -> None:
        self.exits = ExitStack()
        folder = Path(self.exits.enter_context(tempfile.TemporaryDirectory()))
        (folder / "server").mkdir()
        self.engine = SqliteEngine(folder / "server", StoreKey(bytes(32)), create=True)
        self.exits.callback(self.engine.close)
        self.practice = self.exits.enter_context(practice_on(self.engine, folder))
        self.laptops = [self.practice.laptop(self.practice.member(name)) for name in ("Ann", "Bob", "Cerys")]
        self.texts = itertools.count()
        self.typed: dict[tuple[str, str], set[str]] = {}
        ann = self.laptops[0]
        ann.synced()
        self.person_id = ann.create(Person(family_name="Hughes"))
        plan_id = ann.create(CarePlan(subject=self.person_id, state="draft"))
        self.narrative_id = ann.create(PlanNarrative(subject=self.person_id, plan_id=plan_id))
        for laptop in self.laptops:
            laptop.synced()

    def text(self, id: str, field: str) -> str:
        made = f"text {next(self.texts)}"
        self.typed.setdefault((id, field), set()).add(made)
        return made

    @rule(who=WHO, field=st.sampled_from(["most_important", "wellness"]))
    def write_narrative(self, who: int, field: str) -> None:
        value = self.text(self.narrative_id, field)
        self.laptops[who].change(PlanNarrative, self.narrative_id, **{field: value})

    @rule(who=WHO, field=st.sampled_from(["known_as", "local_number"]))
    def change_person(self, who: int, field: str) -> None:
        self.laptops[who].change(Person, self.person_id, **{field: self.text(self.person_id, field)})

    @rule(who=WHO, need=st.sampled_from(["large_print", "easy_read", "bsl"]), adding=st.booleans())
    def change_needs(self, who: int, need: str, adding: bool) -> None:
        def work(tx: Any) -> None:
            (tx.add_members if adding else tx.remove_members)(Person, self.person_id, "communication_needs", [need])

        self.laptops[who].do(work)

    @rule(who=WHO)
    def add_contact_point(self, who: int) -> None:
        value = f"person{next(self.texts)}@example.org"
        id = self.laptops[who].create(ContactPoint(subject=self.person_id, medium="email", value=value))
        self.typed.setdefault((id, "value"), set()).add(value)

    @rule(who=WHO, data=st.data())
    def remove_or_edit_contact_point(self, who: int, data: st.DataObject) -> None:
        laptop = self.laptops[who]
        points = sorted(point.id for point in laptop.all(ContactPoint))
        if not points:
            return
        id = data.draw(st.sampled_from(points))
        if data.draw(st.booleans()):
            laptop.do(lambda tx: tx.remove(ContactPoint, id, "Wrong"))
        else:
            laptop.change(ContactPoint, id, note=self.text(id, "note"))

    @rule(who=WHO, choice=st.sampled_from(["mine", "theirs"]))
    def settle_a_conflict(self, who: int, choice: str) -> None:
        laptop = self.laptops[who]
        found = [one for one in laptop.conflicts() if one.target_id == self.narrative_id]
        if found:
            laptop.do(lambda tx: tx.change(Conflict, found[0].id, {"state": "settled", "choice": choice}))

    @rule(who=WHO, faults=st.lists(FAULTS, max_size=6))
    def sync(self, who: int, faults: list[Fault | None]) -> None:
        left = iter(faults)
        self.practice.fault = lambda path, count: next(left, None)
        report = self.laptops[who].sync()
        note(f"{[found.kind for found in report.problems]}")
        self.practice.fault = lambda path, count: None
        if all(fault is None for fault in faults):
            assert [found.kind for found in report.problems] == []
            assert report.findings == ()

    @rule(who=WHO)
    def close_and_open(self, who: int) -> None:
        self.laptops[who].reopen()

    @precondition(lambda self: hasattr(self, "laptops"))
    @invariant()
    def nobodys_own_waiting_words_are_hidden(self) -> None:
        """What one typed last in a field and has not sent is what one sees."""
        for laptop in self.laptops:
            for id, patch in laptop.ask(
                "SELECT id, patch FROM outbox WHERE state < 3 AND type = 'plan_narrative' ORDER BY local"
            ):
                assert id == self.narrative_id
                last = patch
            if laptop.ask("SELECT 1 FROM outbox WHERE state < 3 AND type = 'plan_narrative' LIMIT 1"):
                shown = laptop.load(PlanNarrative, self.narrative_id)
                assert any(f'"{value}"' in last for value in (shown.most_important, shown.wellness))

    def teardown(self) -> None:
        if not hasattr(self, "laptops"):
            return
        try:
            self.everything_converges()
        finally:
            self.exits.close()

    def everything_converges(self) -> None:
        self.practice.fault = lambda path, count: None
        for _ in range(3):
            for laptop in self.laptops:
                laptop.synced()
        for laptop in self.laptops:
            assert laptop.waiting() == 0
            laptop.synced(verify=True)
            assert laptop.ask("SELECT count(*) FROM shadow") == [(0,)]
        everything = [self.everything_on(laptop) for laptop in self.laptops]
        assert everything[0] == everything[1] == everything[2]
        for laptop in self.laptops:
            for (id, field), typed in self.typed.items():
                said = self.said_about(laptop, id)
                for text in typed:
                    assert f'"{text}"' in said, f"{text} of {field} is nowhere"

    def everything_on(self, laptop: Laptop) -> list[tuple[Any, ...]]:
        rows = laptop.ask("SELECT id, rev, deleted FROM record WHERE type NOT IN ('grant') ORDER BY id")
        for struct in (Person, PlanNarrative, ContactPoint, Conflict):
            rows += [(struct.__name__, repr(record)) for record in laptop.all(struct)]
        return rows

    def said_about(self, laptop: Laptop, id: str) -> str:
        """Everything that this laptop can show about a record: history and conflicts."""
        parts = [part for row in laptop.ask("SELECT patch, was FROM version WHERE id = ?", id) for part in row]
        for conflict in laptop.all(Conflict, target_id=id):
            parts += [conflict.base, conflict.mine, conflict.theirs, conflict.settled_value]
            parts += [
                part.replace("\\", "")
                for row in laptop.ask("SELECT patch, was FROM version WHERE id = ?", conflict.id)
                for part in row
            ]
        return "\n".join(parts)


def test_random_histories_converge_and_lose_nothing() -> None:
    small = settings(
        max_examples=6,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Histories, settings=small)


@pytest.mark.soak
def test_many_random_histories_converge_and_lose_nothing() -> None:
    chosen = random.SystemRandom().randrange(2**32)
    print(f"seed {chosen}")
    large = settings(
        max_examples=200,
        stateful_step_count=50,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(chosen)(Histories), settings=large)
