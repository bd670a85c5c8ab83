"""Every screen with a day's work in it, for `python -m tests.screenshots --all`: pages, their tabs, forms about a person.

The stores are those of the demo's day, whose server is running: what a coordinator, an office and an owner see.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtWidgets import QTabBar

from wellbeing_desktop.cli.demo.day import hire, live
from wellbeing_desktop.cli.demo.laptops import demo_server
from wellbeing_desktop.cli.demo.practice import PASSPHRASE, make_practice
from wellbeing_desktop.documents.blocks import Document, Paragraph
from wellbeing_desktop.documents.pdf import render_pdf
from wellbeing_desktop.documents.print_style import STYLES
from wellbeing_desktop.domain.care_plan import Action, Goal
from wellbeing_desktop.domain.concern import Concern
from wellbeing_desktop.domain.contact import Appointment, Contact
from wellbeing_desktop.domain.document import Attachment, Letter
from wellbeing_desktop.domain.enquiry import Enquiry, Message, Request
from wellbeing_desktop.domain.knowledge import Article, DigitalModule, ModuleRelease, Service
from wellbeing_desktop.domain.onward import OnwardReferral
from wellbeing_desktop.domain.organisation import Organisation
from wellbeing_desktop.domain.person import ContactPoint, Person
from wellbeing_desktop.domain.phrase import Phrase
from wellbeing_desktop.domain.recusal import Recusal
from wellbeing_desktop.domain.referral import Referral
from wellbeing_desktop.domain.referral_rules import is_undecided
from wellbeing_desktop.domain.service_file import Complaint, Incident
from wellbeing_desktop.domain.task import Task
from wellbeing_desktop.operations import files, letters, onward, tasks
from wellbeing_desktop.operations.phrases import keep_phrase
from wellbeing_desktop.operations.recusals import stand_aside
from wellbeing_desktop.pictures import Look, keep, settle, window_on
from wellbeing_desktop.storage.attachments import keep_file
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load_all
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.ui.shell import Shell

Act = Callable[[Shell], None]


class Scene(msgspec.Struct, frozen=True):
    """One screen. `argument` names ids in braces; `act` is what its user does there before the picture."""

    name: str
    page: str
    argument: str = ""
    act: Act | None = None


class Made(msgspec.Struct, frozen=True):
    """A store to picture, and what of it."""

    folder: Path
    passphrase: str
    person_id: str
    scenes: tuple[Scene, ...]


def _type(name: str, words: str) -> Act:
    """Type into one field of the page in front."""

    def act(shell: Shell) -> None:
        shell.page().form.rows[name].field.set_value(words)

    return act


def _step(step: str) -> Act:
    """Choose what happens next on a page of steps."""

    def act(shell: Shell) -> None:
        field = shell.page().form.rows["step"].field
        field.set_value(step)
        field.edited.emit()

    return act


def _press(name: str) -> Act:
    """Run a command of the page in front."""
    return lambda shell: shell.commands.run(name)


def _tab(at: int) -> Act:
    return lambda shell: next(bar for bar in shell.page().findChildren(QTabBar) if bar.isVisible()).setCurrentIndex(at)


def _find(words: str) -> Act:
    def act(shell: Shell) -> None:
        shell.commands.run("palette")
        shell.palette_box.field.setText(words)

    return act


def _choose(part: str, template: str) -> Act:
    """Choose the template of one letter (`write`), or of many (`many`)."""

    def act(shell: Shell) -> None:
        field = getattr(shell.page(), part).template
        field.set_value(template)
        field.edited.emit()

    return act


def _phrases(shell: Shell) -> None:
    shell.page().form.rows["text"].field.setFocus()
    shell.commands.run("phrase")


ENTRIES: Final = (
    *("details", "demographics", "address", "number", "alert", "fact", "access", "stay", "related", "consent"),
    *("goal", "action", "agree", "review", "end_plan", "decline_plan", "close_support", "reopen_support", "withdraw"),
    *("cancel_appointment", "move_appointment", "death", "restrict", "stand_aside", "not_reached"),
)
COORDINATOR: Final = (
    *(
        Scene(f"person-{tab}", "person", f"{{person}}/{tab}")
        for tab in ("summary", "plan", "contacts", "documents", "people", "consent", "history")
    ),
    *(Scene(f"entry-{kind}", "person_entry", f"{kind}/{{person}}") for kind in ENTRIES),
    Scene("today", "today"),
    Scene("my-list", "my_list"),
    Scene("inbox", "inbox"),
    Scene("caseload", "caseload"),
    Scene("caseload-late", "caseload", "late"),
    Scene("palette", "today", act=_find("a")),
    Scene("calendar", "calendar"),
    Scene("contact-first", "contact", "{person}", _type("text", "Rang: will ring back after lunch.")),
    Scene("contact-parked", "contact", "{other}", _type("text", "Came to the door.")),
    Scene("contact-more", "contact", "{other}", _press("contact_more")),
    Scene("contact-phrases", "contact", "{other}", _phrases),
    Scene("phrases", "phrases"),
    Scene("organisations", "organisations"),
    Scene("organisation", "organisation", "{organisation}"),
    Scene("visit", "visit", "{person}"),
    Scene("care-plan", "care_plan", "{person}"),
    Scene("plan-changes", "plan_changes", "{person}"),
    Scene("plan-copy", "plan_copy", "{person}"),
    Scene("summary-of-the-record", "person_summary", "{person}"),
    Scene("closed", "closed"),
    Scene("join-two", "join", "{person}/{other}"),
    Scene("join-choose", "join", "{person}"),
    Scene("end-of-day", "end_of_day"),
    Scene("cover", "cover"),
    Scene("emergency", "emergency"),
    Scene("road", "road"),
    Scene("sync", "sync"),
    Scene("sync-receipts", "sync", "receipts"),
    Scene("sync-refused", "sync", "refused"),
    Scene("receipt", "receipt", "1"),
    Scene("clashes", "clashes", "all"),
    Scene("team-sync", "team_sync"),
    Scene("team-sync-to-decide", "team_sync", act=_tab(1)),
    Scene("new-person-refused", "new_person", act=_press("save")),
    Scene("referral", "referral", "{referral}"),
    Scene("triage", "triage", "{undecided}"),
    Scene("referrals-waiting", "referrals", "waiting"),
    Scene("workload", "workload"),
    Scene("referral-settings", "referral_settings"),
    Scene("follow-ups", "follow_ups"),
    Scene("task", "task", "{task}"),
    Scene("task-change", "task", "{task}", _step("change")),
    Scene("enquiry", "enquiry", "{enquiry}"),
    Scene("enquiry-new", "enquiry", "new"),
    Scene("request", "request", "{request}"),
    Scene("new-request", "new_request", "{person}"),
    Scene("message", "message", "{message}"),
    Scene("new-message", "new_message", "{person}"),
    Scene("new-onward", "new_onward", "{person}"),
    Scene("onward", "onward", "{onward}"),
    Scene("at-risk", "at_risk", "for/{person}"),
    Scene("concern-new", "concern", "new/{person}/adult"),
    Scene("call-sheet", "call_sheet"),
    Scene("add-file", "add_file", "{person}"),
    Scene("file", "file", "{person}/{attachment}"),
    Scene("entry-describe-file", "person_entry", "describe_file/{person}/{attachment}"),
    Scene("entry-remove-file", "person_entry", "remove_file/{person}/{attachment}"),
    Scene("entry-remove-number", "person_entry", "remove_number/{person}/{number}"),
    Scene("entry-remove-goal", "person_entry", "remove_goal/{person}/{goal}"),
    Scene("entry-remove-action", "person_entry", "remove_action/{person}/{action}"),
    Scene("entry-amend", "person_entry", "amend/{person}/{contact}"),
    Scene("entry-misfiled", "person_entry", "misfiled/{person}/{contact}"),
    Scene("entry-letter-came-back", "person_entry", "letter_came_back/{letter_person}/{letter}"),
    Scene("letter", "letters", "{person}", _choose("write", "first-appointment")),
    Scene("letters-queue", "letters", act=_tab(1)),
    Scene("letters-many", "letters", "many/mine//", _choose("many", "appointment-reminder")),
    Scene("letter-easy", "letters", "{other}", _choose("write", "thank-you")),
    Scene("import", "import"),
    *(
        Scene(f"settings-{tab}", "settings", tab)
        for tab in ("look", "keys", "backup", "our_service", "service", "work", "safety", "connection", "about")
    ),
    Scene("audit", "audit"),
    Scene("audit-person", "audit", "{person}"),
    Scene("help", "today", act=_press("help")),
)
OFFICE: Final = (
    Scene("incident-new", "incident", "new"),
    Scene("complaint-new", "complaint", "new"),
    Scene("office-inbox", "inbox"),
    Scene("office-today", "today"),
    Scene("office-letters", "letters", act=_tab(1)),
    Scene("office-person", "person", "{person}"),
)
ALONE: Final = (
    Scene("services", "services"),
    Scene("service", "service", "{service}"),
    Scene("directory", "directory"),
    Scene("articles", "articles"),
    Scene("article", "article", "{article}"),
    Scene("write-article", "write_article", "{article}"),
    Scene("write-article-new", "write_article"),
    Scene("report-gap", "report_gap"),
    Scene("modules", "modules"),
    Scene("module", "module", "{module}"),
    Scene("module-new", "module"),
    Scene("release-module", "release_module", "{person}"),
    Scene("released", "released", "{release}"),
    Scene("ledger", "ledger"),
    Scene("returns", "returns"),
    Scene("alone-organisations", "organisations"),
    Scene("organisation-new", "organisation", "new"),
)
OWNER: Final = (
    Scene("concerns", "concerns"),
    Scene("concern-adult", "concern", "{adult}"),
    Scene("concern-child", "concern", "{child}"),
    Scene("concern-now", "concern", "{at_risk_now}"),
    Scene("service-files", "service_files"),
    Scene("incident", "incident", "{incident}"),
    Scene("complaint", "complaint", "{complaint}"),
    Scene("answer-letter", "answer_letter", "{complaint}"),
    Scene("entry-open-again", "person_entry", "open_again/{closed}"),
    Scene("owner-stand-aside", "person_entry", "stand_aside/{person}"),
    Scene("owner-settings-safety", "settings", "safety"),
    Scene("owner-settings-work", "settings", "work"),
    Scene("owner-settings-service", "settings", "service"),
    Scene("owner-settings-our-service", "settings", "our_service"),
    Scene("owner-organisations", "organisations"),
    Scene("owner-organisation", "organisation", "{organisation}"),
    Scene("owner-team-sync", "team_sync"),
    Scene("new-referral", "new_referral"),
    Scene("new-appointment", "new_appointment", "{person}"),
    Scene("new-task", "new_task", "{person}"),
)
EVERY: Final = (*COORDINATOR, *OFFICE, *ALONE, *OWNER)


@contextmanager
def every_store(folder: Path) -> Iterator[tuple[Made, ...]]:
    """The laptops of the demo's day with what its report leaves out, and the practice. The server runs until the end."""
    now = dt.datetime.now(dt.UTC)
    practice = make_practice(folder / "alone" / "practice")
    practice.close()
    with demo_server(folder) as server:
        team = hire(server)
        day = live(team, 30, now, folder / "papers", lambda _words: None)
        mine = team.coordinator.store
        spare = next(id for id in mine.read(people_of) if id != day.person_id)
        team.lead.store.write(_keep_phrases)
        team.lead.sync()
        team.coordinator.sync()
        _add(mine, day.person_id, now)
        team.lead.store.write(
            lambda writer: stand_aside(
                writer, spare, "neighbour", who=team.colleague.user_id, to_id=team.coordinator.user_id, at=now
            )
        )
        office = team.administrator.store
        printed = office.read(lambda reader: [one.id for one in load_all(reader, Letter, state="printed")])
        office.write(lambda writer: letters.record_sent(writer, printed[:1], "By post", at=now))
        for laptop in (team.administrator, team.lead, team.coordinator):
            laptop.sync()
        for laptop in team.everyone():
            laptop.store.close()
        yield (
            Made(mine.folder, team.coordinator.passphrase, day.person_id, COORDINATOR),
            Made(team.administrator.store.folder, team.administrator.passphrase, day.person_id, OFFICE),
            Made(team.lead.store.folder, team.lead.passphrase, day.person_id, OWNER),
            Made(practice.folder, PASSPHRASE, "", ALONE),
        )


