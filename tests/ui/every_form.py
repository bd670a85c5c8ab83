"""Every form of the window, found by walking: each page of the list, and each small form about a person.

A form is found because it is made, not because it stands in a list here; `unreached` names the places in the source
where one is made that the walk did not come by.
"""

import ast
import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget

import wellbeing_desktop.ui
from tests.ui.pages.person import people
from wellbeing_desktop.domain.care_plan import Action, Goal
from wellbeing_desktop.domain.contact import Appointment
from wellbeing_desktop.domain.document import Attachment, Letter
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.person import ContactPoint
from wellbeing_desktop.domain.referral import Episode, Referral
from wellbeing_desktop.domain.safety import Stay
from wellbeing_desktop.operations.person_record import PersonRecord, read_person
from wellbeing_desktop.storage.conflicts import OpenConflict, Side
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui import page_list
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.concern.concern_form import ROWS, concern_form
from wellbeing_desktop.ui.pages.conflict_card import ConflictCard
from wellbeing_desktop.ui.pages.file.add import AddFilePage
from wellbeing_desktop.ui.pages.inbox.step_page import StepPage
from wellbeing_desktop.ui.pages.person.entry import _ASKS, KINDS
from wellbeing_desktop.ui.pages.person.entry_work import Beside
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets.form import Form

SOURCE: Final = Path(wellbeing_desktop.ui.__file__).parent
MAKERS: Final = ("Form", "RecordForm", "VisitForm")
_SHOWN: Final = {
    "enquiry": "new",
    "incident": "new",
    "complaint": "new",
    "at_risk": "",
    "contact": people.BRONWEN,
    "visit": people.BRONWEN,
    "care_plan": people.BRONWEN,
    "settings": "",
}
"""Pages that make their form, or take what is typed, only when they are shown, and with what."""
_TYPED: Final = ("fields.day", "birth_date", "read_back.", "RecordForm(", "widget_for(")
"""How the source makes a field for a date, a time or a number."""

Site = tuple[str, int]
"""File under ui/ and line where a form is made."""


@dataclass
class Made:
    """One form, the page that it is on where it is on one, and where it was made."""

    form: Form
    site: Site
    page: Page | None = None

    @property
    def where(self) -> str:
        return self.site[0] if self.page is None else f"{self.page.nav_key}, {self.site[0]}"


@dataclass
class Walk:
    made: list[Made] = field(default_factory=list)
    kept: list[QWidget] = field(default_factory=list)
    """Python's references: what Qt owns goes with them."""


def walk(session: Session, settle: Callable[[QWidget], object]) -> Walk:
    """Makes every page and every small form once. `settle` waits until a page has its answers."""
    found = Walk()
    with _noting_forms(found):
        for key, make in _pages(session).items():
            begun = len(found.made)
            page = make()
            found.kept.append(page)
            if key in _SHOWN:
                page.on_shown(_SHOWN[key])
                settle(page)
            for made in found.made[begun:]:
                made.page = page
        for form in (*_small_forms(session), *_forms_without_a_page(session)):
            found.kept.append(form)
    return found


def unreached(found: Walk) -> list[Site]:
    """Where the source makes a form with a date, time or number, and the walk did not come by."""
    reached = {made.site for made in found.made}
    missing = []
    for path in sorted(SOURCE.rglob("*.py")):
        name = str(path.relative_to(SOURCE))
        source = path.read_text(encoding="utf-8")
        if not any(word in source for word in _TYPED):
            continue
        lines = source.splitlines()
        for part in ast.parse(source).body:
            if not any(word in line for line in lines[part.lineno - 1 : part.end_lineno] for word in _TYPED):
                continue
            missing += [
                (name, node.lineno)
                for node in ast.walk(part)
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in MAKERS
                and not any((name, line) in reached for line in range(node.lineno, (node.end_lineno or 0) + 1))
            ]
    return missing


def press_save(made: Made) -> bool:
    """What somebody does who saves: the page's own save, or the button of the form. False where there is neither."""
    page = made.page
    if isinstance(page, StepPage) and made.form is page.form:
        page.shown = page.record()
        page.form_card.show()
        page.save()
        return True
    if isinstance(page, AddFilePage):
        page._content = b"%PDF-1.7"  # the file is asked for first
    save = next((each for each in page.commands() if each.key == "save"), None) if page is not None else None
    if save is not None and getattr(page, "form", None) is made.form and save.run is not None:
        save.run()
        return True
    for name, value in vars(page).items() if page is not None else ():
        if value is made.form and callable(save_it := getattr(page, f"save_{name}", None)):
            save_it()
            return True
    for button in made.form.findChildren(QAbstractButton):
        if button.property("kind") in ("primary", "danger") and button.isEnabled():
            button.click()
            return True
    return False


