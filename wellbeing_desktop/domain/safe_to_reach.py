"""Is it safe to reach this person, here, this way (PRACTICE W10)? It gates every letter, label, reminder and call.

Absence of an answer is not an answer: writing, calling and texting go ahead and show *not asked*; leaving a message
needs a recorded yes, because somebody else may hear it.
The fields are from domestic-abuse practice and in no national list (reference/02): a product choice.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from wellbeing_desktop.domain.dates import day_number
from wellbeing_desktop.domain.death import stop_because_died
from wellbeing_desktop.domain.person import Address, ContactPoint, Person
from wellbeing_desktop.domain.stop import Stop

CORRESPONDENCE: Final = "4"
TEMPORARY: Final = "3"
MAIN: Final = "1"
OTHER_PERMANENT: Final = "2"
# Where a letter goes first. A safe haven is never chosen unasked: a letter must not give it away.
_WRITING_ORDER: Final = (CORRESPONDENCE, TEMPORARY, MAIN, "", OTHER_PERMANENT)

TELEPHONES: Final = frozenset({"mobile", "telephone", "work", "textphone"})


def may_write_to(address: Address, on: dt.date, clashing: Collection[str] = ()) -> Stop | None:
    """What stops a letter or label to this address, or None.

    `clashing` names the fields of this address about which an open conflict stands: until somebody settles it, the
    more cautious answer holds.
    """
    if address.safe_to_write is False:
        return Stop(
            "unsafe_address", "It is not safe to write to this address.", address.safety_reason, "safe_to_write"
        )
    if "safe_to_write" in clashing:
        return Stop(
            "unsafe_address",
            "Two people recorded different answers about writing to this address. Settle that first.",
            address.safety_reason,
            "safe_to_write",
        )
    if address.started_on is not None and address.started_on > on:
        return Stop("address_not_yet", "This address is not in use yet.", field="started_on")
    if address.ended_on is not None and address.ended_on <= on:
        return Stop("old_address", "This address is no longer used.", field="ended_on")
    if not any((address.line1, address.line2, address.line3, address.line4)):
        return Stop("no_address", "This address has no lines to print.", field="line1")
    return None


def address_to_write_to(
    person: Person,
    addresses: Iterable[Address],
    on: dt.date,
    clashing: Mapping[str, Collection[str]] | None = None,
) -> Address | Stop:
    """The address for a letter to the person, or what stops it.

    Only a person with no usable address at all, or with an unsafe one, is stopped. An unsafe main address is not
    replaced silently by an older one: another address is used only if it is the person's correspondence or temporary
    address, or is itself recorded as safe. `clashing` maps an address id to its fields with an open conflict.
    """
    if stop := stop_because_died(person):
        return stop
    current = [a for a in addresses if (a.ended_on is None or a.ended_on > on) and a.use in _WRITING_ORDER]
    current.sort(key=lambda a: (_WRITING_ORDER.index(a.use), -day_number(a.started_on), a.id))
    unsafe: Stop | None = None
    other: Stop | None = None
    for address in current:
        stop = may_write_to(address, on, (clashing or {}).get(address.id, ()))
        if stop is None:
            if unsafe is None or address.safe_to_write is True or address.use in (CORRESPONDENCE, TEMPORARY):
                return address
        elif stop.kind == "unsafe_address":
            unsafe = unsafe or stop
        else:
            other = other or stop
    if (found := unsafe or other) is not None:
        return found
    if person.no_fixed_abode is True:
        return Stop("no_fixed_abode", "This person has no fixed abode, so a letter needs another way to reach them.")
    return Stop("no_address", "No address is recorded.")


def may_call(person: Person, point: ContactPoint, clashing: Collection[str] = ()) -> Stop | None:
    """What stops a call to this number, or None."""
    if stop := stop_because_died(person):
        return stop
    if point.medium not in TELEPHONES:
        return Stop("not_a_telephone", "This is not a telephone number.", field="medium")
    return _gate(point, "safe_to_call", "It is not safe to call this number.", clashing)


def may_text(person: Person, point: ContactPoint, clashing: Collection[str] = ()) -> Stop | None:
    """What stops a text message to this number, or None."""
    if stop := stop_because_died(person):
        return stop
    if point.medium not in TELEPHONES:
        return Stop("not_a_telephone", "This is not a telephone number.", field="medium")
    return _gate(point, "safe_to_text", "It is not safe to send a text message to this number.", clashing)


def may_leave_message(person: Person, point: ContactPoint, clashing: Collection[str] = ()) -> Stop | None:
    """What stops leaving a message: anything but a recorded yes."""
    if stop := may_call(person, point, clashing):
        return stop
    if stop := _gate(point, "safe_to_leave_message", "It is not safe to leave a message on this number.", clashing):
        return stop
    if point.safe_to_leave_message is not True:
        return Stop(
            "not_asked",
            "Nobody has asked whether a message may be left on this number. Leave none.",
            field="safe_to_leave_message",
        )
    return None


def may_email(person: Person, point: ContactPoint, clashing: Collection[str] = ()) -> Stop | None:
    """What stops an e-mail to this address, or None. `safe_to_text` is the answer about anything written to it."""
    if stop := stop_because_died(person):
        return stop
    if point.medium != "email":
        return Stop("not_email", "This is not an e-mail address.", field="medium")
    return _gate(point, "safe_to_text", "It is not safe to write to this e-mail address.", clashing)


def how_to_reach(point: ContactPoint) -> str:
    """What to know before dialling, in one line for staff: times, code word, whose number. Empty if nothing is known."""
    parts: Sequence[str] = (
        f"Safe times: {point.safe_times}" if point.safe_times else "",
        f"Code word: {point.code_word}" if point.code_word else "",
        point.note,
    )
    return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())


def _gate(point: ContactPoint, field: str, sentence: str, clashing: Collection[str]) -> Stop | None:
    answer: Any = getattr(point, field)
    if answer is False:
        return Stop("unsafe_contact_point", sentence, point.safety_reason, field)
    if field in clashing:
        return Stop(
            "unsafe_contact_point",
            "Two people recorded different answers about what is safe here. Settle that first.",
            point.safety_reason,
            field,
        )
    return None
