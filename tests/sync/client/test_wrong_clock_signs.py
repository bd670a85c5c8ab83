"""A laptop whose clock is wrong by years signs its requests by the server's time; one that slept learns it anew."""

import datetime as dt

import pytest

from tests.sync.client.practice import Practice
from tests.sync.client.test_copied_stores import membership
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.sync.client.conversation import DIGEST, Conversation
from wellbeing_desktop.sync.client.line import clock_words
from wellbeing_desktop.sync.protocol.comparing import DigestReply, DigestRequest


@pytest.mark.fault(21)
@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_that_is_wrong_by_years_locks_nobody_out_and_is_a_sentence(file_practice: Practice, years: int) -> None:
    ann = file_practice.laptop(file_practice.member("Ann"))
    wrong = dt.datetime.now(dt.UTC) + dt.timedelta(days=365 * years)
    ann.synced(now=lambda: wrong)
    ann.create(Person(family_name="Hughes"))
    report = ann.synced(now=lambda: wrong)
    assert report.sent == 1
    assert f"{'ahead of' if years > 0 else 'behind'} the server's" in clock_words(report.skew_seconds)


def test_after_a_sleep_that_the_forward_clock_did_not_count_the_laptop_signs_in_again(file_practice: Practice) -> None:
    ann = file_practice.laptop(file_practice.member("Ann"))
    ann.synced()
    ticks = [1000.0]
    talk = Conversation(ann.transport, membership(ann), lambda: dt.datetime.now(dt.UTC), monotonic=lambda: ticks[0])
    asked = DigestRequest(device=talk.device, epoch=talk.epoch)
    talk.ask(DIGEST, asked, DigestReply)
    ticks[0] -= 600  # ten minutes went by for the server and not for the clock that only goes forward
    file_practice.paths.clear()
    talk.ask(DIGEST, asked, DigestReply)
    assert file_practice.paths == [DIGEST, "/v1/nonce", "/v1/session", DIGEST]
