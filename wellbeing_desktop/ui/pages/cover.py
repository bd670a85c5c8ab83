"""Cover and hand-over (B8): who looks after whose people and until when, people handed to a colleague, and the
caseload on one page for whoever takes over."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial

import msgspec
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words, staff_date
from wellbeing_desktop.domain.onward import Cover
from wellbeing_desktop.operations.allocation import colleagues
from wellbeing_desktop.operations.cover import arrange_cover, covers_to_show, end_cover, left_uncovered
from wellbeing_desktop.operations.digest import Digest, caseload_digest, digest_document, people_of
from wellbeing_desktop.operations.handover import Moving, Waiting, hand_over, waits_with
from wellbeing_desktop.operations.looking import noted
from wellbeing_desktop.storage.caseload import CaseloadFilter, caseload
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.models.paged_table import Column, TableRow
from wellbeing_desktop.ui.models.short_list import ShortList
from wellbeing_desktop.ui.page import Page
from wellbeing_desktop.ui.pages.forms.form_page import choices_of
from wellbeing_desktop.ui.pages.plan_copy.paper import Paper
from wellbeing_desktop.ui.reading_order import tab_in_reading_order
from wellbeing_desktop.ui.saving import tell_saved
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_S
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, layouts
from wellbeing_desktop.ui.widgets.form import Form
from wellbeing_desktop.ui.widgets.short_table import ShortTable

_MOST_PEOPLE = 1_000
_COLUMNS = (
    Column("Chosen", width=8),
    Column("Name"),
    Column("Born", width=12),
    Column("Postcode", width=10),
    Column("Waits with them"),
)


class Somebody(msgspec.Struct, frozen=True):
    """One person of the caseload that may be handed over."""

    id: str
    name: str
    born_on: dt.date | None
    postcode: str
    waiting: Waiting


class _Answer(msgspec.Struct, frozen=True):
    names: dict[str, str]
    covers: tuple[Cover, ...]
    people: tuple[Somebody, ...]
    uncovered: dict[str, tuple[str, ...]]
    digest: Digest


class CoverPage(Page):
    title, nav_key, section_key, help_key = "Cover and hand-over", "cover", "caseload", "cover"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._whose = session.user_id
        self._answer: _Answer | None = None
        self.chosen: set[str] = set()
        self.body.addWidget(labels.heading(self.title, 1))
        self.whose = Form()
        self.whose.begin_row()
        self.whose_field = fields.choice([], empty="Yours")
        self.whose.add("whose", "&Whose caseload", self.whose_field)
        self.whose.add("since", "Changed sin&ce", fields.day(session.today))
        self.whose.end_row()
        self.whose.set_values({"since": (session.today() - dt.timedelta(days=7)).isoformat()})
        self.whose.edited.connect(self._asked_otherwise)
        self.body.addWidget(cards.card("", self.whose))
        self._lay_out_covers()
        self._lay_out_people()
        self._lay_out_digest()
        self.body.addStretch(1)

    def on_shown(self, argument: str = "") -> None:
        self._ask()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("cover", "person", "task", "appointment", "episode", "practitioner", "request", "enquiry"):
            self._ask()

    def panes(self) -> Sequence[QWidget]:
        return (self.whose, self.cover_card, self.people_card, self.digest_card)

    def first_focus(self) -> QWidget | None:
        return self.whose.rows["whose"].field

    # Cover --------------------------------------------------------------------------------------------------------

    def _lay_out_covers(self) -> None:
        self.cover_card = cards.Card("Who covers")
        self.covers = QWidget()
        self._covers = QVBoxLayout(self.covers)
        self._covers.setContentsMargins(0, 0, 0, 0)
        self._covers.setSpacing(SPACE_S)
        self.cover_card.body.addWidget(self.covers)
        self.cover_form = Form()
        self.cover_form.begin_row()
        self.covers_field = fields.choice([], empty="Not chosen")
        self.cover_form.add("cover_id", "W&ho covers", self.covers_field, required=True)
        self.cover_form.add("kind", "Wh&y", fields.choice(choices_of("cover_kinds"), empty="Not chosen"), required=True)
        self.cover_form.end_row()
        self.cover_form.begin_row()
        self.cover_form.add("since_on", "F&rom", fields.day(self._session.today), required=True)
        self.cover_form.add("until_on", "&Until", fields.day(self._session.today))
        self.cover_form.end_row()
        self.cover_form.add(
            "words",
            "&To know",
            fields.line(),
            help_text="For a job share, the days: Monday to Wednesday. About the work, not about a person.",
        )
        self.cover_form.add_actions(buttons.primary("&Arrange cover", self.arrange))
        self.cover_card.body.addWidget(self.cover_form)
        self.body.addWidget(self.cover_card)

    def arrange(self) -> None:
        if not self.cover_form.check():
            return
        values, now = self.cover_form.values(), self._session.now()
        cover = Cover(
            subject=self._whose,
            cover_id=values["cover_id"],
            kind=values["kind"],
            since_on=_day(values["since_on"]),
            until_on=_day(values["until_on"]),
            words=values["words"].strip(),
        )
        background.operate(
            self,
            self._session.store,
            lambda writer: arrange_cover(writer, cover, at=now),
            partial(self._saved, "Cover arranged.", self.cover_form),
            self.cover_form.show_refusal,
        )

    def end(self, cover_id: str) -> None:
        now = self._session.now()
        background.operate(
            self,
            self._session.store,
            lambda writer: end_cover(writer, cover_id, at=now),
            partial(self._saved, "Cover ended.", None),
        )

    # People ---------------------------------------------------------------------------------------------------------

    def _lay_out_people(self) -> None:
        self.people_card = cards.Card("Hand over people")
        self.people_card.body.addWidget(labels.muted("Space on a row chooses a person. Undo takes the hand-over back."))
        self.find_field = fields.line(hint="Name or postcode")
        self.find_field.edited.connect(self._show_people)
        self.people_card.body.addWidget(labels.label_for("&Narrow the list", self.find_field))
        self.people_card.body.addWidget(self.find_field)
        self.model = ShortList(_COLUMNS, self)
        self.table = ShortTable("People of the caseload", self.model, most_rows=8, has_header=True)
        self.table.ticked.connect(self.choose)
        self.table.opened.connect(lambda person_id: self.go.emit("person", person_id))
        self.people_card.body.addWidget(self.table)
        self.count = labels.body("")
        self.people_card.body.addWidget(self.count)
        self.hand_form = Form()
        self.hand_form.add_actions(
            buttons.secondary("Choose everybody shown", self.choose_all),
            buttons.secondary("Choose nobody", self.choose_nobody),
        )
        self.to_field = fields.choice([], empty="Not chosen")
        self.hand_form.add("to", "Who takes &over", self.to_field, required=True)
        self.hand_form.add("tasks", "", fields.tick("Open tasks go a&long"))
        self.hand_form.add("appointments", "", fields.tick("Appoint&ments to come go along"))
        self.hand_form.add("promises", "", fields.tick("Calls and re&quests that wait go along"))
        self.hand_form.set_values({"tasks": "yes", "appointments": "yes", "promises": "yes"})
        self.hand_button = buttons.primary("Hand o&ver", self.hand_over)
        self.hand_form.add_actions(self.hand_button)
        self.people_card.body.addWidget(self.hand_form)
        self.body.addWidget(self.people_card)

    def choose(self, person_id: str) -> None:
        self.chosen ^= {person_id}
        self._show_people()

    def choose_all(self) -> None:
        self.chosen |= {one.id for one in self._shown()}
        self._show_people()

    def choose_nobody(self) -> None:
        self.chosen.clear()
        self._show_people()

    def hand_over(self) -> None:
        if not self.hand_form.check():
            return
        values, now, whose = self.hand_form.values(), self._session.now(), self._whose
        people = [one.id for one in self._answer.people if one.id in self.chosen] if self._answer else []
        moving = Moving(
            tasks=bool(values["tasks"]), appointments=bool(values["appointments"]), promises=bool(values["promises"])
        )
        many = "1 person" if len(people) == 1 else f"{len(people)} people"
        background.operate(
            self,
            self._session.store,
            lambda writer: hand_over(writer, people, whose, values["to"], moving, at=now),
            partial(self._handed, f"{many} handed over."),
            self.hand_form.show_refusal,
        )

    def _handed(self, words: str, changes: Changes) -> None:
        self.chosen.clear()
        self._saved(words, None, changes)

    def _shown(self) -> list[Somebody]:
        typed = self.find_field.value().strip().casefold()
        people = self._answer.people if self._answer is not None else ()
        return [one for one in people if typed in f"{one.name} {one.postcode}".casefold()]

    def _show_people(self) -> None:
        self.model.show_rows([_row(one, one.id in self.chosen) for one in self._shown()])
        total = len(self._answer.people) if self._answer is not None else 0
        self.count.setText(f"{len(self.chosen)} of {total} chosen")

    # The page for whoever takes over -----------------------------------------------------------------------------------

    def _lay_out_digest(self) -> None:
        self.digest_card = cards.Card("The caseload on one page")
        self.lines = QWidget()
        self._lines = QVBoxLayout(self.lines)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(SPACE_S)
        self.digest_card.body.addWidget(self.lines)
        self.paper = Paper(self._session, "print_caseload_digest", "caseload-digest.pdf")
        self.paper.on_paper = self._note_printed
        self.digest_card.body.addWidget(self.paper)
        self.body.addWidget(self.digest_card)

    def _show_digest(self, answer: _Answer) -> None:
        layouts.empty(self._lines)
        for title, entries, none in answer.digest.parts:
            self._lines.addWidget(labels.heading(f"{title}: {len(entries)}" if entries else title, 3))
            for entry in entries:
                words = ". ".join(filter(None, (entry.name, entry.what, entry.when)))
                self._lines.addWidget(
                    buttons.link(words.replace("&", "&&"), partial(self.go.emit, "person", entry.person_id))
                )
            if not entries:
                self._lines.addWidget(labels.body(none))
        of_name = answer.names.get(self._whose, self._session.user_name)
        document = digest_document(answer.digest, of_name=of_name, user_name=self._session.user_name)
        self.paper.show_document("", document, "small", "For staff, 12 point")

    def _note_printed(self) -> None:
        """A line in the audit for each person on the page."""
        named = people_of(self._answer.digest) if self._answer is not None else ()
        do = partial(noted, what="print_caseload_digest", at=self._session.now(), people=named)
        background.operate(self, self._session.store, do)

    # Asking -------------------------------------------------------------------------------------------------------------

    def _asked_otherwise(self) -> None:
        whose = self.whose.values()["whose"] or self._session.user_id
        if whose != self._whose:
            self._whose = whose
            self.chosen.clear()
        self._ask()

    def _ask(self) -> None:
        whose, today, now = self._whose, self._session.today(), self._session.now()
        since = _day(self.whose.values()["since"]) or today - dt.timedelta(days=7)

        def read(reader: Reader) -> _Answer:
            team = colleagues(reader, today)
            page = caseload(reader, CaseloadFilter(coordinator_id=whose), today, limit=_MOST_PEOPLE)
            covers = covers_to_show(reader, whose, today)
            return _Answer(
                {one.id: one.name for one in team},
                covers,
                tuple(
                    Somebody(row.id, row.name, row.born_on, row.postcode, waits_with(reader, row.id, whose, today))
                    for row in page.rows
                ),
                {
                    cover.id: left_uncovered(reader, cover, [row.id for row in page.rows])
                    for cover in covers
                    if cover.subject == whose
                },
                caseload_digest(reader, whose, since, now),
            )

        background.query(self, self._session.store, read, partial(self._show, whose))

    def _show(self, whose: str, answer: _Answer) -> None:
        if whose != self._whose:
            return  # an answer to an older question
        self._answer = answer
        others = [(id, name) for id, name in answer.names.items() if id != self._session.user_id]
        self.whose_field.set_choices(others)
        not_theirs = [(id, name) for id, name in answer.names.items() if id != whose]
        self.covers_field.set_choices(not_theirs)
        self.to_field.set_choices(not_theirs)
        self.chosen &= {one.id for one in answer.people}
        layouts.empty(self._covers)
        for cover in answer.covers:
            self._covers.addWidget(labels.body(_cover_words(cover, answer.names, self._session.user_name)))
            who = answer.names.get(cover.cover_id, "a colleague")
            alone = [one.name for one in answer.people if one.id in answer.uncovered.get(cover.id, ())]
            if alone:
                self._covers.addWidget(labels.strong(_uncovered_words(alone, who)))
            self._covers.addWidget(buttons.secondary(f"End the cover by {who}", partial(self.end, cover.id)))
        if not answer.covers:
            self._covers.addWidget(labels.body("Nobody covers."))
        self._show_people()
        self._show_digest(answer)
        tab_in_reading_order(self)

    def _saved(self, words: str, form: Form | None, changes: Changes) -> None:
        if form is not None:
            form.set_values(dict.fromkeys(form.rows, ""))
        tell_saved(self, self._session, words, changes)


def _row(one: Somebody, is_chosen: bool) -> TableRow:
    waiting = [
        _things(one.waiting.tasks, "task"),
        _things(one.waiting.appointments, "appointment"),
        _things(one.waiting.promises, "promise"),
    ]
    born = day_words(one.born_on, "Not known")
    words = ", ".join(filter(None, waiting)) or "Nothing"
    return TableRow(one.id, ("Chosen" if is_chosen else "", one.name, born, one.postcode or "Not known", words))


def _things(count: int, word: str) -> str:
    return "" if not count else f"1 {word}" if count == 1 else f"{count} {word}s"


def _cover_words(cover: Cover, names: Mapping[str, str], mine: str) -> str:
    who = names.get(cover.cover_id, "A colleague")
    of = names.get(cover.subject, mine)
    since = f"from {staff_date(cover.since_on)}" if cover.since_on else ""
    until = f" until {staff_date(cover.until_on)}" if cover.until_on else ""
    kind = label_of("cover_kinds", cover.kind) if cover.kind else "Cover"
    words = f". {cover.words}" if cover.words else ""
    return f"{who} covers for {of} {since}{until}. {kind}{words}".rstrip(". ") + "."


def _uncovered_words(people: Sequence[str], who: str) -> str:
    return f"Not covered: {'; '.join(people)}. {who[0].upper()}{who[1:]} stands aside from them: hand them to somebody else."


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text.strip() else None
    except ValueError:
        return None
