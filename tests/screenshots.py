"""Pictures of every screen, for README and for people to look at: `python -m tests.screenshots --out docs/pictures`.

The usual look goes into the folder itself; with `--all` also the three themes and text at 200 %, each into a folder of
its own, and every page, tab and form with a day's work in it (tests/every_screen.py) into `every/`, for whoever checks
that nothing is cut off.
"""

import argparse
import datetime as dt
import json
import os
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.every_screen import every_picture, every_store
from wellbeing_desktop.cli.demo.practice import PASSPHRASE, make_practice
from wellbeing_desktop.cli.demo.screens import coordinator_shots
from wellbeing_desktop.cli.window import Shot
from wellbeing_desktop.domain.care_plan import PlanNarrative
from wellbeing_desktop.domain.correction import Conflict
from wellbeing_desktop.domain.definition import Compartment
from wellbeing_desktop.domain.organisation import Practitioner
from wellbeing_desktop.domain.person import Person
from wellbeing_desktop.pictures import picture_entry, picture_store
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.write_door import transaction

WITH_A_CLASH = ("sync", "clashes")
MORE = (
    Shot("my-list", "my_list"),
    Shot("referrals", "referrals"),
    Shot("at-risk", "at_risk"),
    Shot("services", "services"),
    Shot("cover", "cover"),
)
"""Screens that the demo's own report leaves out."""
LOOKS = {
    "light": ("light", 100),
    "dark": ("dark", 100),
    "high-contrast": ("high contrast", 100),
    "light-200": ("light", 200),
    "dark-200": ("dark", 200),
    "high-contrast-200": ("high contrast", 200),
}


def main(out: Path, *, every_look: bool) -> list[Path]:
    """Take them; the pictures, in the order taken."""
    taken = []
    with tempfile.TemporaryDirectory() as home:
        made = Path(home) / "made"
        make_practice(made).close()
        for name, (theme, percent) in LOOKS.items():
            if name != "light" and not every_look:
                continue
            folder = out if name == "light" else out / name
            stores = Path(home) / name
            shutil.copytree(made, stores / "practice")
            look = partial(_look, theme, percent)
            taken += picture_entry(stores, folder, look=look)
            store = Store.open(stores / "practice", PASSPHRASE)
            first = store.read(lambda reader: load_all(reader, Person))[0].id
            shots = (*MORE, *coordinator_shots(first))  # the locked window comes last
            taken += picture_store(store, [shot for shot in shots if shot.page not in WITH_A_CLASH], folder, look=look)
            store = Store.open(stores / "practice", PASSPHRASE)
            store.write(partial(_make_clash, person_id=first))  # last: the other pictures show a settled day
            taken += picture_store(store, [shot for shot in shots if shot.page in WITH_A_CLASH], folder, look=look)
    return [*taken, *_every_screen(out / "every")] if every_look else taken


def _every_screen(out: Path) -> list[Path]:
    with tempfile.TemporaryDirectory() as home, every_store(Path(home)) as stores:
        return [
            picture
            for name, (theme, percent) in LOOKS.items()
            for made in stores
            for picture in every_picture(made, out / name, partial(_look, theme, percent))
        ]


def _make_clash(writer: Writer, person_id: str) -> None:
    """What a colleague and the person signed in both wrote about one heading of a plan, as the merge keeps it."""
    now = dt.datetime.now(dt.UTC)
    (narrative,) = [each for each in load_all(writer, PlanNarrative) if each.subject == person_id]
    with transaction(writer, "picture") as tx:
        colleague = tx.create(Practitioner(name="Sam Okafor", job_title="Care coordinator"))
        theirs = "My independence, and my daughter's visits on Sundays."
        tx.change(PlanNarrative, narrative.id, {"most_important": theirs})
        tx.create(
            Conflict(
                subject=person_id,
                target_type="plan_narrative",
                target_id=narrative.id,
                field="most_important",
                base=json.dumps("My independence."),
                mine=json.dumps("My independence, and getting back to the allotment."),
                mine_author=tx.author,
                mine_at=(now - dt.timedelta(hours=3)).isoformat(),
                theirs=json.dumps(theirs),
                theirs_author=colleague,
                theirs_at=(now - dt.timedelta(hours=1)).isoformat(),
                state="open",
            ),
            Compartment.CLINICAL,
        )


def _look(chosen: str, percent: int) -> None:
    from wellbeing_desktop.ui.theme import theme

    theme().choose(chosen)
    theme().set_percent(percent)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--all", action="store_true", help="every theme, and text at 200 %%")
    arguments = parser.parse_args()
    for path in main(arguments.out, every_look=arguments.all):
        sys.stdout.write(f"{path}\n")
