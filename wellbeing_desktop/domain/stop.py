"""Why something may not be done to or for a person: shown beside the button, and per name in a batch."""

import msgspec


class Stop(msgspec.Struct, frozen=True):
    """A reason. `sentence` says what stops and carries no personal data, so it may be raised as Refused.

    `detail` is what was recorded about it (the reason that somebody typed, the statement): for the person's own
    screen and the list of a batch only, never for a log or an error. `field` names the field that it rests on.
    """

    kind: str
    sentence: str
    detail: str = ""
    field: str = ""
