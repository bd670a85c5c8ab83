"""How a part of the settings keeps what was chosen in it."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from wellbeing_desktop.domain.changes import Changes
from wellbeing_desktop.operations.settings import change_settings
from wellbeing_desktop.ui import background
from wellbeing_desktop.ui.session import Session
from wellbeing_desktop.ui.widgets.form import Form


def keep_choices(
    part: QWidget,
    session: Session,
    form: Form,
    changed: Mapping[str, Any],
    kept: Callable[[Changes], object],
) -> None:
    """`changed` are the settings that were chosen otherwise, by key; without any, nothing is written."""
    if not changed:
        return
    now = session.now()
    background.operate(
        part, session.store, lambda writer: change_settings(writer, changed, at=now), kept, form.show_refusal
    )
