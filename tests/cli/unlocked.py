"""`python -m tests.cli.unlocked ...` is `python -m wellbeing_desktop ...` without locking of the cipher's memory.

A whole day of work takes half as long so on a virtual machine. See `tests.quick_stores`.
"""

import sys

import pytest

from tests.quick_stores import set_in_profile
from wellbeing_desktop.__main__ import main


def unlock_memory() -> None:
    """For the rest of this process."""
    set_in_profile(pytest.MonkeyPatch(), cipher_memory_security=("OFF", "0"))


if __name__ == "__main__":
    unlock_memory()
    sys.exit(main())
