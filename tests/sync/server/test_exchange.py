"""Plain exchange, merging, and failure in the middle: scenarios of SYNC section 7, on both engines."""

import json
import threading
from typing import Any

import msgspec
import pytest
from laptop import Laptop, only

from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.operation import OperationKind
from wellbeing_desktop.sync.protocol.message import Bucket
from wellbeing_desktop.sync.protocol.pulling import PullReply, PullRequest
from wellbeing_desktop.sync.protocol.transfer import encode
from wellbeing_desktop.sync.server import history, members, sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.exchange import Exchange
from wellbeing_desktop.sync.server.organisations import new_organisation
from wellbeing_desktop.sync.server.problems import EpochChanged, Forked, ResyncNeeded
from wellbeing_desktop.sync.server.service import Service


def pair_of(service: Service) -> tuple[Laptop, Laptop]:
    return Laptop(service, "Anna", "owner"), Laptop(service, "Ben", "owner")


def shared_narrative(a: Laptop, b: Laptop, **body: Any) -> tuple[str, str]:
    """A person and the words of their plan, on both laptops."""
    person = a.person()
    plan = a.create("care_plan", person, {"state": "draft"})
    words = a.create("plan_narrative", person, {"plan_id": plan, "support": "T0", **body})
    a.sync()
    b.sync()
    return person, words


def test_1_what_one_makes_offline_the_other_has_after_one_sync(service: Service) -> None:
    a, b = pair_of(service)
    person = a.person("O'Brien \u2603 العربية", known_as="\u0001\u007f'; DROP TABLE rec; --")
    contact = a.create("contact", person, {"medium": "01", "happened_on": "2026-10-05"})
    reply = a.sync()
    assert [result.r for result in reply.results] == ["applied", "applied"]
    b.sync()
    assert b.rows[person] == a.rows[person]
    assert b.rows[contact].body == {"medium": "01", "happened_on": "2026-10-05"}
    assert b.rows[person].body["known_as"] == "\u0001\u007f'; DROP TABLE rec; --"
    assert a.digest() == b.digest() == b.server_digest().sums


def test_2_a_sync_with_nothing_to_do_changes_nothing(service: Service) -> None:
    a, b = pair_of(service)
    a.person()
    a.sync()
    b.sync()
    before = (b.seq, b.tok)
    assert b.sync().results == ()
    assert b.pull() == []
    assert (b.seq, b.tok) == before


def test_4_history_has_every_version_and_the_row_the_last(service: Service) -> None:
    a, b = pair_of(service)
    person, words = shared_narrative(a, b)
    for text in ("T1", "T2", "T3"):
        a.change(words, support=text)
        a.sync()
    b.sync()
    assert b.rows[words].body["support"] == "T3"
    assert [v.patch["support"] for v in b.history if v.id == words] == ["T0", "T1", "T2", "T3"]
    whole = b.bucket(Bucket(subject=person, compartment="clinical"), "versions", limit=3)
    assert whole.done == 0
    assert whole.next
    assert [v.patch.get("support") for v in whole.versions if v.id == words] == ["T0", "T1", "T2"]


def test_buckets_are_answered_in_turn_until_a_page_is_full(service: Service) -> None:
    a, b = pair_of(service)
    people = [a.person(f"Person {number}") for number in range(3)]
    for person in people:
        for number in range(3):
            a.create("contact", person, {"medium": "01", "happened_on": f"2026-10-0{number + 1}"})
    a.sync()
    b.sync()
    held = {id: row for id, row in b.rows.items() if row.subject in people}
    wanted = sorted({Bucket(subject=row.subject, compartment=row.compartment) for row in held.values()})
    for limit in (1, 2, 5, 100):
        left, after, came, pages = tuple(wanted), "", [], 0
        while left:
            reply = b.buckets(left, after=after, limit=limit)
            came += [row.id for row in reply.changes]
            assert len(reply.changes) <= limit
            left, after = left[reply.done :], reply.next
            assert bool(after) <= bool(left)
            pages += 1
        assert sorted(came) == sorted(held), "each once"
        assert pages >= len(held) // limit
    assert pages == 1


def test_5_a_first_load_goes_in_pages_in_id_order_and_ends_like_the_server(service: Service) -> None:
    a, b = pair_of(service)
    for number in range(60):
        a.person(f"Person {number}")
    a.sync()
    assert b.load(limit=7) > 8
    a.person("Late")
    a.sync()
    b.pull()
    assert b.digest() == b.server_digest().sums == a.digest()


