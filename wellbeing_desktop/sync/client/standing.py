"""How this laptop stands, told to the server for the register: counts and times, nobody's data (P8)."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

import msgspec

from wellbeing_desktop.domain.six_groups import six_groups
from wellbeing_desktop.storage import holding, outbox, refused, sealing
from wellbeing_desktop.storage.connection import Reader
from wellbeing_desktop.storage.store import Store
from wellbeing_desktop.storage.sync_state import sync_number, sync_value
from wellbeing_desktop.sync.client.conversation import REPORT, Conversation
from wellbeing_desktop.sync.client.scope import STOPPED
from wellbeing_desktop.sync.protocol.signing_in import LaptopReport, ReportReply, ReportRequest


def report_of(reader: Reader) -> LaptopReport:
    """As the store says it; the clock's error comes with the server's time."""
    return LaptopReport(
        waiting=outbox.waiting_count(reader),
        oldest_waiting_at=outbox.oldest_waiting_at(reader),
        held=holding.held_count(reader),
        unsettled=refused.unapplied_count(reader),
        completed_at=sync_value(reader, "synced_at"),
        program=_program(),
        repairs=sync_number(reader, "repairs"),
        refused_orders=sync_number(reader, sealing.REFUSED),
        removal_stopped=sync_number(reader, STOPPED),
    )


def report_on(store: Store) -> LaptopReport:
    """With when it was last opened, and by what: the facts about a laptop that is lost."""
    unlocked_at = store.opened_at.isoformat(timespec="seconds")
    key = store.keys.organisation_key()
    return msgspec.structs.replace(
        store.read(report_of),
        unlocked_at=unlocked_at,
        opened_by=store.keys.opened_by(),
        recovery_key=six_groups(key) if key else "",
    )


def tell(store: Store, conversation: Conversation) -> None:
    """At the end of a sync. Raises SyncProblem."""
    report = msgspec.structs.replace(report_on(store), skew_seconds=conversation.skew_seconds or 0)
    conversation.ask(REPORT, ReportRequest(device=conversation.device, report=report), ReportReply)


@cache
def _program() -> str:
    try:
        return version("wellbeing-desktop")
    except PackageNotFoundError:
        return ""
