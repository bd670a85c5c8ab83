"""Write an article, or change one. What everybody reads stays the approved edition until this one is approved too."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.knowledge import ARTICLE, Article
from wellbeing_desktop.operations import knowledge
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.mnemonics import with_letters
from wellbeing_desktop.ui.pages.forms.form_page import FormPage
from wellbeing_desktop.ui.record_form import text_of, value_from, widget_for
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets import fields
from wellbeing_desktop.ui.widgets.form import Form

_NAMES: Final = ("title", "words", "services", "localities", "sources")


class WriteArticlePage(FormPage):
    """The argument is the article's id; empty for a new one."""

    title, nav_key, section_key, help_key = "Write an article", "write_article", "services", "articles"
    draft_name = "write_article"
    record = Article
    save_words = "&Save the draft"
    saved_words = "Draft saved. Send it for approval when it is ready."

    def __init__(self, session: Session) -> None:
        self._article: Article | None = None
        self._id = ""
        super().__init__(session)

    def build(self, form: Form) -> None:
        words = [ARTICLE.field(name).label for name in _NAMES]
        letters = dict(zip(_NAMES, with_letters(words, ("s", "c")), strict=True))
        for name in _NAMES:
            if name == "services":
                form.begin_row()
            field = ARTICLE.field(name)
            widget = fields.note(lines=12) if name == "words" else widget_for(field, self.session.today)
            form.add(name, letters[name], widget, required=name == "title")
            if name == "localities":
                form.end_row()

    def where_next(self) -> tuple[str, str]:
        return ("article", self._id) if self._id else ("services", "")

    @property
    def draft_key(self) -> str:
        return f"{self.draft_name}/{self._id}"

    def starting_values(self) -> Mapping[str, str]:
        shown = self._article or Article()
        return {name: text_of(ARTICLE.field(name), getattr(shown, name)) for name in _NAMES}

    def on_shown(self, argument: str = "") -> None:
        if argument == self._id and self.form.values() != self._begun_with():
            return  # somebody comes back to what they were typing

        def ask(reader: Reader) -> Article | None:
            return load(reader, Article, argument)

        background.query(self, self.session.store, ask, partial(self._take, argument))

    def operation(self, writer: Writer, values: Mapping[str, str]) -> Changes:
        shown, now = self._article, self.session.now()
        given = {name: value_from(ARTICLE.field(name), values[name]) for name in _NAMES}
        if shown is None:
            made = {name: value for name, value in given.items() if value not in (None, "", ())}
            return knowledge.draft_article(writer, Article(id=self.record_id, **made), at=now)
        changed = {name: value for name, value in given.items() if value != _as_given(shown, name)}
        seen = {name: getattr(shown, name) for name in changed}
        return knowledge.change_article(writer, shown.id, changed, seen, at=now)

    def _take(self, argument: str, article: Article | None) -> None:
        self._article, self._id = article, argument
        self._begin_again()
        super().on_shown("")

    def _saved(self, changes: Changes) -> None:
        self._id = self._id or next((change.id for change in changes.touched if change.type == "article"), "")
        super()._saved(changes)
        self._article, self._id = None, ""
        self._begin_again()


def _as_given(shown: Article, name: str) -> object:
    value = getattr(shown, name)
    return tuple(sorted(value)) if isinstance(value, tuple) else value
