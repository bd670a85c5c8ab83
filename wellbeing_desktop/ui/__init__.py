"""The window (PySide6 Widgets)."""

import wellbeing_desktop.ui.import_cost  # noqa: F401  before the modules that it makes cheaper