class _Pages:
    """Stands for the window: keeps how each page is made."""

    def __init__(self) -> None:
        self.made: dict[str, Callable[[], Page]] = {}
        self.commands = self.navigation = self

    def add_page(self, key: str, make: Callable[[], Page], _section: Any = None) -> None:
        self.made[key] = make

    def add(self, _commands: Any) -> None: ...

    def pin(self, *_what: Any) -> None: ...


def _pages(session: Session) -> dict[str, Callable[[], Page]]:
    window: Any = _Pages()
    page_list.add_pages(window, lambda: session)
    return dict(window.made)


@contextmanager
def _noting_forms(found: Walk) -> Iterator[None]:
    begin = Form.__init__

    def noted(form: Form, *given: Any, **named: Any) -> None:
        frame = sys._getframe(1)
        while frame.f_back is not None and frame.f_code.co_name == "__init__" and frame.f_locals.get("self") is form:
            frame = frame.f_back
        path = Path(frame.f_code.co_filename)
        site = str(path.relative_to(SOURCE)) if path.is_relative_to(SOURCE) else path.name
        found.made.append(Made(form, (site, frame.f_lineno)))
        begin(form, *given, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Form, "__init__", noted)
        yield


def _asked(kind: str, id: str, today: dt.date, reader: Reader) -> object:
    """What a form asks the store for, if anything."""
    ask = _ASKS.get(kind)
    return ask(reader, people.BRONWEN, id, today) if ask is not None else None


def _small_forms(session: Session) -> Iterator[Form]:
    """Each kind of small form about a person, from the first record of these that has what it is about."""
    today = session.today()
    for kind, make in KINDS.items():
        for record in _records(session):
            id = {"amend": people.CONTACT, "misfiled": people.CONTACT, "remove_number": "number"}.get(kind, "made")
            read = session.store.read(partial(_asked, kind, id, today))
            workers = (("one", "Ann Lee"), ("two", "Bo Ford"))
            try:
                work = make(session, Beside(record=record, id=id, practices=(), workers=workers, read=read))
            except Refused:
                continue
            yield work.form
            break


def _records(session: Session) -> Iterator[PersonRecord]:
    """Somebody in each of the states that a form asks for."""
    today = session.today()
    whole = session.store.read(lambda reader: read_person(reader, people.BRONWEN, today))
    episode = Episode(id="made", opened_on=today)
    yield msgspec.structs.replace(
        whole,
        episode=episode,
        referrals_waiting=(Referral(id="made", received_on=today),),
        attachments=(Attachment(id="made", title="Letter", media_type="application/pdf"),),
        appointments=(Appointment(id="made", starts_at=session.now(), state="booked"),),
        letters=(Letter(id="made", state="sent", written_on=today, sent_on=today),),
        stay=Stay(id="made", place="Ward 3", kind="ward", started_on=today),
        contact_points=(ContactPoint(id="number", medium="mobile", value="+447700900123"),),
    )
    if whole.plan is not None:
        mine = msgspec.structs.replace(whole.plan, goals=(Goal(id="made", what="Walk"),), actions=())
        yield msgspec.structs.replace(whole, plan=mine)
        yield msgspec.structs.replace(
            whole, plan=msgspec.structs.replace(mine, goals=(), actions=(Action(id="made", what="Ring"),))
        )
    yield msgspec.structs.replace(whole, plan=None, closed_episode=msgspec.structs.replace(episode, closed_on=today))


def _forms_without_a_page(session: Session) -> Iterator[Form]:
    for path in ROWS:
        yield concern_form(path, session.today, None, frozenset())
    side = Side(value="", words="", pieces=(), author="", at="", device="", is_own=True)
    clash = OpenConflict(
        id="made", person_id="", person_name="", what="", field="", where="", base="", base_words="", standing=side,
        kept_apart=side, kept_apart_first=False, has_order=True, seen=("", ""), owner_id="", owner="", due_on=None,
        is_words=True, may_be_both=False,
    )  # fmt: skip
    card = ConflictCard(clash, (), session.today)
    yield card.form
    yield card.owner
