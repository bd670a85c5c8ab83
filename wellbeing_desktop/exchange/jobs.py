"""Reading a people list in the worker process: a list of 100,000 rows must not hold up a key."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.exchange.column_mapping import FIELDS, Preset, is_known_header, propose_mapping
from wellbeing_desktop.exchange.people_list import PeopleFile, PeopleList, read_people
from wellbeing_desktop.exchange.tables import read_table


class ReadList(msgspec.Struct, frozen=True):
    """What to read. `fields` is a mapping that somebody chose, one for each column, with the `fingerprint` of the
    headings that it is for; empty to take the mapping that the headings say."""

    data: bytes
    filename: str
    today: dt.date
    preset: Preset = "auto"
    sheet: str = ""
    fingerprint: str = ""
    fields: tuple[str, ...] = ()
    remembered: dict[str, tuple[str, ...]] = {}
    """Mappings that were chosen for other lists, by the fingerprint of their headings."""


class ListRead(msgspec.Struct, frozen=True):
    """A file as it was read. With a `problem` its columns are known and nobody on it is: the mapping is to be mended."""

    file: PeopleFile
    problem: str = ""


def read_list(payload: Any, report: Callable[[int, int], None]) -> bytes:
    """The ListRead of a `ReadList`, packed. Raises Refused with the sentence to show when it is no table at all."""
    asked = msgspec.convert(payload, ReadList)
    report(0, 0)
    table = read_table(asked.data, asked.filename, sheet=asked.sheet, known_header=is_known_header)
    mapping = propose_mapping(table.headers, asked.preset)
    chosen = asked.fields if asked.fingerprint == mapping.fingerprint else asked.remembered.get(mapping.fingerprint, ())
    if len(chosen) == len(mapping.fields) and all(not field or field in FIELDS for field in chosen):
        mapping = msgspec.structs.replace(mapping, fields=tuple(chosen), notices=())
    report(0, 0)
    try:
        answer = ListRead(PeopleFile(table, mapping, read_people(table, mapping, asked.today)))
    except Refused as refusal:
        nobody = PeopleList(
            people=(), refused=(), unmapped_headers=mapping.unmapped_headers(), notices=(), gender_words=(), read=0
        )
        answer = ListRead(PeopleFile(table, mapping, nobody), refusal.message)
    return msgspec.msgpack.encode(answer)


def unpack(data: bytes) -> ListRead:
    """The answer of `read_list`."""
    return msgspec.msgpack.decode(data, type=ListRead)
