"""What importing a module costs beside PySide6; imported before anything else that is not Python's own.

PySide6 reads the source of every module that is imported after it, to see whether the module may use its switchable
features (`from __feature__ import snake_case`). Nothing here does, and the source of a thousand modules is a tenth of
the time to the unlock window. So it is told at once that each is a module without features, which is what it would find.
"""

import sys
from typing import Final

from PySide6.QtWidgets import QScrollArea

_FEATURES: Final = "shibokensupport.feature"
_LOOK: Final = "_mod_uses_pyside"
"""A private name: where a later PySide6 has another, everything works as before and takes a little longer."""


def _without_reading(_module: object) -> bool:
    return True


def meet_what_qt_made() -> None:
    """Beforehand, what the first widget that Qt itself made costs: PySide6 makes every class of widgets and its
    enumerations, 30 to 100 ms, to tell which it is. The viewport of a scroll area is such a widget, and the focus ring
    asks for the parents of whatever has the keyboard; so the first page's is one of ours, and this is called later."""
    QScrollArea().viewport()


if hasattr(sys.modules.get(_FEATURES), _LOOK):
    setattr(sys.modules[_FEATURES], _LOOK, _without_reading)
