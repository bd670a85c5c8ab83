"""The waiting list, and support while waiting (B5): who was accepted and has not begun, and when to look in next.

How often is the service's own rule (`waiting.check_in_weeks`). A new rule counts from the next check-in on: a day that
somebody was promised stays.
"""

import datetime as dt
from typing import Final, Literal

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.domain.contact import Contact, Note
from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.ids import new_id
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.domain.referral import Episode
from wellbeing_desktop.operations import found
from wellbeing_desktop.operations.catalogue import doing
from wellbeing_desktop.operations.clocks import setting_value
from wellbeing_desktop.operations.contacts import add_contact
from wellbeing_desktop.storage.connection import Reader, Writer
from wellbeing_desktop.storage.write_door import Transaction

WEEKS_SETTING: Final = "waiting.check_in_weeks"
USUAL_WEEKS: Final = 4
"""Product choice: no national interval was found; a service sets its own."""
MOST_WEEKS: Final = 52
TRY_AGAIN_DAYS: Final = 7
"""After a check-in that reached nobody: product choice."""
BY_TELEPHONE: Final = "02"

Reached = Literal["spoke", "no_answer", "message_left"]


def check_in_weeks(reader: Reader) -> int:
    """Weeks between two check-ins of somebody who waits (1 to 52)."""
    value = setting_value(reader, WEEKS_SETTING)
    return value if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_WEEKS else USUAL_WEEKS


def check_weeks(value: object) -> int:
    """The rule as a number of weeks. Raises Refused."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_WEEKS:
        raise Refused(f"Choose 1 to {MOST_WEEKS} weeks.", "weeks")
    return value


def next_check_in(reader: Reader, after: dt.date) -> dt.date:
    """The day to ring somebody who waits again."""
    return after + dt.timedelta(weeks=check_in_weeks(reader))


def put_on_waiting_list(writer: Writer, episode_id: str, *, at: dt.datetime | None = None) -> Changes:
    """Support was accepted and cannot begin yet."""
    with doing(writer, "put_on_waiting_list", at=at) as tx:
        episode = _open(tx, episode_id)
        if episode.waiting_since is not None and episode.started_on is None:
            raise Refused("This person is on the waiting list already.", "waiting_since")
        today = local_date(tx.at)
        fields = {
            "waiting_since": episode.opened_on or today,
            "started_on": None,
            "check_in_due_on": next_check_in(tx.reader, today),
        }
        tx.change(Episode, episode_id, fields)
    return tx.changes


def start_support(writer: Writer, episode_id: str, *, at: dt.datetime | None = None) -> Changes:
    """The waiting is over. How long it was stays with the support."""
    with doing(writer, "start_support", at=at) as tx:
        _waiting(tx, episode_id)
        tx.change(Episode, episode_id, {"started_on": local_date(tx.at), "check_in_due_on": None})
    return tx.changes


def check_in(
    writer: Writer,
    episode_id: str,
    reached: Reached,
    words: str = "",
    *,
    medium: str = BY_TELEPHONE,
    next_on: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Changes:
    """Somebody looked in on a person who waits: a contact like any other, and the day of the next one."""
    with doing(writer, "check_in", at=at) as tx:
        episode = _waiting(tx, episode_id)
        today = local_date(tx.at)
        due = next_on or (
            next_check_in(tx.reader, today) if reached == "spoke" else today + dt.timedelta(days=TRY_AGAIN_DAYS)
        )
        if due <= today:
            raise Refused("Choose a day to come for the next check-in.", "next_on")
        said = words.strip() or ("Check-in while waiting." if reached == "spoke" else "")
        add_contact(
            tx,
            Contact(
                id=new_id(),
                subject=episode.subject,
                happened_at=tx.at,
                medium=medium,
                direction="out",
                outcome=reached,
                planned=True,
                episode_id=episode.id,
            ),
            Note(subject=episode.subject, text=said) if said else None,
            gp_record="not_needed",
        )
        tx.change(Episode, episode_id, {"check_in_due_on": due})
    return tx.changes


def is_waiting(episode: Episode) -> bool:
    """Accepted, and support has not begun."""
    return episode.state == "open" and episode.waiting_since is not None and episode.started_on is None


def _open(tx: Transaction, episode_id: str) -> Episode:
    episode = found.found(tx.reader, Episode, episode_id)
    if episode.state != "open":
        raise Refused("This period of support is closed.", "state")
    return episode


def _waiting(tx: Transaction, episode_id: str) -> Episode:
    episode = _open(tx, episode_id)
    if not is_waiting(episode):
        raise Refused("This person is not on the waiting list.", "waiting_since")
    return episode
