"""Quick phrases: sentences that a service writes often, its own data, each with where it is offered (issue 4, A1)."""

from typing import Annotated, Final

from wellbeing_desktop.domain.definition import Compartment, Merge, Record, RecordType, Sensitivity, SubjectKind, about

PLAIN = Sensitivity.PLAIN
MOST_NAME: Final = 40
MOST_WORDS: Final = 500
"""A product choice: a phrase is a sentence or two, not a letter."""


class Phrase(Record, frozen=True, kw_only=True, omit_defaults=True):
    """`retired` keeps one that is not offered any more. Never about a person."""

    name: Annotated[str, about("Short name", required=True, sensitivity=PLAIN)] = ""
    words: Annotated[str, about("The phrase", required=True, sensitivity=PLAIN, long=True)] = ""
    places: Annotated[
        tuple[str, ...], about("Offered in", Merge.SET, code_list="phrase_places", sensitivity=PLAIN)
    ] = ()
    retired: Annotated[bool | None, about("No longer offered", sensitivity=PLAIN)] = None


PHRASE: Final = RecordType(
    struct=Phrase,
    name="phrase",
    label="Quick phrase",
    plural="Quick phrases",
    compartment=Compartment.CARD,
    subject_kind=SubjectKind.ORGANISATION,
)
