"""Sizes, theme and text size of one user, with no personal data in them; kept through a callable, never QSettings."""

from collections.abc import Mapping

import msgspec

from wellbeing_desktop.ui.tokens import TEXT_PERCENTS, THEMES


class WindowSettings(msgspec.Struct, frozen=True):
    """What the window remembers. Column widths and pane sizes are in pixels at the key of their table or splitter."""

    theme: str = "system"
    text_percent: int = 100
    width: int = 1366
    height: int = 728
    maximised: bool = False
    section: str = ""
    panes: Mapping[str, tuple[int, ...]] = {}
    mirrored: bool = False
    """Visit mode for the left hand."""


def from_bytes(kept: bytes | None) -> WindowSettings:
    """The settings kept, or the usual ones when there are none or they cannot be read; never an error."""
    if not kept:
        return WindowSettings()
    try:
        read = msgspec.json.decode(kept, type=WindowSettings)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return WindowSettings()
    return msgspec.structs.replace(
        read,
        theme=read.theme if read.theme == "system" or read.theme in THEMES else "system",
        text_percent=min(TEXT_PERCENTS, key=lambda size: abs(size - read.text_percent)),
        width=max(640, min(read.width, 16_000)),
        height=max(480, min(read.height, 16_000)),
    )


def to_bytes(settings: WindowSettings) -> bytes:
    return msgspec.json.encode(settings)
