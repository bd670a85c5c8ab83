"""The checklist of UX section 8 as one function: `check_page(page, qtbot)`; and `screenshot` for people to look at.

def test_the_today_page_passes_the_checklist(qtbot):
    check_page(make_page(), qtbot)
"""

import itertools
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QWidget,
)

from wellbeing_desktop.ui.theme import theme
from wellbeing_desktop.ui.widgets.short_table import ChipCells, ShortTable

AREA = (1366, 728)
"""A 1366 x 768 laptop less the task bar, in pixels."""
SMALL = (1024, 600)
PERCENTS = (100, 150, 200)
LEAST, VISIT_LEAST = 24, 44
SHOTS = Path(os.environ.get("WELLBEING_SCREENSHOTS", "build/screenshots"))
CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QAbstractItemView, QProgressBar)


def check_page(
    page: QWidget,
    qtbot,
    *,
    navigation_width: int = 200,
    visit: bool = False,
    parts: Mapping[str, Callable[[], object]] | None = None,
) -> None:
    """Runs the whole checklist on a page or window; fails with a list of everything that is wrong.

    A page is given the room it has beside the navigation; a top-level window (`objectName` "window") all of it. Each
    of `parts`, by what shows it, is looked at by itself.
    """
    looks = [(page, f"{part}: ", show) for part, show in parts.items()] if parts else [(page, "", _as_it_is)]
    _check(looks, qtbot, navigation_width, VISIT_LEAST if visit else LEAST)


def check_pages(pages: Iterable[QWidget], qtbot) -> None:
    """The same for several pages. A change of the size of text costs all that are there, so they share it."""
    _check([(page, f"{type(page).__name__}: ", _as_it_is) for page in pages], qtbot, 200, LEAST)


def _as_it_is() -> None:
    return


def _check(looks: list[tuple[QWidget, str, Callable[[], object]]], qtbot, navigation_width: int, least: int) -> None:
    for page in dict.fromkeys(page for page, _name, _show in looks):
        qtbot.addWidget(page)
        page.show()
    faults: list[str] = []
    for percent in PERCENTS:
        theme().set_percent(percent)
        for page, name, show in looks:
            show()
            faults += [name + each for each in _at(page, percent, navigation_width, least)]
    assert not faults, "\n".join(["", *faults])


def _at(page: QWidget, percent: int, navigation_width: int, least: int) -> list[str]:
    """What is wrong at this size of text, in the room there is then."""
    shell = page.objectName() == "window"
    # the navigation folds to icons at large text, so the page has more of the window then
    width = AREA[0] - (0 if shell else navigation_width if percent == 100 else 90)
    _fit(page, width, AREA[1] - (0 if shell else 36))
    faults = [f"{percent} %: {each}" for each in [*clipped_text(page), *past_the_edge(page), *cut_in_parts(page)]]
    if percent < 200:
        with longer_text(page):
            _settle(page)
            faults += [f"{percent} %, 40 % longer text: {e}" for e in [*clipped_text(page), *past_the_edge(page)]]
    if percent == 100:
        faults += _at_usual_size(page, shell, least)
    return faults


def _at_usual_size(page: QWidget, shell: bool, least: int) -> list[str]:
    """What does not change with the size of text, and the least window."""
    _fit(page, SMALL[0] - (0 if shell else 80), SMALL[1] - (0 if shell else 36))
    faults = [f"1024 x 600: {each}" for each in [*clipped_text(page), *past_the_edge(page)]]
    _fit(page, *AREA)
    return [
        *faults,
        *names(page),
        *buddies(page),
        *alt_letters(page),
        *targets(page, least),
        *markup(page),
        *tab_order(page),
    ]


def names(page: QWidget) -> Iterator[str]:
    """Every control that can be used has a name that a screen reader says, and charts have a description."""
    for widget in _shown(page, QWidget):
        if isinstance(widget, CONTROLS) and not isinstance(widget, QScrollBar) and not _inner(widget):
            said = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
            if not said.strip():
                yield f"no accessible name: {_describe(widget)}"
        if type(widget).__name__ == "ChartArea" and not widget.accessibleDescription():
            yield f"no description: {_describe(widget)}"


def buddies(page: QWidget) -> Iterator[str]:
    """Every label with an Alt letter, and every label above a field, leads to its field."""
    for label in _shown(page, QLabel):
        if (_letter(label.text()) or label.property("kind") == "label") and label.buddy() is None:
            yield f"label without a field: {label.text()!r}"
    led_to = {label.buddy() for label in page.findChildren(QLabel)}
    for field in _shown(page, QWidget):
        is_field = isinstance(field, QLineEdit | QPlainTextEdit | QComboBox) and not _inner(field)
        if is_field and field not in led_to:
            yield f"field without a label: {_describe(field)}"


