"""A monthly return on its way to files: counted, kept, and written as CSV, XLSX and PDF."""

import datetime as dt
from pathlib import Path

import msgspec

from wellbeing_desktop.documents.pdf import render_pdf
from wellbeing_desktop.documents.print_style import SMALL
from wellbeing_desktop.documents.return_report import return_report_document
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.return_definition import Month, ReturnDefinition
from wellbeing_desktop.exchange.bank_holidays import shipped_bank_holidays
from wellbeing_desktop.operations.return_document import return_csv, return_report, return_xlsx, suppression_rule
from wellbeing_desktop.operations.return_results import ReturnResult
from wellbeing_desktop.operations.returns import keep_return, run_return
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.storage.store import Store


class ReturnFiles(msgspec.Struct, frozen=True):
    """`month` is as in 2026-10."""

    month: str
    csv: Path
    xlsx: Path
    pdf: Path

    def paths(self) -> tuple[Path, Path, Path]:
        return (self.csv, self.xlsx, self.pdf)


def count_month(
    store: Store, definition: ReturnDefinition, month: Month, *, at: dt.datetime | None = None
) -> ReturnResult:
    """Count one month on this laptop, and keep the run so that it can be opened and counted again."""
    holidays = shipped_bank_holidays()
    result = store.read(lambda reader: run_return(reader, definition, month, holidays=holidays, at=at))
    store.write(lambda writer: keep_return(writer, result, at=at))
    return result


def write_return(store: Store, result: ReturnResult, out: Path) -> ReturnFiles:
    """The three files, small numbers hidden by the definition's rule. Raises Refused if the folder cannot be written."""
    rule = suppression_rule(result.definition)
    organisation = store.read(_organisation_name)
    document = return_report_document(return_report(result, organisation, rule=rule))
    name = f"return-{result.month}"
    files = ReturnFiles(str(result.month), out / f"{name}.csv", out / f"{name}.xlsx", out / f"{name}.pdf")
    contents = (return_csv(result, rule=rule), return_xlsx(result, rule=rule), render_pdf(document, SMALL).data)
    for path, content in zip(files.paths(), contents, strict=True):
        write_export(path, content)
    return files


def write_export(path: Path, content: bytes) -> Path:
    """Write a file that somebody asked for. Raises Refused with the reason if that cannot be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise Refused(f"The file cannot be written ({error.strerror}).") from error
    return path


def _organisation_name(reader: Reader) -> str:
    id = reader.value("SELECT organisation_id FROM identity")
    organisation = load(reader, Organisation, str(id))
    return organisation.name if organisation else ""
