"""What importing a module costs beside PySide6."""

import importlib
import linecache
from pathlib import Path

import pytest

import wellbeing_desktop.ui


def test_a_module_that_is_imported_after_pyside_is_not_read_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python keeps the lines of what is read so in `linecache`: PySide6 as it comes leaves this module there."""
    assert wellbeing_desktop.ui.import_cost is not None
    source = tmp_path / "plain_module_to_import.py"
    source.write_text("ANSWER = 42\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    import plain_module_to_import

    assert plain_module_to_import.ANSWER == 42
    assert str(source) not in linecache.cache