def alt_letters(page: QWidget) -> Iterator[str]:
    """No Alt letter leads to two places."""
    shown = [*_shown(page, QLabel), *_shown(page, QAbstractButton)]
    letters = Counter(letter for widget in shown if (letter := _letter(widget.text())))
    for letter, count in letters.items():
        if count > 1:
            yield f"Alt+{letter.upper()} is used {count} times"


def targets(page: QWidget, least: int) -> Iterator[str]:
    """Everything that is pressed is large enough."""
    for widget in _shown(page, QWidget):
        pressed = isinstance(widget, QAbstractButton | QComboBox | QLineEdit) and not _inner(widget)
        if pressed and (widget.height() < least or widget.width() < least):
            yield f"{widget.width()} x {widget.height()} px is under {least}: {_describe(widget)}"


def markup(page: QWidget) -> Iterator[str]:
    """No label reads its text as markup."""
    for label in page.findChildren(QLabel):
        if label.textFormat() is not Qt.TextFormat.PlainText:
            yield f"label not plain: {label.text()!r}"


def tab_order(page: QWidget) -> Iterator[str]:
    """Tab visits every control once, downwards, and comes back."""
    able = {
        widget
        for widget in _shown(page, QWidget)
        if widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and not _group_member(widget)
    }
    if not able:
        return
    page.activateWindow()
    QApplication.processEvents()  # another page may have been the active window
    start = min(able, key=lambda widget: _corner(page, widget))
    start.setFocus(Qt.FocusReason.TabFocusReason)
    visited: list[QWidget] = []
    now: QWidget | None = QApplication.focusWidget()
    for _step in range(len(able) * 2 + 4):
        if now is None or now in visited:
            break
        visited.append(now)
        page.window().focusNextPrevChild(True) if now is None else now.focusNextPrevChild(True)
        now = QApplication.focusWidget()
    yield from (f"Tab never reaches {_describe(widget)}" for widget in able - set(visited))
    if visited and now is not visited[0]:
        yield f"Tab does not come back to {_describe(visited[0])} but ends at {_describe(now) if now else 'nothing'}"
    inside = [widget for widget in visited if _scrolling(widget) == _scrolling(visited[0])]
    for one, other in itertools.pairwise(inside):
        if _corner(page, other)[0] + other.height() < _corner(page, one)[0] and not _beside(page, one, other):
            yield f"Tab goes up from {_describe(one)} to {_describe(other)}"


def clipped_text(page: QWidget) -> Iterator[str]:
    """No words are cut off: every label and button has the room that its text needs."""
    for label in _shown(page, QLabel):
        text = QLabel.text(label).replace("&", "")  # as drawn: `labels.Words` binds dates together
        if not text or not label.pixmap().isNull():
            continue
        room = label.contentsRect()
        if label.wordWrap():
            flags = int(Qt.TextFlag.TextWordWrap)
            need = label.fontMetrics().boundingRect(QRect(0, 0, max(1, room.width()), 100_000), flags, text)
            if need.height() > room.height() + 2 or need.width() > room.width() + 2:
                yield f"{need.width()} x {need.height()} px in {room.width()} x {room.height()}: label {text[:40]!r}"
        elif label.fontMetrics().horizontalAdvance(text) > room.width() + 2:
            yield f"cut off in {room.width()} px: label {text[:40]!r}"
    for button in _shown(page, QPushButton):
        need = button.fontMetrics().horizontalAdvance(button.text().replace("&", ""))
        need += button.iconSize().width() + 4 if not button.icon().isNull() else 0
        if button.text() and (need > button.width() or button.fontMetrics().height() > button.height()):
            yield f"{need} px in {button.width()} x {button.height()}: button {button.text()!r}"


def cut_in_parts(page: QWidget) -> Iterator[str]:
    """Nor inside what Qt paints by itself: hints of fields; headings, chips and columns of the lists in cards."""
    for field in _shown(page, QLineEdit):
        hint = field.placeholderText()
        if field.fontMetrics().horizontalAdvance(hint) > field.width() - 16:
            yield f"hint cut off in {field.width()} px: {hint!r}"
    for table in _shown(page, ShortTable):
        model, metrics = table.model(), table.fontMetrics()
        columns = range(model.columnCount())
        if sum(table.columnWidth(at) for at in columns) > table.viewport().width() + 2:
            yield f"columns past the side: {_describe(table)}"
        for at in columns:
            heading = str(model.headerData(at, Qt.Orientation.Horizontal) or "")
            if table.horizontalHeader().isVisibleTo(table) and metrics.horizontalAdvance(heading) > table.columnWidth(
                at
            ):
                yield f"heading cut off in {table.columnWidth(at)} px: {heading!r}"
            cells = table.itemDelegateForColumn(at)
            for row in range(model.rowCount()) if isinstance(cells, ChipCells) else ():
                lines = (table.rowHeight(row) - 8) // metrics.height()
                words = str(model.index(row, at).data() or "")
                if any(line.endswith("\u2026") for line in cells.lines(words, metrics, table.columnWidth(at), lines)):
                    yield f"chip cut off in {table.columnWidth(at)} px: {words!r}"


