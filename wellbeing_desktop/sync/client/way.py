"""The way from this laptop to its server, as the organisation's policy and the laptop's own setting have it."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from wellbeing_desktop.domain.errors import Refused, SyncProblem
from wellbeing_desktop.storage.durable_file import remove_durably, write_durably
from wellbeing_desktop.sync.client.address import ServerAddress
from wellbeing_desktop.sync.client.policy import read_policy
from wellbeing_desktop.sync.client.problems import problem
from wellbeing_desktop.sync.client.proxy import NO_PROXY, SYSTEM_PROXY, check_proxy, chosen_proxy

if TYPE_CHECKING:
    from wellbeing_desktop.sync.client.transport import HttpTransport

OWN_FILE: Final = "connection.json"


class OwnWay(msgspec.Struct, frozen=True):
    """What this laptop's user set. `proxy` is "", "system" or an address."""

    proxy: str = ""


def open_way(address: ServerAddress, home: Path) -> "HttpTransport":
    """A transport by the policy, or else by the laptop's own setting beside its stores.

    Raises SyncProblem policy_unreadable, for without the policy it is not known which way is allowed, and
    proxy_failed for a proxy that cannot be used as set.
    """
    # the HTTP client is 9 MB of memory: it comes with the first sync
    from wellbeing_desktop.sync.client.transport import HttpTransport

    try:
        policy = read_policy()
    except Refused as refusal:
        raise _because("policy_unreadable", refusal) from refusal
    try:
        proxy = chosen_proxy(policy.proxy or own_way(home).proxy, address.host)
    except Refused as refusal:
        raise _because("proxy_failed", refusal) from refusal
    return HttpTransport(address, proxy=proxy, organisation_authority=policy.authority)


def _because(kind: str, refusal: Refused) -> SyncProblem:
    words = problem(kind)
    return SyncProblem(words.kind, f"{words.message} {refusal.message}", words.advice, retry=words.retry)


def own_way(home: Path) -> OwnWay:
    with contextlib.suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode((home / OWN_FILE).read_bytes(), type=OwnWay)
    return OwnWay()


def keep_own_way(home: Path, way: OwnWay) -> None:
    """Keep the setting for this user of this computer. Raises Refused for a proxy that is no address."""
    if way.proxy not in ("", NO_PROXY, SYSTEM_PROXY):
        check_proxy(way.proxy)
    if way == OwnWay():
        remove_durably(home / OWN_FILE)
    else:
        write_durably(home / OWN_FILE, msgspec.json.encode(way))
