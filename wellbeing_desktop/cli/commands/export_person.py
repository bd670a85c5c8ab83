"""`wellbeing export person ID`: what is held about one person, for them or for another system."""

import argparse
import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.opening import add_store_arguments, opened_store
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.cli.return_files import write_export
from wellbeing_desktop.documents.blocks import Document
from wellbeing_desktop.documents.html import render_html
from wellbeing_desktop.documents.pdf import render_pdf
from wellbeing_desktop.documents.person_export import ExportEntry, ExportSection, PersonExport, person_export_document
from wellbeing_desktop.documents.print_style import PrintStyle, style_for
from wellbeing_desktop.domain.assessment import Score
from wellbeing_desktop.domain.care_plan import Action, CarePlan, Goal, PlanNarrative
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.definition import Field, Kind, Record, RecordType, SubjectKind
from wellbeing_desktop.domain.document import Attachment
from wellbeing_desktop.domain.file_kinds import copy_name
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.names import letter_name
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.person import Address, ContactPoint, Demographics, RelatedPerson
from wellbeing_desktop.domain.registry import RECORD_TYPES
from wellbeing_desktop.domain.wire import body_of
from wellbeing_desktop.exchange.csv_out import csv_bytes
from wellbeing_desktop.exchange.fhir_out import PersonRecords, fhir_bytes
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.files import kind_of
from wellbeing_desktop.operations.looking import opened_record
from wellbeing_desktop.operations.service import sender
from wellbeing_desktop.storage.attachments import read_file
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.effective import load_effective
from wellbeing_desktop.storage.lease import require_export
from wellbeing_desktop.storage.records import load, load_all
from wellbeing_desktop.storage.store import Store

Sections = list[tuple[RecordType, list[Record]]]

_LEFT_OUT: Final = (
    "What others told us in confidence.",
    "Entries that were written in the wrong record.",
    "How the records were stored and sent.",
)
_INTERNAL: Final = frozenset({"conflict", "misfiling", "alias", "grant"})
_OF_OTHERS: Final = frozenset({"concern_child"})
_STAFF_FIELDS: Final = frozenset({"listed", "plan_id", "about_id", "address_id"})
_DOCUMENT_FIELDS: Final = tuple(
    RECORD_TYPES["attachment"].field(name) for name in ("title", "kind", "received_on", "source", "sha256")
)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="the person, as `wellbeing people` names them")
    add_store_arguments(parser)
    parser.add_argument("--format", choices=sorted(_FORMATS), required=True, help="the form of the file")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the file to write")
    parser.add_argument(
        "--with-what-others-told",
        action="store_true",
        help="also what others told, unless it was told in confidence; read it through before it is given to anybody",
    )


def _run(arguments: argparse.Namespace, output: Output) -> Exit:
    with opened_store(arguments, require=require_export) as store:
        with_others = bool(arguments.with_what_others_told)
        content = store.read(lambda reader: _FORMATS[arguments.format](reader, arguments.id, with_others))
        store.write(partial(opened_record, person_id=arguments.id, what="export_record"))
        written = [write_export(arguments.out, content)]
        documents, missing = _documents(store, arguments.id, arguments.out)
        written += documents
    output.say("These files are not encrypted. They hold a person's record: keep them safe, and delete them when sent.")
    if not with_others:
        output.say("What others told, and children of a household, are not in it (--with-what-others-told).")
    if missing:
        output.say(
            f"Not on this computer, and so not among the files: {missing} of the documents. Sync, then export again."
        )
    output.result({"files": [str(path) for path in written], "documents_missing": missing})
    return Exit.DONE


def _documents(store: Store, person_id: str, out: Path) -> tuple[list[Path], int]:
    """The documents themselves, in a folder beside the export with a list of what each one is; and how many are not
    here. The names are ours: a title is somebody else's words."""
    documents = store.read(lambda reader: load_all(reader, Attachment, subject=person_id))
    if not documents:
        return [], 0
    folder = out.with_name(f"{out.stem}-documents")
    written, rows, missing = [], [], 0
    for number, document in enumerate(documents, 1):
        content = read_file(store.files, document.sha256)
        name = "" if content is None else copy_name(kind_of(document), "document", None, number)
        if content is None:
            missing += 1
        else:
            written.append(write_export(folder / name, content))
        said = [_words(field, getattr(document, field.name)) for field in _DOCUMENT_FIELDS]
        rows.append((name or "not on this computer", *said))
    header = ("File", *(field.label for field in _DOCUMENT_FIELDS))
    written.append(write_export(folder / "list.csv", csv_bytes(header, rows)))
    return written, missing


