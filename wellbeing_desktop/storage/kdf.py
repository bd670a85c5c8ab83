"""From passphrase to key: Argon2id, made slow enough on this computer.

Floor 64 MiB, 3 passes, 1 lane, whatever the laptop; 64 to 256 MiB by calibration; never over a quarter of the memory.
"""

import os
import time
from collections.abc import Callable
from typing import Final

import msgspec

from wellbeing_desktop.storage.keys import KEY_BYTES
from wellbeing_desktop.storage.windows import kernel

MIB: Final = 1024
"""Argon2 counts memory in KiB; one MiB is 1,024 of them."""

_SHORTEST_SECONDS: Final = 0.7
_LONGEST_SECONDS: Final = 1.5
_MOST_PASSES: Final = 12


class KdfParams(msgspec.Struct, frozen=True):
    """Argon2id costs: memory in KiB, passes, lanes."""

    memory_kib: int
    passes: int
    lanes: int

    def is_below(self, floor: "KdfParams") -> bool:
        return self.memory_kib < floor.memory_kib or self.passes < floor.passes or self.lanes < floor.lanes


FLOOR: Final = KdfParams(64 * MIB, 3, 1)
STANDARD: Final = KdfParams(64 * MIB, 3, 4)
CEILING_KIB: Final = 256 * MIB

FAST_FOR_TESTS: Final = KdfParams(1 * MIB, 1, 1)
"""The one exception to the floor. A test holds that nothing in the package but this module names it."""

_OPENABLE: Final = KdfParams(4096 * MIB, 64, 16)
"""An envelope that asks for more than this is damaged or hostile, not slow."""


def is_allowed(params: KdfParams) -> bool:
    """True if a new envelope may be sealed with these costs."""
    return params == FAST_FOR_TESTS or not params.is_below(FLOOR)


def is_openable(params: KdfParams) -> bool:
    """True if an envelope found with these costs can be tried without harm to this computer."""
    return (
        8 * params.lanes <= params.memory_kib <= _OPENABLE.memory_kib
        and 1 <= params.passes <= _OPENABLE.passes
        and 1 <= params.lanes <= _OPENABLE.lanes
    )


def stretch(passphrase: str, salt: bytes, params: KdfParams) -> bytes:
    """32 bytes from a normalised passphrase and a 16-byte salt. Raises MemoryError if the memory is not there."""
    from argon2.exceptions import HashingError
    from argon2.low_level import Type, hash_secret_raw

    try:
        return hash_secret_raw(
            passphrase.encode(), salt, params.passes, params.memory_kib, params.lanes, KEY_BYTES, Type.ID
        )
    except HashingError as error:
        raise MemoryError("not enough memory to check the passphrase") from error


def calibrate(*, memory_bytes: int | None = None, measure: Callable[[KdfParams], float] | None = None) -> KdfParams:
    """Costs that take 0.7 to 1.5 seconds on this computer, within the floor and the ceiling.

    `memory_bytes` is the computer's memory and `measure` answers seconds for given costs; both are found here
    unless handed in.
    """
    seconds = measure or _measure
    quarter_kib = (memory_bytes if memory_bytes is not None else memory_of_this_computer()) // 4 // 1024
    ceiling = max(FLOOR.memory_kib, min(CEILING_KIB, quarter_kib))
    params = STANDARD
    took = seconds(params)
    if took > _LONGEST_SECONDS:
        return params if seconds(FLOOR) >= took else FLOOR
    while took < _SHORTEST_SECONDS and params.memory_kib * 2 <= ceiling:
        params = msgspec.structs.replace(params, memory_kib=params.memory_kib * 2)
        took = seconds(params)
    while took < _SHORTEST_SECONDS and params.passes < _MOST_PASSES:
        wanted = round(params.passes * (_SHORTEST_SECONDS + _LONGEST_SECONDS) / 2 / max(took, 0.01))
        params = msgspec.structs.replace(params, passes=min(_MOST_PASSES, max(params.passes + 1, wanted)))
        took = seconds(params)
    if took > _LONGEST_SECONDS and params.memory_kib > STANDARD.memory_kib:
        params = msgspec.structs.replace(params, memory_kib=params.memory_kib // 2)
    return params


def memory_of_this_computer() -> int:
    """Physical memory in bytes; 4 GiB if it cannot be found out."""
    if os.name == "nt":
        return _windows_memory()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return 4 << 30


def _windows_memory() -> int:
    import ctypes

    kilobytes = ctypes.c_ulonglong()
    if not kernel().GetPhysicallyInstalledSystemMemory(ctypes.byref(kilobytes)):
        return 4 << 30
    return kilobytes.value * 1024


def _measure(params: KdfParams) -> float:
    started = time.perf_counter()
    stretch("calibration", b"calibration-salt", params)
    return time.perf_counter() - started
