"""Beside P5: the same records loaded by PouchDB, from a server that does nothing but answer from memory.

npm install pouchdb              in a folder of its own, outside the project; allow the build of leveldown
python -m benchmarks.pouch FOLDER [--quick]

Optional: needs node, and is no part of `make bench`. PouchDB encrypts nothing, indexes no word and merges nothing.
"""

import argparse
import json
import subprocess
from pathlib import Path

from benchmarks.p5_first_load import first_load
from benchmarks.serving import serving
from benchmarks.stores import copy_of, run_folder
from wellbeing_desktop.sync.server.service import Service

HERE = Path(__file__).parent
BATCHES = (1_000, 5_000)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pouch", description=__doc__)
    parser.add_argument("folder", type=Path, help="where pouchdb was installed")
    parser.add_argument("--quick", action="store_true", help="small size, to see that it works")
    chosen = parser.parse_args()
    people = 200 if chosen.quick else 10_000
    with serving(copy_of(people, "pouch-server", "server")) as (address, service):
        records = run_folder() / "records.jsonl"
        _write(service, records)
        received, ours, cpu = first_load(run_folder() / "pouch-ours", address, service)
    print(f"ours: {received:,} records in {ours:.2f} s, {cpu:.2f} s of the laptop's processor", flush=True)
    for batch in BATCHES:
        told = _pull(chosen.folder, records, batch)
        print(
            f"PouchDB, batches of {batch:,}: {told['documents']:,} in {told['seconds']:.2f} s, {told['cpu']:.2f} s of the "
            f"laptop's processor: {told['seconds'] / ours:.1f} times ours",
            flush=True,
        )


def _write(service: Service, path: Path) -> None:
    rows = service.engine.read(
        lambda transaction: transaction.all("SELECT body FROM rec WHERE org = ? ORDER BY seq", (service.org,))
    )
    path.write_bytes(b"\n".join(bytes(body) for (body,) in rows) + b"\n")


def _pull(folder: Path, records: Path, batch: int) -> dict[str, float]:
    server = subprocess.Popen(
        ["node", HERE / "couch.js", records], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    assert server.stdin is not None
    try:
        port = server.stdout.readline().strip()
        command = ["node", HERE / "pull.js", port, folder.resolve(), str(batch)]
        told = subprocess.run(command, check=True, capture_output=True, text=True)
        return dict(json.loads(told.stdout))
    finally:
        server.stdin.close()
        server.wait(30)


if __name__ == "__main__":
    main()
