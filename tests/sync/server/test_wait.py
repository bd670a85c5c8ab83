"""Waiting for news: many laptops on one worker, told at once, whichever worker took the push."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

from laptop import ACCESSES, Laptop

from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.transport import HttpTransport
from wellbeing_desktop.sync.protocol.transfer import decode, encode
from wellbeing_desktop.sync.protocol.waiting import WaitReply, WaitRequest
from wellbeing_desktop.sync.server.local import running_server
from wellbeing_desktop.sync.server.service import Service
from wellbeing_desktop.sync.server.settings import Settings
from wellbeing_desktop.sync.server.waiters import Waiters


def counting_head(answers: list[int]) -> tuple[Callable[[], tuple[int, str]], list[int]]:
    asked: list[int] = []

    def head() -> tuple[int, str]:
        asked.append(1)
        return answers[min(len(asked), len(answers)) - 1], ""

    return head, asked


def test_two_hundred_laptops_wait_on_one_look_and_are_woken_together() -> None:
    head, asked = counting_head([5, 5, 9])

    async def scene() -> list[int]:
        waiters = Waiters(head, look_seconds=0.01)
        found = await asyncio.gather(*(waiters.until_after(5, seconds=30) for _ in range(200)))
        assert waiters.waiting == 0
        await waiters.close()
        return found

    assert asyncio.run(scene()) == [9] * 200
    assert len(asked) == 3


def test_who_waits_in_vain_is_let_go_and_nobody_is_asked_for_when_nobody_waits() -> None:
    head, asked = counting_head([5])

    async def scene() -> None:
        waiters = Waiters(head, look_seconds=0.01)
        assert await waiters.until_after(5, seconds=0.05) == 5
        while waiters._looking is not None and not waiters._looking.done():
            await asyncio.sleep(0)
            await asyncio.wait([waiters._looking], timeout=5)
        before = len(asked)
        await asyncio.sleep(0)
        assert len(asked) == before

    asyncio.run(scene())


def test_a_push_taken_here_is_looked_at_without_waiting_for_the_next_look() -> None:
    head, _ = counting_head([5, 6])

    async def scene() -> int:
        waiters = Waiters(head, look_seconds=3600)
        waiting = asyncio.create_task(waiters.until_after(5, seconds=30))
        while waiters._seq != 5:
            await asyncio.sleep(0)
        waiters.something_came()
        return await waiting

    assert asyncio.run(scene()) == 6


def test_a_laptop_that_waits_at_one_worker_hears_of_a_push_at_another(service: Service) -> None:
    ann, bob = Laptop(service, "Ann", "owner"), Laptop(service, "Bob", "owner")
    ann.person()
    ann.sync()
    bob.pull()
    found: list[int] = []
    other = Service(service.engine, service.org)
    with running_server(service, Settings(folder=Path())) as url, running_server(other, Settings(folder=Path())):
        way = HttpTransport(server_address(url))
        token = bob.sign_in().token
        message = encode(WaitRequest(device=bob.dev, seq=bob.seq))

        def wait() -> None:
            reply = way.post("/v1/wait", message, access=ACCESSES[token])
            found.append(decode(reply, WaitReply).seq)

        thread = threading.Thread(target=wait)
        thread.start()
        ann.service = other
        ann.person("Later")
        ann.push()
        thread.join(20)
        way.close()
    assert found
    assert found[0] > bob.seq
