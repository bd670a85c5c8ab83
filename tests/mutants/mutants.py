"""The seeded faults: what is changed where, and the tests that are asked. Each concerns sync.

A change names the file and the exact text; `test_mutants.py` fails when a text is no longer there. The tests asked are
the few that ought to notice, so that one mutant takes seconds; a mutant that survives them means a missing test.
"""

from typing import Final, NamedTuple

CLIENT: Final = "wellbeing_desktop/sync/client"
SERVER: Final = "wellbeing_desktop/sync/server"
STORAGE: Final = "wellbeing_desktop/storage"


class Change(NamedTuple):
    path: str
    old: str
    new: str


class Mutant(NamedTuple):
    name: str
    changes: tuple[Change, ...]
    tests: tuple[str, ...]


def _one(name: str, path: str, old: str, new: str, *tests: str) -> Mutant:
    return Mutant(name, (Change(path, old, new),), tests)


MUTANTS: Final = (
    _one(
        "a push is answered before it is committed",
        f"{SERVER}/exchange.py",
        "                countersign=countersign,\n            )\n\n        return self._service.engine.write(work)\n",
        "                countersign=countersign,\n            )\n\n"
        "        import threading\n\n"
        "        said: list[Reply] = []\n\n"
        "        def unsure(transaction: Transaction) -> None:\n"
        "            said.append(work(transaction))\n"
        "            raise InterruptedError\n\n"
        "        try:\n            self._service.engine.write(unsure)\n        except InterruptedError:\n            pass\n"
        "        threading.Timer(0.2, lambda: self._service.engine.write(work)).start()\n"
        "        return said[0]\n",
        "tests/sync/server/test_exchange.py::test_1_what_one_makes_offline_the_other_has_after_one_sync",
    ),
    _one(
        "a commit is not flushed to the disk",
        f"{STORAGE}/opener.py",
        '("synchronous", "FULL", "2")',
        '("synchronous", "NORMAL", "1")',
        "tests/storage/test_opener.py::test_the_whole_profile_holds_when_it_is_read_back",
    ),
    _one(
        "the cursor is stored before its page",
        f"{CLIENT}/pull.py",
        "        with writer.immediate():\n            changes = store_arrivals(",
        "        with writer.immediate():\n            put_cursor(writer, reply.next, reply.scope_ver)\n"
        "        with writer.immediate():\n            changes = store_arrivals(",
        "tests/sync/client/test_faults.py::test_a_page_that_cannot_be_stored_leaves_the_cursor",
    ),
    _one(
        "sequence numbers are given out without the lock on the clock row",
        f"{SERVER}/sql.py",
        'f"UPDATE org_clock SET seq = seq WHERE org = ? RETURNING {_CLOCK}"',
        'f"SELECT {_CLOCK} FROM org_clock WHERE org = ?"',
        "tests/sync/server/test_exchange.py::test_eight_writers_and_a_reader_that_misses_nothing",
    ),
    _one(
        "a removal does not arrive",
        f"{CLIENT}/arrivals.py",
        "        deleted=row.deleted,\n",
        "        deleted=False,\n",
        "tests/sync/scenarios/test_deletion.py::test_a_removal_that_came_is_not_sent_back",
    ),
    _one(
        "nobody's grant is asked for in a push",
        f"{SERVER}/judge.py",
        "ERASED if gone else self._right.refusal(operation, before, item.dev)\n",
        'ERASED if gone else ""\n',
        "tests/sync/server/test_scope.py::test_a_tampered_laptop_writes_nothing_into_anothers_case",
    ),
    _one(
        "rows out of scope are sent",
        f"{SERVER}/reading.py",
        "    if sight is Sight.NONE:\n        return None\n    row =",
        "    if sight is Sight.NONE:\n        return body\n    row =",
        "tests/sync/server/test_scope.py::test_a_coordinator_holds_their_own_caseload_and_nobody_elses",
    ),
    _one(
        "history out of scope is sent",
        f"{SERVER}/changes.py",
        "if row[0] <= end and scope.sight(*row[3:6]) is Sight.WHOLE]",
        "if row[0] <= end]",
        "tests/sync/server/test_changes.py::test_what_is_new_of_a_caseload_is_the_same_however_it_is_found",
    ),
    _one(
        "an operation that came under another number is applied again",
        f"{SERVER}/judge.py",
        "            first = already.get(item.operation.op_id)\n",
        "            first = None\n",
        "tests/sync/server/test_exchange.py::test_an_operation_that_a_former_identity_brought_is_not_applied_twice",
    ),
    _one(
        "the same number with other bytes is taken for the same",
        f"{SERVER}/journal.py",
        "        if item.n not in known or known[item.n][0] != item.hash:\n",
        "        if item.n not in known:\n",
        "tests/sync/server/test_exchange.py"
        "::test_a_laptop_put_back_from_a_copy_is_told_that_it_forked_and_nothing_is_overwritten",
    ),
    _one(
        "acknowledged work is dropped before it is in a backup",
        f"{CLIENT}/pull.py",
        "            outbox.trim(writer, min(reply.backed_up_seq, reply.next.seq))\n",
        "            outbox.trim(writer, reply.next.seq)\n",
        "tests/sync/client/test_faults.py::test_a_server_put_back_from_an_older_backup_is_sent_everything_again",
    ),
    Mutant(
        "a bucket is purged while work in it waits",
        (
            Change(f"{STORAGE}/scope_work.py", "    if is_anything_waiting(writer, subject):\n", "    if False:\n"),
            Change(
                f"{STORAGE}/incoming.py",
                "    if outbox.bucket_is_pending(writer, subject, compartment):\n",
                "    if False:\n",
            ),
        ),
        ("tests/sync/client/test_scope.py::test_somebody_who_leaves_is_gone_from_the_file_after_the_work_was_sent",),
    ),
    _one(
        "of two narratives the last one wins",
        "wellbeing_desktop/sync/merge_fields.py",
        "        if merge in (Merge.NARRATIVE, Merge.SAFETY, Merge.OWNER):\n",
        "        if merge in (Merge.SAFETY, Merge.OWNER):\n",
        "tests/sync/client/test_exchange.py::test_both_narratives_are_on_both_laptops_whichever_syncs_first",
    ),
    _one(
        "an edit of one's own waiting words overwrites the colleague's unseen ones",
        "wellbeing_desktop/sync/merge_fields.py",
        "                self._replace_mine(own, current, value)\n",
        "                self._set(name, current, value)\n",
        "tests/sync/client/test_exchange.py"
        "::test_an_edit_on_top_of_ones_own_unmerged_text_never_overwrites_unseen_text",
    ),
    _one(
        "a stale screen settles a conflict again",
        "wellbeing_desktop/sync/merge_fields.py",
        '            return "already_settled"\n',
        '            return ""\n',
        "tests/sync/scenarios/test_fields.py"
        "::test_a_conflict_settled_on_a_third_laptop_is_settled_everywhere_and_a_stale_screen_is_refused",
    ),
    _one(
        "an edit of what was removed goes with it",
        "wellbeing_desktop/sync/merge_fields.py",
        "        self._return_if_removed()\n        return self._outcome()\n",
        "        return self._outcome()\n",
        "tests/sync/scenarios/test_deletion.py::test_an_edit_of_what_another_removed_is_kept_and_offered_back",
    ),
    _one(
        "a cursor is believed whatever its token",
        f"{SERVER}/history.py",
        "    if commit is not None and commit[1] == told:\n",
        "    if commit is not None:\n",
        "tests/sync/client/test_faults.py::test_a_server_put_back_from_an_older_backup_is_sent_everything_again",
    ),
    Mutant(
        "nobody minds another epoch",
        (
            Change(
                f"{CLIENT}/conversation.py",
                "        if self.epoch and reply.epoch != self.epoch:\n",
                "        if False:\n",
            ),
            Change(
                f"{SERVER}/exchange.py", "            if request.epoch != clock.epoch:\n", "            if False:\n"
            ),
            Change(f"{SERVER}/history.py", "    if epoch != clock.epoch:\n", "    if False:\n"),
        ),
        ("tests/sync/client/test_faults.py::test_a_server_put_back_from_an_older_backup_is_sent_everything_again",),
    ),
    _one(
        "what enters is not written down with the cursor",
        f"{CLIENT}/pull.py",
        "            scope.note(writer, reply.enter, reply.leave)\n",
        "            scope.note(writer, (), reply.leave)\n",
        "tests/sync/client/test_scope.py::test_a_crash_before_an_entering_bucket_was_fetched_loses_nothing",
    ),
    _one(
        "both sides always agree",
        f"{CLIENT}/digest.py",
        "    differing = tuple(slot for slot in range(SLOTS) if sum_text(ours.sums[slot]) != reply.sums[slot])\n",
        "    differing = ()\n",
        "tests/sync/client/test_faults.py::test_a_silent_difference_is_found_and_put_right",
    ),
    Mutant(
        "an operation that is sent again has a new id",
        (
            Change(
                f"{CLIENT}/push.py",
                "    return encode(PushedOperation(n=queued.n or 0, **fields))\n",
                '    fields["op_id"] = new_id()\n    return encode(PushedOperation(n=queued.n or 0, **fields))\n',
            ),
            Change(
                f"{CLIENT}/push.py",
                "from wellbeing_desktop.domain.errors import SyncProblem\n",
                "from wellbeing_desktop.domain.errors import SyncProblem\n"
                "from wellbeing_desktop.domain.ids import new_id\n",
            ),
        ),
        ("tests/sync/client/test_faults.py::test_a_lost_reply_sends_nothing_twice",),
    ),
    _one(
        "half of what stands or falls together stands",
        f"{SERVER}/judge.py",
        "            if together:\n                self._picture.take_back()\n",
        "",
        "tests/sync/scenarios/test_order_and_delay.py::test_a_note_and_its_visit_are_stored_in_one_step_or_not_at_all",
    ),
    _one(
        "what arrives hides one's own unsent words",
        f"{CLIENT}/arrivals.py",
        "    body, deleted = replayed(row.body, row.deleted, outbox.pending(writer, row.id, reflected_seq))\n",
        "    body, deleted = row.body, row.deleted\n",
        "tests/sync/client/test_exchange.py::test_a_colleagues_change_arrives_beneath_unsent_words",
    ),
    _one(
        "the removal of a whole caseload is obeyed",
        f"{CLIENT}/scope.py",
        "    return people > MANY_PEOPLE and people * MANY_PARTS_OF > scope_work.people_held(reader)\n",
        "    return False\n",
        "tests/sync/client/test_scope.py::test_a_removal_of_unusual_size_takes_nothing_away",
    ),
    _one(
        "what left stays in the file",
        f"{STORAGE}/incoming.py",
        "        records.erase_row(writer, type_name, id)\n    ids = json_text",
        "        pass\n    ids = json_text",
        "tests/sync/client/test_scope.py::test_somebody_who_leaves_is_gone_from_the_file_after_the_work_was_sent",
    ),
    _one(
        "a reply counts for an operation whatever it names",
        f"{CLIENT}/transport.py",
        '        if digest.startswith("sha-256=") and digest != content_digest(body):\n',
        "        if False:\n",
        "tests/sync/client/test_transport.py::test_each_wrong_answer_has_its_own_sentence",
    ),
)