def every_picture(made: Made, folder: Path, look: Look) -> list[Path]:
    """Each scene of one laptop. Its store is closed."""
    taken = []
    store = Store.open(made.folder, made.passphrase)
    ids = store.read(partial(_ids, person_id=made.person_id or store.read(people_of)[0]))
    with window_on(store, look=look) as shell:
        for scene in made.scenes:
            shell.go(scene.page, scene.argument.format_map(ids))
            settle()
            if scene.act is not None:
                scene.act(shell)
                settle()
            taken.append(keep(shell, folder / f"{scene.name}.png"))
            shell.palette_box.hide()
    return taken


def people_of(reader: Reader) -> list[str]:
    return [one.id for one in load_all(reader, Person)]


def _add(store: Store, person_id: str, now: dt.datetime) -> None:
    """What somebody sent, a task and a person sent on."""
    pdf = render_pdf(Document("Letter", (Paragraph("Seen in the falls clinic today."),)), STYLES["standard"]).data
    sha = keep_file(store.files, pdf, now=now)
    sent = Attachment(
        subject=person_id,
        sha256=sha,
        bytes=len(pdf),
        media_type="application/pdf",
        title="Letter from the falls clinic",
        kind="letter_in",
        received_on=now.date(),
    )

    def work(writer: Writer) -> None:
        files.add_file(writer, sent, at=now)
        task = Task(subject=person_id, title="Ask about the stairs", due_on=now.date() - dt.timedelta(days=2))
        tasks.add_task(writer, task, at=now)
        onward.send_onward(writer, OnwardReferral(subject=person_id, kind="signpost", to_name="The Shed"), at=now)

    store.write(work)