def test_6_an_empty_page_in_the_middle_does_not_end_the_pull(service: Service) -> None:
    a, b = Laptop(service, "Anna"), Laptop(service, "Ben")
    for _ in range(5):
        a.person()
    a.push()
    mine = b.person("Mine")
    b.push()
    b.pull(limit=1)
    assert mine in b.rows
    assert len([row for row in b.rows.values() if row.type == "person"]) == 1


def test_8_and_9_different_fields_and_equal_values_are_no_conflict(service: Service) -> None:
    a, b = pair_of(service)
    person, words = shared_narrative(a, b)
    a.change(person, known_as="Jo")
    b.change(person, usual_gp="Dr Shah")
    a.change(words, support="same")
    b.change(words, support="same")
    a.sync()
    assert [result.r for result in b.sync().results] == ["merged", "applied"]
    a.sync()
    assert a.rows[person].body["known_as"] == b.rows[person].body["known_as"] == "Jo"
    assert a.rows[person].body["usual_gp"] == "Dr Shah"
    assert a.conflicts() == b.conflicts() == []
    assert [v.marks for v in a.history if v.id == person][-1] == ("at_same_time",)


@pytest.mark.parametrize("first", [0, 1])
def test_10_both_narratives_are_on_both_laptops_whichever_syncs_first(service: Service, first: int) -> None:
    a, b = pair_of(service)
    person, words = shared_narrative(a, b, needs="N0")
    a.change(words, support="Anna's")
    b.change(words, support="Ben's")
    laptops = (a, b) if first == 0 else (b, a)
    texts = ("Anna's", "Ben's") if first == 0 else ("Ben's", "Anna's")
    laptops[0].sync()
    assert only(laptops[1].sync()).r == "conflict"
    laptops[0].sync()
    for laptop in laptops:
        assert laptop.rows[words].body["support"] == texts[0]
        (conflict,) = laptop.conflicts()
        assert json.loads(conflict.body["mine"]) == texts[1]
        assert json.loads(conflict.body["theirs"]) == texts[0]
        assert json.loads(conflict.body["base"]) == "T0"
        assert conflict.body["mine_author"] == laptops[1].user
        assert conflict.body["theirs_author"] == laptops[0].user
        assert conflict.body["theirs_device"] == laptops[0].dev
        assert conflict.body["theirs_at"] == "2026-11-21T09:00:00.000000Z"
        assert conflict.body["owner_id"] == a.user  # the person's coordinator
        assert conflict.body["due_on"] > "2026"
        assert conflict.subject == person
        assert conflict.compartment == "clinical"


def settle(laptop: Laptop, conflict_id: str, words: str, value: str, choice: str, *, change: bool = True) -> None:
    txn = new_id()
    row = laptop.rows[conflict_id]
    laptop.operation(
        "conflict",
        conflict_id,
        row.subject,
        patch={"state": "settled", "choice": choice, "settled_value": json.dumps(value)},
        was={"state": "open", "choice": None, "settled_value": None},
        compartment=row.compartment,
        txn=txn,
    )
    if change:
        target = laptop.rows[words]
        laptop.operation(
            target.type,
            words,
            target.subject,
            patch={"support": value},
            was={"support": target.body["support"]},
            txn=txn,
        )


def test_12_a_settled_conflict_is_settled_everywhere_and_a_stale_resolver_is_refused(service: Service) -> None:
    a, b = pair_of(service)
    c = Laptop(service, "Cara", "owner")
    _person, words = shared_narrative(a, b)
    a.change(words, support="A")
    b.change(words, support="B")
    a.sync()
    b.sync()
    a.sync()
    c.sync()
    (conflict,) = c.conflicts()
    settle(b, conflict.id, words, "B", "mine")
    settle(c, conflict.id, words, "A and B", "other")
    assert [result.r for result in c.sync().results] == ["applied", "applied"]
    stale = b.sync()
    assert [(result.r, result.why) for result in stale.results] == [
        ("quarantined", "already_settled"),
        ("quarantined", "refused_with_another"),
    ]
    a.sync()
    for laptop in (a, b, c):
        assert laptop.conflicts() == []
        assert laptop.rows[words].body["support"] == "A and B"


