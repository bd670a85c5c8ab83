"""A process of its own in the middle of a visit: it types half a sentence, says so, and is killed by the test."""

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.scenarios.keyboard import Key, open_and_unlock, press, run_command, wait_for, words_on, write


def main(folder: str, passphrase_file: str, family_name: str, words: str) -> None:
    _program, shell = open_and_unlock(Path(folder), Path(passphrase_file).read_text(encoding="utf-8"))
    run_command(family_name)
    press(Key.Key_F9)
    write(words)
    page = shell.page()
    assert page is not None
    wait_for(lambda: "Draft saved" in words_on(page), "the draft")
    sys.stdout.write("typed\n")
    sys.stdout.flush()
    QApplication.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
