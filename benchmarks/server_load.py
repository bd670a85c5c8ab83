"""The server under steady work: edits a second to durable, memory, and whether one slow laptop slows another.

python -m benchmarks.server_load [--quick]

For each engine: 1, 10 and 100 laptops push small edits as fast as they are answered; then one laptop pushes alone, and
again beside 20 connections that send a byte now and then and one that has stopped reading.
"""

import argparse
import contextlib
import socket
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.laptops import Laptop, all_at_once, resident_mb
from benchmarks.measure import percentile
from benchmarks.serving import new_server
from wellbeing_desktop.sync.client.conversation import PUSH
from wellbeing_desktop.sync.protocol.pushing import PushReply

SLOW = 20


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.server_load", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it works")
    quick = parser.parse_args().quick
    for engine in ("file", "postgresql"):
        for clients in (1, 3) if quick else (1, 10, 100):
            print(_throughput(engine, clients, 60 if quick else 12_000 // max(clients, 4)), flush=True)
        print(_beside_the_slow(engine, 10 if quick else 200), flush=True)


def _throughput(engine: str, clients: int, operations: int) -> str:
    with tempfile.TemporaryDirectory(prefix="wb-") as folder, new_server(engine, Path(folder)) as found:
        address, service, number = found
        laptops = [Laptop(address, service, f"Laptop {at}") for at in range(clients)]
        before = resident_mb(number)
        work = [laptop.work(operations, 200) for laptop in laptops]
        start = time.monotonic()
        told = all_at_once(laptops, work)
        whole = time.monotonic() - start
        taken = sum(each.pushed for each in told)
        failures = sum(len(each.failures) for each in told)
        waited = sum(each.asked_to_wait for each in told)
        return (
            f"{engine:<10} {clients:>3} laptops: {taken / whole:>8,.0f} edits a second to durable, {taken:,} edits, "
            f"{failures} failures, told to wait {waited} times, server {before:.0f} to {resident_mb(number):.0f} MB "
            f"({(resident_mb(number) - before) / clients:.2f} MB a laptop)"
        )


def _beside_the_slow(engine: str, pushes: int) -> str:
    with tempfile.TemporaryDirectory(prefix="wb-") as folder, new_server(engine, Path(folder)) as found:
        address, service, _number = found
        laptop = Laptop(address, service, "Quick")
        alone = _each_push(laptop, pushes)
        with _slow_ones(address):
            beside = _each_push(laptop, pushes)
        return (
            f"{engine:<10} one laptop, a push of 10 edits: median {percentile(alone, 0.5) * 1000:.1f} ms alone, "
            f"{percentile(beside, 0.5) * 1000:.1f} ms beside {SLOW} that drip and one that does not read "
            f"(p95 {percentile(alone, 0.95) * 1000:.1f} and {percentile(beside, 0.95) * 1000:.1f} ms)"
        )


def _each_push(laptop: Laptop, pushes: int) -> list[float]:
    talk = laptop.conversation()
    talk.sign_in()
    took = []
    for _ in range(pushes):
        (request,) = laptop.work(10, 200)
        start = time.monotonic()
        talk.ask(PUSH, request, PushReply)
        took.append(time.monotonic() - start)
    return took


class _slow_ones(contextlib.AbstractContextManager[None]):  # noqa: N801
    """Connections that begin a request and never end it."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._to = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._over = threading.Event()
        self._open: list[socket.socket] = []

    def __enter__(self) -> None:
        head = b"POST /v1/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n{"
        self._open = [socket.create_connection(self._to, 5) for _ in range(SLOW)]
        for one in self._open:
            one.sendall(head)
        deaf = socket.create_connection(self._to, 5)
        deaf.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n" * 200)
        self._open.append(deaf)
        threading.Thread(target=self._drip, daemon=True).start()

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        for one in self._open:
            one.close()

    def _drip(self) -> None:
        while not self._over.wait(0.5):
            for one in self._open[:SLOW]:
                with contextlib.suppress(OSError):
                    one.sendall(b" ")


if __name__ == "__main__":
    main()
