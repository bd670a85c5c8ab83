"""How full this computer's battery is, where the system tells; "not known" everywhere else."""

import ctypes
import sys
from pathlib import Path
from typing import Any, Final

import msgspec

_SUPPLIES: Final = Path("/sys/class/power_supply")
_UNKNOWN: Final = 255
_NO_BATTERY: Final = 128


class Battery(msgspec.Struct, frozen=True):
    """`percent` of all batteries together; `on_mains` None where the system does not say."""

    percent: int
    on_mains: bool | None


def battery(supplies: Path = _SUPPLIES) -> Battery | None:
    """None for a computer without one, or a system that does not tell."""
    if sys.platform == "win32":
        return _windows()
    return _linux(supplies) if sys.platform.startswith("linux") else None


def _linux(supplies: Path) -> Battery | None:
    """As the kernel's power_supply class tells (Documentation/ABI/testing/sysfs-class-power)."""
    levels: list[int] = []
    mains: list[bool] = []
    try:
        found = sorted(supplies.iterdir())
    except OSError:
        return None
    for supply in found:
        kind = _read(supply / "type")
        if kind == "Battery" and _read(supply / "scope") != "Device":  # not that of a mouse
            level = _read(supply / "capacity")
            if level.isdecimal() and int(level) <= 100:
                levels.append(int(level))
        elif kind == "Mains":
            mains.append(_read(supply / "online") == "1")
    if not levels:
        return None
    return Battery(sum(levels) // len(levels), any(mains) if mains else None)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


class _PowerStatus(ctypes.Structure):
    """SYSTEM_POWER_STATUS of winbase.h."""

    _fields_ = (
        ("ACLineStatus", ctypes.c_ubyte),
        ("BatteryFlag", ctypes.c_ubyte),
        ("BatteryLifePercent", ctypes.c_ubyte),
        ("SystemStatusFlag", ctypes.c_ubyte),
        ("BatteryLifeTime", ctypes.c_uint32),
        ("BatteryFullLifeTime", ctypes.c_uint32),
    )


def _windows() -> Battery | None:
    libraries: Any = getattr(ctypes, "windll", None)
    status = _PowerStatus()
    if libraries is None or not libraries.kernel32.GetSystemPowerStatus(ctypes.byref(status)):
        return None
    return from_windows(status.ACLineStatus, status.BatteryFlag, status.BatteryLifePercent)


def from_windows(line: int, flag: int, percent: int) -> Battery | None:
    """What GetSystemPowerStatus says: line 0 or 1, flag 128 for no battery, 255 for not known."""
    if flag in (_NO_BATTERY, _UNKNOWN) or percent > 100:
        return None
    return Battery(percent, None if line == _UNKNOWN else line == 1)
