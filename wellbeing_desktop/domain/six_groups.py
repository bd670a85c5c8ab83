"""A public key as two people compare it, by voice or from paper: six groups of four digits."""

import hashlib


def six_groups(public_key: bytes) -> str:
    digest = hashlib.sha256(public_key).digest()
    return " ".join(f"{int.from_bytes(digest[start : start + 2], 'big') % 10000:04d}" for start in range(0, 12, 2))


def digits_alone(typed: str) -> str:
    """What was typed, without spaces and dashes, to be compared."""
    return "".join(letter for letter in typed if letter.isdigit())
