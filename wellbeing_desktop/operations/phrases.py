"""The service's quick phrases: kept, changed, no longer offered, and found for a place of the program."""

import datetime as dt
from typing import Final

import msgspec

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.code_lists import code_list
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.phrase import MOST_NAME, MOST_WORDS, Phrase
from wellbeing_desktop.domain.resources import resource
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.records import load, load_all

VISIT: Final = "visit"


def keep_phrase(writer: Writer, phrase: Phrase, *, at: dt.datetime | None = None) -> Changes:
    """Save a new phrase, or what was changed of one that is there. Raises Refused beside a field."""
    name, words = " ".join(phrase.name.split()), phrase.words.strip()
    if not name:
        raise Refused("Give it a short name.", "name")
    if len(name) > MOST_NAME:
        raise Refused(f"A short name has at most {MOST_NAME} characters.", "name")
    if not words:
        raise Refused("Write the phrase.", "words")
    if len(words) > MOST_WORDS:
        raise Refused(f"A phrase has at most {MOST_WORDS} characters: this has {len(words):,}.", "words")
    if not phrase.places or set(phrase.places) - code_list("phrase_places").codes():
        raise Refused("Tick where it is offered.", "places")
    with doing(writer, "change_phrase", at=at) as tx:
        for other in every_phrase(tx.reader):
            same = other.name.casefold() == name.casefold() and set(other.places) & set(phrase.places)
            if same and other.id != phrase.id and not other.retired and not phrase.retired:
                raise Refused("Another phrase has this name there.", "name")
        places = tuple(sorted(set(phrase.places)))
        if load(tx.reader, Phrase, phrase.id) is None:
            tx.create(msgspec.structs.replace(phrase, name=name, words=words, places=places))
        else:
            tx.change(
                Phrase, phrase.id, {"name": name, "words": words, "places": places, "retired": phrase.retired or None}
            )
    return tx.changes


def every_phrase(reader: Reader) -> tuple[Phrase, ...]:
    """The service's own, by name; those that are no longer offered last."""
    return tuple(sorted(load_all(reader, Phrase), key=lambda one: (bool(one.retired), one.name.casefold(), one.id)))


def phrases_for(reader: Reader, place: str) -> tuple[Phrase, ...]:
    """What is offered in a place. For visits a few are shipped, until the service has its own there."""
    own = tuple(one for one in every_phrase(reader) if place in one.places and not one.retired)
    return own or (shipped() if place == VISIT else ())


def shipped() -> tuple[Phrase, ...]:
    """Short, neutral sentences of a visit, in their own order."""
    phrases = msgspec.json.decode(resource("visit_phrases.json").read_bytes())["phrases"]
    return tuple(Phrase(name=one, words=one, places=(VISIT,)) for one in phrases)
