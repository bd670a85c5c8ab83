"""Where the organisation's server is, checked once: HTTPS everywhere, plain HTTP only to this very computer."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

import msgspec

from wellbeing_desktop.domain.errors import Refused

_LONGEST: Final = 500


class ServerAddress(msgspec.Struct, frozen=True):
    """A checked address. `path` is empty or begins with a slash and does not end with one."""

    scheme: str
    host: str
    port: int
    path: str = ""

    @property
    def origin(self) -> str:
        """What must stay the same when a server redirects."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def url(self) -> str:
        return self.origin + self.path

    @property
    def shown(self) -> str:
        """The address as a person would type it."""
        standard = self.port == (443 if self.scheme == "https" else 80)
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{'' if standard else f':{self.port}'}{self.path}"


def server_address(text: str) -> ServerAddress:
    """Read an address as typed or pasted; https is understood when no scheme is given.

    Raises Refused in words: not an address, not https (unless to this computer), a name or password in it.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST or any(character.isspace() for character in text):
        raise Refused("Enter the server address that your administrator gave you, such as https://wellbeing.nhs.uk.")
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = parts.hostname, parts.port
        if host:
            host.encode("idna")
    except (ValueError, UnicodeError) as error:
        raise Refused("This is not a server address. Copy it again from the invitation.") from error
    if not host:
        raise Refused("This is not a server address. Copy it again from the invitation.")
    if parts.username is not None or parts.password is not None:
        raise Refused("The server address must not hold a user name or password.")
    if parts.query or parts.fragment:
        raise Refused("The server address must not hold a question mark or a hash sign.")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_this_computer(host)):
        raise Refused("The server address must begin with https:// so that nobody on the way can read the records.")
    return ServerAddress(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), parts.path.rstrip("/"))


def is_this_computer(host: str) -> bool:
    """True for localhost and the loopback addresses, from which nothing leaves this computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