def sections_of(reader: Reader, person_id: str, with_others: bool = False) -> Sections:
    """Every record about the person as it reads now, by type. What others told is not in it unless that is asked for,
    and what they told in confidence never is (W17)."""
    found.person(reader, person_id)
    sections: Sections = []
    for record_type in RECORD_TYPES.values():
        if record_type.subject_kind is not SubjectKind.PERSON or record_type.name in _INTERNAL:
            continue
        if record_type.name in _OF_OTHERS and not with_others:
            continue
        records = [
            load_effective(reader, record_type.struct, record.id) or record
            for record in load_all(reader, record_type.struct, subject=person_id)
        ]
        sections.append((record_type, [_without_others(record, with_others) for record in records]))
    return sections


def _without_others(record: Record, with_others: bool) -> Record:
    if isinstance(record, Note) and (record.in_confidence or not with_others):
        return msgspec.structs.replace(record, told_by_others="", told_by="")
    return record


def _json(reader: Reader, person_id: str, with_others: bool) -> bytes:
    sections = sections_of(reader, person_id, with_others)
    plain = {
        record_type.name: [{"id": record.id, **body_of(record_type, record)} for record in records]
        for record_type, records in sections
        if records
    }
    return msgspec.json.format(msgspec.json.encode(plain), indent=2) + b"\n"


def _csv(reader: Reader, person_id: str, with_others: bool) -> bytes:
    rows = [
        (record_type.label, record.id, label, value)
        for record_type, records in sections_of(reader, person_id, with_others)
        for record in records
        for label, value in _filled(record_type, record)
    ]
    return csv_bytes(("Record", "Id", "Field", "Value"), rows)


def _paper(reader: Reader, person_id: str, with_others: bool) -> tuple[Document, PrintStyle]:
    """The document and the style that the person's record asks for."""
    person = found.person(reader, person_id)
    who = sender(reader)
    export = PersonExport(
        organisation=who.service or "This service",
        made_on=local_date(dt.datetime.now(dt.UTC)),
        reference=f"E-{person_id.replace('-', '')[-8:].upper()}",
        person=(("Name", letter_name(person.family_name, person.given_name, person.title)),),
        sections=tuple(
            ExportSection(
                record_type.plural,
                tuple(ExportEntry(record_type.label, _filled(record_type, record)) for record in records),
            )
            for record_type, records in sections_of(reader, person_id, with_others)
            if records
        ),
        left_out=_LEFT_OUT,
        contact=who.telephone,
    )
    style = style_for(person.communication_needs, person.letter_format)
    return person_export_document(export), style


def _pdf(reader: Reader, person_id: str, with_others: bool) -> bytes:
    return render_pdf(*_paper(reader, person_id, with_others)).data


def _html(reader: Reader, person_id: str, with_others: bool) -> bytes:
    return render_html(*_paper(reader, person_id, with_others)).encode()


def _fhir(reader: Reader, person_id: str, _with_others: bool) -> bytes:
    person = found.person(reader, person_id)
    practice = load(reader, Organisation, person.practice_id) if person.practice_id else None
    records = PersonRecords(
        person=person,
        demographics=next(iter(load_all(reader, Demographics, subject=person_id)), None),
        practice_code=practice.ods_code if practice else "",
        addresses=load_all(reader, Address, subject=person_id),
        contact_points=load_all(reader, ContactPoint, subject=person_id),
        related=load_all(reader, RelatedPerson, subject=person_id),
        contacts=[
            load_effective(reader, Contact, each.id) or each for each in load_all(reader, Contact, subject=person_id)
        ],
        plans=load_all(reader, CarePlan, subject=person_id),
        narratives=load_all(reader, PlanNarrative, subject=person_id),
        goals=load_all(reader, Goal, subject=person_id),
        actions=load_all(reader, Action, subject=person_id),
        scores=load_all(reader, Score, subject=person_id),
    )
    return fhir_bytes(records, dt.datetime.now(dt.UTC))


def _filled(record_type: RecordType, record: Record) -> tuple[tuple[str, str], ...]:
    return tuple(
        (field.label, words)
        for field in record_type.fields
        if field.name not in _STAFF_FIELDS and (words := _words(field, getattr(record, field.name)))
    )


def _words(field: Field, value: Any) -> str:
    if value is None or value in ("", ()):
        return ""
    if field.kind is Kind.SET:
        return ", ".join(_coded(field, each) for each in value)
    if field.kind is Kind.YES_NO:
        return "Yes" if value else "No"
    if field.kind in (Kind.DATE, Kind.MOMENT):
        return str(value.isoformat())
    return _coded(field, str(value))


def _coded(field: Field, code: str) -> str:
    return label_of(field.about.code_list, code) if field.about.code_list else code


_FORMATS: Final[Mapping[str, Callable[[Reader, str, bool], bytes]]] = {
    "json": _json,
    "csv": _csv,
    "pdf": _pdf,
    "html": _html,
    "fhir": _fhir,
}

EXPORT_PERSON: Final = Command("export person", "write what is held about one person", _add_arguments, _run)