def test_13_settling_without_a_change_makes_no_new_version_of_the_record(service: Service) -> None:
    a, b = pair_of(service)
    _person, words = shared_narrative(a, b)
    a.change(words, support="A")
    b.change(words, support="B")
    a.sync()
    b.sync()
    rev = b.rows[words].rev
    (conflict,) = b.conflicts()
    settle(b, conflict.id, words, "A", "theirs", change=False)
    b.sync()
    assert b.conflicts() == []
    assert b.rows[words].rev == rev


def test_14_a_still_older_edit_raises_the_conflict_again(service: Service) -> None:
    a, b = pair_of(service)
    c = Laptop(service, "Cara", "owner")
    _person, words = shared_narrative(a, b)
    c.sync()
    c.change(words, support="C, written long ago")
    a.change(words, support="A")
    b.change(words, support="B")
    a.sync()
    b.sync()
    (conflict,) = b.conflicts()
    settle(b, conflict.id, words, "A and B", "other")
    b.sync()
    assert only(c.sync()).r == "conflict"
    (again,) = c.conflicts()
    assert json.loads(again.body["mine"]) == "C, written long ago"
    assert json.loads(again.body["theirs"]) == "A and B"


def test_an_edit_on_ones_own_unmerged_text_keeps_the_colleagues_and_five_saves_are_one_conflict(
    service: Service,
) -> None:
    a, b = pair_of(service)
    _person, words = shared_narrative(a, b)
    b.change(words, support="Ben's")
    b.sync()
    was = "T0"
    for number in range(5):
        text = f"Anna's {number}"
        a.operation("plan_narrative", words, a.rows[words].subject, patch={"support": text}, was={"support": was})
        was = text
    assert {result.r for result in a.sync().results} == {"conflict"}
    (conflict,) = a.conflicts()
    assert json.loads(conflict.body["mine"]) == "Anna's 4"
    assert len(conflict.body["operations"]) == 5
    assert a.rows[words].body["support"] == "Ben's"
    typed = [v.patch.get("mine") for v in a.history if v.id == conflict.id]
    assert [json.loads(text) for text in typed if text] == [f"Anna's {number}" for number in range(5)]


def test_15_and_16_three_laptops_end_alike_whatever_the_order(service: Service) -> None:
    a, b = pair_of(service)
    c = Laptop(service, "Cara", "owner")
    person, _words = shared_narrative(a, b)
    c.sync()
    for laptop, gp in ((a, "Dr A"), (b, "Dr B"), (c, "Dr C")):
        laptop.change(person, usual_gp=gp)
    for laptop in (c, a, b, c, a):
        laptop.sync()
    assert {laptop.rows[person].body["usual_gp"] for laptop in (a, b, c)} == {"Dr B"}
    assert a.digest() == b.digest() == c.digest() == a.server_digest().sums


@pytest.mark.scenario(19)
def test_19_edits_before_their_creation_wait_and_apply_in_order(service: Service) -> None:
    a, b = pair_of(service)
    person = a.person()
    a.sync()
    b.sync()
    note = new_id()
    create = b.operation("note", note, person, OperationKind.CREATE, {"text": "1"})
    b.outbox.clear()
    other = Laptop(service, "Ben again", member=b.user)
    for was, text in (("1", "2"), ("2", "3")):
        other.operation("note", note, person, patch={"text": text}, was={"text": was})
    assert [result.r for result in other.push().results] == ["held", "held"]
    assert only(b.push([create])).r == "applied"
    b.pull()
    assert b.rows[note].body == {"text": "3"}
    assert [v.patch for v in b.history if v.id == note] == [{"text": "1"}, {"text": "2"}, {"text": "3"}]


def test_22_offline_edits_between_a_colleagues_keep_their_order(service: Service) -> None:
    a, b = pair_of(service)
    _person, words = shared_narrative(a, b, needs="N0")
    chain = [a.change(words, needs="N1")]
    chain.append(
        a.operation("plan_narrative", words, a.rows[words].subject, patch={"needs": "N2"}, was={"needs": "N1"})
    )
    chain.append(a.change(words, support="A"))
    a.outbox.clear()
    a.push(chain[:1])
    b.change(words, support="B")
    b.sync()
    assert [result.r for result in a.push(chain[1:]).results] == ["merged", "conflict"]
    a.pull()
    assert a.rows[words].body["needs"] == "N2"
    assert a.rows[words].body["support"] == "B"
    assert len(a.conflicts()) == 1


