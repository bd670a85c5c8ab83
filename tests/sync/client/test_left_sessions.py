"""A new sync ends what an earlier one of the same laptop left behind; what is asked beside a sync ends nothing."""

import pytest

from tests.sync.client.practice import Practice
from tests.sync.client.test_copied_stores import Pair, membership
from wellbeing_desktop.domain.errors import SyncProblem
from wellbeing_desktop.sync.client.conversation import DIGEST, PUSH, Conversation, ask
from wellbeing_desktop.sync.client.desk import fetch_register
from wellbeing_desktop.sync.client.session import utc_now
from wellbeing_desktop.sync.protocol.comparing import DigestReply, DigestRequest
from wellbeing_desktop.sync.protocol.pushing import PushReply, PushRequest


@pytest.mark.scenario(40)
def test_a_new_sync_cancels_a_session_that_was_left_behind(practice: Practice, laptops: Pair) -> None:
    ann, bob = laptops
    left = Conversation(practice.transport(), membership(ann), utc_now)
    left.sign_in(begins_sync=True)
    asked = DigestRequest(device=left.device, epoch=left.epoch)
    ask(ann.transport, DIGEST, asked, DigestReply, access=left.access)
    bob.synced()
    ask(ann.transport, DIGEST, asked, DigestReply, access=left.access)
    ann.synced()
    late = PushRequest(device=left.device, epoch=left.epoch, ops=())
    with pytest.raises(SyncProblem) as found:
        ask(ann.transport, PUSH, late, PushReply, access=left.access)
    assert found.value.kind == "sign_in_again"


def test_a_question_beside_a_sync_ends_no_session(practice: Practice, laptops: Pair) -> None:
    ann, _bob = laptops
    syncing = Conversation(practice.transport(), membership(ann), utc_now)
    syncing.sign_in(begins_sync=True)
    fetch_register(ann.store, ann.transport)
    ask(
        ann.transport,
        DIGEST,
        DigestRequest(device=syncing.device, epoch=syncing.epoch),
        DigestReply,
        access=syncing.access,
    )
