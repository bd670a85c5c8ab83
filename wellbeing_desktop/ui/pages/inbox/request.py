"""One request: put to the duty clinician, their instruction, what was done, whether the person was told (W23)."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.clock_time import parse_clock_time
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.dates import day_words, recent_words, staff_date, staff_time
from wellbeing_desktop.domain.enquiry import Instruction, Request
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.london_time import local_date, local_time, moment_of
from wellbeing_desktop.operations import requests
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.ui.pages.forms.form_page import choices_of
from wellbeing_desktop.ui.pages.inbox.new_request import promised
from wellbeing_desktop.ui.pages.inbox.step_page import StepPage
from wellbeing_desktop.ui.widgets import fields, read_back
from wellbeing_desktop.ui.widgets.form import Form


class RequestPage(StepPage[Request]):
    title, nav_key = "Request", "request"
    phrase_place = "request"
    record, record_name = Request, "request"
    rows_of: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "put": ("put_to",),
        "instruct": ("words", "clinician", "given_at", "read_back"),
        "done": ("done_words", "person_told"),
        "change": ("items", "due_on", "due_at"),
        "hand": ("owner_id",),
        "cancel": ("reason",),
        "reopen": (),
    }

    def build(self, form: Form) -> None:
        form.add("put_to", "Which &clinician", fields.line())
        form.add("words", "The &instruction as it was given", fields.note(lines=3))
        form.begin_row()
        form.add("clinician", "Which clinician ga&ve it", fields.line())
        form.add(
            "given_at",
            "&Today at",
            read_back.clock_time(hint="14:00"),
            help_text="Empty when it was given just now.",
        )
        form.end_row()
        form.add("read_back", "", fields.tick("Read &back to the clinician"))
        form.add("done_words", "What was &done", fields.note(lines=3))
        form.add("person_told", "&Was the person told", fields.choice(choices_of("person_told"), empty="Not chosen"))
        form.add("items", "Ite&ms", fields.note(lines=3))
        form.begin_row()
        form.add("due_on", "&Promised by", fields.day(self.session.today))
        form.add("due_at", "&At what time", read_back.clock_time(hint="14:00"))
        form.end_row()
        form.add("owner_id", "Wh&o does it now", fields.choice(()))
        form.add("reason", "Wh&y it is not needed", fields.line())

    def steps(self, record: Request) -> Sequence[tuple[str, str]]:
        rest = [
            ("change", "What is asked for has changed"),
            ("hand", "A colleague does it now"),
            ("cancel", "It is not needed any more"),
        ]
        done, put = ("done", "It is done"), ("put", "It was put to a clinician")
        match record.state:
            case "with_clinician":
                return [("instruct", "The clinician gave an instruction"), *rest]
            case "done" | "cancelled":
                return [("reopen", "Open it again")]
            case _:
                needs_word = bool(record.clinical) and not self.known.more
                return [put, *rest] if needs_word else [done, put, *rest]

    def facts(self, record: Request) -> Sequence[tuple[str, str]]:
        now, names = self.session.now(), self.known.names
        given: Sequence[Instruction] = self.known.more or ()
        put = f"{record.put_to}, {recent_words(record.put_at, now)}" if record.put_to else ""
        done = f" on {staff_date(record.done_on)}" if record.done_on else ""
        return [
            ("What for", label_of("request_kinds", record.kind)),
            ("Items", record.items),
            ("State", f"{label_of('request_states', record.state)}{done}"),
            ("Needs a clinician's word", "Yes" if record.clinical else "No"),
            ("Asked on", day_words(record.asked_on)),
            ("Promised by", recent_words(record.due_at, now) if record.due_at else "No time was promised"),
            ("Who does it", names.get(record.owner_id, "A colleague") if record.owner_id else "Nobody yet"),
            ("Put to", put),
            *(
                (f"Instruction of {one.clinician}, {recent_words(one.given_at, now)}", _instruction(one))
                for one in given
            ),
            ("Why it is not needed" if record.state == "cancelled" else "What was done", record.done_words),
            ("Was the person told", label_of("person_told", record.person_told)),
        ]

    def more_known(self, reader: Reader, record: Request) -> list[Instruction]:
        return requests.instructions_about(reader, record.id)

    def prepare(self, record: Request) -> None:
        field = self.form.rows["owner_id"].field
        if isinstance(field, fields.ChoiceField):
            field.set_choices(list(self.known.names.items()))

    def starting_values(self, record: Request) -> Mapping[str, str]:
        due = local_time(record.due_at) if record.due_at else None
        return {
            "put_to": record.put_to,
            "clinician": record.put_to,
            "items": record.items,
            "due_on": due.date().isoformat() if due else "",
            "due_at": staff_time(due.time()) if due else "",
            "owner_id": record.owner_id,
        }

    def operation(self, writer: Writer, record: Request, step: str, values: Mapping[str, str]) -> Changes:
        now = self.session.now()
        match step:
            case "put":
                return requests.put_to_clinician(writer, record.id, values["put_to"].strip(), at=now)
            case "instruct":
                time = values["given_at"].strip()
                return requests.record_instruction(
                    writer,
                    Instruction(
                        request_id=record.id,
                        words=values["words"],
                        clinician=values["clinician"].strip(),
                        given_at=moment_of(local_date(now), parse_clock_time(time, "given_at")) if time else None,
                        read_back=bool(values["read_back"]),
                    ),
                    at=now,
                )
            case "done":
                return requests.finish_request(
                    writer, record.id, values["done_words"].strip(), values["person_told"], at=now
                )
            case "change":
                fields_now = {"items": values["items"], "due_at": promised(values)}
                seen = {"items": record.items, "due_at": record.due_at}
                changed = {name: value for name, value in fields_now.items() if value != seen[name]}
                return requests.change_request(writer, record.id, changed, seen, at=now)
            case "hand":
                return requests.change_request(
                    writer, record.id, {"owner_id": values["owner_id"]}, {"owner_id": record.owner_id}, at=now
                )
            case "cancel":
                try:
                    return requests.cancel_request(writer, record.id, values["reason"].strip(), at=now)
                except Refused as refusal:
                    raise Refused(refusal.message, "reason") from refusal
            case _:
                return requests.reopen_request(writer, record.id, at=now)


def _instruction(one: Instruction) -> str:
    return f"{one.words}\n{'Read back.' if one.read_back else 'Not read back.'}"
