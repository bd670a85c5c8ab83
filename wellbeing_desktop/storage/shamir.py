"""A secret in three shares, of which any two give it back and one says nothing of it (Shamir 1979, over GF(256)).

For each byte of the secret a straight line is drawn through it at 0, with a slope chosen by chance; the shares are the
points of the line at 1, 2 and 3. Two points give the line. Through one point there is a line for every byte that the
secret could be, and each is as likely: so the slope is any of 256, zero among them.
"""

import secrets
from collections.abc import Callable
from typing import Final

SHARES: Final = (1, 2, 3)
"""Where the line is read; zero is the secret itself."""
_FIELD_POLYNOMIAL: Final = 0x11B
"""GF(256) by x^8 + x^4 + x^3 + x + 1, as in AES."""


def split(secret: bytes, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> tuple[bytes, bytes, bytes]:
    """The shares 1, 2 and 3, each as long as the secret."""
    slopes = random_bytes(len(secret))
    one, two, three = (
        bytes(byte ^ times(slope, place) for byte, slope in zip(secret, slopes, strict=True)) for place in SHARES
    )
    return one, two, three


def combine(place: int, share: bytes, other_place: int, other_share: bytes) -> bytes:
    """The secret, from two shares and which they are. Raises ValueError for shares that are not two of the three; two
    shares of different secrets give some other bytes."""
    if place == other_place or not {place, other_place} <= set(SHARES) or len(share) != len(other_share):
        raise ValueError("these are not two of the three shares")
    over = inverse(place ^ other_place)
    return bytes(
        times(over, times(one, other_place) ^ times(two, place)) for one, two in zip(share, other_share, strict=True)
    )


def times(one: int, two: int) -> int:
    """The product in GF(256); the same steps whatever the numbers are."""
    product = 0
    for _bit in range(8):
        product ^= -(two & 1) & one
        two >>= 1
        one = (one << 1) ^ (-(one >> 7) & _FIELD_POLYNOMIAL)
    return product


def inverse(number: int) -> int:
    """What gives 1 together with it: its 254th power. Zero has none and gives zero."""
    power, found = number, 1
    for _bit in range(7):  # 254 is 2 + 4 + 8 + 16 + 32 + 64 + 128
        power = times(power, power)
        found = times(found, power)
    return found
