"""A failure of ours is shown calmly and recorded without anybody's words."""

import sys
import threading

from tests.ui import gallery
from wellbeing_desktop.ui.faults import Faults
from wellbeing_desktop.ui.widgets import messages


def raised() -> ValueError:
    try:
        raise ValueError("bad value for Bronwen Jones")
    except ValueError as problem:
        return problem


def test_the_page_in_front_shows_a_code_and_the_log_the_place(qtbot) -> None:
    shell, log = gallery.gallery_window(), []
    qtbot.addWidget(shell)
    shell.go("person")
    shell.show()
    faults = Faults(shell, log.append)
    problem = raised()
    thread = threading.Thread(target=faults.take, args=(ValueError, problem))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: shell.pages["person"].findChild(messages.Notice, "pageNotice") is not None)
    notice = shell.pages["person"].findChild(messages.Notice, "pageNotice")
    assert messages.support_code(problem) in notice.code.text()
    assert "Bronwen" not in notice.accessibleName()
    assert log == [
        f"ValueError at test_faults.py:{problem.__traceback__.tb_lineno}, support code {notice.code.text()[-9:]}"
    ]


def test_stopping_the_program_is_not_a_fault(qtbot) -> None:
    shell, log = gallery.gallery_window(), []
    qtbot.addWidget(shell)
    Faults(shell, log.append).take(KeyboardInterrupt, KeyboardInterrupt())
    assert log == []


def test_installed_hooks_take_uncaught_errors_of_every_thread(qtbot, monkeypatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr("wellbeing_desktop.ui.faults.qInstallMessageHandler", lambda handler: None)
    shell, log = gallery.gallery_window(), []
    qtbot.addWidget(shell)
    Faults(shell, log.append).install()

    def fail() -> None:
        raise LookupError("Bronwen")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert [line.split()[0] for line in log] == ["LookupError"]
    assert "Bronwen" not in log[0]