def test_23_and_32_the_same_upload_twice_is_one_record_and_the_same_answer(service: Service) -> None:
    a, b = pair_of(service)
    person = a.person()
    operations, a.outbox = a.outbox, []
    first = a.push(operations)
    again = a.push(operations)
    assert [(result.r, result.was_r, result.rev) for result in again.results] == [("duplicate", "applied", 1)]
    assert again.head == first.head
    b.sync()
    assert len([v for v in b.history if v.id == person]) == 1


def test_24_a_note_and_its_visit_arrive_together_or_not_at_all(service: Service) -> None:
    a, _b = pair_of(service)
    person = a.person()
    a.sync()
    txn = new_id()
    a.create("note", person, {"text": "about the visit"}, txn=txn)
    a.create("contact", person, {"happened_on": "no day at all"}, txn=txn)
    a.create("note", person, {"text": "another"})
    reply = a.push()
    assert [(result.r, result.why) for result in reply.results] == [
        ("quarantined", "refused_with_another"),
        ("quarantined", "wrong_kind"),
        ("applied", ""),
    ]
    a.pull()
    assert [row.body["text"] for row in a.rows.values() if row.type == "note"] == ["another"]


def test_a_name_that_no_database_can_look_for_is_kept_apart_and_holds_up_nothing(service: Service) -> None:
    """Seed 4127539619 of the bent messages: PostgreSQL has no NUL in a text."""
    a, _b = pair_of(service)
    person = a.person()
    a.sync()
    a.change(person, coordinator_id="\0")
    a.create("team", "", {"name": "North", "members": ["\0"]})
    a.create("amendment", person, {"target_type": "note", "target_id": "\0", "field": "text", "value": "Words"})
    a.create("attachment", person, {"title": "Letter", "sha256": "\0"}, compartment="documents")
    a.create("note", person, {"text": "a NUL in what is only read: \0"})
    reply = a.push()
    assert [(result.r, result.why) for result in reply.results] == [("quarantined", "bad_id")] * 4 + [("applied", "")]


def test_26_and_27_and_29_removals(service: Service) -> None:
    a, b = pair_of(service)
    person, _words = shared_narrative(a, b)
    edited, both, restored = (a.create("note", person, {"text": text}) for text in ("edited", "both", "restored"))
    a.sync()
    b.sync()

    def remove(laptop: Laptop, id: str, reason: str) -> None:
        laptop.operation("note", id, person, OperationKind.REMOVE, {"reason": reason})

    remove(a, edited, "in error")
    b.change(edited, text="edited, kept")
    remove(a, both, "twice")
    remove(b, both, "mine too")
    remove(b, restored, "older")
    a.sync()
    b_operations, b.outbox = b.outbox, []
    remove(a, restored, "x")
    a.sync()
    a.operation("note", restored, person, OperationKind.RESTORE)
    a.sync()
    b.push(b_operations)
    a.pull()
    b.pull()
    for laptop in (a, b):
        assert not laptop.rows[edited].deleted
        assert laptop.rows[edited].body["text"] == "edited, kept"
        assert [conflict.body["field"] for conflict in laptop.conflicts()] == ["removed"]
        assert laptop.rows[both].deleted
        assert not laptop.rows[restored].deleted


def test_30_and_36_nothing_that_was_pulled_is_sent_and_edits_go_at_any_time(service: Service) -> None:
    a, b = pair_of(service)
    person, words = shared_narrative(a, b)
    b.change(person, usual_gp="Dr B")
    operations, b.outbox = b.outbox, []
    b.change(words, support="typed while the push was under way")
    b.push(operations)
    assert len(b.outbox) == 1
    assert only(b.sync()).r == "applied"


def test_34_one_bad_record_among_many_holds_up_nothing(service: Service) -> None:
    a, b = pair_of(service)
    ids = [a.person(f"Person {number}") for number in range(40)]
    raws = [encode(operation) for operation in a.outbox]
    a.outbox.clear()
    raws[17] = b'{"n":18,"family_name":"\\ud800", not json}'
    request = b'{"device":"%s","epoch":"%s","ops":[%s]}' % (a.dev.encode(), a.epoch.encode(), b",".join(raws))
    from wellbeing_desktop.sync.protocol.pushing import PushReply, read_push
    from wellbeing_desktop.sync.server.service import encode_reply

    reply = msgspec.json.decode(encode_reply(Exchange(service).push(a.dev, read_push(request))), type=PushReply)
    assert [result.n for result in reply.results if result.r != "applied"] == [18]
    assert reply.last_n == 40
    b.sync()
    assert set(ids) - set(b.rows) == {ids[17]}
    a.person("Next")
    assert only(a.push()).r == "applied"


