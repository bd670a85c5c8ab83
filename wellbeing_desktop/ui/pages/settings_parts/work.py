"""How the service works: attempts to reach people, when late work is raised, and who leads and stands in."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.organisation import Team
from wellbeing_desktop.domain.work_rules import BOUNDS, FIELDS, out_of_bounds
from wellbeing_desktop.operations.not_reached import STEPS
from wellbeing_desktop.operations.teams import keep_team
from wellbeing_desktop.operations.work_rules import WorkRules
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.pages.settings_parts.keeping import keep_choices
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.tokens import SPACE_M
from wellbeing_desktop.ui.widgets import buttons, cards, fields, labels
from wellbeing_desktop.ui.widgets.choices import TickSetField
from wellbeing_desktop.ui.widgets.form import Form

_NUMBERS: Final = (
    (
        "attempts",
        "Attempts to reach somebody",
        "After so many that reach nobody, the steps ticked below are offered.",
    ),
    (
        "raise_after",
        "Minutes until late work is raised",
        "In working time: then the lead sees what is overdue, or the deputy while the lead is away.",
    ),
    (
        "visit",
        "Minutes until a visit is asked about",
        "After a home visit should have ended and nothing is recorded. It is no alarm: nobody is sent.",
    ),
    (
        "same_request",
        "Days of the same request",
        "A referral with the same reason or source within so many days is shown before a new one. 0: open ones alone.",
    ),
)
_KEY_OF: Final = {field: key for key, field in FIELDS.items()}


class WorkPart(QWidget):
    """Each choice is a record of the organisation: it is sent to every laptop, and can be undone."""

    def __init__(self, session: Session, saved: Callable[[str, Changes], object]) -> None:
        """`saved` gets the words and the changes after a save."""
        super().__init__()
        self._session, self._saved = session, saved
        self._shown: dict[str, str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        self.form = Form()
        for at, (name, words, what) in enumerate(_NUMBERS):
            if at % 2 == 0:
                self.form.begin_row()
            field = self.form.add(name, words, fields.line(), help_text=what)
            field.check = partial(_whole, name)
            if at % 2:
                self.form.end_row()
        steps = [(key, step.words) for key, step in STEPS.items()]
        self.form.add("pathway", "Offered after the last attempt", TickSetField(steps))
        self.form.add(
            "clinician",
            "Who decides when there is an alert",
            fields.choice((), empty="The lead of whoever tried"),
            help_text="After the last attempt to reach somebody with an alert in force, it is put to them at once.",
        )
        self.form.add_actions(buttons.primary("Save how we &work", self.save))
        column.addWidget(cards.card("How we work", labels.body("These go to every laptop."), self.form))

    def show_kept(self, rules: WorkRules, colleagues: Mapping[str, str]) -> None:
        """What the store says now; a form that is being changed is left alone."""
        if self._shown and self.form.values() != self._shown:
            return
        _offer(self.form, "clinician", colleagues.items())
        self.form.set_values(
            {
                **{name: str(getattr(rules, name)) for name, _words, _what in _NUMBERS},
                "pathway": "\n".join(rules.pathway),
                "clinician": rules.clinician,
            }
        )
        self._shown = self.form.values()

    def save(self) -> None:
        if not self.form.check():
            return
        values = self.form.values()
        try:
            changed: Mapping[str, Any] = {
                _KEY_OF[name]: _value(name, text) for name, text in values.items() if text != self._shown.get(name)
            }
        except Refused as refusal:  # a field that was emptied is not asked on leaving it
            self.form.show_refusal(refusal)
            return

        def done(changes: Changes) -> None:
            self._shown = values
            self._saved("The choices are saved.", changes)

        keep_choices(self, self._session, self.form, changed, done)


class TeamsPart(QWidget):
    """Who leads whom. Leads and deputies are told of late work, concerns and emergency access."""

    def __init__(self, session: Session, saved: Callable[[str, Changes], object]) -> None:
        super().__init__()
        self._session, self._saved = session, saved
        self._teams: dict[str, Team] = {}
        self._shown: dict[str, str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        self.form = Form()
        self.form.begin_row()
        which = self.form.add("team", "Which tea&m", fields.choice((), empty="A new team"))
        self.form.add("name", "Its name", fields.line(), required=True)
        self.form.end_row()
        self.form.add("members", "Who is in it", TickSetField(()))
        self.form.begin_row()
        self.form.add("lead", "Lead", fields.choice((), empty="Nobody"), help_text="Is told what is late, and decides.")
        self.form.add(
            "deputy", "Deputy", fields.choice((), empty="Nobody"), help_text="Stands in while the lead is away."
        )
        self.form.end_row()
        self.form.add_actions(buttons.primary("Save &team", self.save))
        which.edited.connect(lambda: self._fill(self.form.values()["team"]))
        column.addWidget(
            cards.card("Teams", labels.body("Late work, concerns and emergency access are told to these."), self.form)
        )

    def show_kept(self, teams: Sequence[Team], colleagues: Mapping[str, str]) -> None:
        if self._shown and self.form.values() != self._shown:
            return
        self._teams = {team.id: team for team in teams}
        chosen = self.form.values()["team"]
        _offer(self.form, "team", [(team.id, team.name) for team in teams])
        members = self.form.rows["members"].field
        if isinstance(members, TickSetField):
            members.offer(colleagues.items())
        for name in ("lead", "deputy"):
            _offer(self.form, name, colleagues.items())
        first = teams[0].id if teams else ""
        self._fill(chosen if chosen in self._teams else first)

    def save(self) -> None:
        if not self.form.check():
            return
        values, now = self.form.values(), self._session.now()
        team = Team(
            id=values["team"] or new_id(),
            name=values["name"],
            members=tuple(filter(None, values["members"].split("\n"))),
            lead_id=values["lead"],
            deputy_id=values["deputy"],
        )

        def done(changes: Changes) -> None:
            self._shown = {}  # what is read next is shown
            self.form.rows["team"].field.set_value(team.id)
            self._saved("The team is saved.", changes)

        background.operate(
            self, self._session.store, lambda writer: keep_team(writer, team, at=now), done, self.form.show_refusal
        )

    def _fill(self, team_id: str) -> None:
        team = self._teams.get(team_id, Team())
        self.form.show_errors({})
        self.form.set_values(
            {
                "team": team_id,
                "name": team.name,
                "members": "\n".join(team.members),
                "lead": team.lead_id,
                "deputy": team.deputy_id,
            }
        )
        self._shown = self.form.values()


def _offer(form: Form, name: str, choices: Any) -> None:
    field = form.rows[name].field
    if isinstance(field, fields.ChoiceField):
        chosen = field.value()
        field.set_choices(list(choices))
        field.set_value(chosen)


def _value(name: str, text: str) -> Any:
    if name == "clinician":
        return text
    return list(filter(None, text.split("\n"))) if name == "pathway" else _whole(name, text)


def _whole(name: str, text: str) -> int:
    bare = text.strip()
    least, most = BOUNDS[_KEY_OF[name]]
    if not (bare.isascii() and bare.isdigit() and len(bare) < 8 and least <= int(bare) <= most):
        raise Refused(out_of_bounds(_KEY_OF[name]), name)
    return int(bare)