def _keep_phrases(writer: Writer) -> None:
    for name, words in (("No answer", "Rang and nobody answered."), ("Rang back", "Rang back as promised.")):
        keep_phrase(writer, Phrase(name=name, words=words, places=("contact",)))


NAMED: Final = {
    "action": Action,
    "number": ContactPoint,
    "goal": Goal,
    "appointment": Appointment,
    "article": Article,
    "attachment": Attachment,
    "complaint": Complaint,
    "contact": Contact,
    "enquiry": Enquiry,
    "incident": Incident,
    "letter": Letter,
    "message": Message,
    "module": DigitalModule,
    "onward": OnwardReferral,
    "referral": Referral,
    "release": ModuleRelease,
    "request": Request,
    "service": Service,
    "task": Task,
}


def _ids(reader: Reader, person_id: str) -> dict[str, str]:
    """One id of each kind that an argument may name; "none" of what this laptop does not hold."""
    ids = {"person": person_id}
    for name, struct in NAMED.items():
        found = load_all(reader, struct)
        about = [one for one in found if one.subject == person_id]
        ids[name] = next((one.id for one in (*about, *found)), "none")
    undecided = [one.id for one in load_all(reader, Referral) if is_undecided(one)]
    ids["undecided"] = undecided[0] if undecided else "none"
    ids["organisation"] = next((one.id for one in load_all(reader, Organisation, kind="practice")), "none")
    ids |= {one.path: one.id for one in load_all(reader, Concern)}
    ids["other"] = next(one.id for one in load_all(reader, Person) if one.id != person_id)
    ids["closed"] = next((one.person_id for one in load_all(reader, Recusal)), "none")
    sent = load_all(reader, Letter, state="sent")
    ids |= {"letter": sent[0].id, "letter_person": sent[0].subject} if sent else {"letter_person": "none"}
    return ids