def test_43_a_newer_laptops_fields_survive_an_older_ones_edits(service: Service) -> None:
    a, b = pair_of(service)
    person = a.person(from_the_future={"deep": [1, "two"]})
    future = a.create("from_the_future", person, {"anything": "at all"}, compartment="core")
    a.sync()
    b.sync()
    b.change(person, known_as="Jo")
    b.sync()
    a.sync()
    assert a.rows[person].body["from_the_future"] == {"deep": [1, "two"]}
    assert a.rows[person].body["known_as"] == "Jo"
    assert a.rows[future].body == {"anything": "at all"}


def test_numbers_that_skip_ahead_are_asked_for_again(service: Service) -> None:
    a, _b = pair_of(service)
    for number in range(4):
        a.person(f"Person {number}")
    operations, a.outbox = a.outbox, []
    reply = a.push(operations[2:])
    assert (reply.want, reply.results, reply.last_n) == (1, (), 0)
    assert a.push(operations).last_n == 4


def test_a_laptop_put_back_from_a_copy_is_told_that_it_forked_and_nothing_is_overwritten(service: Service) -> None:
    a, b = pair_of(service)
    person = a.person()
    a.push()
    b.sync()
    twin = a.operation("person", new_id(), new_id(), OperationKind.CREATE, {"family_name": "Other"})
    with pytest.raises(Forked):
        a.push([msgspec.structs.replace(twin, n=1)])
    assert b.sync().results == ()
    assert b.rows[person].body["family_name"] == "Ellis"


def test_an_operation_that_a_former_identity_brought_is_not_applied_twice(service: Service) -> None:
    a, _b = pair_of(service)
    person = a.person()
    operations, a.outbox = a.outbox, []
    a.push(operations)
    again = Laptop(service, "Anna again", member=a.user)
    assert only(again.push(operations)).r == "duplicate"
    assert again.push(operations).last_n == 1
    again.n = iter(range(2, 10))
    again.pull()
    again.change(person, known_as="Jo")
    assert only(again.push()).r == "applied"


def lose_the_last_commit(service: Service) -> None:
    """As when a file is put back by hand: the same epoch, and a commit that laptops have seen is not there."""

    def work(transaction: Transaction) -> None:
        seq = sql.locked_clock(transaction, service.org).seq
        transaction.run("DELETE FROM commit_log WHERE org = ? AND seq = ?", (service.org, seq))
        before = transaction.one("SELECT MAX(seq) FROM commit_log WHERE org = ?", (service.org,))
        assert before is not None
        commit = sql.commit_containing(transaction, service.org, int(before[0]))
        assert commit is not None
        transaction.run("DELETE FROM rec WHERE org = ? AND seq > ?", (service.org, commit[0]))
        transaction.run("DELETE FROM version WHERE org = ? AND seq > ?", (service.org, commit[0]))
        transaction.run("UPDATE org_clock SET seq = ?, tok = ? WHERE org = ?", (commit[0], commit[1], service.org))

    service.engine.write(work)


def test_a_cursor_that_we_told_and_have_no_more_makes_a_new_epoch_once(service: Service) -> None:
    a, b = pair_of(service)
    a.person()
    a.sync()
    b.sync()
    lose_the_last_commit(service)
    with pytest.raises(EpochChanged) as changed:
        a.pull()
    assert changed.value.epoch != a.epoch
    with pytest.raises(EpochChanged) as again:
        b.pull()
    assert again.value.epoch == changed.value.epoch
    b.person()
    with pytest.raises(EpochChanged):
        b.push()


def test_so_does_one_at_a_number_that_was_used_again_since(service: Service) -> None:
    a, b = pair_of(service)
    a.person()
    a.sync()
    lose_the_last_commit(service)
    b.person()
    b.person()
    b.push()
    with pytest.raises(EpochChanged) as changed:
        a.pull()
    assert changed.value.epoch != a.epoch


