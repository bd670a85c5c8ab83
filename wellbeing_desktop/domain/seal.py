"""The order to seal a laptop's store: signed by the organisation's server for one laptop, one person and one moment.

It answers the very number that the laptop signed just now, so one that was kept from another day, or made for another
laptop, says nothing (SECURITY 3.6). What sealing does is `storage/sealing.py`.
"""

import datetime as dt

import msgspec


class SealOrder(msgspec.Struct, frozen=True, kw_only=True):
    """`public_key` is the laptop's own, which only its store holds the other half of; `nonce` the number it signed."""

    organisation: str
    device: str
    practitioner: str
    public_key: str
    nonce: str
    ordered_at: dt.datetime


def seal_message(text: str) -> bytes:
    """What the server's signature of an order is over."""
    return b"sync/1 seal " + text.encode("utf-8", "replace")
