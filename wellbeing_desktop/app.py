"""The only place that builds and joins objects."""

import sys
from typing import Final

SWITCH_INTERVAL_SECONDS: Final = 0.0002
"""Beside a Python-heavy thread one repaint of a table went from 7 to 300 ms: 966 calls back into Python, each waiting
up to Python's usual 5 ms for the interpreter lock. With this interval it is 30 to 80 ms (DESIGN section 8).
"""


def share_the_interpreter() -> None:
    """Lets the window's thread get the interpreter lock quickly; called first by whatever opens the window."""
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
