"""DIR/report.json: what the demo did, for whoever runs it from outside (DESIGN section 9)."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from wellbeing_desktop.cli.demo.day import Day, Team

REPORT: Final = "report.json"
PASSPHRASES: Final = "passphrases.txt"


def report_of(
    day: Day, team: Team, screenshots: list[Path], *, engine: str, server_records: int, passphrases: Path
) -> dict[str, Any]:
    files = day.monthly_return.files
    return {
        "people": day.people,
        "visits_offline": day.visits_offline,
        "conflicts_kept": day.conflicts_kept,
        "documents": [{"kind": paper.kind, "file": str(paper.file), "person": paper.person_id} for paper in day.papers],
        "letters_stopped": list(day.stopped),
        "return": {
            "month": files.month,
            "csv": str(files.csv),
            "xlsx": str(files.xlsx),
            "pdf": str(files.pdf),
            "people_behind": day.monthly_return.people_behind,
        },
        "stores": [str(laptop.store.folder) for laptop in team.everyone()],
        "passphrases": str(passphrases),
        "server": {"engine": engine, "records": server_records},
        "screenshots": [str(path) for path in screenshots],
        "converged": day.converged,
    }


def write_report(out: Path, report: Mapping[str, Any]) -> Path:
    path = out / REPORT
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")
    return path


def write_passphrases(out: Path, team: Team) -> Path:
    """The passphrase of each made-up laptop, for whoever opens the stores afterwards: readable by its owner alone."""
    path = out / PASSPHRASES
    lines = "".join(f"{laptop.store.folder.name}: {laptop.passphrase}\n" for laptop in team.everyone())
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("These laptops are made up; nobody's real record is in them.\n" + lines)
    return path
