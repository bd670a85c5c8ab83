"""The service's own words (PRACTICE W31): what it calls the people it supports and its workers."""

from collections.abc import Mapping
from typing import Final

import msgspec

from wellbeing_desktop.domain.errors import Refused

PEOPLE_SETTING: Final = "words.person"
WORKER_SETTING: Final = "words.worker"

PEOPLE_WORDS: Final[Mapping[str, str]] = {
    "person": "people",
    "patient": "patients",
    "client": "clients",
    "resident": "residents",
    "member": "members",
}
WORKER_WORDS: Final[Mapping[str, str]] = {
    "care coordinator": "care coordinators",
    "key worker": "key workers",
    "wellbeing coordinator": "wellbeing coordinators",
    "link worker": "link workers",
    "health coach": "health coaches",
}

# Old words and what replaced them. Nothing that the program writes by itself uses the left-hand side.
SUPERSEDED: Final[Mapping[str, str]] = {
    "CCG": "integrated care board",
    "clinical commissioning group": "integrated care board",
    "IAPT": "NHS Talking Therapies",
    "CRB": "DBS",
    "GSCC": "Social Work England",
    "Data Protection Act 1998": "UK GDPR and the Data Protection Act 2018",
}


class Words(msgspec.Struct, frozen=True):
    """In the middle of a sentence. Use `capitalised` at its start."""

    person: str = "person"
    people: str = "people"
    worker: str = "care coordinator"
    workers: str = "care coordinators"

    def fill(self, sentence: str) -> str:
        """Put the words in for {person}, {people}, {worker}, {workers}, and {Person} and so on at a start."""
        for name in ("person", "people", "worker", "workers"):
            word = getattr(self, name)
            sentence = sentence.replace("{" + name + "}", word).replace(
                "{" + name.capitalize() + "}", capitalised(word)
            )
        return sentence


def words_from(settings: Mapping[str, str]) -> Words:
    """The words that the settings choose; the usual ones where they say nothing. Unknown words get an s."""
    person = settings.get(PEOPLE_SETTING, "").strip() or "person"
    worker = settings.get(WORKER_SETTING, "").strip() or "care coordinator"
    return Words(
        person=person,
        people=PEOPLE_WORDS.get(person, person + "s"),
        worker=worker,
        workers=WORKER_WORDS.get(worker, worker + "s"),
    )


def check_word(word: str) -> str:
    """A word fit for a sentence: letters and spaces, 2 to 30 of them, lower case at its start. Refused otherwise."""
    settled = " ".join(word.split())
    if not 2 <= len(settled) <= 30 or not all(part.replace("-", "").isalpha() for part in settled.split()):
        raise Refused("Use a short word of letters, such as person or patient.", "value")
    return settled[0].lower() + settled[1:]


def capitalised(word: str) -> str:
    return word[:1].upper() + word[1:]
