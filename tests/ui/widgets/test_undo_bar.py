"""Ten seconds to take it back."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wellbeing_desktop.ui.shell import Shell
from wellbeing_desktop.ui.widgets import fields
from wellbeing_desktop.ui.widgets.undo_bar import UndoBar


def test_undo_runs_once_and_the_bar_goes(qtbot) -> None:
    bar, undone = UndoBar(), []
    qtbot.addWidget(bar)
    bar.offer("Contact saved.", lambda: undone.append("contact"))
    assert bar.timer.interval() == 10_000
    qtbot.mouseClick(bar.undo_button, Qt.MouseButton.LeftButton)
    assert undone == ["contact"]
    assert not bar.isVisible()
    assert not bar.timer.isActive()


def test_the_bar_goes_when_the_time_is_up(qtbot) -> None:
    page, bar, elsewhere = QWidget(), UndoBar(), fields.line()
    column = QVBoxLayout(page)
    column.addWidget(elsewhere)
    column.addWidget(bar)
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    bar.offer("Contact saved.", lambda: None)
    bar.undo_button.setFocus()
    bar.timer.timeout.emit()
    assert bar.isVisible(), "the keyboard is on it"
    elsewhere.setFocus()
    bar.timer.timeout.emit()
    assert not bar.isVisible()


def test_control_z_uses_the_bar_first_then_the_session(qtbot) -> None:
    shell, asked, undone = Shell(), [], []
    qtbot.addWidget(shell)
    shell.go("help")
    shell.show()
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    shell.undo_asked.connect(lambda: asked.append(True))
    shell.undo_bar.offer("Contact saved.", lambda: undone.append(True))
    for _time in range(2):
        qtbot.keyClick(shell, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (undone, asked) == ([True], [True])
