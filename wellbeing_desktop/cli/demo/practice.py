"""Practice mode: made-up people in a store of its own, on this computer only."""

import datetime as dt
from pathlib import Path
from typing import Final

from wellbeing_desktop.cli.demo import details, knowledge, new_referrals, past
from wellbeing_desktop.cli.demo.bringing_in import bring_in
from wellbeing_desktop.domain.london_time import local_date
from wellbeing_desktop.operations.people import change_person
from wellbeing_desktop.operations.setting_up import set_up_alone
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.store import Store

PASSPHRASE: Final = "four made up words"
LABEL: Final = f"Practice mode. The passphrase is: {PASSPHRASE}"
"""On the unlock screen for all to see: there is nobody's record in it."""
PRACTICE_PEOPLE: Final = 30
_WITH_WORK: Final = 10


def make_practice(folder: Path) -> Store:
    """A new store in `folder`, filled and open. Raises as `Store.create`."""
    now = dt.datetime.now(dt.UTC)
    store, _kit = set_up_alone(
        folder, LABEL, PASSPHRASE, user_name="Practice user", organisation_name="Practice (made up)"
    )
    today = local_date(now)
    person_ids = bring_in(store, PRACTICE_PEOPLE, today)
    user_id = store.identity.user_id

    def mine(writer: Writer) -> None:
        for person_id in person_ids:
            change_person(writer, person_id, {"coordinator_id": user_id}, {"coordinator_id": ""}, at=now)

    store.write(mine)
    details.complete_service(store)
    past.live_last_month(store, person_ids[:_WITH_WORK], today)
    details.switch_on_a_rule(store, now)
    details.add_details(store, person_ids, now)
    new_referrals.choose_form(store)
    new_referrals.arrive(store, person_ids, now)
    knowledge.write_down(store, person_ids, now)
    return store
