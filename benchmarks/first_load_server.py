"""A server full of records in a process of its own, for P5: `python -m benchmarks.first_load_server FOLDER PEOPLE LAPTOPS`.

Prints its address and one code for each laptop, then serves until its input ends.
"""

import datetime as dt
import secrets
import sys
import uuid
from pathlib import Path
from typing import Any

from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.sync.merge import RecordState
from wellbeing_desktop.sync.server import members, sql
from wellbeing_desktop.sync.server.engine import Transaction
from wellbeing_desktop.sync.server.local import new_service, running_server
from wellbeing_desktop.sync.server.records import record_row
from wellbeing_desktop.sync.server.service import Service

WORDS = [
    "garden",
    "walking",
    "group",
    "tea",
    "chapel",
    "grandson",
    "stairs",
    "sleep",
    "worried",
    "morning",
    "bus",
    "neighbour",
    "appetite",
    "letter",
    "benefit",
    "carer",
    "hospital",
    "daughter",
    "kitchen",
    "market",
    "lunch",
    "club",
    "knitting",
    "phone",
    "friend",
    "visit",
    "balance",
    "medicine",
    "heating",
    "winter",
]
CHILDREN = 10


def prose(number: int, words: int) -> str:
    return " ".join(WORDS[(number * 7 + place * place) % len(WORDS)] for place in range(words)).capitalize() + "."


def id_at(millisecond: int) -> str:
    value = (1_760_000_000_000 + millisecond) << 80 | 0x7 << 76 | 0b10 << 62 | secrets.randbits(60)
    return str(uuid.UUID(int=value))


def states(people: int) -> list[RecordState]:
    """Each person with ten records: an address, two contact points, four contacts, three notes."""
    made: list[RecordState] = []
    moment = 0

    def add(type_name: str, subject: str, body: dict[str, Any]) -> str:
        nonlocal moment
        moment += 1
        id = id_at(moment)
        made.append(
            RecordState(
                id=id,
                type=type_name,
                subject=subject or id,
                compartment=str(RECORD_TYPES[type_name].compartment),
                body=body,
                rev=1,
                field_rev=dict.fromkeys(body, (1, id)),
            )
        )
        return id

    for number in range(people):
        day = (dt.date(2025, 1, 1) + dt.timedelta(days=number % 600)).isoformat()
        person = add(
            "person",
            "",
            {
                "family_name": f"{WORDS[number % len(WORDS)].capitalize()}{number}",
                "given_name": WORDS[number * 3 % len(WORDS)].capitalize(),
                "born_on": f"19{30 + number % 60}-03-04",
                "local_number": str(number),
            },
        )
        add("address", person, {"line1": f"{number} High Street", "postcode": f"LD{number % 9} {number % 9}AB"})
        for last in (1, 2):
            add("contact_point", person, {"medium": "phone", "value": f"+4477009{number % 100000:05}{last}"})
        for which in range(4):
            contact = add(
                "contact",
                person,
                {
                    "happened_at": f"{day}T10:0{which}:00.000000Z",
                    "happened_on": day,
                    "medium": "telephone",
                    "outcome": "seen",
                    "practitioner_id": person,
                },
            )
            if which < 3:
                add("note", person, {"about_id": contact, "written_on": day, "text": prose(number + which, 60)})
    return made


def fill(service: Service, people: int) -> None:
    def write(transaction: Transaction) -> None:
        clock = sql.locked_clock(transaction, service.org)
        rows = [record_row(state, clock.seq + place + 1) for place, state in enumerate(states(people))]
        for start in range(0, len(rows), 5000):
            sql.write_records(transaction, service.org, rows[start : start + 5000])
        sql.move_clock(transaction, service.org, clock.seq + len(rows), secrets.token_hex(8), "2026-11-21T09:00:00Z")

    service.engine.write(write)


def main(folder: Path, people: int, laptops: int) -> None:
    service = new_service("Benchmark", folder)
    member = members.add_member(service, "Ann", ("owner",))
    fill(service, people)
    codes = [members.invite(service, member, approved=True)[0] for _ in range(laptops)]
    with running_server(service) as url:
        print("\n".join([url, *codes]), flush=True)
        sys.stdin.read()
    service.engine.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
