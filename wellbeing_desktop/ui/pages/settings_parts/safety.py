"""Safety: the order of calling, whom to ring, which prompts are used, and the clocks of complaints."""

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.domain.concern_rules import Link
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.service_file_rules import FileClocks
from wellbeing_desktop.operations.safety_settings import (
    MOST_LINKS,
    OWN_LINES,
    SafetySettings,
    save_safety_settings,
)
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels, read_back
from wellbeing_desktop.ui.widgets.form import Form

_PLACES: Final = ("First", "Second", "Third", "Fourth", "Fifth")
_ROLE_HINTS: Final = ("Named lead", "Deputy", "On call", "", "")
_OWN_WORDS: Final = {"crisis": "Local crisis line", "other": "Another line"}
_DAYS: Final = (
    ("acknowledge", "Acknowledge a complaint, working days"),
    ("answer", "Answer a complaint, working days"),
    ("data_acknowledge", "Acknowledge one about data protection, days"),
    ("data_answer", "Answer one about data protection, days"),
)
_NEXT: Final = (
    ("next_stop", "Where they may go next with a complaint"),
    ("data_next_stop", "Where they may go next about data protection"),
)


class SafetyPart(QWidget):
    """Records of the organisation like its other choices: sent to every laptop, in the audit, and can be undone."""

    def __init__(self, session: Session, saved: Callable[[str, Changes], object]) -> None:
        super().__init__()
        self._session, self._saved = session, saved
        self._shown: dict[str, str] = {}
        self._colleagues: dict[str, str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        self.form = Form()
        self._chain()
        self._lines()
        self._prompts()
        self._clocks()
        self.form.add_actions(buttons.primary("Sa&ve what is set about safety", self.save))
        column.addWidget(self.form)

    def show_kept(self, kept: SafetySettings, colleagues: Mapping[str, str]) -> None:
        """What the store says now; a form that is being changed is left alone."""
        if self._shown and self.form.values() != self._shown:
            return
        self._colleagues = dict(colleagues)
        for place in range(MOST_LINKS):
            chosen = self.form.rows[f"chain_{place}_who"].field
            if isinstance(chosen, fields.ChoiceField):
                chosen.set_choices(tuple(colleagues.items()))
        self.form.set_values(_values(kept))
        self._shown = self.form.values()

    def save(self) -> None:
        if not self.form.check():
            return
        values = self.form.values()
        if values == self._shown:
            return
        wanted, now = settings_from(values, self._colleagues), self._session.now()

        def done(changes: Changes) -> None:
            self._shown = values
            self._saved("What is set about safety is saved.", changes)

        background.operate(
            self,
            self._session.store,
            lambda writer: save_safety_settings(writer, wanted, at=now),
            done,
            self.form.show_refusal,
        )

    def _chain(self) -> None:
        self.form.begin_card(cards.Card("Who is called, in this order"))
        self.form.add_widget(
            labels.body(
                "Whoever raises a concern calls the first; when nobody answers, the next. Leave the rest empty."
            )
        )
        for place in range(MOST_LINKS):
            which = _PLACES[place]
            self.form.begin_row()
            self.form.add(f"chain_{place}_role", f"{which}: in what role", fields.line(hint=_ROLE_HINTS[place]))
            self.form.add(
                f"chain_{place}_who",
                f"{which}: a colleague who signs in here",
                fields.choice((), empty="Nobody who signs in here"),
            )
            self.form.end_row()
            self.form.begin_row()
            self.form.add(f"chain_{place}_name", f"{which}: or their name", fields.line())
            self.form.add(f"chain_{place}_telephone", f"{which}: telephone", read_back.phone())
            self.form.add(
                f"chain_{place}_hours", f"{which}: when they can be rung", fields.line(hint="Mon to Fri 9 to 5")
            )
            self.form.end_row()
        minutes = fields.line(check=_whole)
        self.form.add("wait_minutes", "&Minutes to wait before calling the next", minutes, required=True)
        self.form.end_card()

    def _lines(self) -> None:
        self.form.begin_card(cards.Card("Whom to ring when somebody is at risk now"))
        self.form.add_widget(labels.body("999 and NHS 111, mental health option, are always there."))
        for name in OWN_LINES:
            self.form.begin_row()
            self.form.add(f"{name}_words", f"{_OWN_WORDS[name]}: its name", fields.line())
            self.form.add(f"{name}_telephone", f"{_OWN_WORDS[name]}: telephone", read_back.phone())
            self.form.end_row()
        self.form.end_card()

    def _prompts(self) -> None:
        self.form.begin_card(cards.Card("What a concern asks to consider"))
        for entry in code_list("concern_prompts").entries:
            self.form.add(f"prompt_{entry.code}", "", fields.tick(entry.label))
        self.form.end_card()

    def _clocks(self) -> None:
        self.form.begin_card(cards.Card("Complaints"))
        self.form.add_widget(
            labels.body(
                "0 is for no clock. The 3 and 30 days to begin with are from memory of the law: check them. "
                "A change counts for what is written down from now on."
            )
        )
        for at in (0, 2):
            self.form.begin_row()
            for name, words in _DAYS[at : at + 2]:
                self.form.add(name, words, fields.line(check=_whole), required=True)
            self.form.end_row()
        for name, words in _NEXT:
            self.form.add(name, words, fields.note(lines=2))
        self.form.end_card()


def settings_from(values: Mapping[str, str], colleagues: Mapping[str, str]) -> SafetySettings:
    """What the fields say; a colleague's name stands in for one that is not typed."""
    chain = []
    for place in range(MOST_LINKS):
        who = values[f"chain_{place}_who"]
        chain.append(
            Link(
                role=values[f"chain_{place}_role"],
                name=values[f"chain_{place}_name"].strip() or colleagues.get(who, ""),
                telephone=values[f"chain_{place}_telephone"],
                practitioner_id=who,
                hours=values[f"chain_{place}_hours"],
            )
        )
    prompts = [entry.code for entry in code_list("concern_prompts").entries]
    return SafetySettings(
        chain=tuple(chain),
        wait_minutes=int(values["wait_minutes"]),
        own_lines=tuple((values[f"{name}_words"], values[f"{name}_telephone"]) for name in OWN_LINES),
        prompts_off=frozenset(code for code in prompts if not values[f"prompt_{code}"]),
        clocks=FileClocks(
            acknowledge=int(values["acknowledge"]),
            answer=int(values["answer"]),
            data_acknowledge=int(values["data_acknowledge"]),
            data_answer=int(values["data_answer"]),
            next_stop=values["next_stop"].strip(),
            data_next_stop=values["data_next_stop"].strip(),
        ),
    )


def _values(kept: SafetySettings) -> dict[str, str]:
    values: dict[str, str] = {"wait_minutes": str(kept.wait_minutes)}
    for place in range(MOST_LINKS):
        link = kept.chain[place] if place < len(kept.chain) else Link("", "")
        values |= {
            f"chain_{place}_role": link.role,
            f"chain_{place}_who": link.practitioner_id,
            f"chain_{place}_name": link.name,
            f"chain_{place}_telephone": link.telephone,
            f"chain_{place}_hours": link.hours,
        }
    for name, (words, telephone) in zip(OWN_LINES, kept.own_lines, strict=True):
        values |= {f"{name}_words": words, f"{name}_telephone": telephone}
    for entry in code_list("concern_prompts").entries:
        values[f"prompt_{entry.code}"] = "" if entry.code in kept.prompts_off else "yes"
    values |= {name: str(getattr(kept.clocks, name)) for name, _words in _DAYS}
    values |= {name: getattr(kept.clocks, name) for name, _words in _NEXT}
    return values


def _whole(text: str) -> None:
    if not text.strip().isascii() or not text.strip().isdigit():
        raise Refused("Enter a whole number, like 3")