def past_the_edge(page: QWidget) -> Iterator[str]:
    """Nothing lies outside the page, or outside the width of the scroll area it is in."""
    for widget in _shown(page, QWidget):
        if _in_view(widget) or isinstance(widget, QScrollBar) or widget.objectName() == "focusRing":
            continue
        area = _scrolling(widget)
        frame = area.viewport() if area is not None else page
        place = QRect(widget.mapTo(frame, QPoint(0, 0)), widget.size())
        if place.right() > frame.width() + 1 or place.left() < -1:
            yield f"past the side by {place.right() - frame.width()} px: {_describe(widget)}"
        if area is None and place.bottom() > frame.height() + 1:
            yield f"past the foot by {place.bottom() - frame.height()} px: {_describe(widget)}"


@contextmanager
def longer_text(page: QWidget) -> Iterator[None]:
    """Every label and button with 40 % more letters, as Welsh may be."""
    changed: list[tuple[QLabel | QAbstractButton, str]] = []
    for widget in [*_shown(page, QLabel), *_shown(page, QPushButton)]:
        text = widget.text()
        if text and not re.fullmatch(r"[\d\W]+", text):
            changed.append((widget, text))
            widget.setText(_longer(text))
    try:
        yield
    finally:
        for widget, text in changed:
            widget.setText(text)


def _longer(text: str) -> str:
    extra = max(1, round(len(text) * 0.4))
    return text + " " + ("wyddiadau llyn" * (extra // 14 + 1))[: extra - 1] if extra > 1 else text + "w"


def screenshot(page: QWidget, name: str, look: str = "light", scale: int = 100, size: tuple[int, int] = AREA) -> Path:
    """The page as a PNG in theme `look` at `scale` %, in the folder WELLBEING_SCREENSHOTS (build/screenshots)."""
    theme().choose(look)
    theme().set_percent(scale)
    page.show()
    _fit(page, *size)
    SHOTS.mkdir(parents=True, exist_ok=True)
    file = SHOTS / f"{name}-{look.replace(' ', '-')}-{scale}.png"
    assert page.grab().save(str(file))
    return file


def _fit(page: QWidget, width: int, height: int) -> None:
    page.resize(width, height)
    _settle(page)
    assert page.width() <= width, f"the page is {page.width()} px wide and cannot be made {width}"
    assert page.height() <= height, f"the page is {page.height()} px high and cannot be made {height}"


def _settle(page: QWidget) -> None:
    for _turn in range(12):  # a page that scrolls takes its height from its parts, which take their width from it
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QApplication.processEvents()
    layout = page.layout()
    if layout is not None:
        layout.activate()


def _shown(page: QWidget, kind: type) -> list:
    return [widget for widget in page.findChildren(kind) if widget.isVisibleTo(page) and not _in_view(widget)]


def _in_view(widget: QWidget) -> bool:
    """A part that an item view, combo or scroll area makes for itself."""
    step = widget.parentWidget()
    while step is not None:
        if isinstance(step, QAbstractItemView | QComboBox):
            return True
        step = step.parentWidget()
    return isinstance(widget, QScrollBar) or (_is_qt_part(widget) and not isinstance(widget, QTabBar))


def _is_qt_part(widget: QWidget) -> bool:
    return widget.objectName().startswith("qt_")


def _inner(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    return isinstance(parent, QComboBox | QAbstractItemView | QTabBar) or _is_qt_part(widget)


def _group_member(widget: QWidget) -> bool:
    """An unchecked member of an exclusive group: arrows move within the group, Tab visits its checked one."""
    return isinstance(widget, QAbstractButton) and widget.autoExclusive() and not widget.isChecked()


def _scrolling(widget: QWidget) -> QScrollArea | None:
    step = widget.parentWidget()
    while step is not None:
        if isinstance(step, QScrollArea):
            return step
        step = step.parentWidget()
    return None


def _corner(page: QWidget, widget: QWidget) -> tuple[int, int]:
    point = widget.mapTo(page, QPoint(0, 0))
    return point.y(), point.x()


def _beside(page: QWidget, one: QWidget, other: QWidget) -> bool:
    """`other` is in a column right of `one`: reading order goes down one column, then down the next."""
    return _corner(page, other)[1] >= _corner(page, one)[1] + one.width()


def _letter(text: str) -> str:
    found = re.search(r"&(\w)", text.replace("&&", ""))
    return found.group(1).casefold() if found else ""


def _describe(widget: QWidget) -> str:
    words = widget.accessibleName() or (widget.text() if hasattr(widget, "text") else "") or widget.objectName()
    return f"{type(widget).__name__} {words!r}"
