"""One small form about a person: what it asks, and what saving it does. The page around it is `entry.py`."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.operations.person_record import PersonRecord
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets.form import Form

Job = Callable[[Writer], Changes]


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What a form is made from: the record, which part of it, and what else was read with it."""

    record: PersonRecord
    id: str
    practices: tuple[tuple[str, str], ...]
    workers: tuple[tuple[str, str], ...]
    read: object = None


@dataclass
class Work:
    """`save_words` may mark its Alt letter with `&`; without one it is the first.

    `job` is asked on Save, after the form was checked, on the window's thread: it gives what the writer is to do.
    It may raise Refused. `above` stands over the form, `below` under its buttons."""

    title: str
    save_words: str
    saved_words: str
    form: Form
    job: Callable[[], Job]
    tab: str = "summary"
    page: str = "person"
    """Where Save leads: the person record at `tab`, the care plan, or the caseload where the record closed."""
    above: Sequence[QWidget] = ()
    below: Sequence[QWidget] = ()
    leave_words: str = "&Cancel and discard the draft"
    """The other button: said otherwise where "cancel" is what the form itself is about."""
    field_of: Mapping[str, str] = field(default_factory=dict)
    """Where a refusal about a field of the record stands, when the form calls it otherwise."""


Make = Callable[[Session, Beside], Work]
Ask = Callable[[Reader, str, str, dt.date], object]
