"""`wellbeing`: without a command the window, with one the command line."""

import multiprocessing
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code as in docs/command-line.md. The window's and the command line's modules load only when asked for."""
    multiprocessing.freeze_support()
    if argv is None:  # a process of our own, not a call from within another
        from wellbeing_desktop.storage.process import harden_process

        harden_process()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0].startswith("--store"):
        from wellbeing_desktop.app import run_window
        from wellbeing_desktop.cli.demo.practice import make_practice

        return run_window(arguments, make_practice)
    from wellbeing_desktop.cli.main import run
    from wellbeing_desktop.pictures import RealWindow

    return run(arguments, RealWindow())


if __name__ == "__main__":
    sys.exit(main())
