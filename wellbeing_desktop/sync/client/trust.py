"""Who is believed to be the server: the operating system's trust store, or the organisation's own authority if pinned.

There is no way to switch verification off. TLS 1.2 or later.
"""

import ssl
from collections.abc import Mapping
from typing import Final

import truststore

from wellbeing_desktop.domain.errors import Refused

# OpenSSL's X509_V_ERR codes, Windows' CERT_E codes (as 32 bits), and the Security framework's errSec codes.
_KIND_BY_CODE: Final[Mapping[int, str]] = {
    9: "certificate_not_yet_valid",
    10: "certificate_expired",
    62: "certificate_wrong_name",
    63: "certificate_wrong_name",
    64: "certificate_wrong_name",
    0x800B0101: "certificate_expired",
    0x800B010F: "certificate_wrong_name",
    (-67818) & 0xFFFFFFFF: "certificate_expired",
    (-67819) & 0xFFFFFFFF: "certificate_not_yet_valid",
    (-67602) & 0xFFFFFFFF: "certificate_wrong_name",
}

_TOO_OLD: Final = frozenset({"UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION"})


def tls_context(organisation_authority: str = "") -> ssl.SSLContext:
    """A verifying context. `organisation_authority` is a PEM certificate that replaces the system's trust store.

    Raises Refused if that text is not a certificate.
    """
    context: ssl.SSLContext
    if organisation_authority:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_verify_locations(cadata=organisation_authority)
        except (ssl.SSLError, ValueError) as error:
            raise Refused("The organisation's certificate could not be read.") from error
    else:
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def certificate_problem_kind(error: ssl.SSLError) -> str:
    """The kind of SyncProblem for a failed handshake."""
    if isinstance(error, ssl.SSLCertVerificationError):
        code = getattr(error, "verify_code", 0)
        return _KIND_BY_CODE.get(int(code) & 0xFFFFFFFF, "certificate_not_trusted")
    return "tls_too_old" if error.reason in _TOO_OLD else "tls_failed"
