"""The proxy on the way to the server: none, an address from the settings, or the system's own where it has one.

Never from the environment, and never from a script on the network (PAC): a script is a stranger's program.
"""

import contextlib
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import msgspec

from wellbeing_desktop.domain.errors import Refused

NO_PROXY: Final = "none"
SYSTEM_PROXY: Final = "system"


class Proxy(msgspec.Struct, frozen=True):
    """`url` without the name and password, which go in a header of their own; all empty for no proxy."""

    url: str = ""
    user: str = ""
    password: str = ""


def check_proxy(text: str) -> Proxy:
    """An address as typed: http://proxy.example:8080, with user:password@ if it asks. Raises Refused."""
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Refused("The proxy must be an address such as http://proxy.example:8080.", "proxy") from error
    if not host or parts.scheme not in ("http", "https") or parts.path.strip("/") or parts.query or parts.fragment:
        raise Refused("The proxy must be an address such as http://proxy.example:8080.", "proxy")
    name = f"[{host}]" if ":" in host else host
    return Proxy(
        f"{parts.scheme}://{name}:{port or (443 if parts.scheme == 'https' else 8080)}",
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


def chosen_proxy(choice: str, host: str) -> Proxy:
    """The proxy for a server, from a setting: "" and "none" are none. Raises Refused."""
    if choice in ("", NO_PROXY):
        return Proxy()
    return system_proxy(host) if choice == SYSTEM_PROXY else check_proxy(choice)


def system_proxy(host: str) -> Proxy:
    """What Windows or macOS has set for all programs. Raises Refused where there is no such setting, or a script."""
    import urllib.request

    read: Any = getattr(urllib.request, "getproxies_registry", None) or getattr(
        urllib.request, "getproxies_macosx_sysconf", None
    )
    if read is None:
        raise Refused("This system has no proxy setting of its own. Give the proxy's address instead.", "proxy")
    passes: Any = getattr(urllib.request, "proxy_bypass_registry", None) or getattr(
        urllib.request, "proxy_bypass_macosx_sysconf", None
    )
    found: dict[str, str] = read()
    address = found.get("https") or found.get("http") or ""
    if not address:
        if _has_a_script():
            raise Refused(
                "This system finds its proxy by a script (PAC), which this program does not run. "
                "Give the proxy's address instead.",
                "proxy",
            )
        return Proxy()
    if passes is not None and passes(host):
        return Proxy()
    return check_proxy(address)


def _has_a_script() -> bool:
    with contextlib.suppress(ImportError, OSError):
        import winreg

        module: Any = winreg  # its names are there on Windows only
        where = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"
        with module.OpenKey(module.HKEY_CURRENT_USER, where) as key:
            return bool(module.QueryValueEx(key, "AutoConfigURL")[0])
    return False