@pytest.mark.parametrize("made_up", ["ahead", "token", "empty", "another_place", "foreign"])
def test_a_laptop_that_makes_a_cursor_up_fetches_again_and_troubles_nobody_else(service: Service, made_up: str) -> None:
    a, b = pair_of(service)
    a.person()
    a.sync()
    b.sync()
    place = (a.seq, a.tok)
    match made_up:
        case "ahead":
            a.seq += 1000
        case "token":
            a.tok = "0" * len(a.tok)
        case "empty":
            a.tok = ""
        case "another_place":
            a.seq -= 1
        case "foreign":
            other = Laptop(
                Service(service.engine, new_organisation(service.engine, "Other", history.server_now())), "Olga"
            )
            other.person()
            other.sync()
            a.tok = other.tok
    with pytest.raises(ResyncNeeded):
        a.pull()
    b.pull()  # the same epoch as before
    a.seq, a.tok = place
    a.pull()


def test_two_consents_made_offline_are_an_open_conflict(service: Service) -> None:
    a, b = pair_of(service)
    person, _words = shared_narrative(a, b)
    for laptop, decision in ((a, "agreed"), (b, "objected")):
        laptop.create("consent", person, {"purpose": "sharing", "decision": decision})
    a.sync()
    assert only(b.sync()).r == "conflict"
    (conflict,) = b.conflicts()
    assert conflict.body["target_type"] == "consent"
    assert conflict.body["field"] == "supersedes"


def test_two_visiting_warnings_made_offline_are_two_facts_and_two_that_replace_one_are_a_clash(
    service: Service,
) -> None:
    a, b = pair_of(service)
    person, _words = shared_narrative(a, b)
    warning = a.create("alert", person, {"kind": "visiting", "statement": "Dog loose"}, compartment="card")
    b.create("alert", person, {"kind": "visiting", "statement": "Broken step"}, compartment="card")
    a.sync()
    assert only(b.sync()).r == "applied"
    assert b.conflicts() == []
    for laptop, statement in ((a, "Two dogs"), (b, "No dog now")):
        laptop.create(
            "alert", person, {"kind": "visiting", "statement": statement, "supersedes": warning}, compartment="card"
        )
    a.sync()
    assert only(b.sync()).r == "conflict"
    (conflict,) = b.conflicts()
    assert (conflict.body["target_type"], conflict.body["field"]) == ("alert", "supersedes")


def test_a_laptop_cannot_make_or_forge_a_conflict(service: Service) -> None:
    a, b = pair_of(service)
    person, _words = shared_narrative(a, b)
    a.create("conflict", person, {"target_id": person, "mine": "x"})
    assert only(a.push()).why == "made_by_merge"


@pytest.mark.scenario(42)
@pytest.mark.fault(5)
def test_eight_writers_and_a_reader_that_misses_nothing(service: Service) -> None:
    """I4: a page never ends beyond a change that is still to become visible."""
    reader = Laptop(service, "Reader", "owner")
    writers = [Laptop(service, f"Writer {number}", "owner") for number in range(8)]
    reader.pull()
    reader.rows.clear()
    each = 12
    failures: list[BaseException] = []
    done = threading.Event()

    def write(laptop: Laptop) -> None:
        for _ in range(each):
            laptop.person()
            laptop.push()

    threads = [threading.Thread(target=write, args=(laptop,)) for laptop in writers]
    for thread in threads:
        thread.start()

    def watch() -> None:
        while not done.is_set():
            reader.pull(limit=5)

    watcher = threading.Thread(target=watch)
    watcher.start()
    for thread in threads:
        thread.join()
    done.set()
    watcher.join()
    reader.pull()
    assert not failures
    assert len([row for row in reader.rows.values() if row.type == "person"]) == 8 * each


def test_a_page_may_end_inside_a_commit_and_its_place_is_known(service: Service) -> None:
    a, b = pair_of(service)
    for number in range(10):
        a.person(f"Person {number}")
    a.push()
    came: list[str] = []
    while True:
        reply = msgspec.json.decode(
            msgspec.json.encode(
                Exchange(service).pull(b.dev, PullRequest(device=b.dev, epoch=b.epoch, seq=b.seq, tok=b.tok, limit=3))
            ),
            type=PullReply,
        )
        came += [row.id for row in reply.changes if row.type == "person"]
        b.seq, b.tok = reply.next.seq, reply.next.tok
        if not reply.more:
            break
    assert len(came) == len(set(came)) == 10


def test_a_servers_own_writing_is_refused_in_words_when_it_is_wrong(service: Service) -> None:
    from wellbeing_desktop.domain.errors import Refused

    with pytest.raises(Refused):
        members.create_as_server(service, "team", "", {"members": "not a list"})
