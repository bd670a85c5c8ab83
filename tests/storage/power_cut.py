"""A power-cut simulator: records what a program writes and syncs, then rebuilds the disk as a cut would have left it.

What had been synced is there. Of what had not, a cut may leave all, none, the first part, any part, or the first part
with its last write torn at a sector. Recording is by strace, whose trace shows every write with its bytes.

Not modelled: lost directory entries, and drives that lie about their cache.
"""

import os
import random
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, NamedTuple

SECTOR: Final = 512
Model = Literal["all", "none", "prefix", "subset", "torn"]
MODELS: Final[tuple[Model, ...]] = ("all", "none", "prefix", "subset", "torn")

_CALLS: Final = "openat,write,pwrite64,lseek,ftruncate,fsync,fdatasync,unlink,unlinkat,rename,renameat,renameat2"
_LINE: Final = re.compile(r"^(?P<at>\d+\.\d+) (?P<call>\w+)\((?P<args>.*)\)\s+= (?P<result>-?\d+)")
_FILE: Final = re.compile(r"^(?P<fd>\d+)<(?P<path>[^>]*)>")
_QUOTED: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


class Event(NamedTuple):
    """`what`: write, truncate, sync, remove, rename, acknowledge. `path` is relative to the recorded folder."""

    what: str
    path: str = ""
    offset: int = 0
    data: bytes = b""


def can_record() -> bool:
    """True if strace is here and may be used."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True).returncode == 0


def record(folder: Path, traces: Path, module: str, *arguments: str) -> list[Event]:
    """Run a module of ours under strace and give what it did to the folder, in order."""
    traces.mkdir()
    command = ["strace", "-ff", "-ttt", "-y", "-xx", "-s", "1000000", "-e", f"trace={_CALLS}", "-e", "signal=none"]
    command += [
        "--seccomp-bpf",
        "-o",
        os.fspath(traces / "trace"),
        sys.executable,
        "-m",
        module,
        os.fspath(folder),
        *arguments,
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    calls = sorted(call for file in traces.iterdir() for call in _calls(file))
    return list(_events(folder, calls))


def _calls(file: Path) -> Iterator[tuple[float, str, str, int]]:
    with file.open("r", encoding="ascii") as lines:
        for line in lines:
            if (found := _LINE.match(line)) is not None and int(found["result"]) >= 0:
                yield float(found["at"]), found["call"], found["args"], int(found["result"])


def _events(folder: Path, calls: list[tuple[float, str, str, int]]) -> Iterator[Event]:
    position: dict[str, int] = defaultdict(int)
    for _, call, args, result in calls:
        if call == "openat":
            opened = _unquoted(args)[0]
            position[_inside(folder, opened)] = 0
            if "O_TRUNC" in args and _inside(folder, opened):
                yield Event("truncate", _inside(folder, opened), 0)
            continue
        if call.startswith(("unlink", "rename")):
            names = [_inside(folder, name) for name in _unquoted(args)]
            if names[0]:
                if call.startswith("unlink"):
                    yield Event("remove", names[0])
                else:
                    yield Event("rename", names[0], data=names[1].encode())
            continue
        held = _FILE.match(args)
        if held is None:
            continue
        if call == "write" and held["fd"] == "1":
            said = _unquoted(args)[-1]
            if said.startswith("acknowledged "):
                yield Event("acknowledge", offset=int(said.split()[1]))
            continue
        path = _inside(folder, _decoded(held["path"]))
        if not path:
            continue
        if call == "pwrite64":
            yield Event("write", path, int(args.rsplit(", ", 1)[1]), _bytes(args)[:result])
        elif call == "write":
            yield Event("write", path, position[path], _bytes(args)[:result])
            position[path] += result
        elif call == "lseek":
            position[path] = result
        elif call == "ftruncate":
            yield Event("truncate", path, int(args.rsplit(", ", 1)[1]))
        elif call in ("fsync", "fdatasync"):
            yield Event("sync", path)


def disk_after_cut(
    before: Path, target: Path, events: list[Event], cut: int, model: Model, chance: random.Random
) -> None:
    """Build the folder as a cut after `cut` events would leave it. `before` is the folder as the run began."""
    shutil.copytree(before, target)
    waiting: dict[str, list[Event]] = defaultdict(list)
    disk = _Disk(target)
    for event in events[:cut]:
        match event.what:
            case "write" | "truncate":
                waiting[event.path].append(event)
            case "sync":
                for done in waiting.pop(event.path, []):
                    disk.apply(done)
            case "remove":
                waiting.pop(event.path, None)
                (target / event.path).unlink(missing_ok=True)
            case "rename":
                new = event.data.decode()
                (target / event.path).touch()
                (target / event.path).replace(target / new)
                waiting[new] = waiting.pop(event.path, [])
    for path, left in waiting.items():
        assert path
        for event in _surviving(left, model, chance):
            disk.apply(event)
    for shared_memory in target.glob("*-shm"):
        shared_memory.unlink()


def _surviving(waiting: list[Event], model: Model, chance: random.Random) -> list[Event]:
    match model:
        case "all":
            return waiting
        case "none":
            return []
        case "prefix":
            return waiting[: chance.randint(0, len(waiting))]
        case "subset":
            return [event for event in waiting if chance.random() < 0.5]
        case "torn":
            kept = waiting[: chance.randint(0, len(waiting))]
            if kept and len(kept[-1].data) > SECTOR:
                sectors = chance.randint(0, len(kept[-1].data) // SECTOR)
                kept = [*kept[:-1], kept[-1]._replace(data=kept[-1].data[: sectors * SECTOR])]
            return kept


class _Disk:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def apply(self, event: Event) -> None:
        path = self._folder / event.path
        with path.open("r+b" if path.exists() else "w+b") as file:
            if event.what == "truncate":
                file.truncate(event.offset)
            else:
                file.seek(event.offset)
                file.write(event.data)


def _inside(folder: Path, path: str) -> str:
    """The path relative to the folder; nothing if it is elsewhere or the shared memory, which no disk holds."""
    name = path.removesuffix(" (deleted)")
    if not name.startswith(f"{folder}/") or name.endswith("-shm"):
        return ""
    return name[len(f"{folder}/") :]


def _decoded(text: str) -> str:
    return bytes.fromhex(text.replace("\\x", "")).decode() if text.startswith("\\x") else text


def _bytes(args: str) -> bytes:
    found = _QUOTED.search(args)
    assert found is not None
    return bytes.fromhex(found[1].replace("\\x", ""))


def _unquoted(args: str) -> list[str]:
    return [bytes.fromhex(found.replace("\\x", "")).decode(errors="replace") for found in _QUOTED.findall(args)]
