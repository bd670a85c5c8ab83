"""A list as somebody wants to find it again: whom it shows, in what order, with which columns (UX 3, N1)."""

from typing import Annotated, Final

from wellbeing_desktop.domain.definition import Compartment, Record, RecordType, Sensitivity, SubjectKind, about
from wellbeing_desktop.domain.errors import Refused

LONGEST_NAME: Final = 60
PLAIN: Final = Sensitivity.PLAIN


class SavedView(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One view of the caseload. Its `subject` is whose it is; nobody else sees it, for its name is theirs to choose.

    The words of `whose`, `which`, `stage`, `sort` and `columns` are those of the screen: a screen that does not know one
    says so and does not guess.
    """

    name: Annotated[str, about("Name", required=True)] = ""
    whose: Annotated[str, about("Whom", sensitivity=PLAIN)] = ""
    which: Annotated[str, about("Narrowed to", sensitivity=PLAIN)] = ""
    stage: Annotated[str, about("Stage", code_list="support_stages", sensitivity=PLAIN)] = ""
    sort: Annotated[str, about("In order of", sensitivity=PLAIN)] = ""
    descending: Annotated[bool | None, about("The other way round", sensitivity=PLAIN)] = None
    columns: Annotated[str, about("Columns", help="Words with a space between.", sensitivity=PLAIN)] = ""


SAVED_VIEW = RecordType(
    struct=SavedView,
    name="saved_view",
    label="Saved view",
    plural="Saved views",
    compartment=Compartment.CORE,
    subject_kind=SubjectKind.PRACTITIONER,
)


def checked_name(name: str) -> str:
    """The name with its spaces tidied. Refused when there is none, or it is too long for a list."""
    tidy = " ".join(name.split())
    if not tidy:
        raise Refused("Enter a name for the view.", "view_name")
    if len(tidy) > LONGEST_NAME:
        raise Refused(f"Use a name of {LONGEST_NAME} characters or fewer.", "view_name")
    return tidy
