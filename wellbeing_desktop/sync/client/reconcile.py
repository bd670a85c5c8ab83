"""When the server's history is not the one that this laptop knew: it was restored from a backup (SYNC 3.7).

Nothing here is thrown away. Every operation that is still kept (all that are not in a verified backup, I7) from above
the last place that both histories share waits to be sent again; what had arrived is a duplicate there. Rows from above
that place are put aside, to be offered to the server if it lacks them. Then everything is fetched anew beside what is
here, and the new history's rows replace the old one's, whose sequence numbers mean nothing any more.
"""

import datetime as dt
from collections.abc import Callable

from wellbeing_desktop.domain.errors import SyncProblem
from wellbeing_desktop.storage import incoming, outbox, passed_places, resending
from wellbeing_desktop.storage.connection import Writer
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.sync_state import set_sync_values
from wellbeing_desktop.sync.client.conversation import COMMON, Conversation
from wellbeing_desktop.sync.client.facts import begin_loading_again
from wellbeing_desktop.sync.client.membership import NEXT_KEY, Membership, keep_membership
from wellbeing_desktop.sync.protocol.message import Head
from wellbeing_desktop.sync.protocol.restoring import CommonReply, CommonRequest


def last_common_place(store: Store, conversation: Conversation, epoch: str) -> int:
    """The last place of the old history that the server still has; -1 if it does not say."""
    places = store.read(lambda reader: passed_places.passed(reader, epoch))
    if not places:
        return -1
    try:
        reply = conversation.ask(
            COMMON,
            CommonRequest(
                device=conversation.device, places=tuple(Head(seq=place.seq, tok=place.tok) for place in places)
            ),
            CommonReply,
        )
    except SyncProblem:
        return -1  # then everything that is kept goes again, which costs time and nothing else
    return reply.seq if any(place.seq == reply.seq for place in places) else -1


def begin_new_history(store: Store, old_epoch: str, epoch: str, common_seq: int, now: dt.datetime) -> None:
    """In one transaction: remember the new epoch, put aside what it may lack, send what is kept from above the last
    common place again, fetch everything again."""

    def begin(writer: Writer) -> None:
        with writer.immediate():
            if common_seq > 0:
                for id in passed_places.ids_above(writer, common_seq):
                    row = incoming.server_row(writer, id)
                    if row is not None:
                        passed_places.put_aside(writer, row, old_epoch)
            passed_places.carry_over(writer, old_epoch, epoch, common_seq)
            outbox.send_again(writer, above_seq=common_seq)
            resending.forget_sequences(writer)
            begin_loading_again(writer)
            set_sync_values(writer, {"epoch": epoch, "backed_up_seq": 0, "audit_sent": 0, "verified_at": ""})
            set_sync_values(writer, {"new_history_at": now.astimezone(dt.UTC).isoformat()})

    store.write(begin)


def send_from(store: Store, number: int) -> None:
    """The server expects this number next. What is kept is sent again; if the operation that had the number is no
    longer kept, the rest is numbered from there, and `op_id` keeps what had arrived from being applied twice."""

    def send(writer: Writer) -> None:
        if resending.keeps_number(writer, number):
            outbox.send_again(writer, above_seq=-1)
        else:
            resending.number_from(writer, number)

    store.write(_in_transaction(send))


def fetch_everything_again(store: Store) -> None:
    """Away for longer than the server remembers, or the sums did not agree: load beside what is here."""
    store.write(_in_transaction(begin_loading_again))


def take_new_device(store: Store, membership: Membership) -> None:
    """After a fork: this laptop is a new device, and sends everything that it keeps as such."""

    def take(writer: Writer) -> None:
        keep_membership(writer, membership)
        outbox.number_again(writer)
        set_sync_values(writer, {"audit_sent": 0, NEXT_KEY: ""})

    store.write(_in_transaction(take))


def _in_transaction(change: Callable[[Writer], None]) -> Callable[[Writer], None]:
    def run(writer: Writer) -> None:
        with writer.immediate():
            change(writer)

    return run
