"""Every request of a laptop that has signed in is signed with the laptop's own key: RFC 9421, as narrow as it can be.

    Content-Digest: sha-256=:...:                    of the body as it travels, empty ones too (RFC 9530)
    Signature-Input: sig=("@method" "@path" "@query" "content-digest" "authorization");created=...;nonce="...";
                     keyid="THE LAPTOP";alg="ed25519"
    Signature: sig=:BASE64:

A request for part of a file covers "range" too. `@path` begins at /v1, for a proxy may serve it under a longer one.
`created` is the server's clock as the laptop knows it from signing in, carried on by the clock that only goes forward:
a laptop whose own clock is wrong signs as well as any other. The server takes a signature within `WINDOW_SECONDS`, each
`nonce` once (server/signatures.py); one that it does not take is answered 401 `signature`, the laptop signs in again,
learns the time, and asks anew.
"""

import base64
import re
import secrets
from collections.abc import Callable
from typing import Final

import msgspec

WINDOW_SECONDS: Final = 120
_COMPONENTS: Final = ("@method", "@path", "@query", "content-digest", "authorization")
_INPUT: Final = re.compile(
    r'sig=(?P<params>\("@method" "@path" "@query" "content-digest" "authorization"(?P<range> "range")?\)'
    r';created=(?P<created>\d{1,12});nonce="(?P<nonce>[A-Za-z0-9_-]{22})";keyid="(?P<device>[0-9a-f]{32})";alg="ed25519")'
)
_SIGNATURE: Final = re.compile(r"sig=:([A-Za-z0-9+/]{86}==):")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What of a request is signed. `query` is without its mark, `range` empty where none is asked for."""

    method: str
    path: str
    query: str = ""
    digest: str
    authorization: str
    range: str = ""


class Signed(msgspec.Struct, frozen=True):
    """A signature as it came, taken apart."""

    device: str
    created: int
    nonce: str
    covers_range: bool
    message: bytes
    signature: str


class Access(msgspec.Struct, frozen=True):
    """What a laptop shows with each request of its session. `sign` is Ed25519 with its key, hexadecimal; `clock` the
    server's time in whole seconds, as well as this laptop can tell."""

    device: str
    token: str
    sign: Callable[[bytes], str]
    clock: Callable[[], int]

    def headers(self, method: str, path: str, digest: str, *, range: str = "") -> dict[str, str]:
        """The headers that make a request this laptop's. `path` is with its query, `digest` of the body as it goes."""
        bare, _, query = path.partition("?")
        authorization = f"Bearer {self.token}"
        asked = Asked(method=method, path=bare, query=query, digest=digest, authorization=authorization, range=range)
        nonce = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
        params = _params(self.clock(), nonce, self.device, with_range=bool(range))
        signature = base64.b64encode(bytes.fromhex(self.sign(_base(asked, params)))).decode()
        return {
            "Authorization": authorization,
            "Content-Digest": digest,
            "Signature-Input": f"sig={params}",
            "Signature": f"sig=:{signature}:",
        }


def read_signature(asked: Asked, given: str, signature: str) -> Signed | None:
    """What a request's two headers say, and what must have been signed; None if they are not as ours are."""
    found, made = _INPUT.fullmatch(given), _SIGNATURE.fullmatch(signature)
    if found is None or made is None:
        return None
    return Signed(
        device=found["device"],
        created=int(found["created"]),
        nonce=found["nonce"],
        covers_range=found["range"] is not None,
        message=_base(asked, found["params"]),
        signature=base64.b64decode(made[1]).hex(),
    )


def _params(created: int, nonce: str, device: str, *, with_range: bool) -> str:
    names = " ".join(f'"{name}"' for name in (*_COMPONENTS, *(("range",) if with_range else ())))
    return f'({names});created={created};nonce="{nonce}";keyid="{device}";alg="ed25519"'


def _base(asked: Asked, params: str) -> bytes:
    """The signature base of RFC 9421, section 2.5."""
    values = [asked.method, asked.path, f"?{asked.query}", asked.digest, asked.authorization]
    lines = [f'"{name}": {value}' for name, value in zip(_COMPONENTS, values, strict=True)]
    if '"range"' in params:
        lines.append(f'"range": {asked.range}')
    lines.append(f'"@signature-params": {params}')
    return "\n".join(lines).encode("utf-8", "replace")
