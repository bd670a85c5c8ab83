"""What the palette finds in the store: people by whatever is known of them, documents by their title."""

from collections.abc import Callable
from functools import partial
from typing import Final

from wellbeing_desktop.domain.dates import staff_date
from wellbeing_desktop.operations.files import FoundFile, find_files
from wellbeing_desktop.storage.search import PersonRow, find_people
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.palette import Deliver, Found
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.shell import Shell

LEAST_LETTERS: Final = 3
"""Of a document's title, or every keystroke of a name would list letters."""


class PaletteFinds:
    """Asks for the window and the session each time: neither is there while the store is locked, and the palette may
    not keep its own window alive."""

    def __init__(self, shell: Callable[[], Shell | None], session: Callable[[], Session]) -> None:
        self._shell = shell
        self._session = session

    def people(self, text: str, deliver: Deliver) -> None:
        shell = self._shell()
        if shell is None or shell.is_closed_down or not text.strip():
            deliver(())
            return

        def show(rows: list[PersonRow]) -> None:
            deliver([Found(row.name, _facts(row), partial(shell.go, "person", row.id)) for row in rows])

        background.query(shell, self._session().store, lambda reader: find_people(reader, text, 20), show)

    def documents(self, text: str, deliver: Deliver) -> None:
        shell = self._shell()
        if shell is None or shell.is_closed_down or len(text.strip()) < LEAST_LETTERS:
            deliver(())
            return

        def show(rows: list[FoundFile]) -> None:
            deliver(
                [
                    Found(
                        row.title, f"Document of {row.person}", partial(shell.go, "file", f"{row.person_id}/{row.id}")
                    )
                    for row in rows
                ]
            )

        background.query(shell, self._session().store, lambda reader: find_files(reader, text, 10), show)


def _facts(row: PersonRow) -> str:
    born = f"Born {staff_date(row.born_on)}" if row.born_on else "Date of birth not known"
    return "  ".join(filter(None, (born, row.postcode, "Similar name" if row.similar_name else "")))
