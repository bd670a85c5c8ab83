"""The same over the real HTTP server of the product, with several laptops at once."""

from concurrent.futures import ThreadPoolExecutor

from tests.sync.client.practice import Practice
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.transport import HttpTransport
from wellbeing_desktop.sync.server.local import running_server


def test_three_laptops_at_once_end_with_the_same(practice: Practice) -> None:
    laptops = [practice.laptop(practice.member(name)) for name in ("Ann", "Bob", "Cerys")]
    with running_server(practice.service) as url, ThreadPoolExecutor(3) as pool:
        for laptop in laptops:
            laptop.transport.close()
            laptop.transport = HttpTransport(server_address(url))
        list(pool.map(lambda laptop: laptop.synced(), laptops))
        for laptop in laptops:
            for number in range(20):
                laptop.create(Person(family_name=f"{laptop.member.name} {number}"))
        list(pool.map(lambda laptop: laptop.synced(), laptops))
        list(pool.map(lambda laptop: laptop.synced(), laptops))
        everybody = {f"{name} {number}" for name in ("Ann", "Bob", "Cerys") for number in range(20)}
        for laptop in laptops:
            assert {person.family_name for person in laptop.all(Person)} == everybody
            laptop.synced(verify=True)
        for laptop in laptops:
            laptop.transport.close()


def test_a_refusal_of_the_real_server_is_understood(practice: Practice) -> None:
    ann = practice.laptop(practice.member("Ann"))
    with running_server(practice.service) as url:
        wrong = HttpTransport(server_address(f"{url}/elsewhere"))
        ann.transport.close()
        ann.transport = wrong
        assert [found.kind for found in ann.sync().problems] == ["not_our_server"]
        wrong.close()
