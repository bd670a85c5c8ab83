"""`wellbeing import triage-form FILE` brings in the service's own form; `wellbeing triage-forms` shows those there are."""

import argparse
from pathlib import Path

from wellbeing_desktop.cli.command import Command, Exit
from wellbeing_desktop.cli.opening import add_store_arguments, opened_store
from wellbeing_desktop.cli.output import Output
from wellbeing_desktop.domain.code_lists import label_of
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.triage_form import NEEDS, TriageForm, read_form
from wellbeing_desktop.operations.triage import import_form, known_forms, use_form


def _add_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the form as JSON")
    parser.add_argument("--dry-run", action="store_true", help="only read the form and say what it asks")
    parser.add_argument("--use", action="store_true", help="ask this form from now on")
    add_store_arguments(parser)


def _import(arguments: argparse.Namespace, output: Output) -> Exit:
    try:
        content = arguments.file.read_bytes()
    except OSError as problem:
        raise Refused("This file cannot be read.") from problem
    form = read_form(content)
    if not arguments.dry_run:
        with opened_store(arguments) as store:
            store.write(lambda writer: import_form(writer, content))
            if arguments.use:
                store.write(lambda writer: use_form(writer, form.form, form.version))
    output.result({**_facts(form), "in_use": bool(arguments.use and not arguments.dry_run)})
    return Exit.DONE


def _add_show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("form", nargs="?", default="", metavar="FORM", help="show the questions of this one")
    parser.add_argument(
        "--version", default="", metavar="VERSION", help="of that form; the only one where there is one"
    )
    parser.add_argument("--use", action="store_true", help="ask it from now on")
    add_store_arguments(parser)


def _show(arguments: argparse.Namespace, output: Output) -> Exit:
    with opened_store(arguments) as store:
        known = store.read(known_forms)
        wanted = [
            one for one in known.every if arguments.form in ("", one.form) and arguments.version in ("", one.version)
        ]
        if arguments.form and not wanted:
            raise Refused("There is no triage form of this name and version.")
        if arguments.use:
            if len(wanted) != 1:
                raise Refused("Name one form, and its version where there are several.")
            store.write(lambda writer: use_form(writer, wanted[0].form, wanted[0].version))
            known = store.read(known_forms)
    shown = [
        {**_facts(one), "in_use": one == known.in_use, **(_questions(one) if arguments.form else {})} for one in wanted
    ]
    output.result({"forms": shown})
    return Exit.DONE


def _facts(form: TriageForm) -> dict[str, object]:
    return {
        "form": form.form,
        "version": form.version,
        "title": form.title,
        "questions": len(form.questions),
        "rules": len(form.priorities),
    }


def _questions(form: TriageForm) -> dict[str, object]:
    return {
        "about": form.about,
        "needs": [NEEDS[need] for need in form.needs],
        "asks": [
            {
                "text": question.text,
                "required": question.required,
                "answers": [words for _code, words in question.choices()],
                "red_flag": question.red_flag.instruction if question.red_flag else "",
            }
            for question in form.questions
        ],
        "suggests": [
            {"priority": label_of("priorities", rule.priority), "because": rule.because} for rule in form.priorities
        ],
        "otherwise": label_of("priorities", form.otherwise),
    }


IMPORT_TRIAGE_FORM = Command("import triage-form", "bring in the service's own triage form", _add_import, _import)
TRIAGE_FORMS = Command("triage-forms", "show the triage forms, and which is in use", _add_show, _show)
