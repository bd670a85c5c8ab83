"""What an organisation sets for every laptop it hands out: one file in the system's place, read before first run (W29).

    Windows   %ProgramData%\\wellbeing-desktop\\policy.toml
    macOS     /Library/Application Support/wellbeing-desktop/policy.toml
    Linux     /etc/xdg/wellbeing-desktop/policy.toml

Only an administrator of the computer may be able to write there. A policy that cannot be read never stops work: the
store opens, but nothing is sent or fetched, because what was to be set (a proxy, whom to trust) is not known.
"""

import os
import stat
import sys
from pathlib import Path
from typing import Final

import msgspec

from wellbeing_desktop.domain.errors import Refused
from wellbeing_desktop.domain.idle_lock import LEAST_MINUTES, MOST_MINUTES
from wellbeing_desktop.storage.organisation_public import public_from
from wellbeing_desktop.sync.client.address import server_address
from wellbeing_desktop.sync.client.proxy import NO_PROXY, SYSTEM_PROXY, check_proxy

FILE_NAME: Final = "policy.toml"
ELSEWHERE: Final = "WELLBEING_POLICY"
"""For tests and for trying a policy out. It counts only where the system's place has none, and never in an installed
build: whoever sets a variable must not be able to set whom a laptop trusts."""
MOST_BYTES: Final = 64 * 1024
SET_BY: Final = "Set by your organisation."


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Empty means: not set by the organisation. `authority` is PEM text once read; `proxy` is "none", "system" or an
    address; `folder` holds this computer's stores; `lock_minutes` 0 leaves the choice in the program. `recovery_key` is the public
    half of the organisation's recovery key, as `wellbeing organisation-key` wrote it."""

    server: str = ""
    authority: str = ""
    proxy: str = ""
    lock_minutes: int = 0
    folder: str = ""
    updates: bool | None = None
    recovery_key: str = ""


def policy_place() -> Path:
    """Where the system keeps what is set for all its users."""
    from platformdirs import site_config_path

    return site_config_path("wellbeing-desktop", appauthor=False) / FILE_NAME


def policy_file() -> Path | None:
    """The policy that counts here, None if there is none."""
    place = policy_place()
    if place.exists():
        return place
    elsewhere = os.environ.get(ELSEWHERE, "")
    return Path(elsewhere) if elsewhere and not getattr(sys, "frozen", False) else None


def read_policy() -> Policy:
    """This computer's policy; an empty one if there is none. Raises Refused, in a sentence that names the line."""
    path = policy_file()
    return Policy() if path is None else policy_from(path)


def policy_from(path: Path) -> Policy:
    """The policy in a file, checked. Raises Refused."""
    import tomllib

    try:
        _refuse_a_file_that_others_may_write(path)
        data = path.read_bytes()
    except OSError as error:
        raise Refused(f"The organisation's policy file cannot be read ({error.strerror}).") from error
    if len(data) > MOST_BYTES:
        raise Refused("The organisation's policy file is too large to be one.")
    try:
        found = msgspec.convert(tomllib.loads(data.decode("utf-8-sig")), Policy)
    except UnicodeDecodeError as error:
        raise Refused("The organisation's policy file is not UTF-8 text.") from error
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"The organisation's policy file cannot be understood: {error}.") from error
    except msgspec.ValidationError as error:
        raise Refused(f"The organisation's policy file is not right: {error}.") from error
    return _checked(found, path.parent)


def _checked(policy: Policy, beside: Path) -> Policy:
    try:
        if policy.server:
            server_address(policy.server)
        if policy.proxy not in ("", NO_PROXY, SYSTEM_PROXY):
            check_proxy(policy.proxy)
        authority = _authority(policy.authority, beside)
        if policy.recovery_key:
            public_from(policy.recovery_key)
    except Refused as refusal:
        raise Refused(f"The organisation's policy file is not right. {refusal.message}") from refusal
    if policy.lock_minutes and not LEAST_MINUTES <= policy.lock_minutes <= MOST_MINUTES:
        raise Refused(
            f"The organisation's policy file is not right. lock_minutes is {LEAST_MINUTES} to {MOST_MINUTES}."
        )
    folder = os.path.expandvars(Path(policy.folder).expanduser()) if policy.folder else ""
    if folder and not Path(folder).is_absolute():
        raise Refused("The organisation's policy file is not right. folder must begin at the root of a disk.")
    return msgspec.structs.replace(policy, authority=authority, folder=folder)


def _authority(named: str, beside: Path) -> str:
    """The certificate itself: given in the policy, or a file beside it."""
    if not named:
        return ""
    pem = named
    if "-----BEGIN" not in named:
        try:
            pem = (beside / named).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise Refused("The file named under authority cannot be read.") from error
    from wellbeing_desktop.sync.client.trust import tls_context

    tls_context(pem)
    return pem


def _refuse_a_file_that_others_may_write(path: Path) -> None:
    if os.name == "nt":
        return  # there the folder's access list decides, which docs/deployment.md sets
    found = path.stat()
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) or found.st_uid not in (0, os.getuid()):
        raise Refused("The organisation's policy file can be changed by others. Only the administrator may write it.")
