"""P13: bring in a list of 10,000 people with the duplicate check, against `csv` and bare inserts with the `find` FTS.

The reference reads the same bytes with `csv`, writes the same people, addresses and telephone numbers into the same
tables, and their words into `find`. It checks no number, compares nobody, keeps no outbox, audit or undo.
"""

import csv
import datetime as dt
import io
import itertools
import shutil
from collections.abc import Iterator
from typing import Final

from benchmarks.measure import Measured, in_turn, percentile, seconds
from benchmarks.practice import practice_rows
from benchmarks.stores import PASSPHRASE, bare_store, run_folder
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.exchange.people_list import read_people_file
from wellbeing_desktop.operations.import_preview import preview_people_list
from wellbeing_desktop.operations.imports import import_people
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.kdf import FAST_FOR_TESTS
from wellbeing_desktop.storage.store import Store

HEADINGS: Final = (
    "NHS Number", "Family Name", "Calling Name", "Date of Birth", "Gender", "Number and Street", "Town", "Postcode",
    "Mobile Telephone",
)  # fmt: skip
TODAY: Final = dt.date(2026, 11, 21)


def run(quick: bool = False) -> Iterator[Measured]:
    people, rounds = (200, 1) if quick else (10_000, 5)
    data = people_csv(people)
    numbers = itertools.count()

    def ours() -> float:
        folder = run_folder() / f"p13-{next(numbers)}"
        store, _kit = Store.create(folder, "Bench", PASSPHRASE, argon=FAST_FOR_TESTS)
        with store:
            took = seconds(lambda: bring_in(store, data, people))
        shutil.rmtree(folder)
        return took

    def reference() -> float:
        with bare_store(f"p13-bare-{next(numbers)}") as writer:
            return seconds(lambda: _bare(writer, data))

    mine, theirs = in_turn(ours, reference, rounds=rounds, warm=False)
    yield Measured(
        id="P13",
        what=f"bring in {people:,} people from CSV with the duplicate check",
        reference_is="csv and bare inserts into the same tables with the find FTS",
        unit="s",
        ours=percentile(mine, 0.5),
        reference=percentile(theirs, 0.5),
        reach=3.0,
        rounds=len(mine),
        notes="read, preview, possible duplicates, one transaction with outbox and audit",
    )


def people_csv(people: int) -> bytes:
    """A list as a GP system exports it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    held: dict[str, list[str]] = {}
    for row in practice_rows(people, ""):
        body = row.body
        if row.type == "person":
            born = dt.date.fromisoformat(body["born_on"]).strftime("%d-%b-%Y")
            held = {"person": [body["nhs_number"], body["family_name"], body["given_name"], born, "Female"]}
        elif row.type == "address":
            held["address"] = [body["line1"], body["line4"], body["postcode"]]
        elif row.type == "contact_point":
            writer.writerow([*held["person"], *held["address"], "0" + body["value"].removeprefix("+44")])
    return out.getvalue().encode()


def bring_in(store: Store, data: bytes, people: int) -> None:
    """As the command line does it."""
    file = read_people_file(data, "people.csv", TODAY)
    preview = store.read(lambda reader: preview_people_list(reader, file.people, source=file.mapping.preset))
    _changes, result = store.write(lambda writer: import_people(writer, preview))
    if result.new != people:
        raise RuntimeError(f"{people} people are on the list, {result.new} were brought in: {preview.refused[:3]}")


def bring_in_quietly(store: Store, data: bytes) -> None:
    """The same into a store that knows some of the people: what is not clear is left as it is."""
    file = read_people_file(data, "people.csv", TODAY)
    preview = store.read(lambda reader: preview_people_list(reader, file.people, source=file.mapping.preset))
    store.write(lambda writer: import_people(writer, preview))


def _bare(writer: Writer, data: bytes) -> None:
    lines = csv.reader(io.StringIO(data.decode()))
    next(lines)
    people, addresses, points, records, words = [], [], [], [], []
    for number, (nhs, family, given, born, _gender, street, town, postcode, telephone) in enumerate(lines, 1):
        id, address_id, point_id = new_id(), new_id(), new_id()
        born_on = dt.datetime.strptime(born, "%d-%b-%Y").date().isoformat()  # noqa: DTZ007 -- a date, no moment
        people.append((id, id, family, given, born_on, nhs))
        addresses.append((address_id, id, street, town, postcode))
        points.append((point_id, id, telephone))
        records += [(id, "person", id), (address_id, "address", id), (point_id, "contact_point", id)]
        words.append((number, f"{family} {given} {nhs} {born_on} {street} {postcode} {telephone}".lower()))
    with writer.immediate():
        writer.executemany(
            "INSERT INTO person (id, subject, compartment, gone, family_name, given_name, born_on, nhs_number)"
            " VALUES (?, ?, 'card', 0, ?, ?, ?, ?)",
            people,
        )
        writer.executemany(
            "INSERT INTO address (id, subject, compartment, gone, line1, line4, postcode) VALUES (?, ?, 'card', 0, ?, ?, ?)",
            addresses,
        )
        writer.executemany(
            "INSERT INTO contact_point (id, subject, compartment, gone, medium, value) VALUES (?, ?, 'card', 0, 'mobile', ?)",
            points,
        )
        writer.executemany("INSERT INTO record (id, type, subject, compartment) VALUES (?, ?, ?, 'card')", records)
        writer.executemany("INSERT INTO person_words (number, family, words) VALUES (?, '', ?)", words)
        writer.executemany("INSERT INTO find (rowid, words) VALUES (?, ?)", words)
