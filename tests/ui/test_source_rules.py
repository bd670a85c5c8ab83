"""What no screen may do by itself (SECURITY 3.8)."""

import re
from pathlib import Path

import wellbeing_desktop.ui

UI = Path(wellbeing_desktop.ui.__file__).parent
FORBIDDEN = {
    r"\bQLabel\(": {"widgets/labels.py"},
    r"class \w+\(QLabel\)": {"widgets/labels.py"},
    r"\bQTextBrowser\b": {"help.py"},
    r"\bQTextEdit\b": set(),
    r"\bQMessageBox\b": set(),
    r"\bQSettings\b": {"window_settings.py"},
    r"\bRichText\b|\bsetHtml\b|\bMarkdownText\b": set(),
    r"setWindowTitle\((?!TITLE|LOCKED_TITLE)": set(),
    r"[\"']#[0-9A-Fa-f]{6}": {"tokens.py"},
    r"QGraphicsDropShadowEffect|QLinearGradient|qlineargradient": set(),
}


def test_labels_colours_and_titles_come_from_one_place() -> None:
    found = []
    for file in sorted(UI.rglob("*.py")):
        name = file.relative_to(UI).as_posix()
        code = re.sub(r'"""[\s\S]*?"""', "", file.read_text(encoding="utf-8"))
        found += [f"{name}: {rule}" for rule, may in FORBIDDEN.items() if re.search(rule, code) and name not in may]
    assert found == []
